"""Broken and invented input for each parser: `python -m tests.fuzz --minutes 10`."""
