"""How each measured limit was kept, month by month: counts alone, out of the sums that are kept.

A month is small: to who does not see every case, numbers that could tell who it was are not shown
(`Counts.under`). Who sees every case is shown what the years show, the small ones marked. By years,
with how late and who, is `timeliness`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.audit.occurrences import State
from app.audit.shares import BEHIND, RUNS, STATE, Amounts
from app.audit.tally import Clock, Eyes, Months, Reckoning, looked, measured
from app.casework import FIGURES, Desk, NotFound, Person
from app.config import Counts, Measure, Years
from app.engine import day_in_london

MONTHS = Months()
IN_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One measure in one month; None: the number is so small that it is not shown."""

    first: date
    #: in time, and by the local target too where there is one
    in_time: int | None
    #: in time, but behind the local target
    behind: int | None
    late: int | None
    open_late: int | None
    running: int | None

    @property
    def numbers(self) -> tuple[int | None, ...]:
        return self.in_time, self.behind, self.late, self.open_late, self.running


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    measure: Measure
    #: the earliest first, none left out
    months: tuple[Month, ...]

    @property
    def empty(self) -> bool:
        return all(number == 0 for month in self.months for number in month.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByMonth:
    as_of: datetime
    years: Years
    #: None: the twelve months up to and with this one
    year: int | None
    #: years in which a limit fell, the latest first
    known: tuple[int, ...]
    measures: tuple[Monthly, ...]
    #: numbers under it are not shown; 0: all are
    suppress_under: int


def by_month(
    desk: Desk,
    person: Person,
    at: datetime,
    measures: Sequence[Measure],
    years: Years,
    year: int | None = None,
    counts: Counts | None = None,
) -> ByMonth:
    """As of `at` (aware). A limit counts in the month, London's, in which it fell. Raises
    `NotFound` for whoever may not read figures."""
    if not desk.roles.may(person, FIGURES):
        raise NotFound
    counts = counts or Counts()
    calendar = desk.settings.calendar
    what = Reckoning(measures=tuple(measures), counts=counts, calendar=calendar)
    with looked(desk, what, MONTHS) as (unit, found):
        all_seen = Eyes(desk, unit, person, found).see_all()
        stands = _standing(found.sums, Clock(at))
    # Who sees every case reads of a month what they read of a year, and can count themselves.
    under = 0 if all_seen else counts.under(unseen=True)
    shown = _shown(at, years, year)
    return ByMonth(
        as_of=at,
        years=years,
        year=year,
        known=_known(stands, years),
        measures=tuple(
            Monthly(
                measure=one,
                months=tuple(_month(stands.get((measured(one.id), m)), m, under) for m in shown),
            )
            for one in measures
        ),
        suppress_under=under,
    )


def _shown(at: datetime, years: Years, year: int | None) -> range:
    """Whole months: of a year that begins within one, also that one."""
    if year is None:
        last = MONTHS.of(day_in_london(at))
        return range(last + 1 - IN_A_YEAR, last + 1)
    return range(MONTHS.of(years.starts(year)), MONTHS.of(years.ends(year)) + 1)


def _known(stands: Mapping[tuple[str, int], Counter[str]], years: Years) -> tuple[int, ...]:
    return tuple(sorted({years.of(MONTHS.starts(m)) for _, m in stands}, reverse=True))


def _standing(sums: Amounts, clock: Clock) -> dict[tuple[str, int], Counter[str]]:
    """(measure as in a key, month) → state, or `BEHIND` → how many."""
    stands: dict[tuple[str, int], Counter[str]] = {}
    for (id, month, sort, value), number in sums.items():
        if sort == STATE:
            state = value
        elif sort == BEHIND:
            state = BEHIND
        elif sort == RUNS:
            over = clock.over(value.partition(" ")[0])
            state = (State.OPEN_LATE if over else State.RUNNING).value
        else:
            continue
        stands.setdefault((id, month), Counter())[state] += number
    return stands


def _month(stands: Counter[str] | None, month: int, under: int) -> Month:
    stands = stands or Counter()

    def told(number: int) -> int | None:
        return None if 0 < number < under else number

    return Month(
        first=MONTHS.starts(month),
        in_time=told(stands[State.IN_TIME.value] - stands[BEHIND]),
        behind=told(stands[BEHIND]),
        late=told(stands[State.LATE.value]),
        open_late=told(stands[State.OPEN_LATE.value]),
        running=told(stands[State.RUNNING.value]),
    )
