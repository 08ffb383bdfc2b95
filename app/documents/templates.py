"""Owns what a Word template says: text with «=…», and blocks «for … in …», «if …», «else», «end».

An instruction of a block stands alone in its paragraph or in its table row. Filling it in is
`filling`'s, judging names `document_lint`'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from lxml import etree

from app.documents.word import W

PLACEHOLDER = re.compile(r"«\s*=([^«»]*)»")
_LOOP = re.compile(r"for\s+([A-Za-z_]\w*)\s+in\s+(.+)\Z", re.S)
_IF = re.compile(r"if\s+(.+)\Z", re.S)
MOST_DEPTH = 12


@dataclass(slots=True)
class Node:
    """A paragraph, table or row; or a block around others."""

    #: "paragraph", "table", "row", "for", "if"
    kind: str
    element: etree._Element
    #: FEEL source of a block
    source: str = ""
    #: name that a loop gives each item
    variable: str = ""
    inner: list[Node] = field(default_factory=list)
    otherwise: list[Node] = field(default_factory=list)
    #: of a row: the blocks of each cell
    cells: list[tuple[etree._Element, list[Node]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """What is wrong with the shape of a template."""

    sentence: str


def containers(document: WordDocument) -> list[etree._Element]:
    """Body, headers and footers: where text of the template stands."""
    elements: list[etree._Element] = [document.element.body]
    for section in document.sections:
        for part in (section.header, section.footer):
            if not part.is_linked_to_previous:
                elements.append(part._element)
    return elements


def text_of(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(W + "t"))


def parsed(container: etree._Element, faults: list[Said]) -> list[Node]:
    """The blocks of a container; its faults are appended."""
    blocks = [block for block in container if block.tag in (W + "p", W + "tbl")]
    return _nested([_leaf(block, faults) for block in blocks], faults)


def _leaf(element: etree._Element, faults: list[Said]) -> Node:
    if element.tag == W + "p":
        return Node("paragraph", element)
    rows = [_row(row, faults) for row in element.findall(W + "tr")]
    return Node("table", element, inner=_nested(rows, faults))


def _row(element: etree._Element, faults: list[Said]) -> Node:
    if _instruction(text_of(element)) is not None:
        return Node("row", element)
    cells = [(cell, parsed(cell, faults)) for cell in element.findall(W + "tc")]
    return Node("row", element, cells=cells)


def _instruction(text: str) -> str | None:
    """What stands between « and », where that is all there is and no value."""
    bare = text.strip()
    if not (bare.startswith("«") and bare.endswith("»")) or bare.count("«") != 1:
        return None
    inner = bare[1:-1].strip()
    return None if inner.startswith("=") else inner


def _nested(leaves: Sequence[Node], faults: list[Said]) -> list[Node]:
    top: list[Node] = []
    open_blocks: list[tuple[Node, list[Node]]] = []
    here = top
    for leaf in leaves:
        said = _instruction(text_of(leaf.element)) if leaf.kind != "table" else None
        if said is None:
            here.append(leaf)
        elif said == "end":
            if not open_blocks:
                faults.append(Said("There is an «end» that closes nothing."))
                continue
            here = open_blocks.pop()[1]
        elif said == "else":
            if not open_blocks or open_blocks[-1][0].kind != "if":
                faults.append(Said("There is an «else» outside of an «if …»."))
                continue
            here = open_blocks[-1][0].otherwise
        else:
            block = _block(said, leaf, faults)
            if block is not None:
                here.append(block)
                open_blocks.append((block, here))
                here = block.inner
    for block, _ in open_blocks:
        faults.append(Said(f"«{block.kind} {short(block.source)}» has no «end»."))
    if len(open_blocks) > MOST_DEPTH:
        faults.append(Said(f"Blocks are nested more than {MOST_DEPTH} deep."))
    return top


def _block(said: str, leaf: Node, faults: list[Said]) -> Node | None:
    loop, condition = _LOOP.match(said), _IF.match(said)
    if loop:
        return Node("for", leaf.element, loop[2].strip(), loop[1])
    if condition:
        return Node("if", leaf.element, condition[1].strip())
    faults.append(
        Said(
            f"«{short(said)}» means nothing here. Known are «=…», «for … in …», «if …», «else» "
            "and «end»."
        )
    )
    return None


def reached(container: etree._Element) -> int:
    """How many « stand where filling in looks."""
    count = sum(text_of(paragraph).count("«") for paragraph in container.findall(W + "p"))
    cells = container.findall(f"{W}tbl/{W}tr/{W}tc")
    return count + sum(reached(cell) for cell in cells)


def short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 80 else shown[:79] + "…"
