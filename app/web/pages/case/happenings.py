"""Recording that something has happened: what can be recorded, its form, and what will follow.

What follows is the desk's to find; how blocks look is `forms.layout`. Works without script: the
check page carries the answers, and gives them back to the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import WORDING, DeliverMessage, Refused, views
from app.casework.people import recording
from app.web.forms import (
    Filled,
    Opened,
    Saved,
    chosen,
    fill,
    filled_again,
    filled_from,
    opened,
    saved_words,
    submission,
)
from app.web.pages.order_forms import ANOTHER, SAME, another_one
from app.web.session import keeps_answers
from app.web.site import desk, now, person

bp = Blueprint("happenings", __name__, url_prefix="/cases/<case>/orders")

Answer = Response | str | tuple[str, int]
_AGAIN = frozenset({SAME.key, ANOTHER.key})
_KEPT = "What you typed is kept for you. You find it here once the case takes it again."
RECORD = WORDING[DeliverMessage].form


@bp.get("/message")
def choose(case: str) -> Answer:
    page = views.recordable(desk(), person(), case, now())
    return render_template("happenings/choose.html", order=RECORD, found=page)


@bp.get("/message/<message>")
def page(case: str, message: str) -> Answer:
    event_page = views.event_page(desk(), person(), case, message, now())
    kept = recording.noted(desk(), person(), case, message, now())
    return _kept(event_page, kept)


@bp.post("/message/<message>")
@keeps_answers
def send(case: str, message: str) -> Answer:
    posted = submission.read(request.form)
    event_page = views.event_page(desk(), person(), case, message, now())
    asked = event_page.asked
    kept = recording.noted(desk(), person(), case, message, now())
    if posted.chosen:
        posted = chosen(posted, kept.draft.apart if kept else ())
    if event_page.refused is not None and posted.made is not None:
        recording.note(desk(), person(), case, message, posted.typed, now())
        return _form(event_page, fill(asked, None), notice=_KEPT), 409
    if posted.action in ("draft", "autosave"):
        return _save(event_page, message, posted)
    if posted.action == "show" and posted.touched:  # it was given back, and would go with this page
        recording.note(desk(), person(), case, message, posted.typed, now())
    if posted.action not in ("complete", "record"):
        submission.change(posted, asked)
        notice = submission.SENT_BACK if posted.action == "show" else None
        return _form(event_page, filled_again(asked, posted), notice=notice)
    if kept is not None and kept.says_more(posted.typed):  # in another window
        recording.note(desk(), person(), case, message, posted.typed, now())
        kept = recording.noted(desk(), person(), case, message, now())
        return _kept(event_page, kept, notice=submission.CHANGED), 409
    if posted.shown is not None:
        filled = filled_again(asked, posted)
        if new := opened(filled, posted.shown):
            return _form(event_page, filled, opened=new)
    order = DeliverMessage(
        actor=person(), at=now(), key=posted.key, case=case, message=message, given=posted.given,
        confirmed=posted.confirmed, reasons=posted.reasons,
    )  # fmt: skip
    try:
        return _record(case, order) if posted.action == "record" else _check(order)
    except Refused as error:
        if posted.touched:
            recording.note(desk(), person(), case, message, posted.typed, now())
        filled = filled_again(asked, posted, error.fields)
        return _form(event_page, filled, refused="" if filled.problems else error.sentence), 422


def _save(event_page: views.EventPage, message: str, posted: submission.Posted) -> Answer:
    case = event_page.case
    draft = recording.note(desk(), person(), case, message, posted.typed, now())
    if posted.action == "autosave":
        return jsonify(saved_words(posted, now(), Saved(bool(draft.apart))))
    if draft.apart:
        return redirect(url_for(".page", case=case, message=message))
    flash("Your answers are saved for you. Nothing is recorded yet.")
    return redirect(url_for("cases.page", case=case))


def _kept(
    event_page: views.EventPage, kept: recording.Noted | None, *, notice: str | None = None
) -> str:
    """The form with what this person keeps of it."""
    filled = filled_from(event_page.asked, kept.draft if kept else None, {})
    return _form(event_page, filled, notice=notice, saved_at=kept.at if kept else None)


def _check(order: DeliverMessage, messages: Mapping[str, str] | None = None) -> Answer:
    """The answers, and what would follow."""
    follows = views.dry_run(desk(), order)
    again = None
    if follows.before is not None:
        given = {name: request.form.get(name, "") for name in _AGAIN}
        again = fill(another_one(), given, messages)
    return render_template(
        "happenings/check.html", found=follows, order=RECORD, again=again,
        carried=submission.carried(request.form, without=_AGAIN),
    )  # fmt: skip


def _record(case: str, order: DeliverMessage) -> Answer:
    if request.form.get(SAME.key) == "same":
        flash("Nothing was recorded, because it is recorded already.")
        return redirect(url_for("cases.page", case=case))
    why = request.form.get(ANOTHER.key, "").strip()
    try:
        desk().do(replace(order, another=why))
    except Refused as error:
        if "another" not in error.fields:
            raise
        missing = ANOTHER if request.form.get(SAME.key) else SAME
        page = _check(order, {missing.key: missing.messages["required"]})
        assert isinstance(page, str)
        return page, 422
    assert RECORD is not None
    flash(RECORD.done, "success")
    return redirect(url_for("cases.page", case=case))


def _form(
    event_page: Any,
    filled: Filled,
    *,
    notice: str | None = None,
    opened: tuple[Opened, ...] = (),
    refused: str = "",
    saved_at: datetime | None = None,
) -> str:
    return render_template(
        "happenings/form.html", found=event_page, filled=filled, notice=notice, opened=opened,
        refused=refused, saved_at=saved_at,
    )  # fmt: skip
