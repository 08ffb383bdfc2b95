"""What was published, over all cases, newest first: found by words, theme, year and kind.

Bounded by who is meant to find it and by cases that somebody is shut out of. The rows that are kept
of it are asked, never a history. What is shown of it is casework's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select

from app.store.database.errors import Sealed, WrongKey
from app.store.database.unit import Unit
from app.store.schema import case_key, cases, member
from app.store.work.published import sealed_at
from app.store.work.published_tables import published, published_text, published_theme

_P, _T, _X = published.c, published_theme.c, published_text.c


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedQuery:
    #: id of who asks
    person: str
    #: ids of their roles
    roles: frozenset[str]
    #: folded; each must begin a word of it
    words: Sequence[str] = ()
    theme: str = ""
    year: int | None = None
    kind: str = ""
    #: this publication alone
    id: str = ""


@dataclass(frozen=True, slots=True)
class PublishedLine:
    case_id: str
    reference: str
    seq: int
    document: str
    id: str
    kind: str
    title: str
    day: date
    #: what is told beside it; None: it cannot be opened
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """By what publications can be narrowed, of those that the person may find."""

    #: (value, label), the newest words
    themes: tuple[tuple[str, str], ...]
    #: the latest first
    years: tuple[int, ...]
    kinds: tuple[str, ...]


def lines(unit: Unit, asked: PublishedQuery, skip: int, most: int) -> list[PublishedLine]:
    columns = (_P.case_id, cases.c.reference, _P.seq, _P.document, _P.id, _P.kind, _P.title, _P.day)
    bound, given = _bound(unit, asked)
    query = (
        select(*columns, _X.body, case_key.c.wrapped)
        .join_from(published, cases, cases.c.id == _P.case_id)
        .join(published_text, _its(_X))
        .join(case_key, case_key.c.case_id == _P.case_id)
        .where(bound)
        .order_by(_P.day.desc(), _P.id)
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )
    rows = unit.rows(query, given | {"most": most, "skip": skip})
    return [PublishedLine(*(*row[:8], _opened(unit, row))) for row in rows]


def _opened(unit: Unit, row: Sequence[Any]) -> bytes | None:
    with suppress(Sealed, WrongKey):
        return unit.keys.unwrap(row[0], row[9]).open(row[8], sealed_at(row[2], row[3]))
    return None


def count(unit: Unit, asked: PublishedQuery) -> int:
    bound, given = _bound(unit, asked)
    return int(unit.value(select(func.count()).select_from(published).where(bound), given))


def themes(
    unit: Unit, lines: Collection[PublishedLine]
) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Id of a publication → (value, label) of its themes."""
    query = (
        select(_P.id, _T.value, _T.label)
        .join_from(published, published_theme, _its(_T))
        .where(_P.id.in_(bindparam("ids", expanding=True)))
        .order_by(_P.id, _T.number)
    )
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for id, value, label in unit.rows(query, {"ids": sorted(line.id for line in lines)}):
        found[id] = (*found.get(id, ()), (value, label))
    return found


def choices(unit: Unit, asked: PublishedQuery) -> Choices:
    """Of all that the person may find, whatever else is asked."""
    bound, given = _bound(unit, PublishedQuery(person=asked.person, roles=asked.roles))
    narrowing = select(_P.year, _P.kind).where(bound).distinct()
    pairs = [(int(year), str(kind)) for year, kind in unit.rows(narrowing, given)]
    words = (
        select(_T.value, _T.label, func.max(_P.day).label("last"))
        .join_from(published, published_theme, _its(_T))
        .where(bound)
        .group_by(_T.value, _T.label)
        .order_by("last")
    )
    labels = {value: label for value, label, _ in unit.rows(words, given)}
    return Choices(
        themes=tuple(sorted(labels.items(), key=lambda pair: pair[1].casefold())),
        years=tuple(sorted({year for year, _ in pairs}, reverse=True)),
        kinds=tuple(sorted({kind for _, kind in pairs})),
    )


def _its(of: Any) -> Any:
    """What stands in another table of the same publication."""
    return and_(of.case_id == _P.case_id, of.seq == _P.seq, of.document == _P.document)


def _bound(unit: Unit, asked: PublishedQuery) -> tuple[Any, dict[str, Any]]:
    out = select(member.c.case_id).where(member.c.who == bindparam("myself"), member.c.excluded)
    may = [
        readers
        for (readers,) in unit.rows(select(_P.readers).distinct(), {})
        if not readers or asked.roles.intersection(readers.split())
    ]
    parts: list[Any] = [_P.readers.in_(bindparam("may", expanding=True)), _P.case_id.not_in(out)]
    given: dict[str, Any] = {"myself": f"p:{asked.person}", "may": may}
    if asked.words:
        given |= {f"word{number}": f"% {word}%" for number, word in enumerate(asked.words)}
        said = [_X.words.like(bindparam(f"word{number}")) for number in range(len(asked.words))]
        parts.append(exists().where(_its(_X), *said).correlate(published))
    narrowed = {"year": asked.year, "kind": asked.kind or None, "id": asked.id or None}
    for name, value in narrowed.items():
        if value is not None:
            parts.append(_P[name] == bindparam(name))
            given[name] = value
    if asked.theme:
        of_theme = exists().where(_its(_T), _T.value == bindparam("theme"))
        parts.append(of_theme.correlate(published))
        given["theme"] = asked.theme
    return and_(*parts), given
