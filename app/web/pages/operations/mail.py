"""Mail for who looks after it: what waits and failed, what was sent, and sending it again.

What it says and to which address stands nowhere here.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import SendAgain, mail
from app.web.paging import Paging, asked_page
from app.web.site import desk, now, person, site

bp = Blueprint("mail", __name__)

PAGE_SIZE = 50
_DONE = "It waits to be sent, and goes within a few seconds if it can."


@bp.get("/mail")
def page() -> str:
    asked = request.args.get("show", "")
    which = asked if asked in mail.STATES else "open"
    late, number = site().config.mail.alarms_after, asked_page()
    found = mail.mail_page(desk(), person(), now(), late, which, number, PAGE_SIZE)
    base = url_for(".page", show=which)
    listed = found.listed
    return render_template(
        "mail/page.html", found=found, which=which, unsent=site().config.mail.unsent,
        paging=Paging(number, PAGE_SIZE, listed.number, base, listed.more),
    )  # fmt: skip


@bp.post("/mail/<letter>/again")
def again_here(letter: str) -> Response:
    mail.send_again(desk(), person(), letter, now())
    flash(_DONE, "success")
    return redirect(url_for(".page"))


@bp.get("/cases/<case>/mail")
def case_page(case: str) -> str:
    lines = mail.case_mail(desk(), person(), case, now())
    return render_template(
        "mail/case.html", case=case, lines=lines, unsent=site().config.mail.unsent
    )


@bp.post("/cases/<case>/mail/<letter>/again")
def again(case: str, letter: str) -> Response:
    key = request.form.get("_key") or None
    desk().do(SendAgain(actor=person(), at=now(), key=key, case=case, letter=letter))
    flash(_DONE, "success")
    here = request.form.get("from") == "page"
    return redirect(url_for(".page") if here else url_for(".case_page", case=case))
