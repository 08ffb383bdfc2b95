"""The page that takes back what was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import OrderForm, Refused, TakeBack, views
from app.casework.orders import questions
from app.engine.forms import read_answers
from app.web.forms import fill, submission
from app.web.pages.order_forms import ask
from app.web.site import desk, now, person

bp = Blueprint("taking_back", __name__, url_prefix="/cases/<case>/orders")

Answer = Response | str | tuple[str, int]
BACK = OrderForm(
    name="take-back", title="Take this back", button="Take it back",
    explain="What it began is ended: its tasks are withdrawn, and whoever was told of it is told "
    "that it was taken back. What was recorded stays in the history, with your reason.",
    fields=(questions.REASON,), done="It was taken back.", warning=True,
)  # fmt: skip


@bp.get("/take-back/<int:entry>")
def page(case: str, entry: int) -> Answer:
    return _back(case, entry, {})


@bp.post("/take-back/<int:entry>")
def send(case: str, entry: int) -> Answer:
    posted = submission.read(request.form)
    asked = ask(BACK.name, BACK.title, BACK.fields, {})
    assert asked.form is not None
    reading = read_answers(asked.form, posted.given, asked.scope, asked.world)
    if reading.messages:
        return _back(case, entry, posted.given, reading.messages), 422
    order = TakeBack(
        actor=person(), at=now(), key=posted.key, case=case, entry=entry,
        reason=reading.answers["reason"],
    )  # fmt: skip
    try:
        desk().do(order)
    except Refused as error:
        return _back(case, entry, posted.given, error.fields or {"": error.sentence}), 422
    flash(BACK.done, "success")
    return redirect(url_for("cases.page", case=case))


def _back(
    case: str, entry: int, given: dict[str, Any], messages: Mapping[str, str] | None = None
) -> str:
    page = views.take_back_page(desk(), person(), case, entry, now())
    asked = ask(BACK.name, BACK.title, BACK.fields, {})
    return render_template(
        "happenings/take_back.html", found=page, order=BACK, filled=fill(asked, given, messages)
    )
