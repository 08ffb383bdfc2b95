"""Owns reading a table from a file that somebody sent, in a process of its own, within bounds."""

from __future__ import annotations

from app.bounded.line import LINE, Crowded
from app.documents.tables import MOST_BYTES, Table
from app.engine import Fault

#: of processor time; a spreadsheet of 2,000 rows takes a tenth of a second
SECONDS = 5.0
_MEGABYTES = 1_000


def table_of(content: bytes) -> Table:
    """The table in the file. Raises `Fault` with a sentence for whoever sent it."""
    if len(content) > MOST_BYTES:  # nothing is begun for it
        raise Fault(f"This file is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        said, _ = LINE.answer("table", content, seconds=SECONDS, megabytes=_MEGABYTES)
    except Crowded:
        raise Fault("Other files are being read. Try again in a minute.") from None
    if "rows" not in said:
        raise Fault(
            str(said.get("fault") or "This file takes too much work to read and was stopped. Open "
                "it, copy the table and paste it.")
        )  # fmt: skip
    return Table(tuple(map(tuple, said["rows"])), said["part"], tuple(said["others"]))
