"""The API's part on what was published, over all cases: the same as the page, and its files."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.casework.reading.published import Wish, published
from app.documents import FORMATS
from app.web.api.operations import EVERYBODY, WHO_SEES_IT, read
from app.web.api.queries import PAGING, Number, Word
from app.web.api.shapes import (
    COUNT,
    DAY,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    TEXT,
    TRUTH,
    Kind,
    listed,
    shape,
)
from app.web.pages import learning
from app.web.site import desk, person

_MAYBE_DAY = Kind(MAYBE_INSTANT.schema, lambda day: None if day is None else day.isoformat())
THEME = shape(
    "PublishedTheme",
    value=TEXT.of(lambda pair: pair[0]),
    label=TEXT("in the words of its time").of(lambda pair: pair[1]),
)  # fmt: skip
ACTION = shape(
    "PublishedAction",
    text=MAYBE_TEXT("null, as all of it: not told to you"), organisation=MAYBE_TEXT,
    owner=MAYBE_TEXT, due=_MAYBE_DAY, status=MAYBE_TEXT,
    evidence=MAYBE_TEXT("what shows that it was done"), effect=MAYBE_TEXT("what it changed"),
)  # fmt: skip
PIECE = shape(
    "PublishedPiece",
    id=TEXT, title=TEXT, kind=TEXT, day=DAY, themes=listed(THEME), address=TEXT,
    file=TRUTH("it has a file"), impact=TEXT("what changed for whom"), actions=listed(ACTION),
    case=MAYBE_TEXT("reference, where you may open the case"),
)  # fmt: skip
PIECES = shape("PublishedPieces", items=listed(PIECE), total=COUNT)


def _published(
    words: str, theme: str, year: int | None, kind: str, page: int, size: int
) -> dict[str, Any]:
    wish = Wish(words=words, theme=theme, year=year, kind=kind)
    pieces = published(desk(), person(), wish, page, size)
    return {"items": pieces.pieces, "total": pieces.total}


def _file(id: str) -> Response:
    answer = learning.document(id)
    return Response(answer.get_data(), headers=answer.headers)


READS = (
    read(
        path="/learning", name="listPublished",
        summary="What was published, over all cases, newest first",
        sight=EVERYBODY, answer=PIECES, reads=_published,
        query=(Word("words"), Word("theme"), Number("year", 1, 9999), Word("kind"), *PAGING),
    ),
    read(
        path="/learning/{id}/document", name="getPublished",
        summary="The file of what was published, as it was then",
        sight=WHO_SEES_IT, answer=None, reads=_file, media=tuple(FORMATS.values()),
    ),
)  # fmt: skip
