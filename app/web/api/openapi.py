"""Describes the API as OpenAPI 3.1: one row an operation, everything else follows from it.

Orders have theirs in `web.orders`. What bodies look like is declared where they are made; a test
compares the description with the routes and with real answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.documents import FORMATS
from app.web.api import bodies, covers, documents, figures
from app.web.api.shapes import COUNT, TEXT, Shape
from app.web.orders import ASKED, Api

_VARIABLE = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    name: str
    summary: str
    #: the good answer; None: a file
    answer: Shape | None
    #: its status
    status: int = 200
    body: Shape = bodies.NOTHING
    query: tuple[str, ...] = ()
    #: problems beyond those that every operation may answer with
    problems: tuple[int, ...] = ()
    #: media types of the good answer, where it is a file
    media: tuple[str, ...] = ()
    #: it says where the answer is from now on
    addressed: bool = False


def _order(api: Api) -> Operation:
    return Operation(
        "post", api.path, api.name, api.summary, api.answer, api.status, api.body,
        problems=(400, 404, 409, 413, 415, 422), addressed=api.address is not None,
    )  # fmt: skip


_PAGE = ("page", "size")
_READ = (404,)
_CASE = "/cases/{case}"
_TASK = "/cases/{case}/tasks/{task}"
OPERATIONS: tuple[Operation, ...] = (
    Operation("get", "/processes", "listProcesses", "What you may start", bodies.STARTABLES),
    Operation("get", "/processes/{process}/form", "getStartForm", "The form that starts a process",
              bodies.FORM, problems=_READ),
    Operation("get", "/cases", "listCases", "The cases you may see, newest first",
              bodies.CASE_LINES, query=(*_PAGE, "state"), problems=(400,)),
    Operation("get", _CASE, "getCase", "A case: where it stands", bodies.CASE, problems=_READ),
    Operation("get", f"{_CASE}/deadlines", "listDeadlines",
              "A case's deadlines, running and ended, with their sums", bodies.DEADLINES,
              problems=_READ),
    Operation("get", f"{_CASE}/history", "getHistory",
              "A case's history in sentences; whole entries only", bodies.HISTORY,
              query=("after", "limit"), problems=(400, 404)),
    Operation("get", f"{_CASE}/documents", "listDocuments",
              "The documents of a case that you may make and read", documents.DOCUMENTS,
              problems=_READ),
    Operation("get", f"{_CASE}/documents/{{document}}/{{version}}", "getDocument",
              "A version of a document, as it was made", None, problems=_READ,
              media=tuple(FORMATS.values())),
    Operation("get", "/figures", "getFigures",
              "How often measured steps were done within their limit, by year", figures.TIMELINESS,
              query=("years", "year"), problems=(400, 404)),
    Operation("get", "/tasks", "listTasks", "Your open tasks, the earliest due first",
              bodies.TASK_LINES, query=(*_PAGE, "which"), problems=(400,)),
    Operation("get", "/covers", "listCovers", "Absence cover that you may read of", covers.COVERS),
    Operation("get", f"{_CASE}/tasks", "listCaseTasks", "A case's open tasks", bodies.CASE_TASKS,
              problems=_READ),
    Operation("get", _TASK, "getTask", "An open task", bodies.TASK, problems=(404, 409)),
    Operation("get", f"{_TASK}/form", "getTaskForm", "The form of an open task", bodies.FORM,
              problems=(404, 409)),
    *(_order(asked.api) for asked in ASKED.values() if asked.api is not None),
)  # fmt: skip
#: any request may meet these
ALWAYS = (401, 405, 500, 503)

_QUERY: dict[str, dict[str, Any]] = {
    "page": {"type": "integer", "minimum": 1, "maximum": 100_000, "default": 1},
    "size": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    "state": {"enum": ["all", "open", "closed"], "default": "all"},
    "which": {"enum": ["all", "mine", "groups", "late"], "default": "all"},
    "years": {"enum": ["calendar", "reporting"], "default": "calendar"},
    "year": {"type": "integer", "minimum": 1000, "maximum": 9999},
    "after": {**COUNT.schema, "default": 0},
    "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 200},
}
_PROBLEMS = {
    400: "The request cannot be read",
    401: "No valid bearer token",
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
    if operation.body is not bodies.NOTHING:
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
        {"name": name, "in": "query", "required": False, "schema": _QUERY[name]}
        for name in operation.query
    ]
    return [*parameters, _KEY] if operation.method == "post" else parameters


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
