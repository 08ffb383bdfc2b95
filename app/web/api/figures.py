"""The API's part on figures: the same counts and late ones as the page.

How they are counted is the audit room's, which years may be asked for the page's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.audit import counts
from app.audit import timeliness as audit
from app.audit.exports import SMALL_NOTE
from app.config import Measure, Years
from app.web.api.operations import Sight, read
from app.web.api.queries import Choice, Number
from app.web.api.shapes import (
    COUNT,
    DAY,
    INSTANT,
    MAYBE_COUNT,
    MAYBE_INSTANT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    TEXT,
    TRUTH,
    Kind,
    instant,
    listed,
    one_of,
    shape,
    within,
)
from app.web.pages import figures


@dataclass(frozen=True, slots=True)
class _Year:
    """A year's figures with its name and end, which the kind of years knows."""

    figures: audit.Figures
    years: Years

    @property
    def name(self) -> str:
        return self.years.name(self.figures.year)

    @property
    def ends(self) -> date:
        return self.years.ends(self.figures.year)


@dataclass(frozen=True, slots=True)
class _Measured:
    measure: Measure
    remarks: tuple[str, ...]
    figures: list[_Year]


def _maybe(at: date | None) -> str | None:
    if isinstance(at, datetime):
        return instant(at)
    return None if at is None else at.isoformat()


def _target(line: audit.Line) -> datetime | None:
    target = line.judged.of.target
    return None if target is None else target.at


def _hours(line: audit.Line) -> float | None:
    time = line.judged.time
    return None if time is None else round(time.total_seconds() / 3600, 1)


LEFT_OUT = shape("", why=TEXT.of(lambda pair: pair[0]), count=COUNT.of(lambda pair: pair[1]))
FIGURES = shape(
    "Figures",
    name=TEXT, ends=DAY,
    **within(
        "figures",
        year=COUNT("the one in which it begins; its limits fell in it"), in_time=COUNT,
        recorded_after=COUNT("of those in time: recorded after the limit"), late=COUNT,
        open_late=COUNT, running=COUNT("not yet due"),
        behind=COUNT("of in_time and running: behind the local target"),
        per_cent=MAYBE_COUNT("in time, of in_time, late and open_late"),
        median_days=MAYBE_NUMBER("working days late"), worst_days=MAYBE_COUNT,
        median_hours=MAYBE_NUMBER, worst_hours=MAYBE_NUMBER,
        small=TRUTH("a count is so small that it could tell who it was"),
    ),
    left_out=listed(LEFT_OUT.kind()).of(lambda year: year.figures.left_out.items()),
)  # fmt: skip
MEASURE = shape(
    "Measure",
    **within("measure", measure=TEXT.of("id"), name=TEXT, basis=MAYBE_TEXT,
             limit=one_of("due", "backstop"),
             target=one_of("due", "backstop", None)),
    remarks=listed(TEXT), figures=listed(FIGURES),
)  # fmt: skip
#: a date or an instant in UTC
_WHEN = Kind(MAYBE_INSTANT.schema, _maybe)
LATE_ONE = shape(
    "LateOne",
    measure=TEXT.of("measure.id"), case=TEXT,
    **within(
        "judged.of",
        task=TEXT, name=TEXT, label=MAYBE_TEXT, limit=_WHEN.of("limit.at"),
        sum=MAYBE_TEXT.of("limit.sum"),
        moved=TRUTH("moved by hand since; `limit` is the one before"),
        stated=Kind(MAYBE_TEXT.schema, _maybe)(
            "when it happened, a date or an instant in UTC").of("attested"),
        recorded=_WHEN.of("recorded_at"), dropped=_WHEN.of("dropped_at"),
    ),
    whole_day=TRUTH.of(lambda line: line.judged.of.limit is None or line.judged.of.limit.whole_day),
    state=one_of("late", "open_late", "in_time", "running").of("judged.state.value"),
    behind=TRUTH("the limit is kept or to come, the local target is missed").of("judged.behind"),
    target=_WHEN.of(_target),
    days=MAYBE_COUNT.of("judged.days"), hours=MAYBE_NUMBER.of(_hours),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Answered:
    asked: counts.Asked
    years: Years

    @property
    def rows(self) -> list[tuple[str, counts.Number]]:
        return [(self.years.name(y.year), one) for y in self.asked.years for one in y.numbers]


ANSWER = shape(
    "",
    year=TEXT.of(lambda row: row[0]), answer=TEXT.of(lambda row: row[1].label),
    number=MAYBE_COUNT("null: under suppress_under").of(lambda row: row[1].number),
)  # fmt: skip
COUNTED = shape(
    "Counted",
    count=TEXT.of("asked.count.id"), name=TEXT.of("asked.count.name"),
    answers=listed(ANSWER.kind()).of("rows"),
)  # fmt: skip
TIMELINESS = shape(
    "Timeliness",
    as_of=INSTANT, years=one_of("calendar", "reporting"), items=listed(MEASURE),
    late=listed(LATE_ONE)("of the cases you may open").of("lines"),
    unseen=COUNT("how many more, in cases that you cannot open"), note=TEXT,
    counts=listed(COUNTED)("how often which answer was given"),
    suppress_under=COUNT("numbers of counts under it are not told"),
)  # fmt: skip


def _timeliness(years: str, year: int | None) -> dict[str, Any]:
    report = figures.asked(years, year)
    items = [
        _Measured(counted.measure, counted.remarks, [_Year(f, report.years) for f in counted.years])
        for counted in report.measures
    ]
    return {
        "as_of": report.as_of, "years": years, "items": items, "late": report.lines,
        "unseen": report.unseen, "note": SMALL_NOTE,
        "counts": [_Answered(asked, report.years) for asked in report.counts],
        "suppress_under": report.suppress_under,
    }  # fmt: skip


READS = (
    read(
        path="/figures", name="getFigures",
        summary="How often measured steps were done within their limit, by year",
        sight=Sight((404,), power="figures"), answer=TIMELINESS, reads=_timeliness,
        query=(Choice("years", figures.KINDS), Number("year", 1000, 9999)),
    ),
)  # fmt: skip
