"""Owns reading a table from a text: what a spreadsheet puts on the clipboard, or CSV.

Which character parts the columns, and whether quotation marks enclose cells or are only typed, is
seen from the text. A table is written again by `written`, so that a page can carry it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from app.documents.tables.rows import Table, table
from app.engine import Fault

_PARTING = ("\t", ";", ",", "|")
#: rows by which it is seen what parts the columns
_LOOKED_AT = 30
#: in a row of what is a table at all
_MOST_CELLS = 1_000
_NO_TEXT = "This is no text that can be read as a table."


def read_text(text: str) -> Table:
    """The rows of a text. Raises `Fault` with a sentence for whoever brought it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    # Excel writes this line in front of some files, for itself.
    if text[:4].lower() == "sep=" and text[5:6] == "\n":
        return table(_rows(text[6:], text[4]))
    if not text.strip():
        raise Fault("There are no rows in it.")
    return table(_rows(text, _parting(text)))


def decoded(content: bytes) -> str:
    """The text of a file, in whatever of the usual encodings. Raises `Fault`."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    ):  # fmt: skip
        if content.startswith(mark):
            try:
                return content.decode(encoding).removeprefix("\ufeff")
            except UnicodeDecodeError:
                raise Fault(_NO_TEXT) from None
    if b"\0" in content:
        raise Fault(_NO_TEXT)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # Excel on Windows saves CSV so; five bytes mean nothing there.
        return content.decode("cp1252", errors="replace")


def written(rows: Table) -> str:
    """The same rows as a text that `read_text` reads as the same."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows.rows)
    return out.getvalue()


def _parting(text: str) -> str:
    """What parts the columns: it gives most rows the same number of cells, and more than one."""

    def weight(character: str) -> tuple[float, int]:
        counts = [len(row) for row in _rows(text, character, _LOOKED_AT) if any(row)]
        usual, times = Counter(counts).most_common(1)[0] if counts else (1, 0)
        return (0.0, 0) if usual < 2 else (times / len(counts), usual)

    # A tab is never typed inside a cell, so that it counts wherever it gives columns at all.
    if weight(_PARTING[0])[1]:
        return _PARTING[0]
    return max(_PARTING, key=weight)


def _rows(text: str, parting: str, most: int | None = None) -> Iterator[list[str]]:
    """Read here and not by `csv`: what people copy holds quotation marks that enclose nothing
    (6" of snow; "Hello" she said), which would swallow the rows behind them."""
    outside = rf"[^{re.escape(parting)}\n]"
    cell = re.compile(rf'"([^"]*(?:""[^"]*)*)"(?!{outside})|({outside}*)')
    row: list[str] = []
    at = rows = 0
    while at < len(text) and (most is None or rows < most):
        match = cell.match(text, at)
        assert match is not None, "the second way matches nothing at all too"
        row.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        if len(row) > _MOST_CELLS:
            raise Fault(_NO_TEXT)
        at = match.end() + 1
        if text[match.end() : at] != parting:
            yield row
            row, rows = [], rows + 1
    if row:  # the text ends with what parts two cells
        yield row
