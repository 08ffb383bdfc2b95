"""Figures on timeliness: how often each measured step was done within its limit, by year.

Counts only, and beside them the late ones of the cases somebody may see. What is counted as what
is `occurrences`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app import store
from app.audit.counts import Asked, counted
from app.audit.occurrences import State
from app.audit.tally import NONE as NONE
from app.audit.tally import (
    Eyes,
    Reckoning,
    Standing,
    by_name,
    looked,
    measured,
    middle,
    standing,
)
from app.audit.tally import Line as Line
from app.audit.tally import Page as Page
from app.casework import FIGURES, Desk, NotFound, Person
from app.config import Counts, Measure, Years, remarks
from app.engine import Program
from app.engine.feel import Calendar
from app.store import Unit

#: counts below it could tell who it was
SMALL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One measure in one year."""

    #: the year in which it begins
    year: int
    in_time: int = 0
    #: of these: recorded after the limit, with a time stated that lies before it
    recorded_after: int = 0
    late: int = 0
    open_late: int = 0
    running: int = 0
    #: of those in time or not yet due: behind the local target
    behind: int = 0
    #: reason → how many
    left_out: Mapping[str, int] = field(default_factory=dict)
    #: working days by which whole-day limits were missed; 0: less than one
    median_days: float | None = None
    worst_days: int | None = None
    #: hours by which limits of an hour and minute were missed
    median_hours: float | None = None
    worst_hours: float | None = None

    @property
    def decided(self) -> int:
        return self.in_time + self.late + self.open_late

    @property
    def per_cent(self) -> int | None:
        """In time, of those decided, in whole per cent; 100 and 0 only where it is all or none."""
        if not self.decided:
            return None
        exact = 100 * self.in_time / self.decided
        if 0 < self.in_time < self.decided:
            return min(max(int(exact + 0.5), 1), 99)
        return int(exact)

    @property
    def small_share(self) -> bool:
        """The percentage and the times come from numbers that could tell who it was."""
        return any(0 < n < SMALL for n in (self.in_time, self.decided - self.in_time))

    @property
    def small(self) -> bool:
        """A number in it is so small that it could tell who it was."""
        counts = (self.in_time, self.late, self.open_late, self.running, self.recorded_after,
                  self.behind)  # fmt: skip
        return any(0 < n < SMALL for n in (*counts, *self.left_out.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A measure with its figures, the latest year first."""

    measure: Measure
    years: tuple[Figures, ...]
    #: what of it the diagrams do not have
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    as_of: datetime
    years: Years
    #: the year asked for; None: all
    year: int | None
    #: every year in which a limit fell, the latest first
    known: tuple[int, ...]
    measures: tuple[Counted, ...]
    #: of those that are late and so on, in cases that the person may see, the latest limit first:
    #: the page that was asked for
    lines: tuple[Line, ...]
    #: how many of these there are in all; with `more`, more than that
    seen: int
    more: bool
    #: how many others there are, in cases that the person cannot open; None: it is not counted
    unseen: int | None
    #: how often which answer was given
    counts: tuple[Asked, ...] = ()
    #: numbers of these under it are not shown
    suppress_under: int = 0
    #: cases that are not counted any more, as their content was destroyed
    destroyed: int = 0


def timeliness(
    desk: Desk,
    person: Person,
    at: datetime,
    measures: Sequence[Measure],
    years: Years,
    year: int | None = None,
    counts: Counts | None = None,
    page: Page | None = None,
) -> Timeliness:
    """The figures as of `at` (aware). `page`: which of the late ones are told; None: all. Raises
    `NotFound` for whoever may not read figures."""
    if not desk.roles.may(person, FIGURES):
        raise NotFound
    counts = counts or Counts()
    calendar = desk.settings.calendar
    what = Reckoning(measures=tuple(measures), counts=counts, calendar=calendar)
    with looked(desk, what, years) as (unit, found):
        stands = standing(found.sums, at, _calendars(what))
        here = {key: one for key, one in stands.items() if year in (None, key[1])}
        named = sum(one.named for one in here.values())
        eyes = Eyes(desk, unit, person, found)
        late = by_name(eyes, at, (years, year), named, page)
        under = counts.under(unseen=bool(counts.of) and not eyes.see_all_asked())
        program = _program(desk, unit)
        told = tuple(
            Counted(
                measure=one,
                years=_by_year(measured(one.id), here),
                remarks=tuple(remarks(one, program)) if program else (),
            )
            for one in measures
        )
        return Timeliness(
            as_of=at,
            years=years,
            year=year,
            known=tuple(sorted({when for _, when in stands}, reverse=True)),
            measures=told,
            lines=late.lines,
            seen=late.seen,
            more=late.more,
            unseen=late.unseen,
            counts=counted(found.sums, counts, year, program, under),
            suppress_under=under,
            destroyed=store.retention.erasures.destroyed(unit),
        )


def _calendars(what: Reckoning) -> dict[str, Calendar]:
    return {measured(id): calendar for id, calendar in what.calendars.items()}


def _by_year(id: str, stands: Mapping[tuple[str, int], Standing]) -> tuple[Figures, ...]:
    mine = {year: one for (of, year), one in stands.items() if of == id}
    return tuple(_figures(year, mine[year]) for year in sorted(mine, reverse=True))


def _figures(year: int, one: Standing) -> Figures:
    hours, worst = middle(one.times.items()), max(one.times, default=None)
    return Figures(
        year=year,
        in_time=one.states[State.IN_TIME],
        recorded_after=one.recorded_after,
        late=one.states[State.LATE],
        open_late=one.states[State.OPEN_LATE],
        running=one.states[State.RUNNING],
        behind=one.behind,
        left_out=dict(sorted(one.why.items())),
        median_days=middle(one.days.items()),
        worst_days=max(one.days, default=None),
        median_hours=None if hours is None else _hours(hours),
        worst_hours=None if worst is None else _hours(worst),
    )


def _hours(micros: float) -> float:
    """Hours with one decimal; what is late is never 0."""
    return max(round(micros / 3_600_000_000, 1), 0.1)


def _program(desk: Desk, unit: Unit) -> Program | None:
    """The drawings in force."""
    digest = store.deployments.active(unit)
    return desk.installation.programs.of(unit, digest).program if digest else None
