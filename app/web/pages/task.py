"""One task with its form: look, claim, release, save a draft, complete.

What the answers must be is the desk's to say; how blocks look is `forms.layout`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import Conflict, Elsewhere, Refused, commands
from app.web.forms import (
    ATTACH,
    NOTHING,
    Filled,
    Opened,
    Sheet,
    chosen,
    documents_to_read,
    fill,
    filled_again,
    filled_from,
    in_sections,
    introduction,
    lines,
    names_files,
    opened,
    over_draft,
    quick_answer,
    saved_words,
    sheet_of,
    submission,
    take_in,
    unasked,
)
from app.web.pages.long_forms import BRING, LIST, Answer, bring_table, marked_rows, take_table
from app.web.pages.task_form import TaskForm, complete, draft_in_words, keep, shown
from app.web.session import keeps_answers
from app.web.site import desk, now, person, site

bp = Blueprint("task", __name__, url_prefix="/cases/<case>/tasks/<task>")


@bp.get("")
def page(case: str, task: str) -> Answer:
    task_page = shown(case, task)
    first = task_page.signed.given if task_page.signed else None
    kept, anew = task_page.kept, request.args.get("answers") == "first"
    if "table" in request.args:
        return bring_table(TaskForm(case, task), request.args["table"])
    quick = kept is None and first is None and task_page.may_complete
    if in_sections(task_page.asked) and not anew and request.args.get("questions") != "all":
        return _render(task_page, NOTHING, sheet=sheet_of(task_page), quick=quick)
    if kept is None or (first is not None and anew):
        filled = over_draft(fill(task_page.asked, first), kept)
        return _render(task_page, filled, drafted=False, quick=quick)
    messages = None
    if task_page.may_complete and request.args.get("marked"):  # rows that just came
        messages = marked_rows(task_page.asked, kept.given, request.args["marked"])
    filled = filled_from(task_page.asked, kept, task_page.writers, messages)
    return _render(task_page, filled)


@bp.post("")
@keeps_answers
def send(case: str, task: str) -> Answer:
    if LIST in request.form:
        return take_table(TaskForm(case, task), request.form[LIST])
    posted = submission.read(request.form)
    if posted.chosen:
        kept = shown(case, task).kept
        posted = chosen(posted, kept.apart if kept else ())
    posted, told = _with_files(case, task, posted)
    if told:
        return _again(case, task, posted, told)
    if posted.action.startswith(ATTACH):
        return _attached(case, task, posted)
    if posted.action.startswith("take:"):
        return _take_over(case, task, posted)
    if posted.action.startswith(BRING):
        return bring(case, task, posted)
    if posted.action in _SAVES:
        return _SAVES[posted.action](case, task, posted)
    if posted.action != "complete":
        return _again(case, task, posted)
    if posted.shown is not None:  # the form has questions that only the server can open
        task_page = shown(case, task, posted)
        filled = filled_again(task_page.asked, posted)
        if new := opened(filled, posted.shown):
            _keep_typed(case, task, posted)
            return _render(task_page, filled, opened=new)
    return _complete(case, task, posted)


def _with_files(
    case: str, task: str, posted: submission.Posted
) -> tuple[submission.Posted, Mapping[str, str]]:
    """Those that came are kept at once: a browser forgets what was chosen."""
    if not names_files(request):
        return posted, {}
    try:
        asked = shown(case, task, posted).asked
    except Conflict:  # it is closed: what becomes of the words says what they were sent for
        return posted, {}
    posted, told = take_in(posted, asked, request, site().config.files)
    if posted.files:
        keep(case, task, posted)
    elif told:
        _keep_typed(case, task, posted)
    return posted, told


def _attached(case: str, task: str, posted: submission.Posted) -> Response:
    """A page of its own again, so that one comes back to it from the next."""
    if not posted.files:
        _keep_typed(case, task, posted)
    at = f"f-{posted.action.removeprefix(ATTACH)}"
    one_page = request.args.get("questions")
    return redirect(url_for(".page", case=case, task=task, questions=one_page, _anchor=at))


@bp.post("/claim")
def claim(case: str, task: str) -> Response:
    """Where nothing can be typed yet; else it goes with what was typed (see `send`)."""
    desk().do(commands.Claim(actor=person(), at=now(), key=_key(), case=case, task=task))
    return redirect(url_for(".page", case=case, task=task))


@bp.post("/release")
def release(case: str, task: str) -> Response:
    desk().do(commands.Release(actor=person(), at=now(), key=_key(), case=case, task=task))
    return redirect(url_for("tasks.work_list", show="groups"))


def _key() -> str | None:
    return request.form.get("_key") or None


def _save(case: str, task: str, posted: submission.Posted) -> Answer:
    saved = keep(case, task, posted)
    if saved.twice:
        return redirect(url_for(".page", case=case, task=task))
    return TaskForm(case, task).saved(saved)


def _keep_typed(case: str, task: str, posted: submission.Posted) -> None:
    if posted.touched and not posted.quick:
        keep(case, task, posted)


def _save_quietly(case: str, task: str, posted: submission.Posted) -> Response:
    """For a page that saves by itself: it goes on as it is."""
    return jsonify(saved_words(posted, now(), keep(case, task, posted)))


def _take_over(case: str, task: str, posted: submission.Posted) -> Response:
    """What was typed goes with it: what both answered is kept twice."""
    _keep_typed(case, task, posted)
    _, _, whose = posted.action.partition(":")
    desk().do(commands.TakeOverDraft(actor=person(), at=now(), case=case, task=task, person=whose))
    return redirect(url_for(".page", case=case, task=task))


def _save_and(then: Callable[[str, str], Response]) -> Callable[..., Response]:
    """What was typed goes with the button that was pressed."""

    def save(case: str, task: str, posted: submission.Posted) -> Response:
        _keep_typed(case, task, posted)
        return then(case, task)

    return save


_SAVES: Mapping[str, Callable[[str, str, submission.Posted], Answer]] = {
    "draft": _save,
    "autosave": _save_quietly,
    "claim": _save_and(claim),
    "release": _save_and(release),
}


def bring(case: str, task: str, posted: submission.Posted) -> Response:
    """To the page that takes a table; what was typed waits in the draft."""
    keep(case, task, posted)
    path = posted.action.removeprefix(BRING)
    return redirect(url_for(".page", case=case, task=task, table=path))


def _again(
    case: str, task: str, posted: submission.Posted, told: Mapping[str, str] | None = None
) -> Answer:
    """The form with a row more or less, or what was given back; `told`: of the files that came."""
    if posted.action == "show":  # it was given back, and would be gone with this page
        _keep_typed(case, task, posted)
    task_page = shown(case, task, posted)
    submission.change(posted, task_page.asked)
    notice = submission.SENT_BACK if posted.action == "show" else None
    filled = filled_again(task_page.asked, posted, told, task_page.kept)
    return _render(task_page, filled, notice=notice), 422 if told else 200


def _complete(case: str, task: str, posted: submission.Posted) -> Answer:
    def again(error: Refused) -> Answer:
        _keep_typed(case, task, posted)
        task_page = shown(case, task, posted)
        filled = filled_again(task_page.asked, posted, error.fields, task_page.kept)
        return _render(task_page, filled, refused="" if error.fields else error.sentence), 422

    try:
        return complete(case, task, posted, again)
    except Elsewhere as error:
        keep(case, task, posted)
        task_page = shown(case, task, posted)
        filled = filled_from(task_page.asked, task_page.kept, task_page.writers)
        return _render(task_page, filled, notice=error.sentence), 409


def _render(
    task_page: Any,
    filled: Filled,
    *,
    sheet: Sheet | None = None,
    notice: str | None = None,
    opened: tuple[Opened, ...] = (),
    refused: str = "",
    drafted: bool = True,
    quick: bool = False,
) -> str:
    """`drafted`: the form holds what this person typed, not what was given first. `sheet`: its
    sections are listed instead. `quick`: nothing is in it, so that one answer may settle it."""
    return render_template(
        "task.html", found=task_page, filled=filled, notice=notice, refused=refused, opened=opened,
        drafted=drafted, brief=lines(task_page.brief), sheet=sheet,
        documents=documents_to_read(task_page.documents),
        quick=quick_answer(task_page.asked) if quick else None,
        introduction=introduction(task_page.asked) if sheet else (),
        brings=BRING, typed=() if task_page.may_complete else draft_in_words(task_page),
        lost=unasked(task_page.asked.form, task_page.kept) if task_page.may_complete else (),
    )  # fmt: skip
