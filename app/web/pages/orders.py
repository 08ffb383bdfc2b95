"""Pages that change a case or give a task to somebody: each asks before it acts.

Who may do it and what it leads to is the desk's; what is asked and said, casework's wording's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Command, LookAcross, Merge, NotFound, OrderForm, Refused, views
from app.casework.views import Asked
from app.engine.forms import Option, read_answers
from app.web.forms import fill, submission
from app.web.orders import ASKED, forms
from app.web.pages import comparing
from app.web.pages.order_forms import ask
from app.web.site import desk, now, person

bp = Blueprint("orders", __name__, url_prefix="/cases/<case>")

Answer = Response | str | tuple[str, int]
_ABOUT_CASE, _ABOUT_TASK = forms(about_task=False), forms(about_task=True)
CASE = f"/orders/<any({', '.join(_ABOUT_CASE)}):name>"
TASK = f"/tasks/<task>/orders/<any({', '.join(_ABOUT_TASK)}):name>"


@dataclass(frozen=True, slots=True)
class Meant:
    kind: type[Command]
    form: OrderForm
    #: the case, the task or the deadline that it is about
    subject: Any
    asked: Asked
    #: why the case does not take it now; then nothing is asked
    refused: str | None


@bp.get(CASE)
@bp.get(TASK)
def page(case: str, name: str, task: str | None = None) -> Answer:
    meant = _meant(case, name, task)
    into = request.args.get("into", "")  # chosen among those about the same people
    given = {"into": into} if into and meant.kind is Merge else {}
    return _render(meant, given, refused=meant.refused)


@bp.post(CASE)
@bp.post(TASK)
def send(case: str, name: str, task: str | None = None) -> Answer:
    meant = _meant(case, name, task)
    posted = submission.read(request.form)
    if posted.action != "complete":
        submission.change(posted, meant.asked)
        return _render(meant, posted.given)
    asked = meant.asked
    assert asked.form is not None
    reading = read_answers(asked.form, posted.given, asked.scope, asked.world)
    if reading.messages:
        return _render(meant, posted.given, dict(reading.messages)), 422
    if meant.kind is Merge and not comparing.compared(reading.answers):
        return _compare(meant, case, posted.given, reading.answers)
    about = {"case": case, "task": task} if task else {"case": case}
    command: Any = meant.kind
    order = command(
        actor=person(), at=now(), key=posted.key, **about, **meant.form.reads(reading.answers)
    )
    try:
        desk().do(order)
    except Refused as error:
        return _render(meant, posted.given, error.fields or {"": error.sentence}), 422
    if meant.kind is LookAcross:
        return comparing.alike_cases(case)
    flash(meant.form.done, "success")
    return redirect(url_for("cases.page", case=case))


def _compare(meant: Meant, case: str, given: dict[str, Any], answers: Mapping[str, Any]) -> Answer:
    """Both cases side by side, before they become one."""
    try:
        beside = comparing.laid_beside(case, answers)
    except Refused as error:
        return _render(meant, given, error.fields or {"": error.sentence}), 422
    return _render(meant, given, beside=beside)


def _meant(case: str, name: str, task: str | None) -> Meant:
    kind = (_ABOUT_TASK if task else _ABOUT_CASE)[name]
    form = ASKED[kind].form
    assert form is not None
    refused = views.refusal_of(desk(), person(), case, kind, task)
    subject = _subject(name, case, task)
    asked = ask(name, form.title, form.fields, _choices(form, case, task))
    return Meant(kind, form, subject, asked, refused)


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


def _choices(form: OrderForm, case: str, task: str | None) -> dict[str, list[Option]]:
    keys = {question.key for question in form.fields}
    options: dict[str, list[Option]] = {}
    for key in keys & {"person", "to"}:
        if form.name == "lift":
            out = views.shut_out_of(desk(), person(), case)
            options[key] = [Option(row.id, _asked_for(row.name, by)) for row, by in out]
            continue
        people = views.people_for(desk(), person(), case, now(), task)
        close = views.conflicts_among(desk(), person(), case, people)
        options[key] = [
            Option(row.id, _with_conflicts(row.name, close.get(row.id))) for row in people
        ]
    return options


def _with_conflicts(name: str, about: tuple[str, ...] | None) -> str:
    """What the register of conflicts says, where it is decided."""
    if about is None:
        return name
    if not about:
        return f"{name} – has an entry in the register of conflicts"
    return f"{name} – conflict of interest: {'; '.join(about)}"


def _asked_for(name: str, by: str | None) -> str:
    if by is None:
        return name
    whose = "you asked" if by == person().id else "somebody asked"
    return f"{name}: {whose} that they be let in again"


def _render(
    meant: Meant,
    given: dict[str, Any],
    messages: dict[str, str] | None = None,
    refused: str | None = None,
    beside: comparing.Both | None = None,
) -> str:
    filled = fill(meant.asked, given, messages)
    return render_template(
        "order.html", order=meant.form, subject=meant.subject, filled=filled, refused=refused,
        beside=beside, compares=meant.kind is Merge,
        others=comparing.others(meant.subject) if meant.kind in (Merge, LookAcross) else 0,
    )  # fmt: skip
