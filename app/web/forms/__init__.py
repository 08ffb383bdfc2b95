"""A form as a page: blocks to print, answers as typed."""

from app.web.forms.brief import lines
from app.web.forms.markdown import to_html
from app.web.forms.page import Filled, fill

__all__ = [
    "Filled",
    "fill",
    "lines",
    "to_html",
]
