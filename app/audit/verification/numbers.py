"""Whether the numbers of cases have no gap: references year by year, and openings in a row.

A case that vanished from every table leaves a number that nobody has, or a counter that nobody with
the installation's key vouches for. Numbers of entries are `chain`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app import store
from app.store import OPENINGS, Counter, Unit, chain

#: (name to say it under, sentence)
Fault = tuple[str, str]


def faults(unit: Unit) -> Iterator[Fault]:
    """What is wrong with the numbers of all cases together; nothing when all is well."""
    known = store.chain.counters.numbered(unit)
    counted = {counter.name: counter for counter in store.chain.counters.all_of_them(unit)}
    yield from _references([reference for _, reference in known], counted)
    firsts = [_first(unit, id) | {"reference": reference} for id, reference in known]
    opened = sorted(
        (first for first in firsts if first.get("opening") is not None),
        key=lambda first: first["opening"],
    )
    older = len(firsts) - len(opened)
    yield from _openings(opened, older)
    yield from _newest(unit, opened, counted)


def _first(unit: Unit, case: str) -> dict[str, Any]:
    """What the first header of a case says of its opening."""
    for row in chain.history.rows(unit, case, most=1):
        try:
            header = chain.headers.parsed(row.header)
        except chain.headers.BadHeader:
            break
        if row.seq == 1 and isinstance(header.get("opening"), int):
            return {
                "opening": header["opening"],
                "after": header.get("opened_after"),
                "hash": row.hash,
            }
    return {}


def _references(there: Sequence[str], counted: Mapping[str, Counter]) -> Iterator[Fault]:
    numbers: dict[str, set[int]] = {name: set() for name in counted if name != OPENINGS}
    for reference in there:
        series, _, number = reference.rpartition("-")
        if not number.isdecimal() or series not in numbers:
            yield reference, "Its reference is none that this installation has given."
            continue
        numbers[series].add(int(number))
    for series, given in numbers.items():
        most = counted[series].value
        for gap in sorted(set(range(1, most + 1)) - given):
            yield f"{series}-{gap:04d}", "A case has had this number, and is no longer there."
        for beyond in sorted(number for number in given if number > most):
            said = f"The counter {series} says that only {most} cases were opened."
            yield f"{series}-{beyond:04d}", said


def _openings(opened: Sequence[Mapping[str, Any]], older: int) -> Iterator[Fault]:
    """Each case names its number among all, and the first hash of the one before it."""
    before = chain.headers.START.hex()
    expected = older + 1
    for case in opened:
        if case["opening"] != expected:
            said = (
                f"It was opened as case {case['opening']} of all, but {expected} comes next here."
            )
            yield case["reference"], f"{said} A case before it is no longer there, or was put in."
        elif case["after"] != before:
            yield case["reference"], "It names another case as the one opened before it."
        before, expected = case["hash"].hex(), case["opening"] + 1


def _newest(
    unit: Unit, opened: Sequence[Mapping[str, Any]], counted: Mapping[str, Counter]
) -> Iterator[Fault]:
    """The counters stand at the newest case, and somebody with the key vouches for them."""
    last = opened[-1] if opened else None
    openings = counted.get(OPENINGS)
    if openings is None:
        if last is not None:
            yield "Openings", "The counter of all cases ever opened is no longer there."
        return
    if not store.chain.counters.vouched(unit, openings):
        yield "Openings", "The counter of all cases ever opened was changed."
    elif last is None or (openings.value, openings.head) != (last["opening"], last["hash"]):
        said = f"{openings.value} cases were opened, and the newest of them is no longer there."
        yield "Openings", said
    hashes = {case["hash"] for case in opened}
    for name, counter in counted.items():
        if name == OPENINGS or (counter.head is None and counter.head_seal is None):
            continue  # none was opened in this series since counters are vouched for
        if not store.chain.counters.vouched(unit, counter):
            yield name, "The counter of these references was changed."
        elif counter.head not in hashes:
            yield name, "The newest case of these references is no longer there."
