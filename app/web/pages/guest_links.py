"""Where a guest's link leads: to the question for a code.

Opening a link uses nothing up, so that whatever looks through mails does no harm. A link that was
used, is over, was withdrawn or never was answers with one and the same page.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.casework import NotFound, Refused, Throttled
from app.casework.cases import installation_log as log
from app.casework.people import guests
from app.scheduler.text_messages import send_code
from app.web.session import public, set_cookie
from app.web.site import desk, now, site

bp = Blueprint("guest_links", __name__)

Answer = Response | str | tuple[str, int]
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
        contact, code = guests.texted(desk(), secret, now())
    except NotFound:
        return _gone(secret)
    except Throttled as error:
        return _asks_code(secret, error.sentence, 429)
    except Refused:
        return _asks_code(secret, _NOT_SENT, 422)
    if not send_code(sms, site().config.title, contact.telephone, code):
        return _asks_code(secret, _NOT_SENT, 503)
    return _asks_code(secret, texted=True)


def _asks_code(secret: str, wrong: str = "", code: int = 200, *, texted: bool = False) -> Answer:
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
