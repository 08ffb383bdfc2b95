"""Breaking the glass: a page that asks for the case's reference and the reason.

For somebody whose role does not allow it there is no such page; that a case does not exist and that
they are shut out of it is answered alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import BreakGlass, NotFound, Refused
from app.casework.orders.authority.glass import CASE, POWER, REASON
from app.casework.views import Asked
from app.engine.forms import read_answers
from app.web.forms import fill, submission
from app.web.pages.order_forms import ask
from app.web.site import desk, now, person, require

bp = Blueprint("glass", __name__, url_prefix="/break-glass")

Answer = Response | str | tuple[str, int]


@bp.before_request
def _only_who_may() -> None:
    require(POWER)


@bp.get("")
def page() -> str:
    return _render({})


@bp.post("")
def send() -> Answer:
    posted, asked = submission.read(request.form), _asked()
    assert asked.form is not None
    reading = read_answers(asked.form, posted.given, {}, asked.world)
    if reading.messages:
        return _render(posted.given, dict(reading.messages)), 422
    case, reason = reading.answers["case"].strip(), reading.answers["reason"]
    order = BreakGlass(actor=person(), at=now(), key=posted.key, case=case, reason=reason)
    try:
        done = desk().do(order)
    except NotFound:
        return _render(posted.given, {"case": "There is no case with this reference"}), 422
    except Refused as error:
        return _render(posted.given, error.fields or {"": error.sentence}), 422
    flash("You see this case for an hour. Who answers for the data was told.", "success")
    return redirect(url_for("cases.page", case=done.reference))


def _asked() -> Asked:
    return ask("glass", "See a case in an emergency", (CASE, REASON), {})


def _render(given: Mapping[str, Any], messages: Mapping[str, str] | None = None) -> str:
    return render_template("authority/glass.html", filled=fill(_asked(), given, messages or {}))
