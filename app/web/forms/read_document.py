"""A document on the page of a task: its parts as blocks to print, what changed as marked words.

Its headings stand below the page's own, in steps of one, whatever levels the template uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.casework.views import BriefedDocument
from app.documents import Part

#: the level of the highest heading in a document: below the section of the page
_HIGHEST, _LOWEST = 3, 6


@dataclass(frozen=True, slots=True)
class Block:
    #: "heading", "lead", "text", "edge", "list", "numbers" or "table"
    kind: str
    words: str = ""
    level: int = 0
    items: tuple[str, ...] = ()
    #: of a table
    head: tuple[tuple[str, ...], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDocument:
    said: BriefedDocument
    blocks: tuple[Block, ...]


def documents_to_read(documents: Sequence[BriefedDocument]) -> tuple[ReadDocument, ...]:
    return tuple(ReadDocument(one, tuple(_blocks(one.parts))) for one in documents)


def _blocks(parts: Sequence[Part]) -> Iterator[Block]:
    used = sorted({_rank(part) for part in parts if part.kind in ("title", "h")})
    levels = {rank: min(_HIGHEST + place, _LOWEST) for place, rank in enumerate(used)}
    for _, group in groupby(enumerate(_tables(parts)), lambda each: _together(*each)):
        same = [part for _, (part, _) in group]
        first = same[0]
        if first.kind in ("list", "numbers"):
            yield Block(first.kind, items=tuple(part.words[0] for part in same))
        elif first.kind == "row":
            head = tuple(part.words for part in same if part.heads)
            yield Block("table", head=head, rows=tuple(p.words for p in same if not p.heads))
        else:
            kind = {"title": "heading", "h": "heading", "subtitle": "lead", "edge": "edge"}
            yield Block(kind.get(first.kind, "text"), first.words[0], levels.get(_rank(first), 0))


def _rank(part: Part) -> int:
    return part.level if part.kind in ("title", "h") else -1


def _tables(parts: Sequence[Part]) -> Iterator[tuple[Part, int]]:
    """Each part with the number of tables that have begun."""
    begun = 0
    for part in parts:
        begun += part.begins
        yield part, begun


def _together(number: int, each: tuple[Part, int]) -> tuple[str, int]:
    """What follows each other and has this in common is one list, or one table."""
    part, table = each
    if part.kind == "row":
        return "row", table
    return part.kind, 0 if part.kind in ("list", "numbers") else number
