"""The list of cases, and a case as people see it: where it stands, what waits for whom, by when.

What is long stands on pages of its own (`parts`); its history is `history`, orders to change it are
`orders`.
"""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, render_template, request, url_for

from app.audit.narrative import recent
from app.casework import look, views
from app.web.orders import offered
from app.web.pages.case.picture import picture, pictures, shown_first
from app.web.paging import Paging, asked_page
from app.web.site import desk, now, person

bp = Blueprint("cases", __name__, url_prefix="/cases")

PAGE_SIZE = 50
TABS = {"open": "Open", "mine": "Mine", "closed": "Closed", "all": "All"}


@bp.get("")
def listing() -> str:
    asked, number = request.args.get("show", ""), asked_page()
    which = asked if asked in TABS else "open"
    case_list = views.case_list(desk(), person(), now(), number, PAGE_SIZE, which, exact=False)
    base = url_for(".listing", show=which)
    paging = Paging(number, PAGE_SIZE, case_list.total, base, case_list.more)
    return render_template("cases.html", found=case_list, paging=paging, which=which, tabs=TABS)


@bp.get("/<case>")
def page(case: str) -> str:
    with look(desk(), person(), case, now(), "case") as seen:
        views.ask_page(seen)
        case_page = views.case_of(seen, ended=0)
        told = None if seen.whole else views.told_of(seen)
        lately = views.lately_recorded(seen)
        newest = recent(seen) if seen.whole else []
        beside = views.beside_of(seen)
        reach = views.whom_to_reach(seen, case_page.tasks)
    drawings = pictures(case_page)
    return render_template(
        "case/page.html",
        found=case_page,
        beside=beside,
        reach=reach,
        offered=offered(case_page.may),
        drawings=drawings,
        shown=shown_first(case_page, drawings),
        recent=newest,
        told=told,
        lately=lately,
        started=request.args.get("started") == "yes",
    )


@bp.get("/<case>/diagram.svg")
def diagram(case: str) -> Response:
    """Small on its way where the browser takes that: it holds no secret of a session and repeats
    nothing that was sent, so its size tells nobody anything (unlike that of a page)."""
    case_page = views.case_page(desk(), person(), case, now(), ended=0)
    svg = picture(case_page, request.args.get("process")).encode()
    answer = Response(svg, mimetype="image/svg+xml")
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        answer.set_data(gzip.compress(svg, 6, mtime=0))
        answer.content_encoding = "gzip"
    return answer
