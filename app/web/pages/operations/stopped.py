"""What has stopped, over all cases, and the order to try it again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import RetryIncident, views
from app.web.site import desk, now, person, require

bp = Blueprint("stopped", __name__)


@bp.get("/stopped")
def page() -> str:
    return render_template("stopped.html", found=views.stopped_page(desk(), person(), now()))


@bp.post("/cases/<case>/incidents/<int:incident>/retry")
def retry(case: str, incident: int) -> Response:
    """Back to where it was asked: the list, or the case's own page."""
    require("mend")
    desk().do(RetryIncident(actor=person(), at=now(), case=case, incident=incident))
    flash("It is tried again now. Look again in a moment.", "success")
    to_list = request.form.get("back") == "list"
    return redirect(url_for(".page") if to_list else url_for("cases.page", case=case))
