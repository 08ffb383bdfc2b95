"""Owns reading a table from a file: a spreadsheet, a Word document with a table, or CSV.

What it is is seen from its bytes and not from its name. To be called in a process with bounds
(`app.bounded`): a small file may unpack to anything. Values are read as they stand; formulas,
links and macros are not looked at.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

import python_calamine as calamine
from docx import Document

from app.documents.tables.pasted import decoded, read_text
from app.documents.tables.rows import MOST_BYTES, MOST_LINES, Table, table
from app.engine import Fault
from app.engine.london import LONDON, iso_clock, iso_minute

_MOST_UNPACKED = 200_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
#: the one stream of a new Office file with a password, of whichever program
_SEALED = "EncryptedPackage".encode("utf-16-le")
_PROTECTED = (
    "This file is protected by a password and cannot be read. Save it without the password, or "
    "copy the table and paste it."
)
_UNREADABLE = "This file cannot be read as a table. Open it, copy the table and paste it."
_KINDS = (
    "Send a spreadsheet (.xlsx, .xls, .ods), a Word document (.docx) with a table, or CSV; or copy "
    "the table and paste it."
)
#: how other files begin
_OTHERS = ((b"%PDF", "a PDF"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"),
           (b"{\\rtf", "an RTF document"), (b"MZ", "a program"), (b"<", "a web page or XML"),
           (b"GIF8", "a picture"))  # fmt: skip


def read_file(content: bytes) -> Table:
    """Its table. Raises `Fault` with a sentence for whoever sent it."""
    if len(content) > MOST_BYTES:
        raise Fault(f"This file is larger than {MOST_BYTES // 1_000_000} MB.")
    if not content.strip():
        raise Fault("This file is empty.")
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    if content.startswith(_OLD_OFFICE):
        if _SEALED in content:
            raise Fault(_PROTECTED)
        return _sheets(content)
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    for begins, what in _OTHERS:
        if start.startswith(begins):
            raise Fault(f"This is {what}, which cannot be read as a table. {_KINDS}")
    return read_text(decoded(content))


def _packed(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Fault(_UNREADABLE) from None
    if size > _MOST_UNPACKED:
        raise Fault("This file unpacks to more than a table can need.")
    if "word/document.xml" in names:
        return _word(content)
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return _sheets(content)
    raise Fault(f"This is a packed file without a table. {_KINDS}")


def _sheets(content: bytes) -> Table:
    """The sheet with the most rows among those that are to be seen."""
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == calamine.SheetVisibleEnum.Visible
            ]
            read = {name: list(_sheet(book.get_sheet_by_name(name))) for name in names}
    except Fault:
        raise
    except calamine.PasswordError:
        raise Fault(_PROTECTED) from None
    except BaseException as fault:  # a panic of the library is no Exception
        if isinstance(fault, MemoryError | KeyboardInterrupt | SystemExit):
            raise
        raise Fault(_UNREADABLE) from None
    filled = {name: sum(any(row) for row in rows) for name, rows in read.items()}
    if not any(filled.values()):
        raise Fault("There are no rows in it.")
    chosen = max(filled, key=lambda name: filled[name])
    others = tuple(name for name, count in filled.items() if count and name != chosen)
    return table(read[chosen], chosen, others)


def _sheet(sheet: calamine.CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.to_python(nrows=MOST_LINES + 100):
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    """A cell as somebody would type it; a day that stands for itself has no time."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time()
            else iso_minute(value.replace(tzinfo=LONDON))
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return iso_clock(value)
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _word(content: bytes) -> Table:
    """The rows of all its tables that have as many columns as the longest of them."""
    try:
        document = Document(io.BytesIO(content))
        tables = [_word_rows(each) for each in document.tables]
    except Exception:  # whatever a broken file makes the libraries raise
        raise Fault(_UNREADABLE) from None
    if not tables:
        raise Fault("There is no table in this Word document.")
    longest = max(tables, key=len)
    width = _width(longest)
    # Agencies begin a new table on each page, or for each year, with the same headings.
    rows = [row for each in tables if _width(each) == width for row in each]
    seen = [row for at, row in enumerate(rows) if at == 0 or row != rows[0]]
    return table(seen)


def _width(rows: Sequence[Sequence[str]]) -> int:
    return max((len(row) for row in rows), default=0)


def _word_rows(drawn: object) -> list[list[str]]:
    rows = []
    for row in drawn.rows:  # type: ignore[attr-defined]
        rows.append([cell.text for cell in row.cells])
        if len(rows) > MOST_LINES:
            break
    return rows
