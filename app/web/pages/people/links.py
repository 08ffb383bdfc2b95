"""Where a one-time link leads: a page on which its person sets a password.

Opening it changes nothing, so whatever looks through mails uses no link up.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import NotFound, Overloaded, Refused, Throttled
from app.casework.cases import installation_log as log
from app.casework.people import links
from app.web.session import public
from app.web.site import desk, now

bp = Blueprint("links", __name__, url_prefix="/set-password")

Answer = Response | str | tuple[str, int]
_AGAIN = "Enter the same new password twice"


@bp.get("/<secret>")
@public
def page(secret: str) -> Answer:
    return _checked(secret, {})


@bp.post("/<secret>")
@public
def send(secret: str) -> Answer:
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        return _checked(secret, {"again": _AGAIN}, 422)
    try:
        links.use(desk(), secret, new, now())
    except Throttled as error:
        code = 503 if isinstance(error, Overloaded) else 429
        return _checked(secret, {"password": error.sentence}, code)
    except Refused as error:
        return _checked(secret, error.fields, 422)
    except NotFound:
        return _checked(secret, {}, 422)
    return redirect(url_for("session.sign_in", signed="new"))


def _checked(secret: str, wrong: dict[str, str], code: int = 200) -> Answer:
    """A link that is over and one that never was look the same."""
    try:
        row = links.whose(desk(), secret, now())
    except (Refused, NotFound):
        log.refused(desk().store, log.LINK, log.of_address(request.remote_addr or ""), now())
        return render_template("people/link.html", user=None, wrong={}), 410
    return render_template("people/link.html", user=row.id, secret=secret, wrong=wrong), code
