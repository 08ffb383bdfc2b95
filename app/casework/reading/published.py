"""What was published, over all cases, as everybody with an account finds it again.

A publication tells no reference and no name of a person of its case. Who sees that case in whole is
told all that came of it, and who may open it is led there; everybody else what its manifest tells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app import store
from app.casework.access import Person
from app.casework.cases.publication import words_of
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.reading.eyes import eyes, whole_eyes
from app.documents import FORMATS
from app.store import Sealed, Unit
from app.store.queries import published as kept
from app.store.queries.published import Choices, PublishedLine, PublishedQuery

#: words of a search beyond this are not looked at
MOST_WORDS = 12
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for; empty: everything."""

    words: str = ""
    theme: str = ""
    year: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAction:
    #: None of the rest: it is not told to this person; "": there is nothing to tell
    text: str | None
    organisation: str | None
    owner: str | None
    due: date | None
    status: str | None
    #: what shows that it was done
    evidence: str | None
    #: what it changed
    effect: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPiece:
    id: str
    title: str
    kind: str
    day: date
    #: (value, label) in the words of its time
    themes: tuple[tuple[str, str], ...]
    #: where else it can be read; "": nowhere
    address: str
    #: there is a file
    file: bool
    #: what changed for whom, as it was published
    impact: str
    actions: tuple[PublishedAction, ...]
    #: reference, for who may open the case
    case: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPage:
    pieces: tuple[PublishedPiece, ...]
    #: that meet all that is wished
    total: int
    choices: Choices


@dataclass(frozen=True, slots=True)
class PublishedFile:
    name: str
    media: str
    content: bytes
    sha256: str


def published(
    desk: Desk, person: Person, wish: Wish, page: int = 1, size: int = PAGE_SIZE
) -> PublishedPage:
    """The newest first. `size` 0: all of it at once."""
    asked = _asked(person, wish)
    with desk.store.reading() as unit:
        total = kept.count(unit, asked)
        most = size or total
        lines = kept.lines(unit, asked, (page - 1) * most, most) if total else []
        return PublishedPage(
            pieces=_pieces(desk, unit, person, lines),
            total=total,
            choices=kept.choices(unit, asked),
        )


def published_file(desk: Desk, person: Person, id: str) -> PublishedFile:
    """As it was when it was published. Raises `NotFound`, `Sealed`."""
    with desk.store.reading() as unit:
        lines = kept.lines(unit, PublishedQuery(person=person.id, roles=person.groups, id=id), 0, 1)
        beside = _beside(lines[0]) if lines else {}
        version = beside.get("version")
        if version is None:
            raise NotFound
        key = store.cases.key_of(unit, lines[0].case_id)
        found = store.documents.read(unit, key, lines[0].document, version)
        if found is None:
            raise NotFound
        row, content = found
        if hashlib.sha256(content).hexdigest() != row.sha256:
            raise Sealed
        name = f"{'-'.join(words_of(lines[0].title))[:80] or 'document'}.{row.format}"
        return PublishedFile(name, FORMATS[row.format], content, row.sha256)


def _asked(person: Person, wish: Wish) -> PublishedQuery:
    return PublishedQuery(
        person=person.id,
        roles=person.groups,
        words=tuple(dict.fromkeys(words_of(wish.words)))[:MOST_WORDS],
        theme=wish.theme,
        year=wish.year,
        kind=wish.kind,
    )


def _pieces(
    desk: Desk, unit: Unit, person: Person, lines: Collection[PublishedLine]
) -> tuple[PublishedPiece, ...]:
    if not lines:
        return ()
    themes = kept.themes(unit, lines)
    ids = {line.case_id for line in lines}
    opens = set(store.queries.listing.among(unit, eyes(desk, person), ids))
    whole = set(store.queries.listing.among(unit, whole_eyes(desk, person), ids))
    return tuple(
        _piece(line, themes.get(line.id, ()), line.case_id in opens, line.case_id in whole)
        for line in lines
    )


def _piece(
    line: PublishedLine, themes: tuple[tuple[str, str], ...], opens: bool, whole: bool
) -> PublishedPiece:
    beside = _beside(line)
    tells = frozenset(beside.get("tells", ()))
    return PublishedPiece(
        id=line.id,
        title=line.title,
        kind=line.kind,
        day=line.day,
        themes=themes,
        address=beside.get("address", ""),
        file=beside.get("version") is not None,
        impact=beside.get("impact", ""),
        actions=tuple(_action(each, None if whole else tells) for each in beside.get("actions", ()))
        if whole or tells
        else (),
        case=line.reference if opens else None,
    )


def _action(each: Mapping[str, Any], tells: frozenset[str] | None) -> PublishedAction:
    """`tells`: what of it is told; None: all."""

    def told(name: str) -> str | None:
        return str(each[name] or "") if tells is None or name in tells else None

    due = told("due")
    return PublishedAction(
        text=told("text"), organisation=told("organisation"), owner=told("owner"),
        due=date.fromisoformat(due) if due else None, status=told("status"),
        evidence=told("evidence"), effect=told("effect"),
    )  # fmt: skip


def _beside(line: PublishedLine) -> dict[str, Any]:
    """Nothing where it cannot be opened: `verify` tells of that."""
    return {} if line.body is None else dict(json.loads(line.body))
