"""Figures on timeliness: how often each measured step was done within its limit, by year.

Counts only, and beside them the late ones of the cases somebody may see. What is counted as what
is `occurrences`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from statistics import median

from app import store
from app.audit.counts import Asked, counted
from app.audit.gathering import gathered
from app.audit.occurrences import Judged, State, judged
from app.casework import FIGURES, Desk, NotFound, Person
from app.config import Counts, Measure, Years, remarks
from app.engine import Program
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
    days: tuple[int, ...] = ()
    #: time by which limits of an hour and minute were missed
    times: tuple[timedelta, ...] = ()

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
    def median_days(self) -> float | None:
        return median(self.days) if self.days else None

    @property
    def worst_days(self) -> int | None:
        return max(self.days, default=None)

    @property
    def median_hours(self) -> float | None:
        return _hours(median(time.total_seconds() for time in self.times)) if self.times else None

    @property
    def worst_hours(self) -> float | None:
        return _hours(max(self.times).total_seconds()) if self.times else None

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
class Line:
    """One that is late, was recorded after its limit or is behind its local target, in a case that
    the person may see."""

    measure: Measure
    #: the reference
    case: str
    judged: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    as_of: datetime
    years: Years
    #: the year asked for; None: all
    year: int | None
    #: every year in which a limit fell, the latest first
    known: tuple[int, ...]
    measures: tuple[Counted, ...]
    #: the latest limit first
    lines: tuple[Line, ...]
    #: how many more there are, in cases that the person cannot open
    unseen: int
    #: how often which answer was given
    counts: tuple[Asked, ...] = ()
    #: numbers of these under it are not shown
    suppress_under: int = 0


def timeliness(
    desk: Desk,
    person: Person,
    at: datetime,
    measures: Sequence[Measure],
    years: Years,
    year: int | None = None,
    counts: Counts | None = None,
) -> Timeliness:
    """The figures as of `at` (aware). Raises `NotFound` for whoever may not read figures."""
    if not desk.roles.may(person, FIGURES):
        raise NotFound
    with desk.store.reading() as unit:
        calendar = desk.settings.calendar
        by = {measure.id: calendar.chosen(measure.calendar) for measure in measures}
        judgements = [judged(one, at, by[one.measure]) for one in gathered(unit, measures)]
        program = _program(desk, unit)
        said = {one.id: tuple(remarks(one, program)) if program else () for one in measures}
        sees = partial(_sees_all, desk, unit, person)
        answers, under = counted(unit, counts or Counts(), years, year, program, sees)
        known = tuple(
            sorted({years.of(judgement.of.day) for judgement in judgements}, reverse=True)
        )
        asked = [
            judgement
            for judgement in judgements
            if year is None or years.of(judgement.of.day) == year
        ]
        lines, unseen = _lines(desk, unit, person, measures, asked)
    figures = tuple(
        Counted(measure=measure, years=_by_year(measure, asked, years), remarks=said[measure.id])
        for measure in measures
    )
    return Timeliness(
        as_of=at,
        years=years,
        year=year,
        known=known,
        measures=figures,
        lines=lines,
        unseen=unseen,
        counts=answers,
        suppress_under=under,
    )


def _by_year(measure: Measure, judgements: Iterable[Judged], years: Years) -> tuple[Figures, ...]:
    by: dict[int, list[Judged]] = {}
    for judgement in judgements:
        if judgement.of.measure == measure.id:
            by.setdefault(years.of(judgement.of.day), []).append(judgement)
    return tuple(added(year, by[year]) for year in sorted(by, reverse=True))


def added(year: int, judgements: Sequence[Judged]) -> Figures:
    """The figures of these."""
    states = Counter(judgement.state for judgement in judgements)
    return Figures(
        year=year,
        in_time=states[State.IN_TIME],
        recorded_after=sum(judgement.recorded_after for judgement in judgements),
        late=states[State.LATE],
        open_late=states[State.OPEN_LATE],
        running=states[State.RUNNING],
        behind=sum(judgement.behind for judgement in judgements),
        left_out=dict(
            sorted(
                Counter(
                    judgement.why for judgement in judgements if judgement.state is State.LEFT_OUT
                ).items()
            )
        ),
        days=tuple(
            sorted(judgement.days for judgement in judgements if judgement.days is not None)
        ),
        times=tuple(
            sorted(judgement.time for judgement in judgements if judgement.time is not None)
        ),
    )


def _hours(seconds: float) -> float:
    """Hours with one decimal; what is late is never 0."""
    return max(round(seconds / 3600, 1), 0.1)


def _lines(
    desk: Desk,
    unit: Unit,
    person: Person,
    measures: Sequence[Measure],
    judgements: Iterable[Judged],
) -> tuple[tuple[Line, ...], int]:
    """The late ones of cases the person sees in whole, and how many others there are."""
    told = [one for one in judgements if one.late or one.recorded_after or one.behind]
    whole = _whole(desk, unit, person, {judgement.of.case_id for judgement in told})
    facts = store.queries.figures.facts(unit)
    by_id = {measure.id: measure for measure in measures}
    lines = [
        Line(
            measure=by_id[judgement.of.measure],
            case=facts[judgement.of.case_id].reference,
            judged=judgement,
        )
        for judgement in told
        if judgement.of.case_id in whole
    ]
    return tuple(sorted(lines, key=_latest_first, reverse=True)), len(told) - len(lines)


def _whole(desk: Desk, unit: Unit, person: Person, cases: set[str]) -> set[str]:
    """Those of the cases that the person sees in whole."""
    members = store.queries.figures.members(unit, sorted(cases))
    return {id for id, who in members.items() if desk.roles.sees_whole(person, who)}


def _sees_all(desk: Desk, unit: Unit, person: Person, cases: set[str]) -> bool:
    return cases <= _whole(desk, unit, person, cases)


def _latest_first(line: Line) -> tuple[datetime, str, str]:
    occurrence = line.judged.of
    return (
        occurrence.limit.at if occurrence.limit else occurrence.begun_at,
        line.case,
        occurrence.task,
    )


def _program(desk: Desk, unit: Unit) -> Program | None:
    """The drawings in force."""
    digest = store.deployments.active(unit)
    return desk.installation.programs.of(unit, digest).program if digest else None
