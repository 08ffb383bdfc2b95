"""A form as a page: blocks to print, answers as typed."""

from app.web.forms.brief import lines
from app.web.forms.markdown import to_html
from app.web.forms.page import Filled, fill, filled_again
from app.web.forms.quick import quick_answer
from app.web.forms.read_document import documents_to_read

__all__ = [
    "Filled",
    "documents_to_read",
    "fill",
    "filled_again",
    "lines",
    "quick_answer",
    "to_html",
]
