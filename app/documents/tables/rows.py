"""Owns what a table is once it is read: rows of texts of one length, within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.engine import Fault
from app.engine.characters import cleaned

#: of a file; a chronology of a thousand rows has a tenth of it
MOST_BYTES = 5_000_000
#: lines, the headings among them
MOST_LINES = 2_000
MOST_COLUMNS = 60
#: characters of a cell, more than any question takes
MOST_CELL = 25_000


@dataclass(frozen=True, slots=True)
class Table:
    #: every row has the same number of cells; rows and columns that hold nothing are left out
    rows: tuple[tuple[str, ...], ...]
    #: which part of a file it is, for people: a sheet's name; "" for a text
    part: str = ""
    #: names of other parts of the file, which were not read
    others: tuple[str, ...] = ()


def table(rows: Iterable[Sequence[str]], part: str = "", others: Sequence[str] = ()) -> Table:
    """Raises `Fault` with a sentence for whoever brought it."""
    kept: list[list[str]] = []
    for row in rows:
        cells = [_cell(text) for text in row]
        if not any(cells):
            continue
        kept.append(cells)
        if len(kept) > MOST_LINES:
            raise Fault(f"This table has more than {MOST_LINES:,} rows. Bring it in in parts.")
    if not kept:
        raise Fault("There are no rows in it.")
    width = max(map(len, kept))
    full = [row + [""] * (width - len(row)) for row in kept]
    used = [column for column in range(width) if any(row[column] for row in full)]
    if len(used) > MOST_COLUMNS:
        raise Fault(
            f"This table has {len(used)} columns; {MOST_COLUMNS} can be brought in. Take out "
            "those that are not needed."
        )
    return Table(tuple(tuple(row[column] for column in used) for row in full), part, tuple(others))


def _cell(text: str) -> str:
    clean = cleaned(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(clean) > MOST_CELL:
        raise Fault(f"A cell of this table has more than {MOST_CELL:,} characters. Shorten it.")
    return clean
