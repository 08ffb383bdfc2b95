"""The list of tasks a person has to do: their own, their groups’, and what is late, narrowed as
they wish; the lists that they saved; what they have done lately.

One task with its form is `task`.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Refused, views
from app.casework.people import begun, saved_lists
from app.casework.people.saved_lists import SavedList
from app.casework.reading import narrowing
from app.casework.reading.done_lately import done_lately
from app.casework.reading.narrowing import Narrowing
from app.web.paging import Paging, asked_page
from app.web.site import desk, now, person, powers

bp = Blueprint("tasks", __name__)

PAGE_SIZE = 50
TABS = {"all": "All", "mine": "Mine", "groups": "My groups’", "late": "Late"}
#: a value of what can be wished for → what it is called on the page
DUE = {
    "breach": "National limit passed",
    "late": "Late",
    "soon": "In the next 7 days",
    "later": "Later than that",
    "none": "No deadline",
}
BEGUN = {"me": "Begun by me", "others": "Begun by somebody else", "nobody": "Begun by nobody"}
ORDERS = {
    "": "Due first",
    "waiting": "Waiting longest",
    "newest": "Newest",
    "name": "By what is to be done",
    "case": "By case",
}
_WISHES = ("name", "group", "due", "begun", "order")

Answer = Response | str | tuple[str, int]


@bp.get("/")
def home() -> Response:
    """Where a person's work is."""
    only_files = powers() == {"deploy"}
    return redirect(url_for("processes.versions" if only_files else "tasks.work_list"))


@bp.get("/tasks")
def work_list() -> str:
    return _page(request.args.to_dict())


@bp.post("/tasks/saved")
def save() -> Answer:
    given = request.form.to_dict()
    which, wish = _which(given), _wish(given)
    name, shared = given.get("called", ""), given.get("shared", "")
    try:
        saved_lists.save(desk(), person(), name, which, wish, shared, now())
    except Refused as error:
        return _page(given, error.fields or {"name": error.sentence}), 422
    flash(f"The list “{' '.join(name.split())}” is saved.", "success")
    return redirect(_address(which, wish))


@bp.post("/tasks/saved/remove")
def remove() -> Response:
    saved_lists.remove(desk(), person(), request.form.get("called", ""))
    flash("The list is removed. The tasks in it stay as they are.", "success")
    return redirect(url_for(".work_list", narrow="yes"))


@bp.get("/tasks/done")
def done() -> str:
    number = asked_page()
    done_page = done_lately(desk(), person(), now(), number, PAGE_SIZE)
    paging = Paging(number, PAGE_SIZE, done_page.total, url_for(".done"), done_page.more)
    return render_template("tasks_done.html", found=done_page, tabs=TABS, paging=paging)


def _page(given: dict[str, str], wrong: dict[str, str] | None = None) -> str:
    which, wish, number = _which(given), _wish(given), asked_page()
    wished = wish != Narrowing()
    work_page = (
        narrowing.narrowed_list(desk(), person(), now(), which, wish, number, PAGE_SIZE)
        if wished
        else views.work_list(desk(), person(), now(), which, number, PAGE_SIZE, exact=False)
    )
    open_ = wished or bool(wrong) or given.get("narrow") == "yes"
    base = _address(which, wish)
    return render_template(
        "tasks.html",
        found=work_page,
        which=which,
        tabs=TABS,
        tab_links={key: _address(key, wish) for key in TABS},
        wish=wish,
        wished=wished,
        choices=narrowing.choices(desk(), person(), now()) if open_ else None,
        words={"due": DUE, "begun": BEGUN, "order": ORDERS},
        saved=[(one, _address(one.which, one.wish)) for one in _saved()],
        wrong=wrong or {},
        given=given,
        paging=Paging(number, PAGE_SIZE, work_page.total, base, which in work_page.more),
        kept=begun.lines(desk(), person()),
        done=request.args.get("done"),
        following=request.args.get("next"),
    )


def _saved() -> tuple[SavedList, ...]:
    return saved_lists.saved(desk(), person(), now())


def _which(given: dict[str, str]) -> str:
    asked = given.get("show", "")
    return asked if asked in TABS else "all"


def _wish(given: dict[str, str]) -> Narrowing:
    return saved_lists.wished(**{wish: given[wish] for wish in _WISHES if given.get(wish)})


def _address(which: str, wish: Narrowing) -> str:
    wishes = {name: getattr(wish, name) for name in _WISHES if getattr(wish, name)}
    return f"{url_for('.work_list')}?{urlencode({'show': which, **wishes})}"
