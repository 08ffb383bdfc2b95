"""The parts of a case that are long, each on a page of its own: all that is open and due, whom the
case names and who sees it, what it follows until it is done, its meetings, and its drawings."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.casework import NotFound, look, views
from app.web.pages.case.picture import pictures, shown_first
from app.web.site import desk, now, person

bp = Blueprint("parts", __name__, url_prefix="/cases/<case>")

#: deadlines that have ended; all of them on demand
ENDED = 20


@bp.get("/deadlines")
def deadlines(case: str) -> str:
    ended = None if request.args.get("ended") == "all" else ENDED
    with look(desk(), person(), case, now(), "deadlines") as seen:
        case_page = views.case_of(seen, ended)
        reach = views.whom_to_reach(seen, case_page.tasks)
    return render_template("case/deadlines.html", found=case_page, reach=reach)


@bp.get("/people")
def people(case: str) -> str:
    with look(desk(), person(), case, now(), "people", by="parts") as seen:
        case_page = views.case_of(seen, ended=0)
        reach = views.whom_to_reach(seen, case_page.tasks)
        members, persons = views.member_lines(seen), views.person_lines(seen.locked)
        contacts = views.contact_parts(seen)
    return render_template(
        "case/people.html", found=case_page, persons=persons, reach=reach, members=members,
        contacts=contacts,
    )  # fmt: skip


@bp.get("/followed")
def followed(case: str) -> str:
    with look(desk(), person(), case, now(), "what is followed", by="parts") as seen:
        matters, reference = views.matter_lines(seen), seen.row.reference
    return render_template("case/followed.html", case=reference, matters=matters)


@bp.get("/meetings")
def meetings(case: str) -> str:
    with look(desk(), person(), case, now(), "meetings", by="parts") as seen:
        page = views.meetings_of(seen)
    return render_template("case/meetings.html", found=page)


@bp.get("/drawings")
def drawings(case: str) -> str:
    """All by name; the one that is asked for drawn, else that in which the case stands."""
    with look(desk(), person(), case, now(), "drawings", by="drawing") as seen:
        case_page = views.case_of(seen, ended=0)
    there = pictures(case_page)
    asked = request.args.get("process")
    shown = next((one for one in there if one.process == asked), None)
    if asked and shown is None:
        raise NotFound
    shown = shown or shown_first(case_page, there)
    return render_template("case/drawings.html", found=case_page, drawings=there, shown=shown)
