"""Checks of deadlines: when something is due, its sum, what is late, what has no deadline.

Late is what is open or was done past its due instant; late stays late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from app.audit.wording import due as due_words
from app.journeys.claims import About
from app.journeys.instants import LONDON, BadInstant
from app.journeys.ledger import Deadline, Ledger
from app.journeys.lines import JourneyFault
from app.journeys.viewpoint import Verdict, Viewpoint, called, deadlines_meant


def due(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for one in expected:
        for deadline in _running(view, ledger, one):
            holds = _is_due(view, one, deadline.due, deadline.whole_day)
            sentence = f"{called(one)} is due by {_when(deadline)}, not {one.expected}"
            yield Verdict(holds, f"{sentence} ({deadline.sum}).", one.line)


def backstop(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for one in expected:
        for deadline in _running(view, ledger, one):
            if deadline.backstop is None:
                yield Verdict(one.expected is None, f"{called(one)} has no backstop.", one.line)
                continue
            now = due_words(deadline.backstop, deadline.backstop_whole_day)
            holds = one.expected is not None and _is_due(
                view, one, deadline.backstop, deadline.backstop_whole_day
            )
            wanted = "none" if one.expected is None else one.expected
            yield Verdict(holds, f"The backstop of {called(one)} is {now}, not {wanted}.", one.line)


def sum_says(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for one in expected:
        for deadline in _running(view, ledger, one):
            holds = str(one.expected).casefold() in deadline.sum.casefold()
            sentence = f"The sum of {called(one)} does not say “{one.expected}”: {deadline.sum}"
            yield Verdict(holds, sentence, one.line)


def late(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    now = view.stage.now
    if not expected:
        found = [one for one in ledger.deadlines_at() if one.late(now)]
        listed = ", ".join(f"{one.element} (due by {_when(one)})" for one in found)
        yield Verdict(not found, f"Nothing should be or have been late; late is {listed}.")
    for one in expected:
        deadlines = _all(view, ledger, one)
        until = ", ".join(map(_when, deadlines))
        holds = any(deadline.late(now) for deadline in deadlines)
        yield Verdict(holds, f"{called(one)} is not late: it is due by {until}.", one.line)


def not_late(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for one in expected:
        found = [one for one in _all(view, ledger, one) if one.late(view.stage.now)]
        until = ", ".join(map(_when, found))
        yield Verdict(not found, f"{called(one)} is late: it was due by {until}.", one.line)


def no_deadline(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    """None runs now: `True` means nowhere in the case."""
    if expected is True:
        found = [one for one in ledger.deadlines_at() if one.ended is None]
        listed = ", ".join(f"{one.element} (due by {_when(one)})" for one in found)
        yield Verdict(not found, f"No deadline should run; running are {listed}.")
        return
    for one in expected:
        spots = view.names.timed(one.name, one.line)
        there = deadlines_meant(ledger, ledger.deadlines_at(spots), spots, one)
        running = [deadline for deadline in there if deadline.ended is None]
        until = ", ".join(map(_when, running))
        yield Verdict(not running, f"{called(one)} has a deadline: {until}.", one.line)


def _running(view: Viewpoint, ledger: Ledger, one: About) -> list[Deadline]:
    """Those that are meant and run; when none runs, all that were. JourneyFault without any."""
    found = _all(view, ledger, one)
    return [deadline for deadline in found if deadline.ended is None] or found


def _all(view: Viewpoint, ledger: Ledger, one: About) -> list[Deadline]:
    spots = view.names.timed(one.name, one.line)
    found = deadlines_meant(ledger, ledger.deadlines_at(spots), spots, one)
    if not found:
        raise JourneyFault(f"{called(one)} has no deadline so far.", line=one.line)
    return found


def _when(deadline: Deadline) -> str:
    return due_words(deadline.due, deadline.whole_day)


def _is_due(view: Viewpoint, one: About, at: datetime, whole_day: bool) -> bool:
    """A day means its end in London. JourneyFault for what is neither day nor instant."""
    text = str(one.expected)
    try:
        if len(text) == len("2026-06-11") and text[4] == "-":
            end = datetime.combine(date.fromisoformat(text), time(23, 59, 59), LONDON)
            return at == end if not whole_day else at.astimezone(LONDON).date() == end.date()
        return abs(view.instants.read(text) - at) < timedelta(seconds=60)
    except (BadInstant, ValueError) as error:
        raise JourneyFault(str(error), line=one.line) from error
