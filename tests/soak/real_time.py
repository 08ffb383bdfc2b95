"""Checks a recorded history of operations against real time, case by case.

A case is a log: a write takes a place in it, a read sees all up to a place. Whatever ended before
something else began must stand before it; nobody takes a task that somebody else holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

#: later than any instant of the clock
NEVER = 2**63


@dataclass(frozen=True)
class Operation:
    """What one client did: `called` and `returned` by one clock, in nanoseconds."""

    client: str
    #: write, claim, release, refused (a claim) or read
    kind: str
    case: str
    called: int
    returned: int
    #: its number in the case's history; of a read the last one that it saw; of a refusal none
    place: int | None = None


def anomalies(operations: Iterable[Operation]) -> Iterator[str]:
    """A sentence for each place where no order of the operations fits what was told."""
    cases: dict[str, list[Operation]] = defaultdict(list)
    for operation in operations:
        cases[operation.case].append(operation)
    for case, done in cases.items():
        yield from (f"{case}: {sentence}" for sentence in _of_case(done))


def _of_case(done: list[Operation]) -> Iterator[str]:
    placed = sorted((one for one in done if one.place is not None), key=_place)
    yield from _twice(placed)
    yield from _against_time(placed)
    holds = list(_holds(placed))
    yield from (sentence for sentence, _, _ in holds if sentence)
    for one in done:
        if one.kind == "refused" and not any(
            begun <= one.returned and one.called <= ended for _, begun, ended in holds
        ):
            yield f"{one.client} was refused a task that nobody held"


def _place(one: Operation) -> tuple[int, bool]:
    """A read stands behind what it saw."""
    assert one.place is not None
    return one.place, one.kind == "read"


def _twice(placed: list[Operation]) -> Iterator[str]:
    seen: dict[int, Operation] = {}
    for one in placed:
        if one.kind == "read" or one.place is None:
            continue
        if one.place in seen:
            yield f"{seen[one.place].client} and {one.client} were both told entry {one.place}"
        seen[one.place] = one


def _against_time(placed: list[Operation]) -> Iterator[str]:
    latest: Operation | None = None
    for _, together in groupby(placed, key=_place):
        same = list(together)
        for one in same:
            if latest is not None and one.returned < latest.called:
                yield (
                    f"{one.kind} of {one.client} at {one.place} ended before {latest.kind} of"
                    f" {latest.client} at {latest.place} began, and stands behind it"
                )
        latest = max([*same, *([latest] if latest else [])], key=lambda one: one.called)


def _holds(placed: list[Operation]) -> Iterator[tuple[str, int, int]]:
    """(what is wrong or "", from when, until when it may have been held)"""
    holder: Operation | None = None
    for one in placed:
        if one.kind == "claim":
            if holder is not None:
                yield f"{holder.client} and {one.client} both took the task", 0, 0
            holder = one
        elif one.kind == "release" and holder is not None:
            yield "", holder.called, one.returned
            holder = None
    if holder is not None:
        yield "", holder.called, NEVER
