"""Starting a case: which processes a person may start, and the form that starts one.

Rendering of forms is `forms.page`; what a started case looks like is `cases`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Refused, commands, views
from app.web.forms import Filled, Opened, fill, filled_again, opened, submission
from app.web.session import keeps_answers
from app.web.site import desk, now, person

bp = Blueprint("start", __name__, url_prefix="/start")

Answer = Response | str | tuple[str, int]


@bp.get("")
def choose() -> str:
    return render_template("start_choose.html", processes=views.startable(desk(), person()))


@bp.get("/<process>")
def page(process: str) -> Answer:
    start_page = views.start_page(desk(), person(), process, now())
    return _render(start_page, fill(start_page.asked, None))


@bp.post("/<process>")
@keeps_answers
def send(process: str) -> Answer:
    posted = submission.read(request.form)
    if posted.action != "complete":
        start_page = views.start_page(desk(), person(), process, now())
        submission.change(posted, start_page.asked)
        notice = submission.SENT_BACK if posted.action == "show" else None
        return _render(start_page, filled_again(start_page.asked, posted), notice=notice)
    if posted.shown is not None:
        start_page = views.start_page(desk(), person(), process, now())
        filled = filled_again(start_page.asked, posted)
        if new := opened(filled, posted.shown):
            return _render(start_page, filled, opened=new)
    return _start(process, posted)


def _start(process: str, posted: submission.Posted) -> Answer:
    order = commands.StartCase(
        actor=person(), at=now(), key=posted.key, process=process, given=posted.given,
        confirmed=posted.confirmed, reasons=posted.reasons,
    )  # fmt: skip
    try:
        done = desk().do(order)
    except Refused as error:
        start_page = views.start_page(desk(), person(), process, now())
        filled = filled_again(start_page.asked, posted, error.fields)
        return _render(start_page, filled, refused="" if error.fields else error.sentence), 422
    return redirect(url_for("cases.page", case=done.reference, started="yes"))


def _render(
    start_page: Any,
    filled: Filled,
    *,
    notice: str | None = None,
    opened: tuple[Opened, ...] = (),
    refused: str = "",
) -> str:
    return render_template(
        "start.html", found=start_page, filled=filled, notice=notice, opened=opened, refused=refused
    )
