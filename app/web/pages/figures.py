"""The figures on timeliness, as a page and as CSV: counts, and the late ones one may see.

What is counted is config.yaml's, how is the audit room's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask import Blueprint, Response, render_template, request, url_for

from app.audit.exports import counts_csv, figures_csv
from app.audit.occurrences import Judged, State
from app.audit.timeliness import NONE, SMALL, Page, Timeliness, timeliness
from app.config import Years
from app.engine import day, moment
from app.engine.lateness import away
from app.web.paging import Paging, asked_page
from app.web.site import desk, now, person, site

bp = Blueprint("figures", __name__, url_prefix="/figures")

PAGE_SIZE = 50
#: the calendar's years, or those that config.yaml says
KINDS = ("calendar", "reporting")
_STATES: Mapping[State, str] = {
    State.LATE: "Late",
    State.OPEN_LATE: "Open and late",
    State.IN_TIME: "In time",
    State.RUNNING: "Not yet due",
}


@bp.get("")
def page() -> str:
    number = asked_page()
    kind, report = _found(_page(number))
    if report.seen and not report.lines:  # behind the end
        number = -(-report.seen // PAGE_SIZE)
        kind, report = _found(_page(number))
    base = url_for(".page", years=kind, year=report.year)
    paging = Paging(number if report.lines else 1, PAGE_SIZE, report.seen, base, report.more)
    return render_template(
        "figures.html",
        found=report,
        kind=kind,
        own=site().config.years,
        lines=report.lines,
        paging=paging,
        states=_STATES,
        overrun=overrun,
        stated=_stated,
        small=SMALL,
    )


@bp.get("/download.csv")
def csv() -> Response:
    _, report = _found(NONE)
    name = f"timeliness-{report.as_of.date().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = figures_csv(report)
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


@bp.get("/counts.csv")
def counts() -> Response:
    _, report = _found(NONE)
    name = f"counts-{report.as_of.date().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(counts_csv(report), content_type="text/csv; charset=utf-8", headers=headers)


def _page(number: int) -> Page:
    return Page((number - 1) * PAGE_SIZE, PAGE_SIZE)


def _found(page: Page) -> tuple[str, Timeliness]:
    """The figures the address asks for; all years where it asks for nonsense."""
    kind, _, year = asked_years()
    return kind, asked(kind, year, page)


def asked_years() -> tuple[str, Years, int | None]:
    """One of `KINDS`, how these years begin, and the year that the address asks for, if it does."""
    kind = request.args.get("years", KINDS[0])
    kind = kind if kind in KINDS else KINDS[0]
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else None
    return kind, _years(kind), year


def _years(kind: str) -> Years:
    return site().config.years if kind == "reporting" else Years()


def asked(kind: str, year: int | None, page: Page | None = None) -> Timeliness:
    """`kind`: one of `KINDS`; `year`: the one in which it begins; `page`: of the late ones, None:
    all of them. NotFound."""
    config = site().config
    measures, counts = config.timeliness, config.counts
    return timeliness(desk(), person(), now(), measures, _years(kind), year, counts, page)


def _stated(at: date) -> str:
    return moment(at) if isinstance(at, datetime) else day(at)


def overrun(judgement: Judged) -> str:
    """2 working days, 3 hours, 20 minutes, as on the case's page; "" when it is not late."""
    limit, until = judgement.of.limit, judgement.until
    if limit is None or until is None:
        return ""
    measures = {measure.id: measure for measure in site().config.timeliness}
    measure = measures[judgement.of.measure]
    working = desk().settings.calendar.chosen(measure.calendar).is_working_day
    return away(limit.at, limit.whole_day, until, working)
