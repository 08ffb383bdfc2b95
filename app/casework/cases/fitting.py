"""Whom a task can be given to: who holds a group that it is offered to, and may see the case.

Giving it gives nothing else: no membership, and so no sight of the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app import store
from app.casework.access import Person, as_group, offered
from app.casework.cases.locked_case import LockedCase
from app.store import PersonRow, TaskRow


def unfit(locked: LockedCase, row: TaskRow, to: PersonRow, at: datetime) -> str | None:
    """Why this person cannot be given the task, behind their name; None when they can."""
    roles, person = locked.installation.roles, locked.installation.person(to, at)
    if roles.own_sight(person, locked.members) == "none":
        return "may not see this case. Add them to it first."
    if not offered(roles.hands_in(person, locked.members), _fitting(locked, row, at)):
        return "holds no role and agency that this task is for."
    return None


def _fitting(locked: LockedCase, row: TaskRow, at: datetime) -> frozenset[str]:
    """The groups it is offered to; of people it is offered to by name, themselves and the groups
    they hold: with their agency, where they have one."""
    task = locked.task(row.task)
    offers = set(task[1]) if task is not None else set()
    named = [who[2:] for who in offers if who.startswith("p:")]
    return frozenset(offers | {as_group(group) for group in _groups(locked, named, at)})


def _groups(locked: LockedCase, people: Iterable[str], at: datetime) -> Iterable[str]:
    for id in people:
        row = store.people.accounts.find(locked.unit, id)
        if row is not None:
            yield from _narrowest(locked.installation.person(row, at).within(locked.members))


def _narrowest(person: Person) -> frozenset[str]:
    """Their roles with each of their values; of somebody without values, the roles."""
    with_value = frozenset(group for group in person.groups if ":" in group)
    return with_value or person.groups
