"""The register of conflicts: a page that lists entries, records one and ends one.

Who may, and what is wrong with what was asked, is the desk's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import EndConflict, RecordConflict, Refused, views
from app.casework.orders.authority.conflicts import ABOUT, WHO
from app.casework.views import Asked
from app.engine.forms import Option, read_answers
from app.web.forms import fill, submission
from app.web.pages.order_forms import ask
from app.web.site import desk, now, person

bp = Blueprint("conflicts", __name__, url_prefix="/conflicts")

Answer = Response | str | tuple[str, int]


@bp.get("")
def page() -> Answer:
    return _render(views.conflict_page(desk(), person()), {})


@bp.post("")
def send() -> Answer:
    register = views.conflict_page(desk(), person())
    posted, asked = submission.read(request.form), _asked(register)
    assert asked.form is not None
    reading = read_answers(asked.form, posted.given, {}, asked.world)
    if reading.messages:
        return _render(register, posted.given, dict(reading.messages)), 422
    whose = reading.answers["person"] if register.for_anybody else person().id
    about = reading.answers["about"]
    order = RecordConflict(actor=person(), at=now(), key=posted.key, person=whose, about=about)
    try:
        desk().do(order)
    except Refused as error:
        return _render(register, posted.given, error.fields or {"": error.sentence}), 422
    flash("It is recorded.", "success")
    return redirect(url_for(".page"))


@bp.post("/<conflict>/end")
def end(conflict: str) -> Answer:
    key = request.form.get("_key") or None
    try:
        desk().do(EndConflict(actor=person(), at=now(), key=key, conflict=conflict))
    except Refused as error:
        register = views.conflict_page(desk(), person())
        return _render(register, {}, {"": error.sentence}), 422
    flash("The entry has ended.", "success")
    return redirect(url_for(".page"))


def _asked(register: views.ConflictPage) -> Asked:
    who = (WHO,) if register.for_anybody else ()
    options = {"person": [Option(id, name) for id, name in register.people]}
    return ask("conflict", "Record a conflict", (*who, ABOUT), options)


def _render(
    register: views.ConflictPage,
    given: Mapping[str, Any],
    messages: Mapping[str, str] | None = None,
) -> str:
    filled = fill(_asked(register), given, messages or {})
    return render_template("authority/conflicts.html", found=register, filled=filled)
