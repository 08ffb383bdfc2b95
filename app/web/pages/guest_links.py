"""Where a guest's link leads: to the question for a code.

Opening a link uses nothing up, so that whatever looks through mails does no harm. A link that was
used, is over, was withdrawn or never was answers with one and the same page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.casework import NotFound, Refused, Throttled
from app.casework.cases import installation_log as log
from app.casework.people import guests
from app.scheduler.text_messages import Sent, behind, send_code
from app.web.session import public, set_cookie
from app.web.site import desk, now, site

bp = Blueprint("guest_links", __name__)

Answer = Response | str | tuple[str, int]
_ON_ITS_WAY = (
    "A code is on its way to the telephone number that we hold for you. It lasts 15 minutes."
)
_TRIED = (
    "The text message could not be sent at once. It is tried again for the 15 minutes that the code"
    " lasts. If none comes, ring the team: they can read out a code to you."
)
_NOT_SENT = "The text message could not be sent. Ring the team: they can read out a code to you."


@bp.get("/guest-link/<secret>")
@public
def link(secret: str) -> Answer:
    return _asks_code(secret)


@bp.post("/guest-link/<secret>")
@public
def use(secret: str) -> Answer:
    action = request.form.get("_action", "")
    if action == "again":
        guests.again(desk(), secret, now())
        return render_template("guest/gone.html", sent=True, again="")
    if action == "text":
        return _text(secret)
    try:
        arrived = guests.enter(desk(), secret, request.form.get("code", ""), now())
    except Refused as error:
        _counted(log.GUEST_CODE)
        return _asks_code(secret, error.sentence, 422)
    except NotFound:
        return _gone(secret)
    session.clear()  # whoever comes in gets a new form token
    answer = redirect(url_for("guest.page"))
    set_cookie(answer, "guest", arrived.token)
    return answer


def _text(secret: str) -> Answer:
    sms = site().config.mail.sms
    if sms is None:
        return _asks_code(secret)
    try:
        made = guests.texted(desk(), secret, now())
    except NotFound:
        return _gone(secret)
    except Throttled as error:
        return _asks_code(secret, error.sentence, 429)
    except Refused:
        return _asks_code(secret, _NOT_SENT, 422)
    once = partial(send_code, sms, site().config.title, made.contact.telephone, made.code)
    sent = once()
    if sent is Sent.LATER and behind(once, _waits_for(made), guests.LASTS.total_seconds()):
        return _asks_code(secret, texted=_TRIED)
    if sent is not Sent.TAKEN:
        return _asks_code(secret, _NOT_SENT, 503)
    return _asks_code(secret, texted=_ON_ITS_WAY)


def _waits_for(made: guests.Texted) -> Callable[[], bool]:
    """Whether the code is still wanted; also asked when this request is over."""
    there, clock = desk(), site().clock
    return lambda: guests.serves(there, made, clock())


def _asks_code(secret: str, wrong: str = "", code: int = 200, *, texted: str = "") -> Answer:
    try:
        guests.demand(desk(), secret, now())
    except NotFound:
        return _gone(secret)
    mail = site().config.mail
    page = render_template(
        "guest/code.html", secret=secret, wrong=wrong, texted=texted, sms=mail.sms is not None,
        ring=mail.ring,
    )  # fmt: skip
    return page, code


def _gone(secret: str) -> Answer:
    _counted(log.LINK)
    return render_template("guest/gone.html", sent=False, again=request.path), 410


def _counted(what: str) -> None:
    log.refused(desk().store, what, log.of_address(request.remote_addr or ""), now())
