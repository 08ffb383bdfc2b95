"""Accounts for who keeps them: a list, one person with all that can be done to them, a new one.

Who may do it, and what is wrong with what was asked, is casework's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import store
from app.casework import ACCOUNTS, NotFound, Refused
from app.casework.people import changes, links, tokens
from app.engine import day_in_london
from app.scheduler.account_mail import send_link, sends
from app.store import PersonRow
from app.web.site import desk, now, person, require, site

bp = Blueprint("people", __name__, url_prefix="/people")

Answer = Response | str | tuple[str, int]
_DAY = "Enter a day like 2027-04-01, or leave it empty"
_LINE = "Enter what is said of the person like agency=police, a line each"


@bp.before_request
def _admit() -> None:
    require(ACCOUNTS)


@bp.get("")
def listing() -> Answer:
    with desk().store.reading() as unit:
        rows = store.people.accounts.everybody(unit)
    return render_template(
        "people/people.html", rows=rows, today=day_in_london(now()), roles=site().config.roles
    )


@bp.get("/new")
def new() -> Answer:
    return _form(None, {})


@bp.post("/new")
def make() -> Answer:
    given, wrong = _read()
    if wrong:
        return _form(None, wrong), 422
    row = PersonRow(request.form.get("id", "").strip(), **given, password=None, disabled=False)
    try:
        changes.make(desk(), person(), row, now())
    except Refused as error:
        return _form(None, error.fields or {"": error.sentence}), 422
    flash(
        "The account is made. Give a link next, so that the person can set a password.", "success"
    )
    return redirect(url_for(".page", who=row.id))


@bp.get("/<who>")
def page(who: str) -> Answer:
    return _page(who)


@bp.get("/<who>/change")
def change(who: str) -> Answer:
    return _form(_row(who), {})


@bp.post("/<who>/change")
def send_change(who: str) -> Answer:
    row = _row(who)
    given, wrong = _read()
    if wrong:
        return _form(row, wrong), 422
    given["email"] = given["email"] or ""
    try:
        changes.change(desk(), person(), who, now(), **given)
    except Refused as error:
        return _form(row, error.fields or {"": error.sentence}), 422
    flash("The account is changed. It counts from now on.", "success")
    return redirect(url_for(".page", who=who))


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
    if mailed and not sends(config.mail, row.email):
        raise Refused("There is no email address, or no mail server.")
    secret, until = links.issue(desk(), person(), who, now())
    if not mailed:
        shown = url_for("links.page", secret=secret, _external=True)
        return _page(who, link=(shown, until))
    if send_link(config.mail, row.email or "", config.title, secret, until, now()):
        flash("The link was mailed. It opens once, in the next 24 hours.", "success")
        return redirect(url_for(".page", who=who))
    raise Refused("The mail server did not take the mail. Try again, or show the link.")


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
        today=day_in_london(now()), roles=site().config.roles, scopes=tokens.SCOPES,
        tokens=tokens.listed(desk(), person(), who), mails=sends(site().config.mail, row.email),
    )  # fmt: skip


def _form(row: PersonRow | None, wrong: Mapping[str, str]) -> str:
    """As it was sent, or as it stands."""
    form = request.form
    if form:
        held = _held()
        said = {name: form.get(name, "") for name in ("id", "name", "email", "attributes")}
    else:
        held = [(role, *_days(row, role)) for role in row.roles] if row else []
        attributes = row.attributes.items() if row else ()
        said = {
            "id": "", "name": row.name if row else "", "email": (row.email or "") if row else "",
            "attributes": "\n".join(f"{name}={value}" for name, value in attributes),
        }  # fmt: skip
    held += [("", "", "")] * (2 if held else 3)
    return render_template(
        "people/form.html", row=row, said=said, held=held, wrong=wrong, roles=site().config.roles
    )


def _days(row: PersonRow, role: str) -> tuple[str, str]:
    first, last = row.days.get(role) or (None, None)
    return first.isoformat() if first else "", last.isoformat() if last else ""


def _held() -> list[tuple[str, str, str]]:
    """(role, first day, last day), as it was typed."""
    form = request.form
    several = zip(form.getlist("role"), form.getlist("first"), form.getlist("last"), strict=False)
    return [each for each in several if each[0].strip()][:100]


def _read() -> tuple[dict[str, Any], dict[str, str]]:
    form, wrong = request.form, {}
    days = {}
    for role, first, last in _held():
        try:
            span = _day(first), _day(last)
        except ValueError:
            wrong["roles"] = _DAY
            continue
        if any(span):
            days[role] = span
    attributes = {}
    for line in form.get("attributes", "").splitlines():
        name, equals, value = line.partition("=")
        if line.strip() and not equals:
            wrong["attributes"] = _LINE
        elif line.strip():
            attributes[name.strip()] = value.strip()
    given = {
        "name": form.get("name", "").strip(), "email": form.get("email", "").strip() or None,
        "roles": tuple(sorted({role for role, _, _ in _held()})), "days": days,
        "attributes": attributes,
    }  # fmt: skip
    return given, wrong


def _day(text: str) -> date | None:
    return date.fromisoformat(text.strip()) if text.strip() else None
