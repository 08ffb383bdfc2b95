"""Owns the PDF of a filled Word document: headings, lists, tables, all tagged (PDF/UA-1).

Text reaches the typesetter as data only; it reads no file and no address. Drawings and text boxes
of a template are not printed; lint says so. With what letters is `typefaces`'.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import typst
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.documents.typefaces import MISSING, replaced, typefaces
from app.documents.word import W, kind_of, style_names
from app.engine import Fault, joined

_PROGRAM = (Path(__file__).parent / "pdf.typ").read_bytes()
_MOST_NAMED = 30


def printed(
    document: WordDocument, title: str, at: datetime, fonts: typst.Fonts | None = None
) -> bytes:
    """The PDF. `Fault` when it cannot be made."""
    fonts = fonts or typefaces()
    content: dict[str, Any] = {
        "title": title,
        "blocks": list(_blocks(document, style_names(document))),
        "footer": " ".join(p.text for p in document.sections[0].footer.paragraphs if p.text),
    }
    try:
        return _typeset(content, at, fonts)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise Fault("This document cannot be made as a PDF.") from error
    instead = replaced(_texts(content), fonts)
    pattern = re.compile("|".join(map(re.escape, sorted(instead, key=len, reverse=True))))
    shown = json.loads(json.dumps(content), object_hook=lambda each: _shown(each, pattern, instead))
    shown["blocks"].append(
        {"kind": "p", "runs": [{"t": _note(instead), "b": False, "i": True}], "leftward": False}
    )
    try:
        return _typeset(shown, at, fonts)
    except typst.TypstError as error:
        raise Fault("This document cannot be made as a PDF.") from error


def _typeset(content: dict[str, Any], at: datetime, fonts: typst.Fonts) -> bytes:
    made = typst.Compiler(_PROGRAM, font_paths=fonts, ignore_system_fonts=True).compile(
        format="pdf",
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _shown(
    given: dict[str, Any], pattern: re.Pattern[str], instead: Mapping[str, str]
) -> dict[str, Any]:
    return {
        name: pattern.sub(lambda hit: instead[hit[0]], value) if isinstance(value, str) else value
        for name, value in given.items()
    }


def _note(instead: Mapping[str, str]) -> str:
    """Says on the PDF itself what it could not show, and where it can be read."""
    lost = [cluster for cluster in instead if instead[cluster] == MISSING]
    bare = [cluster for cluster in instead if cluster not in lost]
    said = []
    if lost:
        named = joined(map(_name, lost[:_MOST_NAMED]))
        more = " and others" if len(lost) > _MOST_NAMED else ""
        said.append(f"This PDF cannot show {named}{more}: “{MISSING}” stands in the place.")
    if bare:
        letters = joined(instead[each] for each in bare[:_MOST_NAMED])
        others = " and others" if len(bare) > _MOST_NAMED else ""
        said.append(f"It leaves out signs on these letters: {letters}{others}.")
    return " ".join([*said, "The Word version of this document shows them."])


def _name(cluster: str) -> str:
    points = " ".join(f"U+{ord(one):04X}" for one in cluster)
    return f"{points} ({unicodedata.name(cluster[0], 'a character without a name').lower()})"


def _blocks(container: Any, styles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Items of a list that follow each other are one list."""
    for kind, group in groupby(_each(container, styles), lambda block: block["kind"]):
        blocks = list(group)
        if kind in ("list", "numbers"):
            yield {"kind": kind, "items": [block["runs"] for block in blocks]}
        else:
            yield from blocks


def _each(container: Any, styles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for block in container.iter_inner_content():
        if isinstance(block, Table):
            yield _table(block, styles)
        elif isinstance(block, Paragraph) and block.text.strip():
            yield _paragraph(block, styles)


def _paragraph(paragraph: Paragraph, styles: Mapping[str, str]) -> dict[str, Any]:
    kind, level = kind_of(paragraph, styles)
    runs = [part for run in paragraph.runs for part in _run(run)]
    leftward = _leftward(paragraph.text)
    return {
        "kind": kind, "level": level, "runs": runs, "leftward": leftward
    }  # fmt: skip


def _leftward(text: str) -> bool:
    """Whether most of it is of a script that is written from right to left."""
    ways = [unicodedata.bidirectional(one) for one in text]
    return sum(way in ("R", "AL") for way in ways) > 2 * ways.count("L")


def _run(run: Run) -> Iterator[dict[str, Any]]:
    if run.text:
        yield {"t": run.text, "b": bool(run.bold), "i": bool(run.italic)}


def _table(table: Table, styles: Mapping[str, str]) -> dict[str, Any]:
    grid = [_width(column) for column in table._tbl.iter(W + "gridCol")]
    rows = [
        [list(_blocks(cell, styles)) for cell in row.cells] + [[]] * (len(grid) - len(row.cells))
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
