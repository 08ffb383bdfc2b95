"""The page of what was recorded in a case; what stands in it and for whom is casework's."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.casework import views
from app.web.site import desk, now, person

bp = Blueprint("recorded", __name__, url_prefix="/cases/<case>/recorded")


@bp.get("")
def page(case: str) -> str:
    return render_template(
        "recorded.html", found=views.recorded_page(desk(), person(), case, now())
    )
