"""Where the second step of signing in is sent: a code, a passkey, or the first code of an app.

A passkey instead of a password arrives here too.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.casework import NotFound, Refused, Throttled, accounts
from app.casework.people.proof import passkeys, second_step
from app.web import second
from app.web.session import arrived, browser, holds, kept_again, local, public
from app.web.session import page as sign_in_page
from app.web.site import desk, now

bp = Blueprint("second_step", __name__, url_prefix="/sign-in")

Answer = Response | str | tuple[str | Response, int]


@bp.get("/second")
@public
def page() -> Answer:
    """Nobody is half the way here: a page that was opened anew."""
    return redirect(url_for("session.sign_in"))


@bp.post("/second")
@public
def send() -> Answer:
    form = request.form
    code = form.get("recovery", "").strip() or form.get("code", "")
    which = "recovery" if form.get("recovery", "").strip() else "code"
    return _step(
        lambda: second_step.by_code(desk(), _ticket(), code, now(), _address(), browser()), which
    )


@bp.post("/passkey-too")
@public
def passkey_too() -> Answer:
    form = request.form
    return _step(
        lambda: second_step.by_passkey(
            desk(), _site(), _ticket(), form.get("asked", ""), form.get("answer", ""), now(),
            _address(), browser(),
        ),
        "passkey",
    )  # fmt: skip


@bp.post("/passkey")
@public
def passkey() -> Answer:
    """Instead of a password."""
    form, next_page = request.form, local(request.form.get("next"))
    kept = form.get("kept", "")
    try:
        signed = second_step.by_passkey_alone(
            desk(), _site(), form.get("asked", ""), form.get("answer", ""), now(), _address(),
            browser(),
        )  # fmt: skip
    except Refused as error:
        return sign_in_page(next_page, kept, message=error.sentence, at=""), 422
    return arrived(signed, next_page, kept)


@bp.post("/set-up")
@public
def set_up() -> Answer:
    form = request.form
    try:
        signed, codes = second_step.set_up(
            desk(), _ticket(), form.get("sealed", ""), form.get("code", ""), now(), _address(),
            browser(),
        )  # fmt: skip
    except (Refused, Throttled) as error:
        return _again(error, "code")
    session.clear()
    g.person = signed.person
    to = local(form.get("next"))
    shown = render_template("people/codes.html", codes=codes, to=to, kept=form.get("kept", ""))
    return holds(make_response(shown), signed)


@bp.post("/go-on")
def go_on() -> Answer:
    """From the recovery codes to where one was going."""
    to, kept = local(request.form.get("next")), request.form.get("kept", "")
    return kept_again(to, kept) if kept else redirect(to)


def _step(do: Callable[[], accounts.SignedIn], field: str) -> Answer:
    try:
        signed = do()
    except (Refused, Throttled) as error:
        return _again(error, field)
    return arrived(signed, local(request.form.get("next")), request.form.get("kept", ""))


def _again(error: Refused | Throttled, field: str) -> Answer:
    form = request.form
    again = second.page(
        _ticket(), local(form.get("next")), form.get("kept", ""), wrong={field: error.sentence}
    )
    code = 429 if isinstance(error, Throttled) else 422
    return again if isinstance(again, Response) else (again, code)


def _ticket() -> str:
    return request.form.get("ticket", "")


def _address() -> str:
    return request.remote_addr or ""


def _site() -> passkeys.Site:
    bound = second.passkey_site()
    if bound is None:
        raise NotFound
    return bound
