"""Who may come to read what, as owners and auditors see it: the map of a version beside the active
one. How it is worked out from the drawings is validation's.

A version with errors has no map: nothing runs on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from app import store
from app.casework import policy
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.store import Unit
from app.validation.lint.readers import SORTS, WAYS, ReaderMap, Row
from app.validation.who_reads import who_reads

#: what a proposed version does to a row of the active one
Change = Literal["same", "comes", "goes"]
CHANGES: tuple[Change, ...] = ("same", "comes", "goes")
_RULE = policy.rule("readers")
#: maps that are kept, and pages of them; a map takes seconds of work, its lines in words a tenth
#: of one, and a version never changes
_MOST = 3
_KEPT: dict[str, ReaderMap] = {}
_PAGES: dict[Hashable, ReadersPage] = {}


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """A row of the map, in words."""

    row: Row
    #: title of the form
    form: str
    class_: str
    reader: str
    way: str
    #: the settings do not let this reader read this class
    beyond: bool
    change: Change = "same"


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class of answers: how many questions have it, who may read it and who does."""

    id: str
    name: str
    questions: int
    #: names; None: everybody
    allowed: tuple[str, ...] | None
    readers: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ReadersPage:
    """The same for everybody; who asks for it must know by `readers_page` that they may."""

    version: str
    #: digest of the active version, where this is another one
    beside: str | None
    #: why there is no map
    missing: str
    lines: tuple[ReaderLine, ...]
    classes: tuple[ClassLine, ...]
    questions: int

    @cached_property
    def choices(self) -> Mapping[str, list[tuple[str, str]]]:
        """By what lines can be chosen → (id, name) of everything there is of it, by name."""
        kinds = {
            "class": {(line.row.class_, line.class_) for line in self.lines},
            "reader": {(line.row.reader, line.reader) for line in self.lines},
            "form": {(line.row.form, line.form) for line in self.lines},
        }
        return {
            kind: sorted(there, key=lambda one: one[1].casefold()) for kind, there in kinds.items()
        }


def readers_page(desk: Desk, person: Person, version: str | None) -> ReadersPage:
    """`version`: a digest; None: the active one. Raises `NotFound`, also for who may not ask."""
    if not _RULE.allows(lambda power: desk.roles.may(person, power)):
        raise NotFound
    with desk.store.reading() as unit:
        active = store.deployments.active(unit)
        digest = version or active
        rows = {row.digest: row for row in store.deployments.all_of_them(unit)}
        if digest is None or digest not in rows:
            raise NotFound
        if rows[digest].errors:
            missing = "This version cannot be used yet. Mend its files first."
            return ReadersPage(digest, None, missing, (), (), 0)
        now = _map(unit, digest)
        other = active if active not in (None, digest) else None
        before = _map(unit, other) if other else None
    place = digest, other, tuple((id, role.name) for id, role in desk.roles.known.items())
    if place not in _PAGES:
        _dropped(_PAGES)
        _PAGES[place] = _in_words(desk, now, before, digest, other)
    return _PAGES[place]


def _in_words(
    desk: Desk, now: ReaderMap, before: ReaderMap | None, digest: str, other: str | None
) -> ReadersPage:
    name = _named(desk)
    lines = [_line(row, now, name) for row in now.rows]
    if before is not None:
        lines = _compared(lines, [_line(row, before, name) for row in before.rows])
    classes = _classes(now, name)
    return ReadersPage(digest, other, "", tuple(lines), classes, len(now.questions))


def _map(unit: Unit, digest: str) -> ReaderMap:
    if digest not in _KEPT:
        _dropped(_KEPT)
        _KEPT[digest] = who_reads(store.deployments.files(unit, digest))
    return _KEPT[digest]


def _dropped(kept: dict[Any, Any]) -> None:
    """The oldest, so that there is room for another one."""
    while len(kept) >= _MOST:
        kept.pop(next(iter(kept)), None)


def _named(desk: Desk) -> Callable[[str], str]:
    known = desk.roles.known
    return lambda reader: (
        SORTS.get(reader) or (known[reader].name if reader in known else reader.replace("_", " "))
    )


def _line(row: Row, of: ReaderMap, name: Callable[[str], str]) -> ReaderLine:
    known = of.classes.get(row.class_)
    return ReaderLine(
        row=row,
        form=of.titles.get(row.form, row.form),
        class_=known.name if known else row.class_ or "No class",
        reader=name(row.reader),
        way=WAYS[row.way],
        beyond=of.beyond(row),
    )


def _compared(now: list[ReaderLine], before: list[ReaderLine]) -> list[ReaderLine]:
    """Lines of this version; those that only the active one has stand at the end."""
    there = {_key(line.row) for line in before}
    here = {_key(line.row) for line in now}
    come = [line if _key(line.row) in there else replace(line, change="comes") for line in now]
    return come + [replace(line, change="goes") for line in before if _key(line.row) not in here]


def _key(row: Row) -> tuple[object, ...]:
    """What makes it the same way, whatever its questions and steps are called."""
    return row.form, row.question, row.reader, row.way, row.process, row.element, row.decides


def _classes(of: ReaderMap, name: Callable[[str], str]) -> tuple[ClassLine, ...]:
    asked = Counter(question.class_ for question in of.questions.values())
    readers: dict[str, set[str]] = {}
    for row in of.rows:
        if not row.decides:
            readers.setdefault(row.class_, set()).add(name(row.reader))
    lines = []
    for id in [*of.classes, *sorted(asked.keys() - of.classes.keys())]:
        known = of.classes.get(id)
        allowed = known.readers if known else None
        lines.append(
            ClassLine(
                id=id,
                name=known.name if known else id or "No class",
                questions=asked[id],
                allowed=None if allowed is None else tuple(sorted(map(name, allowed))),
                readers=tuple(sorted(readers.get(id, ()))),
            )
        )
    return tuple(lines)
