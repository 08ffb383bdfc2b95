"""Single sign-on: to the provider and back, and its word that somebody signed out there.

What is asked of it is remembered sealed in a cookie of this browser and serves once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from hmac import compare_digest

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.casework import NotFound, Refused, SecondNeeded
from app.casework.cases import installation_log as log
from app.casework.people import sign_on
from app.casework.people.proof import seals
from app.web import second
from app.web.provider import Away, Provider, provider
from app.web.session import arrived, browser, cookie_name, local, page, public, set_cookie
from app.web.site import desk, now

bp = Blueprint("sign_on", __name__, url_prefix="/sign-on")
#: the provider itself sends here: no browser, and so no cookie and no form token
ended = Blueprint("sign_on_ended", __name__, url_prefix="/sign-on")

Answer = AnyResponse | str | tuple[str, int]
LASTS = timedelta(minutes=10)
_PLACE, _COOKIE = "sign on", "sign_on"
_LOST = "This sign-in was used already, took too long, or began in another browser. Start again."


def _provider() -> Provider:
    known = provider()
    if known is None:
        raise NotFound
    return known


@bp.get("")
@public
def begin() -> Answer:
    """Another site that leads here signs nobody in: somebody has to press the button themselves."""
    next_page = local(request.args.get("next"))
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect(url_for("session.sign_in", next=next_page))
    return _begin(next_page, "")


@bp.get("/link/<secret>")
@public
def begin_with_link(secret: str) -> Answer:
    """Opening it uses nothing up: only who comes back from the provider uses the link."""
    return _begin("/", secret)


def _begin(next_page: str, link: str) -> Answer:
    known = _provider()
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    try:
        address = known.begin(state, nonce, verifier, now())
    except Away as error:
        return _refused(error, next_page)
    said = [state, nonce, verifier, next_page[:1000], link[:100]]
    answer = redirect(address)
    kept = seals.sealed(desk().store.keys, _PLACE, now(), said)
    set_cookie(answer, _COOKIE, kept, int(LASTS.total_seconds()))
    return answer


@bp.get("/back")
@public
def back() -> Answer:
    known, kept = _provider(), request.cookies.get(cookie_name(_COOKIE), "")
    next_page = "/"
    try:
        state, nonce, verifier, next_page, link = _asked(kept)
        _answers(state, known)
        code = request.args.get("code", "")
        vouched = known.redeem(code, verifier, nonce, now())
    except Refused as error:
        log.refused(desk().store, log.SIGN_ON, log.of_address(_address()), now())
        return _refused(error, next_page)
    answer: Answer
    try:
        signed = sign_on.sign_on(desk(), vouched, now(), _address(), browser(), link)
        answer = arrived(signed, local(next_page))
    except SecondNeeded as needed:
        answer = second.page(needed.ticket, local(next_page))
    except Refused as error:
        return _refused(error, next_page)
    return answer


def _asked(kept: str) -> list[str]:
    """What this browser was sent away with; it serves once. Raises `Refused`."""
    keys = desk().store.keys
    said = seals.opened(keys, _PLACE, kept, now(), LASTS) if kept else None
    state = request.args.get("state", "")
    if said is None or not compare_digest(str(said[0]).encode(), state.encode()):
        raise Refused(_LOST)
    with desk().store.writing() as unit:
        if not seals.spend(unit, kept, now(), LASTS):
            raise Refused(_LOST)
    return [str(part) for part in said]


def _answers(state: str, known: Provider) -> None:
    """Whether the provider has said yes. Raises `Refused`."""
    if request.args.get("iss", known.settings.issuer) != known.settings.issuer:
        raise Refused("Another provider answered than the one that was asked. Start again.")
    if request.args.get("error") or not request.args.get("code"):
        raise Refused("The provider did not sign you in. Start again, or ask whom it belongs to.")


def _refused(error: Refused, next_page: str) -> Answer:
    code = 503 if isinstance(error, Away) else 422
    return page(local(next_page, ""), message=error.sentence, at=""), code


def _address() -> str:
    return request.remote_addr or ""


@ended.post("/ended")
@public
def signed_out_there() -> Response:
    """OpenID Connect Back-Channel Logout 1.0."""
    known, token = _provider(), request.form.get("logout_token", "")
    try:
        subject, sid, name = known.ended(token, now())
        mark = hashlib.sha256(f"logout {name}".encode()).hexdigest()
        with desk().store.writing() as unit:
            first = seals.spend(unit, mark, now(), LASTS)
        if not first:
            raise Refused("This message came before.")
    except Refused as error:
        log.refused(desk().store, log.SIGN_ON, log.of_address(_address()), now())
        code = 503 if isinstance(error, Away) else 400
        return Response(error.sentence, code, content_type="text/plain; charset=utf-8")
    sign_on.ended_there(desk(), known.settings.issuer, subject, sid, now())
    return Response(status=200)
