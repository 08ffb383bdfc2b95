"""The JSON API under /api/v1: the same commands and reads as the pages, for programs.

Bearer tokens, problem+json, Idempotency-Key on what changes something. Reads stand here, orders in
`web.orders`; the bodies are `bodies`, the description `openapi`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from app.audit.narrative import ask
from app.casework import Command, NotFound, look, views
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
from app.web.api.requests import admit, body, choice, key, number, paging
from app.web.orders import ASKED, Api
from app.web.site import desk, now, person

bp = Blueprint("api", __name__, url_prefix="/api/v1")
problems.install(bp)
documents.install(bp)
figures.install(bp)
covers.install(bp)

Answer = tuple[Response, int, dict[str, str]]
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
    return jsonify(bodies.STARTABLES.said(items=views.startable(desk(), person())))


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
    return jsonify(bodies.CASE_LINES.said(case_list, items=case_list.rows, page=page, size=size))


@bp.get("/cases/<case>")
def case(case: str) -> Response:
    return jsonify(bodies.CASE.said(views.case_page(desk(), person(), case, now())))


@bp.get("/cases/<case>/deadlines")
def deadlines(case: str) -> Response:
    case_page = views.case_page(desk(), person(), case, now())
    return jsonify(bodies.DEADLINES.said(items=case_page.deadlines))


@bp.get("/cases/<case>/history")
def history(case: str) -> Response:
    after, most = number("after", 0, 0, 999_999_999), number("limit", 200, 1, 1000)
    with look(desk(), person(), case, now(), "history") as seen:
        shown, more = ask(seen, lambda story: story.behind(after, most))
    end = shown[-1].seq if shown else after
    return jsonify(bodies.HISTORY.said(items=shown, last=end, more=more))


@bp.get("/tasks")
def tasks() -> Response:
    page, size = paging()
    which = choice("which", ("all", "mine", "groups", "late"), "all")
    work_page = views.work_list(desk(), person(), now(), which, page, size)
    return jsonify(bodies.TASK_LINES.said(work_page, items=work_page.rows, page=page, size=size))


@bp.get("/cases/<case>/tasks")
def case_tasks(case: str) -> Response:
    case_page = views.case_page(desk(), person(), case, now())
    return jsonify(bodies.CASE_TASKS.said(items=case_page.tasks))


@bp.get("/cases/<case>/tasks/<task>")
def task(case: str, task: str) -> Response:
    return jsonify(bodies.TASK.said(views.task_page(desk(), person(), case, task, now())))


@bp.get("/cases/<case>/tasks/<task>/form")
def form(case: str, task: str) -> Response:
    page = views.task_page(desk(), person(), case, task, now())
    if page.form is None or not page.scope:
        raise NotFound
    first = page.signed.given if page.signed else None
    return jsonify(bodies.form(page.form, page.scope, page.world, first))


def _take(kind: type[Command], api: Api) -> Callable[..., Answer]:
    """How the API takes an order: the same for all of them."""

    def take(**path: str) -> Answer:
        g.answers_at = "#/answers/" if "answers" in api.body.members else "#/"
        given = api.reads(body(api.body))
        make: Any = kind
        done = desk().do(make(actor=person(), at=now(), key=key(), **path, **given))
        said = api.says(done, **path)
        address = {"Location": api.address(said, **path)} if api.address else {}
        return jsonify(said), api.status, address

    return take


for _kind, _asked in ASKED.items():
    if _asked.api is not None:
        _rule = _asked.api.path.replace("{", "<").replace("}", ">")
        _view = _take(_kind, _asked.api)
        bp.add_url_rule(_rule, _asked.api.name, _view, methods=["POST"])


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
