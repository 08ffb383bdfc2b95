"""Open tasks for which there is nobody: a group without people, an account that was disabled,
everybody shut out.

Asked by whom a task is for, not case by case. Who stands for a group today, successions included,
is `access`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from app import store
from app.casework.access import as_person
from app.casework.cases import Installation
from app.casework.reading.look import Look
from app.engine import day_in_london, joined
from app.store import Left, TaskRow, Unit

#: groups → who stands in each that can sign in; one in which nobody does may be left out
Held = Callable[[Set[str]], Mapping[str, Set[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmanned:
    """Tasks that nobody can do, for the same reason."""

    why: str
    moves: str
    left: tuple[Left, ...] = field(repr=False)
    #: references of the cases of which somebody may know
    cases: tuple[str, ...] = ()

    @property
    def tasks(self) -> int:
        return len(self.left)

    @property
    def since(self) -> datetime:
        return min(task.opened_at for task in self.left)

    def seen_by(self, whole: Iterable[str], *, counts_all: bool) -> Unmanned:
        """With the cases of these ids; the tasks of others count only where `counts_all`."""
        known = set(whole)
        seen = tuple(task for task in self.left if task.case_id in known)
        cases = tuple(sorted({task.reference for task in seen}))
        return replace(self, cases=cases, left=self.left if counts_all else seen)


def unmanned(installation: Installation, unit: Unit, at: datetime, most: int) -> list[Unmanned]:
    """Over all open cases that are not suspended, what waits longest first."""
    people = _People(installation, unit, at)
    nobody = people.nobody(store.queries.stopped.offered(unit))
    left = store.queries.stopped.left(unit, nobody, most)
    out = people.all_out(store.queries.stopped.where_some_are_out(unit, most))
    return _by_reason(people, left, [task for task in out if task not in left])


def of_one_case(
    installation: Installation,
    unit: Unit,
    rows: Iterable[TaskRow],
    offers: Mapping[str, Set[str]],
    at: datetime,
    held: Held | None = None,
) -> list[Unmanned]:
    """The same of one case, task by task. `rows`: its open tasks; `offers`: to whom each is;
    `held`: who stands in groups, for who has asked that already."""
    people = _People(installation, unit, at, held)
    tasks = [_as_left(row, offers) for row in rows if not row.resting]
    given = {task.assignee for task in tasks if task.assignee}
    gone = given - store.queries.stopped.enabled(unit, given) if given else given
    free = [task for task in tasks if task.assignee is None]
    # Only of tasks that stand for nobody at a glance is it asked who has taken a place.
    quick = people.quickly({who for task in free for who in task.offers}) if free else {}
    bare = {who for task in free if not (task.offers & quick.keys()) for who in task.offers}
    nobody = people.nobody(bare) if bare else set()
    left = [
        task for task in tasks if task.assignee in gone or (task in free and task.offers <= nobody)
    ]
    left = [task for task in left if not _guest_is_asked(unit, task)]
    out = people.all_out([task for task in free if task not in left])
    out = [task for task in out if not _guest_is_asked(unit, task)]
    return [
        *(each for task in left for each in _by_reason(people, [task], [])),
        *(each for task in out for each in _by_reason(people, [], [task])),
    ]


def standing(seen: Look) -> Held:
    """As the store tells it (`held`), of each group once in a look."""

    def held(groups: Set[str]) -> Mapping[str, Set[str]]:
        new = groups - seen.standing.keys()
        if new:
            there = store.queries.stopped.held(seen.unit, new, day_in_london(seen.at))
            seen.standing.update({group: there.get(group, set()) for group in new})
        return {group: seen.standing[group] for group in groups if seen.standing[group]}

    return held


def _as_left(row: TaskRow, offers: Mapping[str, Set[str]]) -> Left:
    whom = frozenset(offers.get(row.task, ()))
    return Left(row.case_id, "", row.task, row.opened_at, row.assignee, whom)


def _guest_is_asked(unit: Unit, task: Left) -> bool:
    guest = store.people.guests.newest_of(unit, task.case_id, task.task)
    return guest is not None and guest.ended_at is None


class _People:
    """Who there is today."""

    def __init__(
        self, installation: Installation, unit: Unit, at: datetime, held: Held | None = None
    ) -> None:
        self.installation, self.unit, self.at = installation, unit, at
        self._held = held or self._stand

    def _stand(self, groups: Set[str]) -> Mapping[str, Set[str]]:
        return store.queries.stopped.held(self.unit, groups, day_in_london(self.at))

    @cached_property
    def by_hand(self) -> dict[str, set[str]]:
        """ "g:…" or "p:…" → ids of those who are offered what it is offered; dear, so on need."""
        roles = self.installation.roles
        known: dict[str, set[str]] = {}
        for row in store.people.accounts.everybody(self.unit):
            if row.disabled:
                continue
            person = self.installation.person(row, self.at)
            for hand in (*roles.hands(person), *(hand for hand, _ in roles.parted(person))):
                known.setdefault(hand, set()).add(row.id)
        return known

    def quickly(self, offers: Set[str]) -> dict[str, Set[str]]:
        """The same of these alone, from the rows of groups; without who has taken a place."""
        groups = {who[2:] for who in offers if who.startswith("g:")}
        people = {who[2:] for who in offers if who.startswith("p:")}
        known = self.installation.roles.known
        working = {g for g in groups if (r := known.get(g.partition(":")[0])) and r.sees != "none"}
        held = self._held(working)
        enabled = store.queries.stopped.enabled(self.unit, people)
        return {f"g:{g}": ids for g, ids in held.items()} | {f"p:{id}": {id} for id in enabled}

    def nobody(self, offers: set[str]) -> set[str]:
        """Of these those that stand for nobody who can sign in."""
        left = offers - self.quickly(offers).keys()
        # Who has taken a group's place stands in it too.
        return left - self.by_hand.keys() if any(w.startswith("g:") for w in left) else left

    def all_out(self, tasks: list[Left]) -> list[Left]:
        """Those that are only for people who are shut out of the case."""
        out = store.queries.stopped.shut_out(self.unit, (task.case_id for task in tasks))
        tasks = [task for task in tasks if task.case_id in out and task.offers]
        quick = self.quickly({who for task in tasks for who in task.offers}) if tasks else {}
        left = [task for task in tasks if _all_are_out(task, quick, out)]
        return [task for task in left if _all_are_out(task, self.by_hand, out)]

    def named(self, offers: Iterable[str]) -> str:
        names = store.people.accounts.names(
            self.unit, [who[2:] for who in offers if who.startswith("p:")]
        )
        name = self.installation.roles.name
        return joined(
            name(who[2:], self.at) if who.startswith("g:") else names.get(who[2:], who[2:])
            for who in sorted(offers)
        )


def _all_are_out(task: Left, there: Mapping[str, Set[str]], out: Mapping[str, Set[str]]) -> bool:
    people = {as_person(id) for who in task.offers for id in there.get(who, ())}
    return people <= out[task.case_id]


def _by_reason(people: _People, left: list[Left], out: list[Left]) -> list[Unmanned]:
    rows: dict[tuple[str, str], list[Left]] = {}
    for task in left:
        rows.setdefault(_why_left(people, task), []).append(task)
    for task in out:
        whom = people.named(task.offers)
        why = f"Everybody who stands for {whom} is shut out of the case."
        rows.setdefault((why, _GIVE), []).append(task)
    told = [
        Unmanned(why=why, moves=moves, left=tuple(tasks)) for (why, moves), tasks in rows.items()
    ]
    return sorted(told, key=lambda each: each.since)


_GIVE = "Give somebody the role, or give the task to somebody who has it."


def _why_left(people: _People, task: Left) -> tuple[str, str]:
    if task.assignee is not None:
        who = people.named([as_person(task.assignee)])
        return (
            f"It was given to {who}, whose account is disabled.",
            "Give the task back or to somebody else, or let them sign in again.",
        )
    if not task.offers:
        return "It is offered to nobody.", "Give the task to somebody."
    whom = people.named(task.offers)
    return f"Nobody who can sign in stands for {whom}.", _GIVE
