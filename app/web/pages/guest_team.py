"""What the team sees and does about the guest of a task: a code, a new link, its end."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import NotFound, Refused
from app.casework.people import guests
from app.scheduler.guest_mail import address
from app.web.site import desk, now, person, site

bp = Blueprint("guest_team", __name__, url_prefix="/cases/<case>/tasks/<task>/guest")

Answer = Response | str | tuple[str, int]


@bp.get("")
def page(case: str, task: str) -> Answer:
    return _page(case, task)


@bp.post("")
def send(case: str, task: str) -> Answer:
    action = request.form.get("_action")
    if action == "read_out":
        try:
            contact, code = guests.read_out(desk(), person(), case, task, now())
        except Refused as error:
            return _page(case, task, refused=error.sentence), 422
        return _page(case, task, code=f"{code[:4]} {code[4:]}", to=contact)
    if action == "withdraw":
        guests.withdraw(desk(), person(), case, task, now())
        flash("Their link opens nothing any more.", "success")
    elif action == "show" and _shows():
        return _shown(case, task)
    else:
        guests.send_anew(desk(), person(), case, task, now())
        flash("A new link goes to the address that the case holds.", "success")
    return redirect(url_for(".page", case=case, task=task))


def _shows() -> bool:
    """A demonstration without a mail server shows the link that it would mail."""
    return site().config.demo is not None and not site().config.mail.leaves


def _shown(case: str, task: str) -> str:
    if guests.panel(desk(), person(), case, task, now()) is None:
        raise NotFound
    with_id = guests.case_id(desk(), case)
    mail, lasts = site().config.mail, timedelta(days=site().config.mail.guest_days)
    made = guests.invite(desk(), with_id, task, now(), lasts, person())
    link = address(mail, made.secret) if made is not None else ""
    return _page(case, task, link=link)


def _page(
    case: str,
    task: str,
    *,
    code: str = "",
    to: guests.Contact | None = None,
    link: str = "",
    refused: str = "",
) -> str:
    shown = guests.panel(desk(), person(), case, task, now())
    if shown is None:
        raise NotFound
    return render_template(
        "guest/team.html", case=case, task=task, shown=shown, code=code, to=to, link=link,
        refused=refused, shows=_shows(), sms=site().config.mail.sms is not None,
    )  # fmt: skip
