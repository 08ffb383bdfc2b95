"""A task whose form has sections: one section a page, and all answers to read before sending.

The list of sections stands on the task's own page (`task`); what a section holds and how far it is
says `forms.sections`. Answers are kept as a draft whenever somebody leaves a section.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for

from app.casework import Conflict, Refused, views
from app.web.forms import (
    ATTACH,
    Filled,
    Opened,
    Section,
    Sheet,
    answered,
    chosen,
    documents_to_read,
    in_sections,
    opened,
    saved_words,
    sheet_of,
    submission,
    take_in,
)
from app.web.pages import tables
from app.web.pages.task import Answer, complete, conflict, keep
from app.web.session import keeps_answers
from app.web.site import desk, now, person, site

bp = Blueprint("task_sections", __name__, url_prefix="/cases/<case>/tasks/<task>")


@bp.get("/sections/<int:number>")
def page(case: str, task: str, number: int) -> Answer:
    task_page = _look(case, task)
    sheet = sheet_of(task_page)
    section = sheet.of(number)
    if section is None or not task_page.may_complete:
        return redirect(url_for("task.page", case=case, task=task))
    # from the page that says what is wrong, or with rows that just came
    checked = not {"check", "marked"}.isdisjoint(request.args)
    return _section(task_page, section, sheet.filled(section, checked=checked))


@bp.post("/sections/<int:number>")
@keeps_answers
def save(case: str, task: str, number: int) -> Answer:
    posted = submission.read(request.form)
    task_page = _look(case, task)
    before = sheet_of(task_page)
    section = before.of(number)
    if posted.chosen:
        posted = chosen(posted, before.kept.apart)
    if section is None:  # the answers, or the process, changed meanwhile: the words are kept
        keep(case, task, posted)
        return redirect(url_for("task.page", case=case, task=task))
    posted, told = take_in(posted, task_page.asked, request.files, site().config.files)
    brings = posted.action.startswith(tables.BRING)
    only = posted.action.startswith(ATTACH) or bool(told)
    saves = only or brings or posted.action in ("next", "draft", "autosave", "complete")
    if not saves and not posted.files:
        submission.change(posted, task_page.asked)
        notice = submission.SENT_BACK if posted.action == "show" else None
        filled = before.again(section, posted)
        return _section(task_page, section, filled, notice=notice)
    after = answered(before.kept, section, posted, through=posted.action in ("next", "complete"))
    given = after.as_draft(section if task_page.kept is not None else None)
    try:
        done = keep(case, task, replace(posted, given=given, reasons=dict(after.reasons)))
    except Conflict as error:
        return conflict(case, error, posted.given, task)
    if only or not saves:  # files came: the page stays, with what they are
        look = _look(case, task)
        submission.change(posted, look.asked)
        filled = sheet_of(look).again(section, posted, told)
        return _section(look, section, filled), 422 if told else 200
    if brings:
        path = posted.action.removeprefix(tables.BRING)
        return redirect(url_for("task.page", case=case, task=task, table=path))
    if posted.action == "autosave":
        return jsonify(saved_words(posted, now(), twice=bool(done.answer["twice"])))
    if posted.action == "draft":
        flash(f"Your answers are saved. The task in case {case} is still open.")
        return redirect(url_for("tasks.work_list"))
    return _on(section, posted, _look(case, task))


@bp.get("/check")
def check(case: str, task: str) -> Answer:
    task_page = _look(case, task)
    if not task_page.may_complete or not in_sections(task_page.asked):
        return redirect(url_for("task.page", case=case, task=task))
    return _check(task_page, sheet_of(task_page))


@bp.post("/check")
@keeps_answers
def send(case: str, task: str) -> Answer:
    posted = submission.read(request.form)
    task_page = _look(case, task, posted)
    sheet = sheet_of(task_page, confirmed=posted.confirmed)
    if posted.action != "complete":
        return _check(task_page, sheet)
    if task_page.may_complete and request.form.get("_seen") != sheet.kept.digest:
        return _check(task_page, sheet, notice=submission.CHANGED)
    if sheet.kept.apart:
        return _check(task_page, sheet, sent=True), 422

    def again(error: Refused) -> Answer:
        refused = "" if error.fields else error.sentence
        return _check(_look(case, task, posted), sheet, refused=refused, sent=True), 422

    whole = replace(posted, given=dict(sheet.given), reasons=dict(sheet.reasons))
    return complete(case, task, whole, again)


def _look(case: str, task: str, posted: submission.Posted | None = None) -> views.TaskPage:
    since = posted.documents if posted else None
    return views.task_page(desk(), person(), case, task, now(), since)


def _on(section: Section, posted: submission.Posted, task_page: views.TaskPage) -> Answer:
    """To the next section, unless this one has opened more questions or holds what cannot stand."""
    sheet = sheet_of(task_page)
    filled = sheet.filled(section)
    if posted.shown is not None and (new := opened(filled, posted.shown)):
        return _section(task_page, section, filled, opened=new)
    if sheet.told_of(section) or filled.twice:
        return _section(task_page, section, sheet.filled(section, checked=True)), 422
    following = None if "check" in request.args else sheet.behind(section)
    case, task = task_page.case, task_page.task
    if following is None:
        return redirect(url_for(".check", case=case, task=task))
    return redirect(url_for(".page", case=case, task=task, number=following.number))


def _section(
    task_page: views.TaskPage,
    section: Section,
    filled: Filled,
    *,
    notice: str | None = None,
    opened: tuple[Opened, ...] = (),
) -> str:
    return render_template(
        "sections/section.html", found=task_page, section=section, filled=filled, notice=notice,
        opened=opened, active="tasks", problems=filled.problems, brings=tables.BRING,
        **_place(task_page),
    )  # fmt: skip


def _check(
    task_page: views.TaskPage,
    sheet: Sheet,
    *,
    notice: str | None = None,
    refused: str = "",
    sent: bool = False,
) -> str:
    """`sent`: it was sent and refused, so that what is wrong is an error now."""
    return render_template(
        "sections/check.html", found=task_page, sheet=sheet, sent=sent, notice=notice,
        refused=refused, active="tasks", documents=documents_to_read(task_page.documents),
        **_place(task_page),
    )  # fmt: skip


def _place(task_page: views.TaskPage) -> dict[str, str]:
    """Address of the form, and what it is called."""
    label = f" ({task_page.label})" if task_page.label else ""
    return {
        "query": "",
        "base": (base := url_for("task.page", case=task_page.case, task=task_page.task)),
        "back": base,
        "caption": f"{task_page.name}{label} – Case {task_page.case}",
        "about": f"{task_page.name} – Case {task_page.case}",
        "button": "Sign this task" if task_page.people == 2 else "Complete this task",
    }
