"""Pages that change a case or give a task to somebody: each asks before it acts.

Who may do it and what it leads to is the desk's; the questions asked are `order_forms`'.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import views
from app.casework.errors import NotFound, Refused
from app.engine.forms import answers
from app.engine.forms.fields import Option
from app.web.forms import submission
from app.web.forms.page import fill
from app.web.pages.order_forms import CASE_ORDERS, TASK_ORDERS, Asked, Order, ask
from app.web.site import desk, now, person, require

bp = Blueprint("orders", __name__, url_prefix="/cases/<case>")

Answer = Response | str | tuple[str, int]
#: an order about the whole case has no task
CASE = f"/orders/<any({', '.join(CASE_ORDERS)}):name>"
TASK = f"/tasks/<task>/orders/<any({', '.join(TASK_ORDERS)}):name>"


@bp.get(CASE)
@bp.get(TASK)
def page(case: str, name: str, task: str | None = None) -> Answer:
    order, subject, asked = _meant(case, name, task)
    return _render(order, subject, asked, {})


@bp.post(CASE)
@bp.post(TASK)
def send(case: str, name: str, task: str | None = None) -> Answer:
    order, subject, asked = _meant(case, name, task)
    posted = submission.read(request.form)
    if posted.action != "complete":
        submission.change_rows(posted.given, posted.action)
        return _render(order, subject, asked, posted.given)
    reading = answers.read_answers(asked.form, posted.given, asked.scope, asked.world)
    if reading.messages:
        return _render(order, subject, asked, posted.given, dict(reading.messages)), 422
    about = {"case": case, "task": task} if task else {"case": case}
    command = order.command(
        actor=person(), at=now(), key=posted.key, **about, **order.reads(reading.answers)
    )
    try:
        desk().do(command)
    except Refused as error:
        messages = error.fields or {"": error.sentence}
        return _render(order, subject, asked, posted.given, messages), 422
    flash(order.done, "success")
    return redirect(url_for("cases.page", case=case))


def _meant(case: str, name: str, task: str | None) -> tuple[Order, Any, Asked]:
    order = TASK_ORDERS[name] if task else CASE_ORDERS[name]
    require(order.power)
    return order, _subject(name, case, task), ask(order, _choices(order, case, task))


def _subject(name: str, case: str, task: str | None) -> Any:
    """The case, the task, or the deadline: activities without a person have deadlines too."""
    if task and name != "deadline":
        return views.task_page(desk(), person(), case, task, now())
    case_page = views.case_page(desk(), person(), case, now(), ended=0)
    if not task:
        return case_page
    for deadline in case_page.deadlines:
        if deadline.task == task and deadline.running:
            return deadline
    raise NotFound()


def _choices(order: Order, case: str, task: str | None) -> dict[str, list[Option]]:
    keys = {question.key for question in order.fields}
    options: dict[str, list[Option]] = {}
    for key in keys & {"person", "to"}:
        people = views.people_for(desk(), person(), case, task)
        options[key] = [Option(candidate.id, candidate.name) for candidate in people]
    if "message" in keys:
        happened = views.messages(desk(), person(), case)
        options["message"] = [Option(happening.message, happening.name) for happening in happened]
    return options


def _render(
    order: Order,
    subject: Any,
    asked: Asked,
    given: dict[str, Any],
    messages: dict[str, str] | None = None,
) -> str:
    filled = fill(asked, given, messages)
    return render_template("order.html", order=order, subject=subject, filled=filled)
