"""One task with its form: look, claim, release, save a draft, complete.

What the answers must be is the desk's to say; how blocks look is `forms.layout`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Conflict, Refused, commands, views
from app.web.forms import Filled, documents_to_read, fill, filled_again, lines, submission
from app.web.pages import tables
from app.web.session import keeps_answers
from app.web.site import desk, now, person

bp = Blueprint("task", __name__, url_prefix="/cases/<case>/tasks/<task>")

Answer = Response | str | tuple[str, int]
#: the button that leads to a table from elsewhere for the list that it names
BRING = "table:"


@bp.get("")
def page(case: str, task: str) -> Answer:
    task_page = views.task_page(desk(), person(), case, task, now())
    first = task_page.signed.given if task_page.signed else None
    given = (
        first
        if task_page.draft is None or request.args.get("answers") == "first"
        else task_page.draft
    )
    if "table" in request.args:
        return tables.page(task_page, request.args["table"])
    messages = None
    if task_page.may_complete and request.args.get("marked"):  # rows that just came
        messages = tables.marked(task_page, given, request.args["marked"])
    return _render(task_page, fill(task_page.asked, given, messages), drafted=given is not first)


@bp.post("")
@keeps_answers
def send(case: str, task: str) -> Answer:
    if tables.LIST in request.form:
        look = views.task_page(desk(), person(), case, task, now())
        return tables.send(look, request.form[tables.LIST])
    posted = submission.read(request.form)
    if posted.action == "draft":
        return _save(case, task, posted)
    if posted.action.startswith(BRING):
        return _bring(case, task, posted)
    if posted.action != "complete":
        return _again(case, task, posted)
    if posted.shown is not None:  # the form has questions that only the server can open
        task_page = _from_page(case, task, posted)
        filled = filled_again(task_page.asked, posted)
        if submission.newly_opened(posted.shown, filled.paths):
            return _render(task_page, filled, notice=submission.OPENED)
    return _complete(case, task, posted)


@bp.post("/claim")
def claim(case: str, task: str) -> Response:
    order = commands.Claim(actor=person(), at=now(), key=_key(), case=case, task=task)
    desk().do(order)
    return redirect(url_for(".page", case=case, task=task))


@bp.post("/release")
def release(case: str, task: str) -> Response:
    order = commands.Release(actor=person(), at=now(), key=_key(), case=case, task=task)
    desk().do(order)
    return redirect(url_for("tasks.work_list", show="groups"))


def _key() -> str | None:
    return request.form.get("_key") or None


def _save(case: str, task: str, posted: submission.Posted) -> Response:
    order = commands.SaveDraft(
        actor=person(), at=now(), key=posted.key, case=case, task=task, given=posted.given
    )
    desk().do(order)
    flash(f"Your answers are saved. The task in case {case} is still open.")
    return redirect(url_for("tasks.work_list"))


def _bring(case: str, task: str, posted: submission.Posted) -> Response:
    """To the page that takes a table; what was typed waits in the draft."""
    order = commands.SaveDraft(
        actor=person(), at=now(), key=posted.key, case=case, task=task, given=posted.given
    )
    desk().do(order)
    path = posted.action.removeprefix(BRING)
    return redirect(url_for(".page", case=case, task=task, table=path))


def _again(case: str, task: str, posted: submission.Posted) -> Answer:
    """The same form with a row more or less, or with what was kept during signing in."""
    task_page = _from_page(case, task, posted)
    submission.change(posted, task_page.asked)
    notice = submission.SENT_BACK if posted.action == "show" else None
    return _render(task_page, filled_again(task_page.asked, posted), notice=notice)


def _from_page(case: str, task: str, posted: submission.Posted) -> views.TaskPage:
    """The task for somebody who comes from its page, with what changed since that was made."""
    return views.task_page(desk(), person(), case, task, now(), posted.documents)


def _complete(case: str, task: str, posted: submission.Posted) -> Answer:
    order = commands.CompleteTask(
        actor=person(), at=now(), key=posted.key, case=case, task=task, given=posted.given,
        version=posted.version, documents=posted.documents, confirmed=posted.confirmed,
        reasons=posted.reasons,
    )  # fmt: skip
    try:
        done = desk().do(order)
    except Refused as error:
        task_page = _from_page(case, task, posted)
        filled = filled_again(task_page.asked, posted, error.fields)
        return _render(task_page, filled, refused="" if error.fields else error.sentence), 422
    except Conflict as error:
        return _conflict(case, error, posted.given, task)
    if not done.completed(task):
        return _signed(case, task, done)
    flash("The task is done.", "success")
    following = done.next_for(person())
    return redirect(url_for("tasks.work_list", done=case, next=following))


def _signed(case: str, task: str, done: commands.Done) -> Response:
    """The first of two signatures: the task stays open for somebody else."""
    before = done.answer.get("instead_of")
    words = "You have signed first. The task is done when somebody else has signed it too."
    if before:
        newer = ", or a newer version of a document was before you"
        read = newer if done.answer.get("read") else ""
        so = f"so the signature of {before} no longer stands"
        words = f"You changed the answers{read}, {so}. {words}"
    flash(words, "success")
    return redirect(url_for("tasks.work_list"))


def _conflict(case: str, error: Conflict, given: Mapping[str, Any], task: str) -> tuple[str, int]:
    form = views.form_of_ended(desk(), person(), case, task, now())
    words = submission.worded(form.fields, given) if form else submission.flat(given)
    typed = [(question, value) for question, value in words if value.strip()]
    page = render_template(
        "errors/conflict.html", error=error, typed=typed, case=case, task=task, looking=False
    )
    return page, 409


def _render(
    task_page: Any,
    filled: Filled,
    *,
    notice: str | None = None,
    refused: str = "",
    drafted: bool = True,
) -> str:
    """`drafted`: the form holds what this person typed, and not what was given first."""
    return render_template(
        "task.html", found=task_page, filled=filled, notice=notice, refused=refused,
        drafted=drafted, brief=lines(task_page.brief),
        documents=documents_to_read(task_page.documents), brings=BRING,
    )  # fmt: skip
