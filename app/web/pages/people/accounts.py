"""Accounts for who keeps them: a list, one person with all that can be done to them, a new one.

Who may do it, and what is wrong with what was asked, is casework's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import store
from app.casework import ACCOUNTS, NotFound, Refused
from app.casework.people import changes, links, tokens
from app.scheduler.account_mail import ask_link, sends
from app.store import PersonRow
from app.web.pages.people.account_form import account_form, today, typed
from app.web.site import desk, now, person, require, site

bp = Blueprint("people", __name__, url_prefix="/people")

Answer = Response | str | tuple[str, int]


@bp.before_request
def _admit() -> None:
    require(ACCOUNTS)


@bp.get("")
def listing() -> Answer:
    with desk().store.reading() as unit:
        rows = store.people.accounts.everybody(unit)
    return render_template(
        "people/people.html", rows=rows, today=today(), roles=site().config.roles
    )


@bp.get("/new")
def new() -> Answer:
    return _form(None, None, {})


@bp.post("/new")
def make() -> Answer:
    given = typed()
    said, wrong = account_form(None).read(given, None)
    id = str(given.get("id", "")).strip()
    row = PersonRow(id, **said, password=None, disabled=False)
    if wrong:
        return _form(None, given, _also(row, wrong, new=True)), 422
    try:
        changes.make(desk(), person(), row, now())
    except Refused as error:
        return _form(None, given, error.fields or {"": error.sentence}), 422
    flash(
        "The account is made. Give a link next, so that the person can set a password.", "success"
    )
    return redirect(url_for(".page", who=row.id))


@bp.get("/<who>")
def page(who: str) -> Answer:
    return _page(who)


@bp.get("/<who>/change")
def change(who: str) -> Answer:
    return _form(_row(who), None, {})


@bp.post("/<who>/change")
def send_change(who: str) -> Answer:
    row = _row(who)
    given = typed()
    said, wrong = account_form(row).read(given, row)
    if wrong:
        after = replace(row, **said)
        return _form(row, given, _also(after, wrong, new=False)), 422
    try:
        changes.change(desk(), person(), who, now(), **said | {"email": said["email"] or ""})
    except Refused as error:
        return _form(row, given, error.fields or {"": error.sentence}), 422
    flash("The account is changed. It counts from now on.", "success")
    return redirect(url_for(".page", who=who))


@bp.get("/<who>/disable")
def ask_disable(who: str) -> Answer:
    """Asked once more: sessions, tokens and tasks do not come back."""
    row = _row(who)
    if row.disabled or row.id == person().id:
        return redirect(url_for(".page", who=who))
    with desk().store.reading() as unit:
        held = len(list(store.work.tasks.held_by(unit, who)))
    return render_template("people/disable.html", row=row, held=held)


@bp.post("/<who>/<what>")
def act(who: str, what: str) -> Answer:
    try:
        if what in ("link", "mail"):
            return _link(who, mailed=what == "mail")
        if what == "disable":
            count = changes.disable(desk(), person(), who, now())
            done = f"Nobody can sign in as this person now. Tasks that went back: {count}."
        elif what == "enable":
            changes.enable(desk(), person(), who, now())
            done = "The person can sign in again. Their tokens stay revoked."
        elif what == "sign-out":
            changes.sign_out(desk(), person(), who, now())
            done = "The person is signed out everywhere."
        elif what == "revoke":
            tokens.revoke(desk(), person(), who, request.form.get("token", ""), now())
            done = "The token is revoked."
        else:
            raise NotFound
    except Refused as error:
        return _page(who, error.sentence), 422
    flash(done, "success")
    return redirect(url_for(".page", who=who))


def _link(who: str, *, mailed: bool) -> Answer:
    row, config = _row(who), site().config
    if mailed:
        if not sends(config.mail, row.email):
            raise Refused("There is no email address, or no mail server.")
        ask_link(desk(), person(), row, now())
        flash("The link is mailed now. It opens once, in the 24 hours after it is sent.", "success")
        return redirect(url_for(".page", who=who))
    secret, until = links.issue(desk(), person(), who, now())
    shown = url_for("links.page", secret=secret, _external=True)
    return _page(who, link=(shown, until))


def _row(who: str) -> PersonRow:
    with desk().store.reading() as unit:
        row = store.people.accounts.find(unit, who)
    if row is None:
        raise NotFound
    return row


def _page(who: str, wrong: str = "", link: tuple[str, Any] | None = None) -> str:
    row = _row(who)
    return render_template(
        "people/person.html",
        row=row, wrong=wrong, link=link, own=row.id == person().id, at=now(),
        today=today(), roles=site().config.roles, scopes=tokens.WORDS,
        tokens=tokens.listed(desk(), person(), who), mails=sends(site().config.mail, row.email),
    )  # fmt: skip


def _form(row: PersonRow | None, given: dict[str, Any] | None, wrong: Mapping[str, str]) -> str:
    """As it was sent, or as it stands."""
    asked = account_form(row)
    filled = asked.filled(asked.begins(row) if given is None else given, wrong)
    general = [{"sentence": wrong[""], "target": ""}] if "" in wrong else []
    return render_template(
        "people/form.html",
        row=row, filled=filled, general=general, roles=asked.roles,
        blocks={block.path: block for block in filled.blocks}, said=asked.attributes,
    )  # fmt: skip


def _also(row: PersonRow, wrong: Mapping[str, str], *, new: bool) -> dict[str, str]:
    """All that is wrong at once, so that nobody is sent back twice."""
    with desk().store.reading() as unit:
        return changes.wrong_in(desk(), unit, row, new=new) | dict(wrong)
