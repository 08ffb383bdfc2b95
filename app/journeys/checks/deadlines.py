"""Checks of deadlines: when something is due, its sum, what is late, what has no deadline.

Late is what is open or was done past its due instant; late stays late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from app.engine import LONDON
from app.engine import due as due_words
from app.journeys.file import About, BadInstant, JourneyFault
from app.journeys.stage import Deadline, Ledger, Verdict, Viewpoint, called, deadlines_meant


def due(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for about in expected:
        for deadline in _running(view, ledger, about):
            holds = _is_due(view, about, deadline.due, deadline.whole_day)
            sentence = f"{called(about)} is due by {_when(deadline)}, not {about.expected}"
            yield Verdict(holds, f"{sentence} ({deadline.sum}).", about.line)


def backstop(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for about in expected:
        for deadline in _running(view, ledger, about):
            if deadline.backstop is None:
                yield Verdict(
                    about.expected is None, f"{called(about)} has no backstop.", about.line
                )
                continue
            now = due_words(deadline.backstop, deadline.backstop_whole_day)
            holds = about.expected is not None and _is_due(
                view, about, deadline.backstop, deadline.backstop_whole_day
            )
            wanted = "none" if about.expected is None else about.expected
            yield Verdict(
                holds, f"The backstop of {called(about)} is {now}, not {wanted}.", about.line
            )


def sum_says(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for about in expected:
        for deadline in _running(view, ledger, about):
            holds = str(about.expected).casefold() in deadline.sum.casefold()
            sentence = f"The sum of {called(about)} does not say “{about.expected}”: {deadline.sum}"
            yield Verdict(holds, sentence, about.line)


def late(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    now = view.stage.now
    if not expected:
        overdue = [deadline for deadline in ledger.deadlines_at() if deadline.late(now)]
        listed = ", ".join(f"{deadline.element} (due by {_when(deadline)})" for deadline in overdue)
        yield Verdict(not overdue, f"Nothing should be or have been late; late is {listed}.")
    for about in expected:
        deadlines = _all(view, ledger, about)
        until = ", ".join(map(_when, deadlines))
        holds = any(deadline.late(now) for deadline in deadlines)
        yield Verdict(holds, f"{called(about)} is not late: it is due by {until}.", about.line)


def not_late(view: Viewpoint, ledger: Ledger, expected: Sequence[About]) -> Iterator[Verdict]:
    for about in expected:
        overdue = [
            deadline for deadline in _all(view, ledger, about) if deadline.late(view.stage.now)
        ]
        until = ", ".join(map(_when, overdue))
        yield Verdict(not overdue, f"{called(about)} is late: it was due by {until}.", about.line)


def no_deadline(view: Viewpoint, ledger: Ledger, expected: Any) -> Iterator[Verdict]:
    """None runs now: `True` means nowhere in the case."""
    if expected is True:
        unended = [deadline for deadline in ledger.deadlines_at() if deadline.ended is None]
        listed = ", ".join(f"{deadline.element} (due by {_when(deadline)})" for deadline in unended)
        yield Verdict(not unended, f"No deadline should run; running are {listed}.")
        return
    for about in expected:
        spots = view.names.timed(about.name, about.line)
        there = deadlines_meant(ledger, ledger.deadlines_at(spots), spots, about)
        running = [deadline for deadline in there if deadline.ended is None]
        until = ", ".join(map(_when, running))
        yield Verdict(not running, f"{called(about)} has a deadline: {until}.", about.line)


def _running(view: Viewpoint, ledger: Ledger, about: About) -> list[Deadline]:
    """Those that are meant and run; when none runs, all that were. JourneyFault without any."""
    meant = _all(view, ledger, about)
    return [deadline for deadline in meant if deadline.ended is None] or meant


def _all(view: Viewpoint, ledger: Ledger, about: About) -> list[Deadline]:
    spots = view.names.timed(about.name, about.line)
    meant = deadlines_meant(ledger, ledger.deadlines_at(spots), spots, about)
    if not meant:
        raise JourneyFault(f"{called(about)} has no deadline so far.", line=about.line)
    return meant


def _when(deadline: Deadline) -> str:
    return due_words(deadline.due, deadline.whole_day)


def _is_due(view: Viewpoint, about: About, at: datetime, whole_day: bool) -> bool:
    """A day means its end in London. JourneyFault for what is neither day nor instant."""
    text = str(about.expected)
    try:
        if len(text) == len("2026-06-11") and text[4] == "-":
            end = datetime.combine(date.fromisoformat(text), time(23, 59, 59), LONDON)
            return at == end if not whole_day else at.astimezone(LONDON).date() == end.date()
        return abs(view.instants.read(text) - at) < timedelta(seconds=60)
    except (BadInstant, ValueError) as error:
        raise JourneyFault(str(error), line=about.line) from error
