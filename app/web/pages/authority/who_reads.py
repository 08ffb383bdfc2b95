"""Who may come to read what is asked: a page with filters, without script, and as CSV.

For process owners and auditors. It shows no case; how the map is worked out is validation's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from app.audit.exports import table_csv
from app.casework.reading.who_reads import ReaderLine, ReadersPage, readers_page
from app.web.paging import Paging, asked_page
from app.web.site import desk, person

bp = Blueprint("who_reads", __name__, url_prefix="/readers")

_SIZE = 40
#: choices that are kept with their places, of all pages
_MOST_CHOSEN = 16
#: what a filter may say beside nothing: only what a version brings and takes, what the settings
#: do not allow, or what only decides too
SHOWS: Mapping[str, str] = {
    "": "What may be read",
    "all": "Also what only decides what is said",
    "changes": "Only what comes and goes with this version",
    "beyond": "Only what the settings do not allow",
}
_HEAD = (
    "Form", "Title", "Question", "Asked", "Class", "Class name", "Reader", "Reader name", "Way",
    "Way name", "File", "Process", "Element", "Stage", "Only decides", "Beyond the settings",
    "Beside the active version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the map is asked for; "" asks for all."""

    form: str = ""
    class_: str = ""
    reader: str = ""
    shows: str = ""

    @classmethod
    def of_request(cls) -> Wanted:
        names = {"form": "form", "class_": "class", "reader": "reader", "shows": "shows"}
        return cls(**{name: request.args.get(asked, "") for name, asked in names.items()})

    def of(self, page: ReadersPage) -> list[ReaderLine]:
        return [line for line in page.lines if self._fits(line)]

    def _fits(self, line: ReaderLine) -> bool:
        row = line.row
        asked = ((self.form, row.form), (self.class_, row.class_), (self.reader, row.reader))
        if any(wanted not in ("", is_) for wanted, is_ in asked):
            return False
        if self.shows == "changes":
            return line.change != "same"
        if self.shows == "beyond":
            return line.beyond
        return self.shows == "all" or (not row.decides and line.change != "goes")


@dataclass(frozen=True, slots=True)
class _Place:
    """The readers of one answer by one way at one place."""

    first: ReaderLine
    readers: tuple[str, ...]
    beyond: tuple[str, ...]


@bp.get("")
@bp.get("/<digest>")
def page(digest: str | None = None) -> str:
    found = readers_page(desk(), person(), digest)
    wanted, number = Wanted.of_request(), asked_page()
    places = _chosen(found, wanted)
    pages = max(1, -(-len(places) // _SIZE))
    query = urlencode([(k, v) for k, v in request.args.items() if k != "page" and v])
    base = url_for(".page", digest=digest) + (f"?{query}" if query else "")
    paging = Paging(min(number, pages), _SIZE, len(places), base)
    return render_template(
        "who_reads.html",
        found=found, wanted=wanted, digest=digest, query=query, shows=SHOWS,
        places=places[paging.first - 1 : paging.last] if places else (), paging=paging,
        options=found.choices,
    )  # fmt: skip


@bp.get("/download.csv")
@bp.get("/<digest>/download.csv")
def csv(digest: str | None = None) -> Response:
    found = readers_page(desk(), person(), digest)
    content = table_csv(_HEAD, map(_cells, Wanted.of_request().of(found)))
    name = f"readers-{found.version[:12]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _cells(line: ReaderLine) -> tuple[object, ...]:
    row = line.row
    return (
        row.form, line.form, row.question, row.label, row.class_, line.class_, row.reader,
        line.reader, row.way, line.way, row.file, row.process, row.element, row.stage,
        "yes" if row.decides else "", "yes" if line.beyond else "", line.change,
    )  # fmt: skip


@lru_cache(_MOST_CHOSEN)
def _chosen(found: ReadersPage, wanted: Wanted) -> list[_Place]:
    """Who turns the pages of one choice asks for it again and again."""
    return _places(wanted.of(found))


def _places(lines: Iterable[ReaderLine]) -> list[_Place]:
    places = []
    for _, group in groupby(lines, _place):
        several = list(group)
        readers = tuple(dict.fromkeys(line.reader for line in several))
        beyond = tuple(dict.fromkeys(line.reader for line in several if line.beyond))
        places.append(_Place(several[0], readers, beyond))
    return places


def _place(line: ReaderLine) -> tuple[object, ...]:
    row = line.row
    return (
        row.form, row.question, row.way, row.process, row.element, row.stage, row.decides,
        line.change,
    )  # fmt: skip
