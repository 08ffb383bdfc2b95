"""The API's part on documents of a case: what is said of them, the list, the files.

The addresses belong to `routes`; making one is an order, and stands in `web.orders`.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, url_for

from app.casework import DocumentVersion, Done, NotFound, views
from app.web.api.shapes import COUNT, INSTANT, TEXT, TRUTH, Body, listed, one_of, several, shape
from app.web.pages import documents
from app.web.site import desk, now, person

_FORMAT = one_of("docx", "pdf")
VERSION = shape(
    "DocumentVersion",
    version=COUNT, format=_FORMAT, name=TEXT, at=INSTANT, by=TEXT,
    sha256=TEXT("of the file, in hex; it stands in the history too"), size=COUNT,
)  # fmt: skip
DOCUMENT = shape(
    "Document",
    document=TEXT.of("id"), title=TEXT,
    leaves=TRUTH("goes to others: pseudonyms stand for names in it"),
    missing=listed(TEXT)("tasks that must be done first"), versions=listed(VERSION),
)  # fmt: skip
DOCUMENTS = several("Documents", DOCUMENT)
PRODUCED = shape("Produced", case=TEXT, document=TEXT, version=COUNT, sha256=TEXT)
PRODUCE_DOCUMENT = shape("ProduceDocument", document=TEXT, format=_FORMAT)


def install(bp: Blueprint) -> None:
    bp.get("/cases/<case>/documents")(listing)
    bp.get("/cases/<case>/documents/<document>/<version>")(file)


def listing(case: str) -> Response:
    document_page = views.document_page(desk(), person(), case, now())
    return jsonify(DOCUMENTS.said(items=document_page.documents))


def produced(outcome: Done, case: str) -> Body:
    return PRODUCED.said(_made(case, outcome.seq), case=outcome.reference)


def address(said: Body, case: str) -> str:
    about = {"document": said["document"], "version": said["version"]}
    return url_for("api.file", case=case, **about)


def _made(case: str, seq: int) -> DocumentVersion:
    """The version that an entry of the history made: also when the key was used before."""
    for line in views.document_page(desk(), person(), case, now()).documents:
        for version in line.versions:
            if version.seq == seq:
                return version
    raise NotFound


def file(case: str, document: str, version: str) -> Response:
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise NotFound
    answer = documents.file(case, document, int(version))
    return Response(answer.get_data(), headers=answer.headers)
