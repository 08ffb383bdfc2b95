"""Describes the API as OpenAPI 3.1: one row an operation, everything else follows from it.

The shapes of bodies are `openapi_schemas`; a test compares the description with the routes and
with real answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.documents.documents import FORMATS
from app.web.api.schemas import COUNT, SCHEMAS, TEXT, ref

_VARIABLE = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    name: str
    summary: str
    #: schema of the good answer
    answer: str
    #: its status
    status: int = 200
    #: schema of the request's body
    body: str | None = None
    body_needed: bool = False
    query: tuple[str, ...] = ()
    #: problems beyond those that every operation may answer with
    problems: tuple[int, ...] = ()
    #: media types of the good answer, where it is a file
    media: tuple[str, ...] = ()


_PAGE = ("page", "size")
_READ = (404,)
_ORDER = (400, 404, 409, 413, 415, 422)
_CASE = "/cases/{case}"
_TASK = "/cases/{case}/tasks/{task}"
OPERATIONS: tuple[Operation, ...] = (
    Operation("get", "/processes", "listProcesses", "What you may start", "Startables"),
    Operation("get", "/processes/{process}/form", "getStartForm", "The form that starts a process",
              "Form", problems=_READ),
    Operation("get", "/cases", "listCases", "The cases you may see, newest first", "CaseLines",
              query=(*_PAGE, "state"), problems=(400,)),
    Operation("post", "/cases", "startCase", "Start a case", "Done", 201, "StartCase", True,
              problems=_ORDER),
    Operation("get", _CASE, "getCase", "A case: where it stands", "Case", problems=_READ),
    Operation("get", f"{_CASE}/deadlines", "listDeadlines",
              "A case's deadlines, running and ended, with their sums", "Deadlines",
              problems=_READ),
    Operation("get", f"{_CASE}/history", "getHistory",
              "A case's history in sentences; whole entries only", "History",
              query=("after", "limit"), problems=(400, 404)),
    Operation("get", f"{_CASE}/documents", "listDocuments",
              "The documents of a case that you may make and read", "Documents", problems=_READ),
    Operation("post", f"{_CASE}/documents", "produceDocument",
              "Make the next version of a document", "Produced", 201, "ProduceDocument", True,
              problems=_ORDER),
    Operation("get", f"{_CASE}/documents/{{document}}/{{version}}", "getDocument",
              "A version of a document, as it was made", "", problems=_READ,
              media=tuple(FORMATS.values())),
    Operation("post", f"{_CASE}/messages", "sendMessage", "Deliver a message to a case", "Done",
              body="Message", body_needed=True, problems=_ORDER),
    Operation("get", "/figures", "getFigures",
              "How often measured steps were done within their limit, by year", "Timeliness",
              query=("years", "year"), problems=(400, 404)),
    Operation("post", f"{_CASE}/merge", "mergeCase", "Merge a case into another one", "Done",
              body="Merge", body_needed=True, problems=_ORDER),
    Operation("post", f"{_CASE}/unmerge", "unmergeCase", "Undo the merge of a case", "Done",
              body="Unmerge", body_needed=True, problems=_ORDER),
    Operation("get", "/tasks", "listTasks", "Your open tasks, the earliest due first", "TaskLines",
              query=(*_PAGE, "which"), problems=(400,)),
    Operation("get", "/covers", "listCovers", "Absence cover that you may read of", "Covers"),
    Operation("post", "/covers", "setCover", "Say who covers for whom, on which days", "CoverDone",
              201, "SetCover", True, problems=_ORDER),
    Operation("post", "/covers/{cover}/end", "endCover", "End a cover before its last day",
              "CoverDone", problems=_ORDER),
    Operation("get", f"{_CASE}/tasks", "listCaseTasks", "A case's open tasks", "CaseTasks",
              problems=_READ),
    Operation("get", _TASK, "getTask", "An open task", "Task", problems=(404, 409)),
    Operation("get", f"{_TASK}/form", "getTaskForm", "The form of an open task", "Form",
              problems=(404, 409)),
    Operation("post", f"{_TASK}/claim", "claimTask", "Take a task", "Done", problems=_ORDER),
    Operation("post", f"{_TASK}/release", "releaseTask", "Give a task back", "Done",
              problems=_ORDER),
    Operation("post", f"{_TASK}/complete", "completeTask",
              "Complete a task with answers, or sign one that needs two people", "Completed",
              body="CompleteTask", problems=_ORDER),
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
    "after": {**COUNT, "default": 0},
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
    "schema": {**TEXT, "minLength": 1, "maxLength": 200},
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
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {str(code): _problem(words) for code, words in _PROBLEMS.items()},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    description: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body:
        content = {"application/json": {"schema": ref(operation.body)}}
        description["requestBody"] = {"required": operation.body_needed, "content": content}
    return description


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": TEXT}
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
        "content": {name: {"schema": {}} for name in operation.media}
        or {"application/json": {"schema": ref(operation.answer)}},
    }
    # a cover has no address of its own
    if operation.status == 201 and operation.answer != "CoverDone":
        good["headers"] = {"Location": {"description": "Where it is", "schema": TEXT}}
    codes = sorted({*ALWAYS, *operation.problems})
    problems = {str(code): {"$ref": f"#/components/responses/{code}"} for code in codes}
    return {str(operation.status): good, **problems}


def _problem(words: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": ref("Problem")}}
    return {"description": words, "content": content}
