"""Forms that are kept on their way to being sent: section by section, and with tables from
elsewhere. Who keeps them, and their own pages, are their neighbours'.
"""

from app.web.pages.long_forms.keeping import (
    Answer,
    Keeper,
    Look,
    StartPage,
    TaskPage,
    Words,
    look_of,
)
from app.web.pages.long_forms.tables import BRING, LIST, bring_table, marked_rows, take_table
from app.web.pages.long_forms.walk import (
    check_page,
    save_section,
    section_page,
    send_checked,
)

__all__ = [
    "BRING",
    "LIST",
    "Answer",
    "Keeper",
    "Look",
    "StartPage",
    "TaskPage",
    "Words",
    "bring_table",
    "check_page",
    "look_of",
    "marked_rows",
    "save_section",
    "section_page",
    "send_checked",
    "take_table",
]
