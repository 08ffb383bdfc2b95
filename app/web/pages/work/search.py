"""Searching for a case. What is typed is sent, never put into an address as it is: the address of
what was found holds it sealed, for who typed it alone, so that one can go back to it.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Refused
from app.casework.reading.search import SearchPage, opened, sealed, search
from app.web.site import desk, now, person

bp = Blueprint("search", __name__)

Answer = Response | str | tuple[str, int]


@bp.get("/search")
def page() -> Answer:
    typed = opened(desk(), person(), request.args.get("typed", ""))
    return _render() if typed is None else _found(typed)


@bp.post("/search")
def send() -> Answer:
    typed = request.form.get("words", "")
    kept = sealed(desk(), person(), typed)
    return redirect(url_for(".page", typed=kept), 303)


def _found(typed: str) -> Answer:
    try:
        found = search(desk(), person(), typed, now())
    except Refused as error:
        return _render(typed=typed, problem=error.fields["words"]), 422
    if len(found.rows) == 1 and found.by_reference:
        return redirect(url_for("cases.page", case=found.rows[0].case), 303)
    return _render(typed=typed, found=found)


def _render(*, typed: str = "", problem: str | None = None, found: SearchPage | None = None) -> str:
    return render_template("search.html", typed=typed, problem=problem, found=found)
