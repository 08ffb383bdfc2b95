"""Other cases that may be about the same people: how many first, which only once the look is an
order of its own.

What two cases share is casework's; laying one beside another before a merge is `orders`'.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.casework import commands, views
from app.web.site import desk, now, person

bp = Blueprint("alike", __name__, url_prefix="/cases/<case>/alike")


@bp.get("")
def page(case: str) -> str:
    refused = views.refusal_of(desk(), person(), case, commands.LookAcross)
    mine, others = views.alike_cases(desk(), person(), case, now())
    return render_template("alike.html", mine=mine, count=len(others), others=None, refused=refused)


@bp.post("")
def look(case: str) -> str:
    key = request.form.get("_key") or None
    desk().do(commands.LookAcross(actor=person(), at=now(), key=key, case=case))
    mine, others = views.alike_cases(desk(), person(), case, now())
    may_merge = views.case_page(desk(), person(), case, now(), ended=0).may
    return render_template(
        "alike.html", mine=mine, count=len(others), others=others, refused=None,
        merges="merge" in may_merge,
    )  # fmt: skip
