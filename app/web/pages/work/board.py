"""The board of open cases, for who looks after many of them. What it says is casework's."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from app.casework.reading.board import board
from app.web.paging import Paging, asked_page
from app.web.site import desk, now, person

bp = Blueprint("board", __name__)

PAGE_SIZE = 50
#: tasks of a case that stand on it at once; the rest folds
SHOWN = 3


@bp.get("/board")
def page() -> str:
    number = asked_page()
    found = board(desk(), person(), now(), number, PAGE_SIZE)
    paging = Paging(number, PAGE_SIZE, found.total, url_for(".page"))
    return render_template("board.html", found=found, paging=paging, shown=SHOWN)
