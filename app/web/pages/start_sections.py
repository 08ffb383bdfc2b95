"""A start form that has sections: one section a page, and all answers to read before sending.

The list of sections stands on the form's own page (`start`). What was answered is kept as begun,
under the id that every address here carries; before the first section is left nothing is kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import NotFound, Refused, commands, views
from app.casework.people import begun
from app.web.forms import (
    Section,
    Sheet,
    answered,
    chosen,
    in_sections,
    kept,
    kept_words,
    opened,
    saved_words,
    submission,
)
from app.web.session import keeps_answers
from app.web.site import desk, now, person

bp = Blueprint("start_sections", __name__, url_prefix="/start/<process>")

Answer = Response | str | tuple[str, int]


@bp.get("/sections/<int:number>")
def page(process: str, number: int) -> Answer:
    start_page, sheet, there = _look(process)
    section = sheet.of(number)
    if section is None:
        return _list(process, there)
    filled = sheet.filled(section, checked="check" in request.args)
    return _section(start_page, there, section=section, filled=filled)


@bp.post("/sections/<int:number>")
@keeps_answers
def save(process: str, number: int) -> Answer:
    posted = submission.read(request.form)
    start_page, before, there = _look(process)
    section = before.of(number)
    if posted.chosen:
        posted = chosen(posted, before.kept.apart)
    if section is None:  # the answers, or the process, changed meanwhile: the words are kept
        _keep(process, posted)
        return _list(process, True)
    if posted.action not in ("next", "draft", "autosave", "complete"):
        submission.change(posted, start_page.asked)
        notice = submission.SENT_BACK if posted.action == "show" else None
        filled = before.again(section, posted)
        return _section(start_page, there, section=section, filled=filled, notice=notice)
    after = answered(before.kept, section, posted, through=posted.action in ("next", "complete"))
    try:
        given = after.as_draft(section if there else None)
        line, draft = _keep(process, replace(posted, given=given, reasons=dict(after.reasons)))
    except Refused as error:
        filled = before.again(section, posted)
        page = _section(start_page, there, section=section, filled=filled, refused=error.sentence)
        return page, 422
    if posted.action == "autosave":
        return jsonify(saved_words(posted, now(), twice=bool(draft.apart)))
    if posted.action == "draft":
        flash(kept_words(line.until))
        return redirect(url_for("tasks.work_list"))
    return _on(process, section, posted)


def _on(process: str, section: Section, posted: submission.Posted) -> Answer:
    """To the next section, unless this one has opened more questions or holds what cannot stand."""
    start_page, sheet, _ = _look(process)
    filled = sheet.filled(section)
    if posted.shown is not None and (new := opened(filled, posted.shown)):
        return _section(start_page, True, section=section, filled=filled, opened=new)
    if sheet.told_of(section) or filled.twice:
        filled = sheet.filled(section, checked=True)
        return _section(start_page, True, section=section, filled=filled), 422
    following = None if "check" in request.args else sheet.behind(section)
    if following is None:
        return redirect(url_for(".check", process=process, begun=_id()))
    return redirect(url_for(".page", process=process, number=following.number, begun=_id()))


@bp.get("/check")
def check(process: str) -> Answer:
    start_page, sheet, there = _look(process)
    if not in_sections(start_page.asked):
        return _list(process, there)
    return _check(start_page, there, sheet=sheet)


@bp.post("/check")
@keeps_answers
def send(process: str) -> Answer:
    posted = submission.read(request.form)
    start_page, sheet, there = _look(process)
    sheet = replace(sheet, confirmed=posted.confirmed)
    if posted.action != "complete":
        return _check(start_page, there, sheet=sheet)
    if request.form.get("_seen") != sheet.kept.digest:
        return _check(start_page, there, sheet=sheet, notice=submission.CHANGED)
    if sheet.kept.apart:
        return _check(start_page, there, sheet=sheet, sent=True), 422
    order = commands.StartCase(
        actor=person(), at=now(), key=posted.key, process=process, given=dict(sheet.given),
        confirmed=posted.confirmed, reasons=sheet.reasons, begun=_id(),
    )  # fmt: skip
    try:
        done = desk().do(order)
    except Refused as error:
        refused = "" if error.fields else error.sentence
        return _check(start_page, there, sheet=sheet, refused=refused, sent=True), 422
    return redirect(url_for("cases.page", case=done.reference, started="yes"))


def _id() -> str:
    return request.args.get("begun", "")


def _look(process: str) -> tuple[views.StartPage, Sheet, bool]:
    """The form, with what is kept of it; the last says whether anything is."""
    start_page = views.start_page(desk(), person(), process, now())
    try:
        found = begun.find(desk(), person(), _id())
    except NotFound:
        return start_page, Sheet(start_page.asked, kept(start_page.asked, None)), False
    if found.line.process != process:
        raise NotFound
    return start_page, Sheet(start_page.asked, kept(start_page.asked, found.draft)), True


def _keep(process: str, posted: submission.Posted) -> Any:
    return begun.keep(desk(), person(), process, _id(), posted.typed, now())


def _list(process: str, there: bool) -> Response:
    return redirect(url_for("start.page", process=process, begun=_id() if there else None))


def _section(start_page: views.StartPage, there: bool, **more: Any) -> str:
    problems = list(more["filled"].problems)
    if more.get("refused"):
        problems.append({"sentence": more["refused"], "target": None})
    return render_template(
        "sections/section.html", problems=problems, **_place(start_page, there), **more
    )


def _check(start_page: views.StartPage, there: bool, **more: Any) -> str:
    return render_template("sections/check.html", documents=(), **_place(start_page, there), **more)


def _place(start_page: views.StartPage, there: bool) -> dict[str, Any]:
    """Address of the form and what it is called. `there`: something is kept under the id."""
    return {
        "found": start_page,
        "active": "start",
        "query": f"begun={_id()}",
        "back": url_for("start.page", process=start_page.process, begun=_id() if there else None),
        "base": url_for("start.page", process=start_page.process),
        "caption": start_page.name,
        "about": f"{start_page.name} – Start a case",
        "button": "Send and start the case",
    }
