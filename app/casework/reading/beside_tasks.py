"""What stands beside the tasks on a page of a list: whose they are, who has begun, what tells their
cases apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.reading.in_short import in_short
from app.store import Listed, Reach, Unit
from app.store.queries import whose
from app.store.queries.whose import Place


@dataclass(frozen=True, slots=True)
class BesideTasks:
    """What stands beside the tasks of a page."""

    #: person → name
    names: dict[str, str]
    groups: Mapping[Place, tuple[str, ...]]
    begun: Mapping[Place, tuple[tuple[str | None, datetime], ...]]
    #: id of a case → what tells it from others
    said: Mapping[str, tuple[str, ...]]


def beside_tasks(
    desk: Desk, unit: Unit, person: Person, reach: Reach, entries: Sequence[Listed]
) -> BesideTasks:
    places = [entry.place for entry in entries]
    every = (reach, *reach.covers)
    hands = {name for each in every for name in (*each.who, *(who for who, _ in each.parted))}
    offers = whose.offered(unit, places, hands) if places else {}
    begun = whose.begun(unit, places) if places else {}
    people = {who for entry in entries for who in (entry.task.assignee, entry.task.signed_by)}
    people |= {who for drafts in begun.values() for who, _ in drafts}
    names = store.people.accounts.names(unit, sorted(who for who in people if who))
    return BesideTasks(
        names,
        {place: _called(desk, who, reach.at) for place, who in offers.items()},
        {
            place: tuple(
                (None if who == reach.person else names.get(who, "Somebody"), since)
                for who, since in drafts
            )
            for place, drafts in begun.items()
        },
        in_short(desk, unit, person, {entry.task.case_id for entry in entries}),
    )


def _called(desk: Desk, who: Iterable[str], at: datetime) -> tuple[str, ...]:
    """Groups by their names; what is offered to somebody by name needs no word."""
    groups = [name.removeprefix("g:") for name in who if name.startswith("g:")]
    return tuple(dict.fromkeys(desk.roles.name(group, at) for group in groups))
