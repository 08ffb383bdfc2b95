"""Errors of the API as problem+json (RFC 9457): one shape, a sentence, messages by field.

What went wrong inside is logged, never shown. The pages' errors are `errors`'.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, g
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from app.casework import (
    CaseworkError,
    Conflict,
    NotFound,
    Refused,
    Throttled,
    Undecided,
    Unreadable,
    erased_case,
)
from app.engine import Spent
from app.store import Destroyed, Sealed, Spoilt, StoreFault
from app.web.api.bodies import OPEN_PLACE
from app.web.api.shapes import instant
from app.web.site import desk, refused_look

_PREFIX = "urn:rapid-review:problem:"


class Problem(Exception):
    """Something is wrong with the request itself."""

    def __init__(self, status: int, kind: str, detail: str, **headers: str) -> None:
        self.status, self.kind, self.detail, self.headers = status, kind, detail, headers
        super().__init__(detail)


def install(bp: Blueprint) -> None:
    bp.register_error_handler(Exception, _anything)
    bp.register_error_handler(StoreFault, _store)
    bp.register_error_handler(Destroyed, _destroyed)
    bp.register_error_handler(HTTPException, _http)
    bp.register_error_handler(CaseworkError, _refused)
    bp.register_error_handler(Spent, _spent)
    bp.register_error_handler(Throttled, _throttled)
    bp.register_error_handler(NotFound, _not_found)
    bp.register_error_handler(Conflict, _conflict)
    bp.register_error_handler(Problem, _problem)


def problem(
    status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """`more`: members of our own; those that are None are left out."""
    content = {
        "type": _PREFIX + kind,
        "title": HTTP_STATUS_CODES[status],
        "status": status,
        "detail": detail,
        **{key: member for key, member in more.items() if member is not None},
    }
    body = json.dumps(content, ensure_ascii=False)
    return Response(body, status, headers, content_type="application/problem+json")


def _problem(error: Problem) -> Response:
    named = {name.replace("_", "-"): value for name, value in error.headers.items()}
    return problem(error.status, error.kind, error.detail, named)


def _not_found(_: NotFound) -> Response:
    refused_look()
    return problem(404, "not-found", "There is nothing here that you may see.")


def _conflict(error: Conflict) -> Response:
    when = instant(error.when) if error.when else None
    return problem(409, "conflict", error.sentence, by=error.by, when=when)


def _refused(error: CaseworkError) -> Response:
    fields = error.fields if isinstance(error, Refused) else {}
    errors = [
        {"field": path, "pointer": _pointer(path), "detail": sentence}
        for path, sentence in fields.items()
    ]
    more = _undecided(error) if isinstance(error, Undecided) else {}
    return problem(422, "refused", error.sentence, errors=errors, **more)


def _spent(error: Spent) -> Response:
    return problem(422, "refused", error.sentence)


def _undecided(error: Undecided) -> dict[str, Any]:
    open_ = [OPEN_PLACE.said(place) for place in error.open]
    return {"seen": error.survey.digest, "replaced": error.survey.replaced, "open": open_}


def _pointer(path: str) -> str:
    """Where the answer stands in the body, as a JSON pointer (RFC 6901)."""
    root: str = "#/" if path in g.get("beside", ()) else g.get("answers_at", "#/answers/")
    parts = (part.replace("~", "~0").replace("/", "~1") for part in path.split("."))
    return root + "/".join(parts)


def _throttled(error: Throttled) -> Response:
    return problem(429, "throttled", error.sentence, {"Retry-After": str(error.seconds or 1)})


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code == 413:
        return problem(413, "too-large", "The request is larger than this service reads.")
    if code >= 500:
        return _anything(error)
    return problem(code, "request", "This request cannot be read.")


def _store(error: StoreFault) -> Response:
    if isinstance(error, Sealed | Spoilt | Unreadable):  # trying again does not mend it
        return problem(422, "unreadable", error.sentence)
    current_app.logger.exception("the store could not answer")
    detail = "The case is as it was before. Please try again."
    return problem(503, "unavailable", detail, {"Retry-After": "5"})


def _destroyed(error: Destroyed) -> Response:
    person = g.get("person")
    try:
        erased = erased_case(desk(), person, error.case) if person is not None else None
    except NotFound as unseen:
        return _not_found(unseen)
    if erased is None or erased.erasure.agreed_at is None:
        return problem(404, "not-found", "There is nothing here that you may see.")
    said = erased.erasure
    when = instant(erased.erasure.agreed_at)
    detail = "The content of this case was destroyed."
    return problem(
        410, "destroyed", detail, when=when, asked_by=said.by, agreed_by=said.agreed_by,
        rule=said.rule, cause=said.cause,
    )  # fmt: skip


def _anything(_: Exception) -> Response:
    current_app.logger.exception("unexpected error")
    return problem(500, "fault", "This is our fault. The case is as it was before.")
