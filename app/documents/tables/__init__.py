"""Tables that people bring in, whatever program they come from, as rows of texts.

`pasted` are texts (from a spreadsheet's clipboard, CSV), `sent` files. Nothing in them is worked
out or followed: no formula, link, macro. Which column means what is `engine.forms`.
"""

from app.documents.tables.pasted import decoded, read_text, written
from app.documents.tables.rows import MOST_BYTES, MOST_CELL, MOST_COLUMNS, MOST_LINES, Table
from app.documents.tables.sent import read_file

__all__ = [
    "MOST_BYTES",
    "MOST_CELL",
    "MOST_COLUMNS",
    "MOST_LINES",
    "Table",
    "decoded",
    "read_file",
    "read_text",
    "written",
]
