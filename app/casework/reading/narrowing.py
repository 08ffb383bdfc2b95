"""A person's work, narrowed to what they wish to see, and what they can wish for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.reading.lists import WorkPage, reach_of, work_rows
from app.store.queries import narrowed
from app.store.queries.narrowed import BEGUN as BEGUN
from app.store.queries.narrowed import DUE as DUE
from app.store.queries.narrowed import ORDERS as ORDERS
from app.store.queries.narrowed import Narrowing as Narrowing

#: what is due before that is due soon
SOON = timedelta(days=7)
#: no group is called this
_NOBODY = "g:"


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in somebody's work as it stands."""

    #: what tasks are called
    names: tuple[str, ...]
    #: "g:…" → the group's name
    groups: dict[str, str]


def narrowed_list(
    desk: Desk, person: Person, at: datetime, which: str, wish: Narrowing, page: int, size: int
) -> WorkPage:
    """As `lists.work_list`, of what is wished for; counted out."""
    reach, away = reach_of(desk, person, at)
    if wish.group and wish.group not in groups_of(desk, person, at):
        wish = replace(wish, group=_NOBODY)  # to whom else a task is offered is not told
    soon, skip = at + SOON, (page - 1) * size
    with desk.store.reading() as unit:
        counts = narrowed.counts(unit, reach, wish, soon)
        much = counts.get(which, 0)
        entries = narrowed.listed(unit, reach, which, wish, soon, skip, size) if much else []
        rows = work_rows(desk, unit, person, reach, away, entries)
    return WorkPage(which=which, rows=rows, total=much, counts=counts, more=frozenset())


def choices(desk: Desk, person: Person, at: datetime) -> Choices:
    reach, _ = reach_of(desk, person, at)
    with desk.store.reading() as unit:
        names = tuple(narrowed.names(unit, reach))
    return Choices(names, groups_of(desk, person, at))


def groups_of(desk: Desk, person: Person, at: datetime) -> dict[str, str]:
    """ "g:…" → name, of the groups that somebody and those they cover for are in."""
    reach, _ = reach_of(desk, person, at)
    hands = {who for each in (reach, *reach.covers) for who in each.who if who.startswith("g:")}
    named = {who: desk.roles.name(who.removeprefix("g:"), at) for who in hands}
    return dict(sorted(named.items(), key=lambda item: item[1]))
