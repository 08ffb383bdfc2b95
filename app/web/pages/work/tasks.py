"""The list of tasks a person has to do: their own, their groups', and what is late.

One task with its form is `task`.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import views
from app.casework.people import begun
from app.web.paging import Paging, asked_page
from app.web.site import desk, now, person, powers

bp = Blueprint("tasks", __name__)

PAGE_SIZE = 50
TABS = {"all": "All", "mine": "Mine", "groups": "My groups’", "late": "Late"}


@bp.get("/")
def home() -> Response:
    """Where a person's work is."""
    only_files = powers() == {"deploy"}
    return redirect(url_for("processes.versions" if only_files else "tasks.work_list"))


@bp.get("/tasks")
def work_list() -> str:
    asked, number = request.args.get("show", ""), asked_page()
    which = asked if asked in TABS else "all"
    work_page = views.work_list(desk(), person(), now(), which, number, PAGE_SIZE, exact=False)
    base = url_for(".work_list", show=which)
    return render_template(
        "tasks.html",
        found=work_page,
        which=which,
        tabs=TABS,
        paging=Paging(number, PAGE_SIZE, work_page.total, base, which in work_page.more),
        kept=begun.lines(desk(), person()),
        done=request.args.get("done"),
        following=request.args.get("next"),
    )
