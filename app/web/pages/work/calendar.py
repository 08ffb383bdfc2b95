"""The calendar of the cases that somebody sees: two months, as lists; and the same for their own
calendar, at a secret address that asks for nothing else.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Person
from app.casework.cases import installation_log as log
from app.casework.people import feeds
from app.casework.reading.calendar import as_entry, calendar_lines, passed_limits
from app.documents.calendar import feed
from app.engine import day_in_london, start_of_day
from app.web.session import public
from app.web.site import desk, now, person, site

bp = Blueprint("calendar", __name__)

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
#: what a feed holds of the past, and of what is to come
BACK, AHEAD = timedelta(days=31), timedelta(days=366)


@bp.get("/calendar")
def page() -> str:
    today = day_in_london(now())
    asked = _MONTH.fullmatch(request.args.get("month", ""))
    month = date(int(asked[1]), int(asked[2]), 1) if asked else today.replace(day=1)
    following = _next(month)
    first, end = start_of_day(month), start_of_day(_next(following))
    this = (month.year, month.month) == (today.year, today.month)
    found = calendar_lines(desk(), person(), first, end)
    return render_template(
        "calendar.html", at=now(), this=this, cut=found.cut,
        months=[
            (each, [line for line in found.lines if line.day.month == each.month])
            for each in (month, following)
        ],
        passed=passed_limits(desk(), person(), first).lines if this else (),
        before=_named(month - timedelta(days=1)), after=_named(following),
    )  # fmt: skip


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _named(day: date) -> str:
    """As the address says a month."""
    return day.isoformat()[:7]


@bp.get("/calendar/<secret>.ics")
@public
def read(secret: str) -> Response:
    """An address that is over and one that never was look the same."""
    reader = feeds.reader(desk(), secret, now())
    if reader is None:
        log.refused(desk().store, log.LINK, log.of_address(request.remote_addr or ""), now())
        gone = make_response("This calendar address opens nothing any more.\n", 404)
        gone.mimetype = "text/plain"
        return gone
    answer = make_response(_written(reader, now()))
    answer.mimetype = "text/calendar"
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def _written(reader: Person, at: datetime) -> bytes:
    first = start_of_day(day_in_london(at) - BACK)
    lines = calendar_lines(desk(), reader, first, first + BACK + AHEAD).lines
    entries = (
        as_entry(line, url_for("cases.page", case=line.case, _external=True)) for line in lines
    )
    return feed(site().config.title, entries)
