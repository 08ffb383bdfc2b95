"""A form as a page: blocks to print, answers as typed."""

from app.web.forms.brief import lines
from app.web.forms.markdown import parted, to_html
from app.web.forms.page import (
    NOTHING,
    Filled,
    Opened,
    fill,
    filled_again,
    filled_from,
    opened,
    over_draft,
)
from app.web.forms.quick import quick_answer
from app.web.forms.read_document import documents_to_read
from app.web.forms.received import ATTACH, carried, file_names, names_files, take_in
from app.web.forms.sections import (
    Kept,
    Section,
    Sheet,
    answered,
    in_sections,
    introduction,
    kept,
    section_of,
    sheet_of,
)
from app.web.forms.windows import (
    Saved,
    chosen,
    kept_words,
    saved_words,
    taken_words,
    unasked,
)

__all__ = [
    "ATTACH",
    "NOTHING",
    "Filled",
    "Kept",
    "Opened",
    "Saved",
    "Section",
    "Sheet",
    "answered",
    "carried",
    "chosen",
    "documents_to_read",
    "file_names",
    "fill",
    "filled_again",
    "filled_from",
    "in_sections",
    "introduction",
    "kept",
    "kept_words",
    "lines",
    "names_files",
    "opened",
    "over_draft",
    "parted",
    "quick_answer",
    "saved_words",
    "section_of",
    "sheet_of",
    "take_in",
    "taken_words",
    "to_html",
    "unasked",
]
