"""A form as a page: blocks to print, answers as typed."""

from app.engine.forms import Section
from app.web.forms.brief import lines
from app.web.forms.markdown import parted, to_html
from app.web.forms.page import NOTHING, Filled, Opened, fill, filled_again, opened
from app.web.forms.read_document import documents_to_read
from app.web.forms.sections import Kept, Sheet, answered, in_sections, introduction, kept

__all__ = [
    "NOTHING",
    "Filled",
    "Kept",
    "Opened",
    "Section",
    "Sheet",
    "answered",
    "documents_to_read",
    "fill",
    "filled_again",
    "in_sections",
    "introduction",
    "kept",
    "lines",
    "opened",
    "parted",
    "to_html",
]
