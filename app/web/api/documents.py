"""The API's part on documents of a case: list, make, fetch. Its bodies stand in `openapi_schemas`.

The addresses belong to `api`, which takes these functions in.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, url_for

from app.casework import views
from app.casework.errors import NotFound
from app.casework.orders.commands import ProduceDocument
from app.casework.reading.documents import DocumentLine, DocumentVersion
from app.web.api.bodies import instant
from app.web.api.requests import body, key, needed
from app.web.pages import documents
from app.web.site import desk, now, person


def install(bp: Blueprint) -> None:
    bp.get("/cases/<case>/documents")(listing)
    bp.post("/cases/<case>/documents")(produce)
    bp.get("/cases/<case>/documents/<document>/<version>")(file)


def listing(case: str) -> Response:
    document_page = views.document_page(desk(), person(), case, now())
    return jsonify(items=[_document(line) for line in document_page.documents])


def produce(case: str) -> tuple[Response, int, dict[str, str]]:
    given = body(document=str, format=str)
    document = needed(given, "document")
    command = ProduceDocument(
        actor=person(), at=now(), key=key(), case=case, document=document,
        format=needed(given, "format"),
    )  # fmt: skip
    done = desk().do(command)
    made = _made(case, document, done.seq)
    where = url_for("api.file", case=case, document=document, version=made.version)
    said = {"case": done.reference, "document": document}
    said |= {"version": made.version, "sha256": made.sha256}
    return jsonify(said), 201, {"Location": where}


def _made(case: str, document: str, seq: int) -> DocumentVersion:
    """The version that an entry of the history made: also when the key was used before."""
    for line in views.document_page(desk(), person(), case, now()).documents:
        for version in line.versions:
            if line.id == document and version.seq == seq:
                return version
    raise NotFound


def file(case: str, document: str, version: str) -> Response:
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise NotFound
    answer = documents.file(case, document, int(version))
    return Response(answer.get_data(), headers=answer.headers)


def _document(line: DocumentLine) -> dict[str, Any]:
    return {
        "document": line.id,
        "title": line.title,
        "leaves": line.leaves,
        "missing": list(line.missing),
        "versions": [_version(each) for each in line.versions],
    }


def _version(version: DocumentVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "format": version.format,
        "name": version.name,
        "at": instant(version.at),
        "by": version.by,
        "sha256": version.sha256,
        "size": version.size,
    }
