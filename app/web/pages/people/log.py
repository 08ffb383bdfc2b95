"""The installation's log for who audits: a list with filters, without script, and as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from app.audit.installation import TOPICS, LogPage, log_csv, log_page, refused
from app.casework import AUDIT
from app.engine.forms import Field, Option, read_answers
from app.web.forms import fill, submission
from app.web.pages.order_forms import ask
from app.web.paging import Paging, asked_page
from app.web.site import desk, person, require

bp = Blueprint("log", __name__, url_prefix="/log")

_SIZE = 50
#: more belongs into a filter
_MOST = 20_000
_FIELDS = (
    Field(key="topic", kind="select", id="topic", label="About"),
    Field(key="who", kind="select", id="who", label="By or about"),
    Field(key="from", kind="date", id="from", label="First day"),
    Field(key="until", kind="date", id="until", label="Last day"),
)


@dataclass(frozen=True, slots=True)
class _Filter:
    """As it was typed; a day that is none filters nothing and is said."""

    given: Mapping[str, Any]
    first: date | None
    last: date | None
    wrong: Mapping[str, str]

    @classmethod
    def of_request(cls) -> _Filter:
        given = submission.read(request.args).given
        form = ask("log", "", _FIELDS[2:], {})
        assert form.form is not None
        reading = read_answers(form.form, given, {}, form.world)
        wrong = dict(reading.messages)
        first, last = (
            None if name in wrong else reading.answers.get(name) for name in ("from", "until")
        )
        return cls(given, first, last, wrong)

    def page(self, skip: int, most: int) -> LogPage:
        topic, who = (str(self.given.get(name) or "") or None for name in ("topic", "who"))
        return log_page(
            desk(), person(), topic=topic, who=who, first=self.first, last=self.last,
            skip=skip, most=most,
        )  # fmt: skip


@bp.get("")
def page() -> str:
    require(AUDIT)
    number, asked = asked_page(), _Filter.of_request()
    found = asked.page((number - 1) * _SIZE, _SIZE)
    options = {
        "topic": [Option(id, name) for id, name in TOPICS.items()],
        "who": [Option(id, name) for id, name in found.people],
    }
    query = urlencode([(k, v) for k, v in request.args.items() if k != "page" and v])
    pages = max(1, -(-found.total // _SIZE))
    return render_template(
        "people/log.html",
        found=found, query=query, refused=refused,
        filled=fill(ask("log", "", _FIELDS, options), asked.given, asked.wrong),
        paging=Paging(
            min(number, pages), _SIZE, found.total, f"/log?{query}" if query else "/log"
        ),
    )  # fmt: skip


@bp.get("/download.csv")
def csv() -> Response:
    require(AUDIT)
    content = log_csv(_Filter.of_request().page(0, _MOST).lines)
    headers = {"Content-Disposition": 'attachment; filename="installation-log.csv"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)
