"""Each time a limit ran: which one the rule gave, when it was really met, and how that is judged.

Limits are those that a rule worked out: one moved by hand never counts. Adding up is for
`timeliness`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.audit.entries import Entry
from app.casework import MoveDeadline
from app.engine import DeadlineMoved, DeadlineSet, Fault, day_in_london
from app.engine.feel import Calendar
from app.engine.run import ends, starts

BY_HAND = MoveDeadline.__name__
_DESTROYED = "its content was destroyed"
_MERGED = "the case was merged into another one, which has the duty"


class State(StrEnum):
    IN_TIME = "in_time"
    #: done after its limit, or given up after it
    LATE = "late"
    #: not done, and its limit has passed
    OPEN_LATE = "open_late"
    #: not done, its limit is still to come
    RUNNING = "running"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    #: the last instant in time, aware UTC
    at: datetime
    #: it names a day and lasts to its end in London
    whole_day: bool
    #: the sum in words that gave it; None where none was told
    sum: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time that a step of a measure was there."""

    #: id of the measure
    measure: str
    case_id: str
    #: id of the task or activity within its case
    task: str
    name: str
    label: str | None
    begun_at: datetime
    #: None: no limit was set for it
    limit: Limit | None
    #: somebody moved its deadline by hand; the limit here is the one before
    moved: bool = False
    #: when it really happened, as somebody stated
    attested: date | datetime | None = None
    #: when that, or that it was done, was recorded
    recorded_at: datetime | None = None
    #: it ended without being done
    dropped_at: datetime | None = None
    #: why it ended so
    why: str = ""
    #: what was stated can no longer be read: the case's key was destroyed
    unreadable: bool = False
    #: what it only should be done by, earlier than the limit
    target: Limit | None = None
    #: its case was merged into another one while it ran
    merged: bool = False
    #: what showed that there was no duty; "": nothing did
    released: str = ""
    #: the step itself has not opened: the duty runs without it
    ahead: bool = False

    @property
    def happened(self) -> datetime | None:
        """The instant that counts: the stated one, else the recorded one."""
        if self.attested is None or self.recorded_at is None:
            return self.recorded_at
        if isinstance(self.attested, datetime):
            return self.attested
        # A day alone: it was over by the end of that day, and when it was recorded.
        end = ends(self.attested)
        return end if self.recorded_at < starts(self.attested) else min(end, self.recorded_at)

    @property
    def day(self) -> date:
        """The day in London by which it belongs to a year: the one on which its limit fell."""
        at = self.limit.at if self.limit else self.recorded_at or self.dropped_at or self.begun_at
        return day_in_london(at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    of: Occurrence
    state: State
    #: working days of a whole-day limit, else time by the clock; None: not late, or beyond the
    #: years that the calendar covers
    days: int | None = None
    time: timedelta | None = None
    #: until when it was late
    until: datetime | None = None
    #: later than the local target, and within the limit, or not yet past it
    behind: bool = False
    #: why it is left out
    why: str = ""

    @property
    def late(self) -> bool:
        return self.state in (State.LATE, State.OPEN_LATE)

    @property
    def recorded_after(self) -> bool:
        """In time by what somebody stated, though it was recorded after the limit."""
        occurrence = self.of
        recorded = occurrence.recorded_at if occurrence.attested is not None else None
        return bool(
            self.state is State.IN_TIME
            and occurrence.limit
            and recorded
            and over(recorded, occurrence.limit)
        )


def over(at: datetime, limit: Limit) -> bool:
    """A day is missed once it is over in London; an instant once it is past."""
    return day_in_london(at) > day_in_london(limit.at) if limit.whole_day else at > limit.at


def judged(occurrence: Occurrence, at: datetime, calendar: Calendar) -> Judged:
    """How it stands at an instant. What was late stays late, whatever became of it."""
    limit, happened = occurrence.limit, occurrence.happened
    if occurrence.released:
        return Judged(of=occurrence, state=State.LEFT_OUT, why=occurrence.released)
    if occurrence.merged:
        return Judged(of=occurrence, state=State.LEFT_OUT, why=_MERGED)
    if limit is None:
        why = _DESTROYED if occurrence.unreadable else "no limit was set"
        return Judged(of=occurrence, state=State.LEFT_OUT, why=why)
    if happened is not None:
        if not over(happened, limit):
            behind = _behind(occurrence, happened)
            return Judged(of=occurrence, state=State.IN_TIME, behind=behind)
        if occurrence.unreadable:
            return Judged(of=occurrence, state=State.LEFT_OUT, why=_DESTROYED)
        return _late(occurrence, State.LATE, limit, happened, calendar)
    if occurrence.dropped_at is not None:
        if over(occurrence.dropped_at, limit):
            if occurrence.unreadable:
                return Judged(of=occurrence, state=State.LEFT_OUT, why=_DESTROYED)
            return _late(occurrence, State.LATE, limit, occurrence.dropped_at, calendar)
        return Judged(of=occurrence, state=State.LEFT_OUT, why=occurrence.why)
    if over(at, limit):
        return _late(occurrence, State.OPEN_LATE, limit, at, calendar)
    return Judged(of=occurrence, state=State.RUNNING, behind=_behind(occurrence, at))


def _behind(occurrence: Occurrence, at: datetime) -> bool:
    return occurrence.target is not None and over(at, occurrence.target)


def _late(
    occurrence: Occurrence, state: State, limit: Limit, until: datetime, calendar: Calendar
) -> Judged:
    if not limit.whole_day:
        return Judged(of=occurrence, state=state, time=until - limit.at, until=until)
    try:
        days = calendar.working_days_between(day_in_london(limit.at), day_in_london(until))
    except Fault:
        days = None
    return Judged(of=occurrence, state=state, days=days, until=until)


def ruled(history: Iterable[Entry], task: str, which: str) -> Limit | None:
    """The limit of a task that a rule gave last, from the entries of its case.

    A move by hand does not count, nor what followed from it: once moved by hand, a due instant is
    no rule's any more, and a backstop only where that move left it as it was.
    """
    limit: Limit | None = None
    free = True  # what comes next is a rule's
    for entry in history:
        for event in entry.events:
            if isinstance(event, DeadlineSet) and event.task == task:
                limit, free = _set(event, which), True
            elif isinstance(event, DeadlineMoved) and event.task == task:
                if entry.kind == BY_HAND:
                    same = which == "backstop" and event.old_backstop == event.new_backstop
                    free = free and same
                elif free and limit is not None:
                    limit = _moved(event, which, limit)
    return limit


def _set(event: DeadlineSet, which: str) -> Limit | None:
    if which == "due":
        return Limit(at=event.due, whole_day=event.whole_day, sum=event.sum)
    if event.backstop is None:
        return None
    whole = event.backstop_whole_day
    return Limit(at=event.backstop, whole_day=whole, sum=event.backstop_sum)


def _moved(event: DeadlineMoved, which: str, was: Limit) -> Limit | None:
    if which == "due":
        return Limit(at=event.new, whole_day=event.whole_day, sum=event.sum)
    if event.new_backstop is None:
        return None
    if event.new_backstop == was.at:
        return was
    return Limit(at=event.new_backstop, whole_day=was.whole_day, sum=event.backstop_sum)
