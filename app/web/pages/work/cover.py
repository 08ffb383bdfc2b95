"""Absence cover: a page that lists who covers for whom, sets a cover and ends one early.

Who may, and what is wrong with what was asked, is the desk's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import AgreeCover, CoverPage, EndCover, Refused, SetCover, views
from app.casework.orders.authority import cover
from app.casework.views import Asked
from app.engine.forms import Option, read_answers
from app.web.forms import fill, submission
from app.web.pages.order_forms import ask
from app.web.site import desk, now, person

bp = Blueprint("cover", __name__, url_prefix="/cover")

Answer = Response | str | tuple[str, int]


@bp.get("")
def page() -> Answer:
    return _render(views.cover_page(desk(), person(), now()), {})


@bp.post("")
def send() -> Answer:
    cover_page = views.cover_page(desk(), person(), now())
    posted = submission.read(request.form)
    asked = _asked(cover_page)
    assert asked.form is not None
    reading = read_answers(asked.form, posted.given, {}, asked.world)
    if reading.messages:
        return _render(cover_page, posted.given, dict(reading.messages)), 422
    given = reading.answers
    order = SetCover(
        actor=person(), at=now(), key=posted.key,
        person=given["for"] if cover_page.for_anybody else person().id,
        by=given["by"], first=given["from"], last=given["until"], reason=given["reason"],
    )  # fmt: skip
    try:
        desk().do(order)
    except Refused as error:
        return _render(cover_page, posted.given, error.fields or {"": error.sentence}), 422
    waits = order.actor.id != order.person
    flash(
        "The cover is proposed. It counts once the person who is away agrees, or another who may "
        "say who covers."
        if waits
        else "The cover is set.",
        "success",
    )
    return redirect(url_for(".page"))


@bp.post("/<cover>/agree")
def agree(cover: str) -> Answer:
    key = request.form.get("_key") or None
    try:
        desk().do(AgreeCover(actor=person(), at=now(), key=key, cover=cover))
    except Refused as error:
        cover_page = views.cover_page(desk(), person(), now())
        return _render(cover_page, {}, {"": error.sentence}), 422
    flash("You have agreed to the cover.", "success")
    return redirect(url_for(".page"))


@bp.post("/<cover>/end")
def end(cover: str) -> Answer:
    key = request.form.get("_key") or None
    try:
        desk().do(EndCover(actor=person(), at=now(), key=key, cover=cover))
    except Refused as error:
        cover_page = views.cover_page(desk(), person(), now())
        return _render(cover_page, {}, {"": error.sentence}), 422
    flash("The cover has ended.", "success")
    return redirect(url_for(".page"))


def _asked(cover_page: CoverPage) -> Asked:
    who = (cover.AWAY, cover.BY) if cover_page.for_anybody else (cover.BY_FOR_ONESELF,)
    options = {
        "for": [Option(id, name) for id, name in cover_page.away],
        "by": [Option(id, name) for id, name in cover_page.people],
    }
    return ask("cover", "Set cover", (*who, cover.FIRST, cover.LAST, cover.REASON), options)


def _render(
    cover_page: CoverPage, given: Mapping[str, Any], messages: Mapping[str, str] | None = None
) -> str:
    return render_template(
        "cover.html", found=cover_page, filled=fill(_asked(cover_page), given, messages or {})
    )
