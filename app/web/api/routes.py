"""The JSON API under /api/v1: the same commands and reads as the pages, for programs.

Bearer tokens, problem+json, Idempotency-Key on what changes something. What there is to ask and to
tell stands in rows (`openapi.OPERATIONS`); here they get their addresses.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from app.casework import NotFound
from app.engine import saying
from app.web.api import problems
from app.web.api.openapi import OPERATIONS, document
from app.web.api.problems import Problem
from app.web.api.requests import admit, let_go

bp = Blueprint("api", __name__, url_prefix="/api/v1")
problems.install(bp)

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@bp.before_request
def _admit() -> None:
    if request.endpoint != "api.openapi":
        admit()


bp.teardown_request(let_go)


@bp.get("/openapi.json")
def openapi() -> Response:
    return jsonify(document())


for _operation in OPERATIONS:
    _rule = _operation.path.replace("{", "<").replace("}", ">")
    _method = _operation.method.upper()
    bp.add_url_rule(_rule, _operation.name, _operation.respond, methods=[_method])


@bp.route("/", defaults={"rest": ""}, methods=_METHODS)
@bp.route("/<path:rest>", methods=_METHODS)
def anything_else(rest: str) -> Response:
    """What is not there, and what is there but not for this method."""
    allowed = [method for method in _METHODS if _is_there(method)]
    if allowed:
        words = f"This address takes {saying.joined(allowed)}."
        raise Problem(405, "method", words, Allow=", ".join(allowed))
    raise NotFound


def _is_there(method: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        endpoint, _ = adapter.match(request.path, method)
    except HTTPException:
        return False
    return bool(endpoint != "api.anything_else")
