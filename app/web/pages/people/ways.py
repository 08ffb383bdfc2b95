"""How one signs in: one's own authenticator app, recovery codes, passkeys and work accounts."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import NotFound, Refused
from app.casework.people.proof import own, passkeys
from app.web import second
from app.web.session import own_token
from app.web.site import desk, now, person

bp = Blueprint("ways", __name__, url_prefix="/account/ways")

Answer = Response | str | tuple[str, int]


@bp.get("")
def page() -> Answer:
    return _page({})


@bp.post("/app")
def set_up_app() -> Answer:
    form = request.form
    try:
        codes = own.set_up_app(
            desk(), person(), own_token(), form.get("sealed", ""), form.get("code", ""), now()
        )
    except Refused as error:
        return _page(error.fields or {"": error.sentence}), 422
    return render_template("people/codes.html", codes=codes, to=url_for(".page"), kept="")


@bp.post("/codes")
def renew_codes() -> Answer:
    try:
        codes = own.renew_codes(desk(), person(), own_token(), now())
    except Refused as error:
        return _page({"": error.sentence}), 422
    return render_template("people/codes.html", codes=codes, to=url_for(".page"), kept="")


@bp.post("/passkeys")
def add_passkey() -> Answer:
    form, bound = request.form, second.passkey_site()
    if bound is None:
        raise NotFound
    return _done(
        lambda: own.add_passkey(
            desk(), bound, person(), own_token(), form.get("name", ""), form.get("asked", ""),
            form.get("answer", ""), now(),
        ),
        "The passkey is kept. You can sign in with it from now on.",
    )  # fmt: skip


@bp.post("/passkeys/remove")
def remove_passkey() -> Answer:
    name = request.form.get("passkey", "")
    return _done(
        lambda: own.remove_passkey(desk(), person(), own_token(), name, now()),
        "The passkey opens nothing here any more. Remove it from your device too.",
    )


def _done(do: Callable[[], None], words: str) -> Answer:
    try:
        do()
    except Refused as error:
        return _page(error.fields or {"": error.sentence}), 422
    flash(words, "success")
    return redirect(url_for(".page"))


def _page(wrong: dict[str, str]) -> str:
    shown, bound = own.shown(desk(), person(), own_token(), now()), second.passkey_site()
    offer = None if shown.factors.app or not shown.fresh else second.offered(shown.row)
    making = None
    if bound is not None and shown.fresh:
        making = passkeys.to_make(desk(), bound, shown.row, now())
    return render_template(
        "people/ways.html",
        own=shown, offer=offer, making=making, bound=bound, wrong=wrong, stale=own.STALE,
        name=request.form.get("name", ""),
    )  # fmt: skip
