"""Facts about the deadline of an activity; all kinds of facts together are `events`'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.engine.fact import Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSet(Placed):
    """A due instant for an open activity, with the sum that leads to it."""

    #: id of the task or activity it belongs to; one deadline each
    task: str
    element: str
    due: datetime
    #: the sum in words: "5 working days after Wednesday 25 March 2026: 26, 27, 30 March …"
    sum: str
    #: the expression as drawn
    rule: str
    #: True: due names a day and lasts to its end in London; False: the instant itself
    whole_day: bool
    backstop: datetime | None = None
    backstop_sum: str | None = None
    backstop_whole_day: bool = True
    #: the legal basis, as the diagram gives it
    basis: str | None = None
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineUnknown(Placed):
    """An activity has a deadline, which lies beyond the bank holidays that are known."""

    task: str
    element: str
    #: the first year of which they are not
    year: str
    #: the expression as drawn
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMoved(Placed):
    task: str
    element: str
    old: datetime
    new: datetime
    reason: str
    sum: str
    whole_day: bool
    old_backstop: datetime | None = None
    new_backstop: datetime | None = None
    backstop_sum: str | None = None
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineEnded(Placed):
    task: str
    element: str
    #: "met" when the activity was completed (late or not), "dropped" when it was cancelled
    how: str
    #: when it was really done, as its answers say; None: they do not, and it was when it ended
    happened: datetime | None = None
