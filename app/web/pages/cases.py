"""A case as people see it: where it stands, what is open, by when, and who is in it.

Its history is `history`; orders to change it are `orders`.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from app.audit.narrative import recent
from app.casework import look, views
from app.web.orders import offered
from app.web.pages.case_picture import picture, pictures
from app.web.paging import Paging, asked_page
from app.web.site import desk, now, person

bp = Blueprint("cases", __name__, url_prefix="/cases")

PAGE_SIZE = 50
#: deadlines that have ended, on the page of a case; all of them on demand
ENDED = 20


@bp.get("")
def listing() -> str:
    number = asked_page()
    case_list = views.case_list(desk(), person(), now(), number, PAGE_SIZE, exact=False)
    paging = Paging(number, PAGE_SIZE, case_list.total, url_for(".listing"), case_list.more)
    return render_template("cases.html", found=case_list, paging=paging)


@bp.get("/<case>")
def page(case: str) -> str:
    ended = None if request.args.get("deadlines") == "all" else ENDED
    with look(desk(), person(), case, now(), "case") as seen:
        case_page = views.case_of(seen, ended)
        newest = recent(seen) if seen.whole else []
        told = None if seen.whole else views.told_of(seen)
        lately = views.lately_recorded(seen)
    return render_template(
        "case.html",
        found=case_page,
        offered=offered(case_page.may),
        pictures=pictures(case_page),
        recent=newest,
        told=told,
        lately=lately,
        started=request.args.get("started") == "yes",
    )


@bp.get("/<case>/diagram.svg")
def diagram(case: str) -> Response:
    case_page = views.case_page(desk(), person(), case, now(), ended=0)
    return Response(picture(case_page, request.args.get("process")), mimetype="image/svg+xml")
