"""Whom to reach for what is open in a case: who is asked by a link, who has taken a task, else who
stands for its groups.

Told to who sees the whole case. A role that somebody holds by succession alone is not looked into
here, and whoever is shut out of the case is not named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from app import store
from app.casework.access import as_person
from app.casework.reading.lists import WorkRow
from app.casework.reading.look import Look
from app.casework.reading.unmanned import standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    name: str
    #: where mail reaches them; None: nobody said
    address: str | None


def whom_to_reach(seen: Look, tasks: Iterable[WorkRow]) -> Mapping[str, tuple[Contact, ...]]:
    """Task → who can be asked about it, by name; nothing for who sees only their own part."""
    rows = list(tasks) if seen.whole else []
    groups = {who[2:] for row in rows for who in row.offered if who.startswith("g:")}
    there = standing(seen)(groups)
    people = {row.task: _people(seen, row, there) for row in rows}
    known = store.people.accounts.contacts(seen.unit, set().union(*people.values()))
    contacts = [(id, Contact(name=name, address=mail)) for id, (name, mail) in known.items()]
    contacts.sort(key=lambda one: one[1].name)
    guests = store.people.guests.asked_in(seen.unit, seen.row.id) if rows else {}
    asked = {
        task: (Contact(name=f"{name}, asked by a link", address=None),)
        for task, name in guests.items()
    }
    return {
        task: asked.get(task, ()) + tuple(one for id, one in contacts if id in ids)
        for task, ids in people.items()
    }


def _people(seen: Look, row: WorkRow, there: Mapping[str, Set[str]]) -> set[str]:
    """Ids."""
    if row.assignee is not None:
        return {row.assignee}
    ids = {who[2:] for who in row.offered if who.startswith("p:")}
    for who in row.offered:
        ids |= there.get(who[2:], set()) if who.startswith("g:") else set()
    return {id for id in ids if not seen.locked.members.get(as_person(id), False)}
