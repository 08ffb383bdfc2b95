"""What one case adds to the figures, and sums of that: numbers by measure or count and year.

Nothing in a share or a sum hangs on the instant at which somebody looks: a limit that is still open
is kept as such, and `standing` says of each sum how it stands at an instant. So sums can be added
to and taken from, and only cases that changed are read again. Where they are kept is `keeping`'s.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from app.audit.occurrences import Judged, Limit, Occurrence, State, judged
from app.config import Years
from app.engine import Fault, day_in_london
from app.engine.feel import Calendar
from app.engine.run import starts

#: (measure or count, day or year, sort, value) → how often; a day as its ordinal
Key = tuple[str, int, str, str]
Amounts = Counter[Key]
#: sorts of a value: how it stands, why it is left out, how late, what runs, what was answered
STATE, WHY, DAYS, TIME, RUNS, ANSWER = "state", "why", "days", "time", "runs", "answer"
#: of what is over: in time, though recorded after; behind the local target; named as late or so
RECORDED_AFTER, BEHIND, NAMED = "recorded_after", "behind", "named"
#: what sums by months say
_MONTHLY = frozenset({STATE, RUNS, BEHIND})
_MICROSECOND = timedelta(microseconds=1)
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Months:
    """The months of the calendar, in the place of years: each by how many there were before it."""

    def of(self, day: date) -> int:
        return 12 * day.year + day.month - 1

    def starts(self, month: int) -> date:
        """The first day of the month."""
        return date(month // 12, month % 12 + 1, 1)


def measured(id: str) -> str:
    """How a measure stands in a key."""
    return f"m:{id}"


def asked(id: str) -> str:
    """How a count stands in a key."""
    return f"c:{id}"


def share_of(occurrence: Occurrence, calendar: Calendar) -> Amounts:
    """What one time that a limit ran adds."""
    place = measured(occurrence.measure), occurrence.day.toordinal()
    if runs(occurrence):
        return Counter({(*place, RUNS, _running(occurrence)): 1})
    # It is over, so that any instant will do.
    judgement = judged(occurrence, occurrence.begun_at, calendar)
    if judgement.state is State.LEFT_OUT:
        return Counter({(*place, WHY, judgement.why): 1})
    keys: Amounts = Counter({(*place, STATE, judgement.state.value): 1})
    if judgement.recorded_after:
        keys[*place, RECORDED_AFTER, ""] = 1
    if judgement.behind:
        keys[*place, BEHIND, ""] = 1
    if named(judgement):
        keys[*place, NAMED, ""] = 1
    if judgement.days is not None:
        keys[*place, DAYS, str(judgement.days)] = 1
    if judgement.time is not None:
        keys[*place, TIME, str(judgement.time // _MICROSECOND)] = 1
    return keys


def named(judgement: Judged) -> bool:
    """Whether it stands among those that are told one by one."""
    return judgement.late or judgement.recorded_after or judgement.behind


def runs(occurrence: Occurrence) -> bool:
    """How it stands hangs on the instant."""
    over_ = occurrence.happened is not None or occurrence.dropped_at is not None
    out = occurrence.released or occurrence.merged or occurrence.limit is None
    return not (over_ or out)


def first_over(limit: Limit) -> datetime:
    """The first instant that is too late."""
    if not limit.whole_day:
        return limit.at + _MICROSECOND
    return starts(day_in_london(limit.at) + timedelta(days=1))


def _running(occurrence: Occurrence) -> str:
    """The limit and the local target that run: a day that lasts to its end, or microseconds."""
    limits = (occurrence.limit, occurrence.target)
    return " ".join(
        f"d{day_in_london(limit.at).toordinal()}" if limit.whole_day else f"t{_micros(limit.at)}"
        for limit in limits
        if limit
    )


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def packed(amounts: Amounts) -> bytes:
    """As JSON; none where there is nothing."""
    rows = sorted((*key, number) for key, number in amounts.items() if number)
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass") if rows else b""


def unpacked(content: bytes) -> Amounts:
    rows = json.loads(content.decode("utf-8", "surrogatepass")) if content else ()
    return Counter({(id, when, sort, value): number for id, when, sort, value, number in rows})


def add(sums: Amounts, share: Amounts, years: Years | Months, sign: int = 1) -> None:
    """Adds a share, which goes by days, to sums, which go by such years; those of months say less,
    as they are many."""
    monthly = isinstance(years, Months)
    for (id, day, sort, value), number in share.items():
        if monthly and sort not in _MONTHLY:
            continue
        key = id, years.of(date.fromordinal(day)), sort, value
        sums[key] += sign * number
        if not sums[key]:
            del sums[key]


@dataclass
class Standing:
    """How the times of a measure in a year stand at an instant."""

    #: state → how many
    states: Counter[State] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)
    recorded_after: int = 0
    behind: int = 0
    #: how many are told one by one
    named: int = 0
    #: working days late → how often
    days: Counter[int] = field(default_factory=Counter)
    #: microseconds late → how often
    times: Counter[int] = field(default_factory=Counter)

    def take(self, sort: str, value: str, number: int) -> None:
        """Of what is over."""
        if sort == STATE:
            self.states[State(value)] += number
        elif sort == WHY:
            self.states[State.LEFT_OUT] += number
            self.why[value] += number
        elif sort == DAYS:
            self.days[int(value)] += number
        elif sort == TIME:
            self.times[int(value)] += number
        elif sort == RECORDED_AFTER:
            self.recorded_after += number
        elif sort == BEHIND:
            self.behind += number
        elif sort == NAMED:
            self.named += number

    def take_running(self, value: str, number: int, clock: Clock, since: WorkingDays) -> None:
        limit, _, target = value.partition(" ")
        if not clock.over(limit):
            behind = bool(target) and clock.over(target)
            self.states[State.RUNNING] += number
            self.behind += number * behind
            self.named += number * behind
            return
        self.states[State.OPEN_LATE] += number
        self.named += number
        if limit.startswith("t"):
            self.times[clock.micros - int(limit[1:])] += number
        elif (days := since.day(int(limit[1:]))) is not None:
            self.days[days] += number


class Clock:
    """An instant, asked whether a limit that runs has passed."""

    def __init__(self, at: datetime) -> None:
        self.micros, self.day = _micros(at), day_in_london(at).toordinal()

    def over(self, limit: str) -> bool:
        """As `occurrences.over`."""
        return int(limit[1:]) < (self.day if limit.startswith("d") else self.micros)


class WorkingDays:
    """How many working days have passed until a day, asked of many earlier ones: each day is looked
    at once. Days are told by their ordinal."""

    def __init__(self, calendar: Calendar, until: int) -> None:
        self._calendar = calendar
        self._since = {until: 0}
        self._reached = until

    def day(self, day: int) -> int | None:
        """After that day, up to and with the last. None: not all are known."""
        with suppress(Fault):
            while self._reached > day:
                works = self._calendar.is_working_day(date.fromordinal(self._reached))
                passed = self._since[self._reached] + works
                self._reached -= 1
                self._since[self._reached] = passed
        return self._since.get(day)


def standing(
    sums: Amounts, at: datetime, calendars: Mapping[str, Calendar]
) -> dict[tuple[str, int], Standing]:
    """(measure as in a key, year) → how its times stand. `calendars`: measure → by which days late
    are counted."""
    clock = Clock(at)
    since = {id: WorkingDays(calendar, clock.day) for id, calendar in calendars.items()}
    stands: dict[tuple[str, int], Standing] = {}
    for (id, year, sort, value), number in sums.items():
        if id not in since:
            continue
        here = stands.setdefault((id, year), Standing())
        if sort == RUNS:
            here.take_running(value, number, clock, since[id])
        else:
            here.take(sort, value, number)
    return stands


def middle(numbers: Iterable[tuple[int, int]]) -> float | None:
    """The median of (number, how often), as `statistics.median` has it; None of none."""
    ordered = sorted(numbers)
    upto = list(accumulate(often for _, often in ordered))
    if not upto:
        return None

    def at(place: int) -> int:
        return next(number for (number, _), last in zip(ordered, upto, strict=True) if place < last)

    half, odd = divmod(upto[-1], 2)
    return at(half) if odd else (at(half - 1) + at(half)) / 2


def window(years: Years, year: int | None) -> tuple[datetime, datetime]:
    """From which instant limits fell in the year, and before which."""
    if year is None:
        return _FIRST, _LAST
    if not 1 <= year < _LAST.year:
        return _LAST, _LAST
    return starts(years.starts(year)), starts(years.starts(year + 1))
