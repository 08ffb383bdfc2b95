"""The API's part on figures: the same counts and late ones as the page.

The address belongs to `api`, which takes this function in.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from app.audit.exports import SMALL_NOTE
from app.audit.timeliness import Counted, Figures, Line, Timeliness
from app.web import figures
from app.web.api_bodies import instant
from app.web.api_requests import choice, number


def install(bp: Blueprint) -> None:
    bp.get("/figures")(timeliness)


def timeliness() -> Response:
    kind = choice("years", figures.KINDS, figures.KINDS[0])
    year = number("year", 0, 1000, 9999) if "year" in request.args else None
    found = figures.asked(kind, year)
    return jsonify(
        as_of=instant(found.as_of),
        years=kind,
        items=[_measure(one, found) for one in found.measures],
        late=[_line(one) for one in found.lines],
        unseen=found.unseen,
        note=SMALL_NOTE,
    )


def _measure(one: Counted, found: Timeliness) -> dict[str, Any]:
    return {
        "measure": one.measure.id,
        "name": one.measure.name,
        "basis": one.measure.basis,
        "limit": one.measure.limit,
        "remarks": list(one.remarks),
        "figures": [_figures(year, found) for year in one.years],
    }


def _figures(one: Figures, found: Timeliness) -> dict[str, Any]:
    return {
        "year": one.year,
        "name": found.years.name(one.year),
        "ends": found.years.ends(one.year).isoformat(),
        "in_time": one.in_time,
        "recorded_after": one.recorded_after,
        "late": one.late,
        "open_late": one.open_late,
        "running": one.running,
        "left_out": [{"why": why, "count": n} for why, n in one.left_out.items()],
        "per_cent": one.per_cent,
        "median_days": one.median_days,
        "worst_days": one.worst_days,
        "median_hours": one.median_hours,
        "worst_hours": one.worst_hours,
        "small": one.small,
    }


def _line(one: Line) -> dict[str, Any]:
    it, judged = one.judged.of, one.judged
    limit = it.limit
    return {
        "measure": one.measure.id,
        "case": one.case,
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
