"""A form as a page: blocks to print, answers as typed."""
