"""Lists of work that somebody saves under a name, and shares with a group of theirs.

A saved list holds what is wished for, never what it found: whoever opens it sees what they may.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.reading.narrowing import BEGUN, DUE, ORDERS, Narrowing, groups_of
from app.store.people import saved_lists
from app.store.people.saved_lists import SavedRow
from app.store.queries.worklist import WHICH

#: of one person; more than that nobody reads through
MOST = 20
LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedList:
    name: str
    which: str
    wish: Narrowing
    #: the person who looks saved it
    own: bool
    #: name of who saved it
    by: str
    #: name of the group that it is shared with
    shared: str


def save(
    desk: Desk, person: Person, name: str, which: str, wish: Narrowing, shared: str, at: datetime
) -> None:
    """`shared`: "g:…", a group of theirs, or "". Raises `Refused`."""
    name = " ".join(name.split())
    if not name:
        raise Refused("Give the list a name.", {"name": "Enter a name for the list"})
    if len(name) > LONGEST:
        sentence = f"The name of the list must be {LONGEST} characters or fewer"
        raise Refused(f"{sentence}.", {"name": sentence})
    if shared and shared not in groups_of(desk, person, at):
        raise Refused("You are not in that group.", {"shared": "Choose one of your groups"})
    said = json.dumps({"which": which, **asdict(wish)}, ensure_ascii=False)
    with desk.store.writing() as unit:
        if saved_lists.others(unit, person.id, name) >= MOST:
            sentence = f"You have {MOST} saved lists. Remove one first"
            raise Refused(f"{sentence}.", {"name": sentence})
        row = SavedRow(person=person.id, name=name, wish=said, shared=shared, at=at)
        saved_lists.put(unit, row)


def remove(desk: Desk, person: Person, name: str) -> None:
    """One of their own; what is not there is removed already."""
    with desk.store.writing() as unit:
        saved_lists.drop(unit, person.id, name)


def saved(desk: Desk, person: Person, at: datetime) -> tuple[SavedList, ...]:
    """Their own and those that are shared with them, by name."""
    groups = groups_of(desk, person, at)
    with desk.store.reading() as unit:
        rows = saved_lists.seen(unit, person.id, groups)
    return tuple(_read(row, person, groups) for row in rows)


def _read(row: SavedRow, person: Person, groups: dict[str, str]) -> SavedList:
    said = json.loads(row.wish)
    which = said.pop("which")
    return SavedList(
        name=row.name,
        which=which if which in WHICH else "all",
        wish=wished(**said),
        own=row.person == person.id,
        by=row.by,
        shared=groups.get(row.shared, ""),
    )


def wished(
    *, name: str = "", group: str = "", due: str = "", begun: str = "", order: str = "", **_: str
) -> Narrowing:
    """What can be wished for; the rest, from an odd address or another release, is left out."""
    return Narrowing(
        name=name,
        group=group if group.startswith("g:") else "",
        due=due if due in DUE else "",
        begun=begun if begun in BEGUN else "",
        order=order if order in ORDERS else "",
    )
