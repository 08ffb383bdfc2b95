"""Your account: the password, when mail comes, where you are signed in, and your tokens."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.casework import Overloaded, Refused, Throttled, accounts
from app.casework.people import daily_mail, feeds, sessions, tokens
from app.web.session import browser, own_token, set_session
from app.web.site import desk, now, person, site

bp = Blueprint("account", __name__, url_prefix="/account")

Answer = Response | str | tuple[str, int]
_AGAIN = "Enter the same new password twice"
#: what is chosen of mail → whether it comes once a day
_MAIL = {"at_once": False, "daily": True}


@bp.get("")
def page() -> Answer:
    return _page({})


@bp.post("/password")
def password() -> Answer:
    form = request.form
    old, new = form.get("old", ""), form.get("password", "")
    if new != form.get("again", ""):
        return _page({"again": _AGAIN}), 422
    try:
        secret = accounts.change_password(desk(), person(), old, new, now(), browser())
    except Throttled as error:
        code = 503 if isinstance(error, Overloaded) else 429
        return _page({"old": error.sentence}), code
    except Refused as error:
        return _page(error.fields or {"old": error.sentence}), 422
    session.clear()
    flash("Your password is changed. Everything else you were signed in to has ended.", "success")
    answer = redirect(url_for(".page"))
    set_session(answer, secret)
    return answer


@bp.post("/mail")
def choose_mail() -> Answer:
    chosen = _MAIL.get(request.form.get("mail", ""))
    if chosen is None:
        return _page({"mail": "Choose when you get mail"}), 422
    daily_mail.choose(desk(), person(), chosen, now())
    flash("You get one mail a day." if chosen else "You get each mail at once.", "success")
    return redirect(url_for(".page"))


@bp.post("/sessions/end")
def end_session() -> Answer:
    sessions.end_own(desk(), person(), request.form.get("session", ""), now())
    flash("That session has ended.", "success")
    return redirect(url_for(".page"))


@bp.post("/sessions/end-others")
def end_others() -> Answer:
    sessions.end_others(desk(), person(), own_token(), now())
    flash("You are signed in here only.", "success")
    return redirect(url_for(".page"))


@bp.post("/tokens")
def make_token() -> Answer:
    form = request.form
    text = form.get("days", "").strip()
    days = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    until = now() + timedelta(days=days)
    try:
        secret, _ = tokens.make(
            desk(), person(), person().id, form.get("name", ""), now(),
            scope=form.getlist("scope"), expires=until,
        )  # fmt: skip
    except Refused as error:
        return _page(error.fields or {"name": error.sentence}), 422
    return _page({}, secret)


@bp.post("/tokens/revoke")
def revoke() -> Answer:
    try:
        tokens.revoke(desk(), person(), person().id, request.form.get("token", ""), now())
    except Refused as error:
        return _page({"name": error.sentence}), 422
    flash("The token is revoked.", "success")
    return redirect(url_for(".page"))


@bp.post("/calendar")
def make_feed() -> Answer:
    secret = feeds.make(desk(), person(), now())
    return _page({}, feed=url_for("calendar.read", secret=secret, _external=True))


@bp.post("/calendar/end")
def end_feed() -> Answer:
    feeds.end(desk(), person(), now())
    flash("Your calendar address opens nothing any more.", "success")
    return redirect(url_for(".page"))


def _page(wrong: dict[str, str], secret: str = "", feed: str = "") -> str:
    form, own = request.form, tokens.listed(desk(), person(), person().id)
    return render_template(
        "people/own.html",
        wrong=wrong, secret=secret, at=now(), scopes=tokens.SCOPES, roles=site().config.roles,
        sessions=sessions.listed(desk(), person(), own_token(), now()),
        tokens=[row for row in own if row.scope != (tokens.FEED,)], feed=feed,
        reads=feeds.current(desk(), person(), now()),
        daily=daily_mail.wants_daily(desk(), person()),
        hour=site().config.mail.digest_at,
        given={"name": form.get("name", ""), "days": form.get("days", "90"),
               "scope": form.getlist("scope") or ["read"]},
    )  # fmt: skip
