"""Owns what a filled Word document says, part by part: for a page, a digest, a comparison.

The parts are read off the very file that is given out as Word and printed as PDF, so that none of
the three can say anything else. What changed between two of them is `changes`'.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from app.documents.word.word_files import W

_LEVEL = re.compile(r"heading (\d)")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, an item of a list, or a row of a table."""

    #: "title", "subtitle", "h", "p", "list", "numbers", "row"; "edge": of a header or footer
    kind: str
    #: one text; of a row one for each cell
    words: tuple[str, ...]
    #: of a heading, from 1
    level: int = 0
    #: of a row: it heads its table; a table begins with it
    heads: bool = False
    begins: bool = False


def outline(document: WordDocument) -> tuple[Part, ...]:
    """Everything that the document says, in its order."""
    section = document.sections[0]
    edges = [
        tuple(Part("edge", (p.text.strip(),)) for p in edge.paragraphs if p.text.strip())
        for edge in (section.header, section.footer)
    ]
    return (*edges[0], *_parts(document, style_names(document)), *edges[1])


def style_names(document: WordDocument) -> Mapping[str, str]:
    """Id of a style → its name in small letters; to ask each paragraph for its own is slow."""
    return {style.style_id: (style.name or "").lower() for style in document.styles}


def kind_of(paragraph: Paragraph, styles: Mapping[str, str]) -> tuple[str, int]:
    """What a paragraph is by its style, and the level of a heading."""
    style = paragraph._p.find(f"{W}pPr/{W}pStyle")
    name = styles.get(style.get(f"{W}val") or "", "") if style is not None else ""
    level = _LEVEL.match(name)
    if level:
        return "h", int(level[1])
    if name in ("title", "subtitle"):
        return name, 0
    if name.startswith("list number"):
        return "numbers", 0
    return ("list" if name.startswith("list") else "p"), 0


def digest(parts: Iterable[Part]) -> str:
    """Of what is said, whatever the file; in hex."""
    return hashlib.sha256(_text(parts)).hexdigest()


def packed(parts: Iterable[Part]) -> bytes:
    return zlib.compress(_text(parts))


def unpacked(content: bytes) -> tuple[Part, ...]:
    given = json.loads(zlib.decompress(content))
    return tuple(
        Part(kind, tuple(words), level, heads, begins)
        for kind, words, level, heads, begins in given
    )


def _text(parts: Iterable[Part]) -> bytes:
    told = [[part.kind, part.words, part.level, part.heads, part.begins] for part in parts]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _parts(container: Any, styles: Mapping[str, str]) -> Iterator[Part]:
    for block in container.iter_inner_content():
        if isinstance(block, Table):
            yield from _rows(block)
        elif isinstance(block, Paragraph) and (text := block.text.strip()):
            kind, level = kind_of(block, styles)
            yield Part(kind, (text,), level)


def _rows(table: Table) -> Iterator[Part]:
    for number, row in enumerate(table.rows):
        heads = row._tr.find(f".//{W}tblHeader") is not None
        yield Part("row", tuple(_cell(cell) for cell in row.cells), 0, heads, number == 0)


def _cell(cell: Any) -> str:
    return "\n".join("\n".join(part.words) for part in _parts(cell, {}))
