"""What was published over all cases: found by words, theme, year and kind; its files; it as CSV.

What is published, and what of it is told to whom, is casework's; the API gives the same in JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, render_template, request, url_for

from app.audit.exports import table_csv
from app.casework.reading.published import (
    PAGE_SIZE,
    PublishedAction,
    PublishedPage,
    PublishedPiece,
    Wish,
    published,
    published_file,
)
from app.web.paging import Paging, asked_page
from app.web.site import desk, now, person

bp = Blueprint("learning", __name__, url_prefix="/learning")

LONGEST = 200
_HEAD = (
    "Published", "Kind", "Title", "Themes", "Address", "What changed", "Action", "Organisation",
    "Owner", "Due", "Status", "What shows that it was done", "What it changed",
)  # fmt: skip


@bp.get("")
def page() -> str:
    wish, number = asked_wish(), asked_page()
    found = published(desk(), person(), wish, number)
    paging = Paging(number, PAGE_SIZE, found.total, url_for(".page") + _query(wish))
    return render_template(
        "learning.html",
        found=found,
        wish=wish,
        paging=paging,
        csv=f"{url_for('.csv')}{_query(wish)}",
        safe_address=safe_address,
    )


@bp.get("/download.csv")
def csv() -> Response:
    """A row for each action; of a piece without any, one."""
    rows = list(_rows(published(desk(), person(), asked_wish(), size=0)))
    name = f"published-{now().date().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(table_csv(_HEAD, rows), content_type="text/csv; charset=utf-8", headers=headers)


@bp.get("/<id>/document")
def document(id: str) -> Response:
    """The file as an attachment; its name says nothing of the case."""
    kept = published_file(desk(), person(), id)
    answer = Response(kept.content, mimetype=kept.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{kept.name}"'
    answer.headers["ETag"] = f'"{kept.sha256}"'
    return answer


def asked_wish() -> Wish:
    """What the address asks for; what is nonsense in it finds nothing or is not asked."""
    said = {name: request.args.get(name, "")[:LONGEST] for name in ("words", "theme", "kind")}
    year = request.args.get("year", "")
    number = int(year) if year.isascii() and year.isdecimal() and len(year) < 6 else None
    return Wish(year=number, **said)


def safe_address(address: str) -> str:
    """One that a browser opens as a page, and nothing else."""
    parts = urlsplit(address)
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def _query(wish: Wish) -> str:
    said = {
        "words": wish.words, "theme": wish.theme, "kind": wish.kind, "year": str(wish.year or ""),
    }  # fmt: skip
    query = urlencode({name: value for name, value in said.items() if value})
    return f"?{query}" if query else ""


def _rows(found: PublishedPage) -> Iterator[tuple[str, ...]]:
    for piece in found.pieces:
        for action in piece.actions or (None,):
            yield (*_of_piece(piece), *_of_action(action))


def _of_piece(piece: PublishedPiece) -> tuple[str, ...]:
    themes = "; ".join(label for _, label in piece.themes)
    return piece.day.isoformat(), piece.kind, piece.title, themes, piece.address, piece.impact


def _of_action(action: PublishedAction | None) -> tuple[str, ...]:
    if action is None:
        return ("",) * 7
    due = action.due.isoformat() if action.due else ""
    rest = (action.status, action.evidence, action.effect)
    said = (action.text, action.organisation, action.owner, due, *rest)
    return tuple(each or "" for each in said)
