"""Owns the PDF of a filled Word document: headings, lists, tables, all tagged (PDF/UA-1).

Text reaches the typesetter as data only; it reads no file and no address. Drawings and text boxes
of a template are not printed; lint says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import typst
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.documents.word_files import W
from app.engine import Fault

_PROGRAM = (Path(__file__).parent / "pdf.typ").read_bytes()
_LEVEL = re.compile(r"heading (\d)")
#: letters beyond these may be missing in the typeface that comes with the typesetter
_SURE = re.compile(r"[^\n\t -~\xa0-\u024f\u2010-\u2026\u2030\u2039\u203a\u20ac\u2122]")
MISSING = (
    "Some characters cannot be shown in this PDF and are printed as “?”. The Word version of this "
    "document shows them."
)


def printed(document: WordDocument, title: str, at: datetime) -> bytes:
    """The PDF. `Fault` when it cannot be made."""
    content: dict[str, Any] = {
        "title": title,
        "blocks": list(_blocks(document)),
        "footer": " ".join(p.text for p in document.sections[0].footer.paragraphs if p.text),
    }
    text = json.dumps(content, ensure_ascii=False)
    try:
        return _typeset(text, at)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise Fault("This document cannot be made as a PDF.") from error
    content["blocks"].append({"kind": "p", "runs": [{"t": MISSING, "b": False, "i": True}]})
    plain = json.loads(json.dumps(content), object_hook=_sure)
    try:
        return _typeset(json.dumps(plain), at)
    except typst.TypstError as error:
        raise Fault("This document cannot be made as a PDF.") from error


def _typeset(content: str, at: datetime) -> bytes:
    made = typst.compile(
        _PROGRAM,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"content": content},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _sure(given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _SURE.sub("?", value) if isinstance(value, str) else value
        for name, value in given.items()
    }


def _blocks(container: Any) -> Iterator[dict[str, Any]]:
    """Items of a list that follow each other are one list."""
    for kind, group in groupby(_each(container), lambda block: block["kind"]):
        blocks = list(group)
        if kind in ("list", "numbers"):
            yield {"kind": kind, "items": [block["runs"] for block in blocks]}
        else:
            yield from blocks


def _each(container: Any) -> Iterator[dict[str, Any]]:
    for block in container.iter_inner_content():
        if isinstance(block, Table):
            yield _table(block)
        elif isinstance(block, Paragraph) and block.text.strip():
            yield _paragraph(block)


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    name = (paragraph.style.name if paragraph.style is not None else "" or "").lower()
    level = _LEVEL.match(name)
    kind = "p"
    if level:
        kind = "h"
    elif name in ("title", "subtitle"):
        kind = name
    elif name.startswith("list number"):
        kind = "numbers"
    elif name.startswith("list"):
        kind = "list"
    runs = [part for run in paragraph.runs for part in _run(run)]
    return {"kind": kind, "level": int(level[1]) if level else 0, "runs": runs}


def _run(run: Run) -> Iterator[dict[str, Any]]:
    if run.text:
        yield {"t": run.text, "b": bool(run.bold), "i": bool(run.italic)}


def _table(table: Table) -> dict[str, Any]:
    grid = [_width(column) for column in table._tbl.iter(W + "gridCol")]
    rows = [
        [list(_blocks(cell)) for cell in row.cells] + [[]] * (len(grid) - len(row.cells))
        for row in table.rows
    ]
    head = 0
    for row in table.rows:
        if row._tr.find(f".//{W}tblHeader") is None:
            break
        head += 1
    return {"kind": "table", "columns": grid or [1] * len(rows[0]), "head": head, "rows": rows}


def _width(column: Any) -> int:
    given = column.get(W + "w") or "0"
    return max(int(given), 300) if given.isdecimal() else 300
