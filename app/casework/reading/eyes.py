"""Whose eyes a list is seen with: what a person sees at all, and what in whole."""

from __future__ import annotations

from app.casework.access import Person
from app.casework.desk import Desk
from app.store import Eyes


def eyes(desk: Desk, person: Person) -> Eyes:
    roles = desk.roles
    covers = tuple((cover.person.id, roles.hands(cover.person)) for cover in person.covers)
    everything = roles.sees_everything(person)
    parted = [roles.parted(one) for one in (person, *(cover.person for cover in person.covers))]
    return Eyes(
        person=person.id, everything=everything, who=roles.hands(person), covers=covers,
        opened=tuple(sorted(person.opened)), parted=tuple(parted),
    )  # fmt: skip


def whole_eyes(desk: Desk, person: Person) -> Eyes:
    """For the cases that the person sees in whole."""
    return eyes(desk, desk.roles.in_whole(person))
