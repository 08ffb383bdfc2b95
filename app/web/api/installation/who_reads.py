"""The API's part on who may come to read what: the same rows as the page."""

from __future__ import annotations

from typing import Any

from app.casework.reading.who_reads import CHANGES, readers_page
from app.web.api.operations import Sight, read
from app.web.api.queries import PAGING, Choice, Word
from app.web.api.shapes import MAYBE_TEXT, TEXT, TRUTH, one_of, paged, shape, within
from app.web.pages.authority.who_reads import SHOWS, Wanted
from app.web.site import desk, person

READER = shape(
    "Reader",
    **within(
        "row",
        form=TEXT, question=TEXT("keys with dots between"), asked=TEXT.of("label"),
        **{"class": TEXT("id; “” where it has none").of("class_")},
        reader=TEXT("id of a role, or a word for people whom no role tells"),
        way=TEXT, file=TEXT, process=TEXT, element=TEXT, stage=TEXT,
        decides=TRUTH("the answer only decides what is said"),
    ),
    form_title=TEXT.of("form"), class_name=TEXT.of("class_"), reader_name=TEXT.of("reader"),
    way_name=TEXT.of("way"),
    beyond=TRUTH("the settings do not let this reader read this class"),
    change=one_of(*CHANGES)("beside the active version"),
)  # fmt: skip


def _readers(page: int, size: int, version: str, shows: str, **asked: str) -> dict[str, Any]:
    found = readers_page(desk(), person(), version or None)
    shown = "" if shows == "said" else shows
    wanted = Wanted(asked["form"], asked["class"], asked["reader"], shown)
    lines = wanted.of(found)
    first = (page - 1) * size
    return {
        "items": lines[first : first + size], "page": page, "size": size, "total": len(lines),
        "version": found.version, "beside": found.beside, "missing": found.missing,
    }  # fmt: skip


READERS = shape(
    "Readers",
    **paged("", READER).members,
    version=TEXT("digest"),
    beside=MAYBE_TEXT("digest of the active version, where it is another"),
    missing=TEXT("why there are no rows; “” where there can be some"),
)
READS = (
    read(
        path="/readers", name="listReaders",
        summary="Who may come to read the answer to each question, by which way",
        sight=Sight((404,)), answer=READERS, reads=_readers,
        query=(*PAGING, Word("version"), Word("form"), Word("class"), Word("reader"),
               Choice("shows", ("said", *filter(None, SHOWS)))),
    ),
)  # fmt: skip
