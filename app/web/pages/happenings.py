"""Recording that something has happened: what can be recorded, its form, what will follow; and
taking it back.

What follows is the desk's to find; how blocks look is `forms.layout`. Works without script: the
check page carries the answers, and gives them back to the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import WORDING, Refused, commands, views
from app.casework.orders import questions
from app.engine.forms import Field, Option, read_answers
from app.web.forms import Filled, fill, submission
from app.web.pages.order_forms import ask
from app.web.pages.task import OPENED, SENT_BACK, filled_again
from app.web.session import keeps_answers
from app.web.site import desk, now, person

bp = Blueprint("happenings", __name__, url_prefix="/cases/<case>/orders")

Answer = Response | str | tuple[str, int]
Order = commands.DeliverMessage
RECORD = WORDING[commands.DeliverMessage].form
BACK = WORDING[commands.TakeBack].form
#: asked on the check page, where the same was recorded before
SAME = Field(
    key="_same", kind="radio", id="same", label="Is this another one?", required=True,
    options=(
        Option("another", "It is another one"),
        Option("same", "It is the same: do not record it again"),
    ),
)  # fmt: skip
ANOTHER = replace(
    questions.ANOTHER, key="_another", required=False,
    hint="Only if it is another one. It is recorded in the history of the case.",
)  # fmt: skip
_AGAIN = frozenset({SAME.key, ANOTHER.key})


@bp.get("/message")
def choose(case: str) -> Answer:
    page = views.recordable(desk(), person(), case, now())
    return render_template("happenings/choose.html", order=RECORD, found=page)


@bp.get("/message/<message>")
def page(case: str, message: str) -> Answer:
    event_page = views.event_page(desk(), person(), case, message, now())
    return _form(event_page, fill(event_page.asked, None))


@bp.post("/message/<message>")
@keeps_answers
def send(case: str, message: str) -> Answer:
    posted = submission.read(request.form)
    event_page = views.event_page(desk(), person(), case, message, now())
    asked = event_page.asked
    if posted.action not in ("complete", "record"):
        submission.change(posted.given, posted.action, asked)
        notice = SENT_BACK if posted.action == "show" else None
        return _form(event_page, filled_again(asked, posted), notice=notice)
    if posted.shown is not None:
        filled = filled_again(asked, posted)
        if submission.newly_opened(posted.shown, filled.paths):
            return _form(event_page, filled, notice=OPENED)
    order = Order(
        actor=person(), at=now(), key=posted.key, case=case, message=message, given=posted.given,
        confirmed=posted.confirmed, reasons=posted.reasons,
    )  # fmt: skip
    try:
        return _record(case, order) if posted.action == "record" else _check(order)
    except Refused as error:
        filled = filled_again(asked, posted, error.fields)
        return _form(event_page, filled, refused="" if filled.problems else error.sentence), 422


def _check(order: Order, messages: Mapping[str, str] | None = None) -> Answer:
    """The answers, and what would follow."""
    follows = views.dry_run(desk(), order)
    again = None
    if follows.before is not None:
        given = {name: request.form.get(name, "") for name in _AGAIN}
        again = fill(ask("again", "", (SAME, ANOTHER), {}), given, messages)
    return render_template(
        "happenings/check.html", found=follows, order=RECORD, again=again,
        carried=submission.carried(request.form, without=_AGAIN),
    )  # fmt: skip


def _record(case: str, order: Order) -> Answer:
    if request.form.get(SAME.key) == "same":
        flash("Nothing was recorded, because it is recorded already.")
        return redirect(url_for("cases.page", case=case))
    why = request.form.get(ANOTHER.key, "").strip()
    try:
        desk().do(replace(order, another=why))
    except Refused as error:
        if "another" not in error.fields:
            raise
        missing = (
            {ANOTHER.key: questions.ANOTHER.messages["required"]}
            if request.form.get(SAME.key)
            else {SAME.key: "Select whether this is another one"}
        )
        page = _check(order, missing)
        assert isinstance(page, str)
        return page, 422
    assert RECORD is not None
    flash(RECORD.done, "success")
    return redirect(url_for("cases.page", case=case))


@bp.get("/take-back/<int:entry>")
def take_back(case: str, entry: int) -> Answer:
    return _back(case, entry, {})


@bp.post("/take-back/<int:entry>")
def taken_back(case: str, entry: int) -> Answer:
    posted = submission.read(request.form)
    assert BACK is not None
    asked = ask(BACK.name, BACK.title, BACK.fields, {})
    assert asked.form is not None
    reading = read_answers(asked.form, posted.given, asked.scope, asked.world)
    if reading.messages:
        return _back(case, entry, posted.given, reading.messages), 422
    order = commands.TakeBack(
        actor=person(), at=now(), key=posted.key, case=case, entry=entry,
        reason=reading.answers["reason"],
    )  # fmt: skip
    try:
        desk().do(order)
    except Refused as error:
        return _back(case, entry, posted.given, error.fields or {"": error.sentence}), 422
    flash(BACK.done, "success")
    return redirect(url_for("cases.page", case=case))


def _form(event_page: Any, filled: Filled, *, notice: str | None = None, refused: str = "") -> str:
    return render_template(
        "happenings/form.html", found=event_page, filled=filled, notice=notice, refused=refused
    )


def _back(
    case: str, entry: int, given: dict[str, Any], messages: Mapping[str, str] | None = None
) -> str:
    page = views.take_back_page(desk(), person(), case, entry, now())
    assert BACK is not None
    asked = ask(BACK.name, BACK.title, BACK.fields, {})
    return render_template(
        "happenings/take_back.html", found=page, order=BACK, filled=fill(asked, given, messages)
    )
