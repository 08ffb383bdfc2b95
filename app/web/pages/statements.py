"""Pages about the site itself: the accessibility statement."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.web.session import public

bp = Blueprint("statements", __name__)


@bp.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("accessibility.html")
