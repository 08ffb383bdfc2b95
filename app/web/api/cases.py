"""What the API can be asked about processes, cases and tasks; a row each.

What the answers look like is `bodies`'. Documents, figures and cover have rows of their own.
"""

from __future__ import annotations

from typing import Any

from app.audit.narrative import ask
from app.casework import NotFound, look, views
from app.web.api import bodies, search
from app.web.api.operations import EVERYBODY, WHO_SEES_IT, WHO_SEES_OPEN_TASK, read
from app.web.api.queries import PAGING, Choice, Number
from app.web.site import desk, now, person

_CASE = "/cases/{case}"
_TASK = "/cases/{case}/tasks/{task}"


def _start_form(process: str) -> dict[str, Any]:
    page = views.start_page(desk(), person(), process, now())
    if page.asked.form is None:
        raise NotFound
    return bodies.form(page.asked)


def _cases(page: int, size: int, state: str) -> dict[str, Any]:
    case_list = views.case_list(desk(), person(), now(), page=page, size=size, state=state)
    return {"items": case_list.rows, "total": case_list.total, "page": page, "size": size}


def _case(case: str) -> views.CasePage:
    return views.case_page(desk(), person(), case, now())


def _history(case: str, after: int, limit: int) -> dict[str, Any]:
    with look(desk(), person(), case, now(), "history", by="history") as seen:
        shown, more = ask(seen, lambda story: story.behind(after, limit))
    return {"items": shown, "last": shown[-1].seq if shown else after, "more": more}


def _message_form(case: str, message: str) -> dict[str, Any]:
    page = views.event_page(desk(), person(), case, message, now())
    if page.asked.form is None:
        raise NotFound
    return bodies.form(page.asked)


def _tasks(page: int, size: int, which: str) -> dict[str, Any]:
    work_page = views.work_list(desk(), person(), now(), which, page, size)
    return {"items": work_page.rows, "total": work_page.total, "page": page, "size": size}


def _task(case: str, task: str) -> views.TaskPage:
    return views.task_page(desk(), person(), case, task, now())


def _task_form(case: str, task: str) -> dict[str, Any]:
    page = _task(case, task)
    if page.asked.form is None or not page.asked.scope:
        raise NotFound
    first = page.signed.given if page.signed else None
    return bodies.form(page.asked, first, page.brief, page.shows, page.documents)


READS = (
    read(
        path="/processes", name="listProcesses", summary="What you may start",
        sight=EVERYBODY, answer=bodies.STARTABLES,
        reads=lambda: {"items": views.startable(desk(), person())},
    ),
    read(
        path="/processes/{process}/form", name="getStartForm",
        summary="The form that starts a process",
        sight=WHO_SEES_IT, answer=bodies.FORM, reads=_start_form,
    ),
    read(
        path="/cases", name="listCases", summary="The cases you may see, newest first",
        sight=EVERYBODY, answer=bodies.CASE_LINES, reads=_cases,
        query=(*PAGING, Choice("state", ("all", "open", "closed"))),
    ),
    read(
        path=_CASE, name="getCase", summary="A case: where it stands",
        sight=WHO_SEES_IT, answer=bodies.CASE, reads=_case,
    ),
    read(
        path=f"{_CASE}/deadlines", name="listDeadlines",
        summary="A case's deadlines, running and ended, with their sums",
        sight=WHO_SEES_IT, answer=bodies.DEADLINES,
        reads=lambda case: {"items": _case(case).deadlines},
    ),
    read(
        path=f"{_CASE}/history", name="getHistory",
        summary="A case's history in sentences; whole entries only",
        sight=WHO_SEES_IT, answer=bodies.HISTORY, reads=_history,
        query=(Number("after", 0, 999_999_999, 0), Number("limit", 1, 1000, 200)),
    ),
    read(
        path=f"{_CASE}/messages", name="listMessages", summary="What you can record in a case",
        sight=WHO_SEES_IT, answer=bodies.RECORDABLES,
        reads=lambda case: {"items": views.recordable(desk(), person(), case, now()).lines},
    ),
    read(
        path=f"{_CASE}/messages/{{message}}/form", name="getMessageForm",
        summary="The form by which something is recorded",
        sight=WHO_SEES_IT, answer=bodies.FORM, reads=_message_form,
    ),
    read(
        path="/tasks", name="listTasks", summary="Your open tasks, the earliest due first",
        sight=EVERYBODY, answer=bodies.TASK_LINES, reads=_tasks,
        query=(*PAGING, Choice("which", ("all", "mine", "groups", "late"))),
    ),
    read(
        path=f"{_CASE}/tasks", name="listCaseTasks", summary="A case's open tasks",
        sight=WHO_SEES_IT, answer=bodies.CASE_TASKS,
        reads=lambda case: {"items": _case(case).tasks},
    ),
    read(
        path=_TASK, name="getTask", summary="An open task",
        sight=WHO_SEES_OPEN_TASK, answer=bodies.TASK, reads=_task,
    ),
    read(
        path=f"{_TASK}/form", name="getTaskForm", summary="The form of an open task",
        sight=WHO_SEES_OPEN_TASK, answer=bodies.FORM, reads=_task_form,
    ),
    *search.OPERATIONS,
)  # fmt: skip
