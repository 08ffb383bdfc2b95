"""How long a list is, where a long one is not counted out."""

from __future__ import annotations

from dataclasses import dataclass

from app import store


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are; with `more`, more than that."""

    number: int
    more: bool = False


def up_to(number: int) -> Counted:
    most = store.queries.walks.MOST_COUNTED
    return Counted(min(number, most), number > most)


def told(counted: Counted, skip: int, shown: int, size: int) -> Counted:
    """The end of a long list is known once somebody stands at it."""
    if counted.more and shown and skip + shown > counted.number:
        return Counted(skip + shown, shown == size)
    return counted
