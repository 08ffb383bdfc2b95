"""A case as it must be, worked out by hand from the drawing: no engine, no database.

start > and > a > b > join          late: two hours after a opened, beside: remind
            > c     > join > last   halt: ends c; after takes its place before the join
died > report                       recorded; can be taken back
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.kit import diagram, form

CLERK = {"groups": "clerk,lead"}
LATE = timedelta(hours=2)
FILES = {
    **diagram(
        "start > and:fork; fork > task:a > task:b > join; fork > task:c > xor:meet > join;"
        " and:join > task:last > end; boundary:late > task:remind > end:reminded;"
        " boundary:halt > task:after > meet",
        a=CLERK | {"form": "words", "due": "=working_days_after(today(), 2)"},
        b=CLERK,
        c=CLERK,
        last=CLERK,
        late={"on": "a", "timer": "PT2H", "interrupting": "false"},
        remind=CLERK,
        halt={"on": "c", "message": "halt"},
        after=CLERK,
    ),
    **diagram(
        "start:died > task:report > end",
        process="death",
        start_groups=None,
        var={"who": "null"},
        died={"message": "died", "recorded_by": "death_told"},
        report=CLERK,
    ),
    **form("words", "what"),
    **form("death_told", "who", properties={"tells_apart": "true"}),
}


@dataclass
class Expected:
    """One case of it, by its id."""

    case: str
    at: datetime
    seq: int = 1
    open: Counter[str] = field(default_factory=lambda: Counter(["a", "c"]))
    #: when the reminder comes; None: it has, or never will
    late: datetime | None = None
    #: branches that wait at the join
    joined: int = 0
    #: element and task → who has taken it
    taken: dict[str, str] = field(default_factory=dict)
    suspended: bool = False
    into: str | None = None
    takes_in: bool = False
    #: entry by which a death was recorded → when
    deaths: dict[int, datetime] = field(default_factory=dict)
    #: task of a report → the entry that it follows from
    reports: dict[str, int] = field(default_factory=dict)
    #: the deaths of which somebody has done something
    worked_on: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.late = self.at + LATE

    @property
    def rests(self) -> bool:
        return self.suspended or self.into is not None

    @property
    def ended(self) -> bool:
        return not self.open.total()

    def recorded(self, at: datetime) -> None:
        """An order became an entry; the case's time never goes back."""
        self.seq += 1
        self.at = max(self.at, at)

    def fires(self, at: datetime) -> bool:
        """What is due at this instant, by the clock of whoever asks, happens first."""
        if self.late is None or self.late > at or self.rests:
            return False
        self.late = None
        self.open["remind"] += 1
        self.recorded(at)
        return True

    def completed(self, element: str, at: datetime) -> None:
        self._close(element)
        if element == "a":
            self.late = None
            self.open["b"] += 1
        elif element in ("b", "c", "after"):
            self._joins()
        self.recorded(at)

    def halted(self, at: datetime) -> None:
        if self.open["c"]:
            self._close("c")
            self.open["after"] += 1
        self.recorded(at)

    def died(self, at: datetime) -> None:
        self.open["report"] += 1
        self.recorded(at)
        self.deaths[self.seq] = self.at

    def taken_back(self, entry: int, at: datetime) -> None:
        self._close("report")
        del self.deaths[entry]
        self.recorded(at)

    def cancelled(self, at: datetime) -> None:
        self.open, self.late = Counter(), None
        self.taken.clear()
        self.worked_on |= set(self.deaths)  # nothing of what they began goes on any more
        self.recorded(at)

    def _joins(self) -> None:
        self.joined += 1
        if self.joined == 2:
            self.open["last"] += 1

    def _close(self, element: str) -> None:
        self.open[element] -= 1
        self.open = +self.open
