"""The installation's log for who audits: a list with filters, without script, and as CSV."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from app.audit.installation import TOPICS, LogPage, log_csv, log_page, refused
from app.casework import AUDIT
from app.web.paging import Paging, asked_page
from app.web.site import desk, person, require

bp = Blueprint("log", __name__, url_prefix="/log")

_SIZE = 50
#: more belongs into a filter
_MOST = 20_000


@bp.get("")
def page() -> str:
    require(AUDIT)
    number = asked_page()
    found = _found((number - 1) * _SIZE, _SIZE)
    asked = {name: request.args[name] for name in ("topic", "who", "from", "until")
             if request.args.get(name)}  # fmt: skip
    base = f"/log?{urlencode(asked)}" if asked else "/log"
    pages = max(1, -(-found.total // _SIZE))
    return render_template(
        "people/log.html",
        found=found, topics=TOPICS, asked=request.args, query=urlencode(asked),
        paging=Paging(min(number, pages), _SIZE, found.total, base),
        wrong=_wrong(), refused=refused,
    )  # fmt: skip


@bp.get("/download.csv")
def csv() -> Response:
    require(AUDIT)
    content = log_csv(_found(0, _MOST).lines)
    headers = {"Content-Disposition": 'attachment; filename="installation-log.csv"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _found(skip: int, most: int) -> LogPage:
    return log_page(
        desk(), person(), topic=request.args.get("topic"), who=request.args.get("who"),
        first=_day("from"), last=_day("until"), skip=skip, most=most,
    )  # fmt: skip


def _wrong() -> dict[str, str]:
    return {
        name: "Enter a day like 2027-04-01"
        for name in ("from", "until")
        if request.args.get(name) and _day(name) is None
    }


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, "").strip())
    except ValueError:
        return None
