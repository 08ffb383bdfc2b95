"""Describes the API as OpenAPI 3.1: everything follows from the rows of its operations.

What they read and what bodies look like is declared where it is made; a test compares the
description with the routes and with real answers.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from app.web.api import bodies
from app.web.api.everything import OPERATIONS as OPERATIONS
from app.web.api.operations import Operation
from app.web.api.shapes import TEXT

_VARIABLE = re.compile(r"{(\w+)}")


#: any request may meet these
ALWAYS = (401, 403, 405, 500, 503)

_PROBLEMS = {
    400: "The request cannot be read",
    401: "No valid bearer token",
    403: "The scope of the token does not hold this",
    404: "Nothing here that you may see",
    405: "Not with this method",
    409: "Somebody else was first",
    413: "Too large",
    415: "Not application/json",
    422: "Refused; `errors` has one message for each field",
    500: "Our fault; nothing was changed",
    503: "The database cannot answer just now; nothing was changed",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same content gets the first answer again",
    "schema": {**TEXT.schema, "minLength": 1, "maxLength": 200},
}


@cache
def document() -> dict[str, Any]:
    """The whole description; the same object each time, not to be changed."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Cases, tasks and deadlines",
            "version": "1",
            "description": "The same orders and reads as the pages. Errors are problem+json.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {str(code): _problem(words) for code, words in _PROBLEMS.items()},
        },
    }


def _schemas() -> dict[str, Any]:
    said = [shape for op in OPERATIONS for shape in (op.answer, op.body) if shape is not None]
    parts = [part for shape in (*said, bodies.PROBLEM) for part in shape.parts()]
    return {part.name: part.schema for part in parts if part.name}


def _operation(operation: Operation) -> dict[str, Any]:
    description: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body.ref}}
        needed = bool(operation.body.needed)
        description["requestBody"] = {"required": needed, "content": content}
    return description


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": TEXT.schema}
        for name in _VARIABLE.findall(operation.path)
    ]
    parameters += [
        {"name": query.name, "in": "query", "required": False, "schema": query.schema}
        for query in operation.query
    ]
    keyed = operation.method == "post" and not operation.repeats
    return [*parameters, _KEY] if keyed else parameters


def _responses(operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {
        "description": "Done" if operation.method == "post" else "Found",
        "content": {"application/json": {"schema": operation.answer.ref}}
        if operation.answer
        else {name: {"schema": {}} for name in operation.media},
    }
    if operation.addressed:
        good["headers"] = {"Location": {"description": "Where it is", "schema": TEXT.schema}}
    codes = sorted({*ALWAYS, *operation.problems})
    problems = {str(code): {"$ref": f"#/components/responses/{code}"} for code in codes}
    return {str(operation.status): good, **problems}


def _problem(words: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": bodies.PROBLEM.ref}}
    return {"description": words, "content": content}
