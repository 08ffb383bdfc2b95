"""The API's part on figures: the same counts and late ones as the page.

The address belongs to `api`, which takes this function in.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from app.audit.exports import SMALL_NOTE
from app.audit.timeliness import Counted, Figures, Line, Timeliness
from app.web.api.bodies import instant
from app.web.api.requests import choice, number
from app.web.pages import figures


def install(bp: Blueprint) -> None:
    bp.get("/figures")(timeliness)


def timeliness() -> Response:
    kind = choice("years", figures.KINDS, figures.KINDS[0])
    year = number("year", 0, 1000, 9999) if "year" in request.args else None
    report = figures.asked(kind, year)
    return jsonify(
        as_of=instant(report.as_of),
        years=kind,
        items=[_measure(counted, report) for counted in report.measures],
        late=[_line(line) for line in report.lines],
        unseen=report.unseen,
        note=SMALL_NOTE,
    )


def _measure(counted: Counted, report: Timeliness) -> dict[str, Any]:
    return {
        "measure": counted.measure.id,
        "name": counted.measure.name,
        "basis": counted.measure.basis,
        "limit": counted.measure.limit,
        "remarks": list(counted.remarks),
        "figures": [_figures(year, report) for year in counted.years],
    }


def _figures(year: Figures, report: Timeliness) -> dict[str, Any]:
    return {
        "year": year.year,
        "name": report.years.name(year.year),
        "ends": report.years.ends(year.year).isoformat(),
        "in_time": year.in_time,
        "recorded_after": year.recorded_after,
        "late": year.late,
        "open_late": year.open_late,
        "running": year.running,
        "left_out": [{"why": why, "count": n} for why, n in year.left_out.items()],
        "per_cent": year.per_cent,
        "median_days": year.median_days,
        "worst_days": year.worst_days,
        "median_hours": year.median_hours,
        "worst_hours": year.worst_hours,
        "small": year.small,
    }


def _line(line: Line) -> dict[str, Any]:
    it, judged = line.judged.of, line.judged
    limit = it.limit
    return {
        "measure": line.measure.id,
        "case": line.case,
        "task": it.task,
        "name": it.name,
        "label": it.label,
        "state": judged.state.value,
        "limit": _maybe(limit.at if limit else None),
        "whole_day": limit.whole_day if limit else True,
        "sum": limit.sum if limit else None,
        "moved": it.moved,
        "stated": _maybe(it.attested),
        "recorded": _maybe(it.recorded_at),
        "dropped": _maybe(it.dropped_at),
        "days": judged.days,
        "hours": None if judged.time is None else round(judged.time.total_seconds() / 3600, 1),
    }


def _maybe(at: date | None) -> str | None:
    if isinstance(at, datetime):
        return instant(at)
    return None if at is None else at.isoformat()
