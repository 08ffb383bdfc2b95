"""A form as a page: blocks to print, answers as typed."""

from app.web.forms.brief import lines
from app.web.forms.markdown import to_html
from app.web.forms.page import Filled, fill, filled_again, filled_from, over_draft
from app.web.forms.read_document import documents_to_read
from app.web.forms.windows import chosen, kept_words, saved_words

__all__ = [
    "Filled",
    "chosen",
    "documents_to_read",
    "fill",
    "filled_again",
    "filled_from",
    "kept_words",
    "lines",
    "over_draft",
    "saved_words",
    "to_html",
]
