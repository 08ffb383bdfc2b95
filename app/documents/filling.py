"""Owns filling a template in: values in, a Word document out; only FEEL is ever worked out.

A value is only ever text: what somebody typed is never read as a placeholder. Loops are bounded.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from docx.document import Document as WordDocument
from lxml import etree

from app.documents import templates
from app.documents.citations import Citations, Loop
from app.documents.templates import PLACEHOLDER, Node, Said
from app.documents.value_words import words
from app.documents.word import W, open_word
from app.engine import Fault, NotExecutable
from app.engine.feel import World, compile_expression

MOST_BLOCKS = 20_000
MOST_CHARACTERS = 2_000_000
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class _Sheet:
    world: World
    hide: Callable[[str], str]
    citations: Citations | None = None
    blocks: int = 0
    characters: int = 0
    faults: list[Said] = field(default_factory=list)

    def value(self, source: str, scope: Mapping[str, Any]) -> Any:
        try:
            return compile_expression(source).evaluate(scope, self.world)
        except Fault as fault:
            sentence = f"«{templates.short(source)}» cannot be worked out: {fault.sentence}"
            raise Fault(sentence) from fault

    def text(self, source: str, scope: Mapping[str, Any]) -> str:
        text = self.hide(words(self.value(source, scope)))
        self.characters += len(text)
        if self.characters > MOST_CHARACTERS:
            raise Fault("This document would become too long.")
        return text + self.citations.mark(source) if self.citations and text else text

    def count(self) -> None:
        self.blocks += 1
        if self.blocks > MOST_BLOCKS:
            raise Fault("This document would become too long.")


def fill(
    template: bytes,
    scope: Mapping[str, Any],
    world: World,
    *,
    title: str,
    at: datetime,
    hide: Callable[[str], str] = str,
    citations: Citations | None = None,
) -> WordDocument:
    """The filled document. `hide`: what every value's text goes through, e.g. pseudonyms. Fault.

    With `citations` every statement has a number behind it, and they know what it stands for.
    """
    document = open_word(template)
    sheet = _Sheet(world, hide, citations)
    for container in templates.containers(document):
        nodes = templates.parsed(container, sheet.faults)
        if sheet.faults:
            raise NotExecutable(sheet.faults[0].sentence)
        _refill(container, nodes, scope, sheet)
    about = document.core_properties
    about.title, about.author, about.last_modified_by, about.comments = title, "", "", ""
    about.created = about.modified = at.replace(tzinfo=None)
    about.language, about.revision = "en-GB", 1
    return document


def _refill(
    container: etree._Element, nodes: list[Node], scope: Mapping[str, Any], sheet: _Sheet
) -> None:
    made = list(_expanded(nodes, scope, sheet))
    old = [block for block in container if block.tag in (W + "p", W + "tbl")]
    place = container.index(old[0]) if old else 0
    for block in old:
        container.remove(block)
    for number, block in enumerate(made):
        container.insert(place + number, block)
    if container.tag == W + "tc" and (not made or made[-1].tag == W + "tbl"):
        container.append(etree.Element(W + "p"))  # a cell must end with a paragraph


def _expanded(
    nodes: Iterable[Node], scope: Mapping[str, Any], sheet: _Sheet
) -> Iterable[etree._Element]:
    for node in nodes:
        sheet.count()
        if node.kind == "for":
            for item, number in _items(node, scope, sheet):
                sheet.count()
                inner = {**scope, node.variable: item, "number": number}
                if sheet.citations is not None:
                    sheet.citations.loops[node.variable] = Loop(node.source, number, item)
                yield from _expanded(node.inner, inner, sheet)
            if sheet.citations is not None:
                sheet.citations.loops.pop(node.variable, None)
        elif node.kind == "if":
            yes = sheet.value(node.source, scope) is True
            yield from _expanded(node.inner if yes else node.otherwise, scope, sheet)
        elif node.kind == "table":
            yield from _table(node, scope, sheet)
        elif node.kind == "row":
            yield _row(node, scope, sheet)
        else:
            yield _paragraph(node.element, scope, sheet)


def _items(node: Node, scope: Mapping[str, Any], sheet: _Sheet) -> Iterable[tuple[Any, int]]:
    value = sheet.value(node.source, scope)
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return [(item, number) for number, item in enumerate(items, 1)]


def _table(node: Node, scope: Mapping[str, Any], sheet: _Sheet) -> Iterable[etree._Element]:
    made = copy.deepcopy(node.element)
    for row in made.findall(W + "tr"):
        made.remove(row)
    rows = list(_expanded(node.inner, scope, sheet))
    made.extend(rows)
    heads = len(made.findall(f"{W}tr/{W}trPr/{W}tblHeader"))
    if len(rows) > heads or heads == len(node.inner) > 0:  # a head without rows tells nothing
        yield made


def _row(node: Node, scope: Mapping[str, Any], sheet: _Sheet) -> etree._Element:
    made = copy.deepcopy(node.element)
    for cell, (_, nodes) in zip(made.findall(W + "tc"), node.cells, strict=True):
        _refill(cell, nodes, scope, sheet)
    return made


def _paragraph(element: etree._Element, scope: Mapping[str, Any], sheet: _Sheet) -> etree._Element:
    made = copy.deepcopy(element)
    parts = list(made.iter(W + "t"))
    whole = "".join(part.text or "" for part in parts)
    placeholders = list(PLACEHOLDER.finditer(whole))
    if not placeholders:
        return made
    values = [sheet.text(placeholder[1].strip(), scope) for placeholder in placeholders]
    at = 0
    for part in parts:
        text = part.text or ""
        start, end = at, at + len(text)
        at = end
        _put(
            part,
            _piece(
                text, start, end, [(m.span(), v) for m, v in zip(placeholders, values, strict=True)]
            ),
        )
    return made


def _piece(text: str, start: int, end: int, values: list[tuple[tuple[int, int], str]]) -> str:
    """The text from start to end, each placeholder's value where the placeholder begins."""
    made, here = "", start
    for (first, last), value in values:
        if last <= here or first >= end:
            continue
        if first >= here:
            made += text[here - start : first - start] + value
        here = min(last, end)
    return made + text[here - start :]


def _put(part: etree._Element, text: str) -> None:
    """The text into the run, a line break for each new line in it."""
    lines = text.split("\n")
    part.text = lines[0]
    part.set(_SPACE, "preserve")
    last = part
    for line in lines[1:]:
        new = etree.Element(W + "t")
        new.text = line
        new.set(_SPACE, "preserve")
        last.addnext(etree.Element(W + "br"))
        following = last.getnext()
        assert following is not None
        following.addnext(new)
        last = new
