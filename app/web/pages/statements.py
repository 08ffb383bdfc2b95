"""Pages about the site itself: the accessibility statement, and whether it is up."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from app.web.session import public

bp = Blueprint("statements", __name__)


@bp.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("accessibility.html")


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Says that the web process answers, and nothing else to strangers."""
    return jsonify(status="ok")
