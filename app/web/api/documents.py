"""The API's part on documents of a case: what is said of them, the list, the files.

Making one is an order, and stands in `web.orders`; what was published of all cases, in `learning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from app.casework import DocumentVersion, Done, NotFound, Refused, views
from app.documents import FORMATS, LEAVE, OUTWARD, REPLACE
from app.web.api import learning
from app.web.api.operations import WHO_SEES_IT, read
from app.web.api.shapes import (
    COUNT,
    INSTANT,
    TEXT,
    TRUTH,
    Body,
    Kind,
    Shape,
    listed,
    one_of,
    several,
    shape,
)
from app.web.pages.case import documents
from app.web.site import desk, now, person

_FORMAT = one_of("docx", "pdf")
VERSION = shape(
    "DocumentVersion",
    version=COUNT, format=_FORMAT, name=TEXT, at=INSTANT, by=TEXT,
    sha256=TEXT("of the file, in hex; it stands in the history too"), size=COUNT,
)  # fmt: skip
USE = shape(
    "DocumentUse",
    version=COUNT("of what the document says; a file has a number of its own"), digest=TEXT,
    task=TEXT, by=TEXT, at=INSTANT, entry=COUNT("number of the history entry").of("seq"),
)  # fmt: skip
DOCUMENT = shape(
    "Document",
    document=TEXT.of("id"), title=TEXT,
    audience=one_of("inside", "by law", "outward")(
        "for whom it is: names stand in it inside and by law, pseudonyms in what goes outward"),
    leaves=TRUTH("goes outward: pseudonyms stand for names in it").of(
        lambda line: line.audience == OUTWARD),
    missing=listed(TEXT)("tasks that must be done first"), versions=listed(VERSION),
    uses=listed(USE)("who approved, signed or sent which version of what it says"),
)  # fmt: skip
DOCUMENTS = several("Documents", DOCUMENT)
PRODUCED = shape("Produced", case=TEXT, document=TEXT, version=COUNT, sha256=TEXT)
PRODUCE_DOCUMENT = Shape(
    "ProduceDocument",
    {"document": TEXT, "format": _FORMAT,
     "sources": TRUTH("number each statement and say in an annex who said it"),
     "recipient": TEXT("who gets a document that goes by law"),
     "seen": TEXT("of what goes outward: “seen” of the answer that said what is replaced"),
     "decisions": Kind({"type": "object", "additionalProperties": {"enum": [REPLACE, LEAVE]}})(
         "“place” of each doubtful place → whether it is replaced"),
     "also": listed(TEXT)("words that are left out, too")},
    ("document", "format"),
)  # fmt: skip


def to_make(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the order takes, from the body."""
    return {
        "document": body["document"],
        "format": body["format"],
        "sources": bool(body["sources"]),
        "recipient": body["recipient"] or "",
        "seen": body["seen"] or "",
        "decisions": body["decisions"] or {},
        "also": _texts(body["also"] or []),
    }


def _texts(given: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(text, str) for text in given):
        raise Refused("“also” must be a list of texts.", {"also": "Enter texts"})
    return tuple(given)


def produced(outcome: Done, case: str) -> Body:
    return PRODUCED.said(_made(case, outcome.seq), case=outcome.reference)


def address(said: Body, case: str) -> str:
    about = {"document": said["document"], "version": said["version"]}
    return url_for("api.getDocument", case=case, **about)


def _made(case: str, seq: int) -> DocumentVersion:
    """The version that an entry of the history made: also when the key was used before."""
    for line in views.document_page(desk(), person(), case, now()).documents:
        for version in line.versions:
            if version.seq == seq:
                return version
    raise NotFound


def _file(case: str, document: str, version: str) -> Response:
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise NotFound
    answer = documents.file(case, document, int(version))
    return Response(answer.get_data(), headers=answer.headers)


READS = (
    read(
        path="/cases/{case}/documents", name="listDocuments",
        summary="The documents of a case that you may make and read",
        sight=WHO_SEES_IT, answer=DOCUMENTS,
        reads=lambda case: {"items": views.document_page(desk(), person(), case, now()).documents},
    ),
    read(
        path="/cases/{case}/documents/{document}/{version}", name="getDocument",
        summary="A version of a document, as it was made",
        sight=WHO_SEES_IT, answer=None, reads=_file, media=tuple(FORMATS.values()),
    ),
    *learning.READS,
)  # fmt: skip
