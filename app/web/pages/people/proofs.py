"""Second factors and work accounts of somebody, for who keeps accounts: seen, and taken away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import store
from app.casework import ACCOUNTS, NotFound, Refused
from app.casework.people.proof import demand, resetting
from app.scheduler.account_mail import tell_reset
from app.web.site import desk, now, person, require, site

bp = Blueprint("proofs", __name__, url_prefix="/people")

Answer = Response | str | tuple[str, int]


@bp.before_request
def _admit() -> None:
    require(ACCOUNTS)


@bp.get("/<who>/second-factor")
def page(who: str) -> Answer:
    return _page(who)


@bp.post("/<who>/second-factor/reset")
def reset(who: str) -> Answer:
    try:
        row = resetting.reset(desk(), person(), who, now())
    except Refused as error:
        return _page(who, error.sentence), 422
    mailed = tell_reset(desk(), site().config.mail, row, now())
    told = "They are told by mail." if mailed else "No mail can go to them: tell them yourself."
    flash(f"The second factor is reset, and every session has ended. {told}", "success")
    return redirect(url_for(".page", who=who))


@bp.post("/<who>/second-factor/unlink")
def unlink(who: str) -> Answer:
    form = request.form
    try:
        resetting.unlink(
            desk(), person(), who, form.get("issuer", ""), form.get("subject", ""), now()
        )
    except Refused as error:
        return _page(who, error.sentence), 422
    flash("The work account opens nothing here any more.", "success")
    return redirect(url_for(".page", who=who))


def _page(who: str, wrong: str = "") -> str:
    with desk().store.reading() as unit:
        row = store.people.accounts.find(unit, who)
        if row is None:
            raise NotFound
        factors = demand.has(unit, who)
        identities = store.people.identities.of_person(unit, who)
    return render_template(
        "people/proofs.html",
        row=row, factors=factors, identities=identities, wrong=wrong,
        demanded=demand.demanded(desk(), row, now()), own=who == person().id,
    )  # fmt: skip
