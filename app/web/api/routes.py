"""The JSON API under /api/v1: the same commands and reads as the pages, for programs.

Bearer tokens, problem+json, Idempotency-Key on what changes something. The bodies are
`api_bodies`, the description `openapi`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from werkzeug.exceptions import HTTPException

from app.audit import case_story
from app.casework import views
from app.casework.errors import NotFound
from app.casework.orders.commands import (
    Claim,
    CompleteTask,
    DeliverMessage,
    Merge,
    Release,
    StartCase,
    Unmerge,
)
from app.casework.reading.look import look
from app.engine import saying
from app.web.api import (
    bodies,
    covers,
    documents,
    figures,
    problems,
)
from app.web.api.openapi import document
from app.web.api.problems import Problem
from app.web.api.requests import admit, body, choice, key, needed, number, paging
from app.web.site import desk, now, person

bp = Blueprint("api", __name__, url_prefix="/api/v1")
problems.install(bp)
documents.install(bp)
figures.install(bp)
covers.install(bp)

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@bp.before_request
def _admit() -> None:
    if request.endpoint != "api.openapi":
        admit()


@bp.get("/openapi.json")
def openapi() -> Response:
    return jsonify(document())


@bp.get("/processes")
def processes() -> Response:
    return jsonify(
        items=[bodies.startable(process) for process in views.startable(desk(), person())]
    )


@bp.get("/processes/<process>/form")
def start_form(process: str) -> Response:
    page = views.start_page(desk(), person(), process, now())
    if page.form is None:
        raise NotFound
    return jsonify(bodies.form(page.form, page.scope, page.world))


@bp.get("/cases")
def cases() -> Response:
    page, size = paging()
    state = choice("state", ("all", "open", "closed"), "all")
    case_list = views.case_list(desk(), person(), now(), page=page, size=size, state=state)
    return jsonify(
        bodies.page([bodies.case_row(row) for row in case_list.rows], page, size, case_list.total)
    )


@bp.post("/cases")
def start() -> tuple[Response, int, dict[str, str]]:
    given = body(process=str, answers=dict)
    command = StartCase(
        actor=person(), at=now(), key=key(), process=needed(given, "process"),
        given=given["answers"] or {},
    )  # fmt: skip
    done = desk().do(command)
    where = url_for(".case", case=done.reference)
    return jsonify(bodies.done(done)), 201, {"Location": where}


@bp.get("/cases/<case>")
def case(case: str) -> Response:
    return jsonify(bodies.case(views.case_page(desk(), person(), case, now())))


@bp.get("/cases/<case>/deadlines")
def deadlines(case: str) -> Response:
    case_page = views.case_page(desk(), person(), case, now())
    return jsonify(items=[bodies.deadline(deadline) for deadline in case_page.deadlines])


@bp.get("/cases/<case>/history")
def history(case: str) -> Response:
    after, most = number("after", 0, 0, 999_999_999), number("limit", 200, 1, 1000)
    with look(desk(), person(), case, now(), "history") as seen:
        shown, more = case_story.ask(seen, lambda story: story.behind(after, most))
    end = shown[-1].seq if shown else after
    return jsonify(items=[bodies.sentence(sentence) for sentence in shown], last=end, more=more)


@bp.post("/cases/<case>/messages")
def message(case: str) -> Response:
    given = body(message=str, payload=dict)
    command = DeliverMessage(
        actor=person(), at=now(), key=key(), case=case, message=needed(given, "message"),
        given=given["payload"] or {},
    )  # fmt: skip
    return jsonify(bodies.done(desk().do(command)))


@bp.post("/cases/<case>/merge")
def merge(case: str) -> Response:
    given = body(into=str, reason=str)
    command = Merge(
        actor=person(), at=now(), key=key(), case=case, into=needed(given, "into"),
        reason=needed(given, "reason"),
    )  # fmt: skip
    return jsonify(bodies.done(desk().do(command)))


@bp.post("/cases/<case>/unmerge")
def unmerge(case: str) -> Response:
    given = body(reason=str)
    command = Unmerge(
        actor=person(), at=now(), key=key(), case=case, reason=needed(given, "reason")
    )
    return jsonify(bodies.done(desk().do(command)))


@bp.get("/tasks")
def tasks() -> Response:
    page, size = paging()
    which = choice("which", ("all", "mine", "groups", "late"), "all")
    work_page = views.work_list(desk(), person(), now(), which, page, size)
    return jsonify(
        bodies.page([bodies.task_row(row) for row in work_page.rows], page, size, work_page.total)
    )


@bp.get("/cases/<case>/tasks")
def case_tasks(case: str) -> Response:
    case_page = views.case_page(desk(), person(), case, now())
    return jsonify(items=[bodies.task_row(row) for row in case_page.tasks])


@bp.get("/cases/<case>/tasks/<task>")
def task(case: str, task: str) -> Response:
    return jsonify(bodies.task(views.task_page(desk(), person(), case, task, now())))


@bp.get("/cases/<case>/tasks/<task>/form")
def form(case: str, task: str) -> Response:
    page = views.task_page(desk(), person(), case, task, now())
    if page.form is None or not page.scope:
        raise NotFound
    first = page.signed.given if page.signed else None
    return jsonify(bodies.form(page.form, page.scope, page.world, first))


@bp.post("/cases/<case>/tasks/<task>/claim")
def claim(case: str, task: str) -> Response:
    body()
    return jsonify(bodies.done(desk().do(Claim(**_about(case, task)))))


@bp.post("/cases/<case>/tasks/<task>/release")
def release(case: str, task: str) -> Response:
    body()
    return jsonify(bodies.done(desk().do(Release(**_about(case, task)))))


@bp.post("/cases/<case>/tasks/<task>/complete")
def complete(case: str, task: str) -> Response:
    given = body(answers=dict, version=int)
    command = CompleteTask(
        **_about(case, task), given=given["answers"] or {}, version=given["version"]
    )
    return jsonify(bodies.completed(desk().do(command), task))


def _about(case: str, task: str) -> dict[str, Any]:
    return {"actor": person(), "at": now(), "key": key(), "case": case, "task": task}


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
