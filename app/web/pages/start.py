"""Starting a case: which processes a person may start, the form that starts one, and what they have
begun of it and not sent.

Rendering of forms is `forms.page`; what a started case looks like is `cases`.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for

from app.casework import Elsewhere, NotFound, Refused
from app.casework.people import begun
from app.web.forms import (
    Filled,
    Opened,
    Saved,
    Sheet,
    chosen,
    fill,
    filled_again,
    filled_from,
    in_sections,
    introduction,
    kept_words,
    opened,
    saved_words,
    submission,
    unasked,
)
from app.web.forms import kept as kept_so_far
from app.web.pages.long_forms import (
    BRING,
    LIST,
    Answer,
    StartPage,
    bring_table,
    marked_rows,
    take_table,
)
from app.web.pages.start_form import StartForm, shown, startable
from app.web.session import keeps_answers
from app.web.site import desk, now, person

bp = Blueprint("start", __name__, url_prefix="/start")


@bp.get("")
def choose() -> str:
    processes, kept = startable(), begun.lines(desk(), person())
    return render_template("start_choose.html", processes=processes, kept=kept)


@bp.get("/<process>")
def page(process: str) -> Answer:
    id = request.args.get("begun", "")
    kept = begun.find(desk(), person(), id) if id else None
    if kept is not None and kept.line.process != process:
        raise NotFound
    if kept is not None and not kept.line.open:
        return _shut(kept)
    if "table" in request.args and kept is not None:
        return bring_table(StartForm(process, id), request.args["table"])
    start_page = shown(process)
    if kept is None:
        return _render(start_page, fill(start_page.asked, None), uuid.uuid4().hex)
    return _from_kept(start_page, kept)


@bp.post("/<process>")
@keeps_answers
def send(process: str) -> Answer:
    if LIST in request.form:
        form = StartForm(process, request.args.get("begun", ""))
        return take_table(form, request.form[LIST])
    posted = submission.read(request.form)
    if posted.chosen and posted.begun:
        posted = chosen(posted, begun.find(desk(), person(), posted.begun).draft.apart)
    if posted.action in ("draft", "autosave") or posted.action.startswith(BRING):
        return _save(process, posted)
    if posted.action == "show":
        _keep_typed(process, posted)
    if posted.action != "complete":
        start_page = shown(process)
        submission.change(posted, start_page.asked)
        notice = submission.SENT_BACK if posted.action == "show" else None
        return _again(start_page, posted, notice=notice)
    if posted.shown is not None:
        start_page = shown(process)
        filled = filled_again(start_page.asked, posted)
        if new := opened(filled, posted.shown):
            return _again(start_page, posted, opened=new)
    return _start(process, posted)


@bp.get("/begun/<id>/throw-away")
def ask_throw_away(id: str) -> Answer:
    return render_template("begun/throw_away.html", begun=begun.find(desk(), person(), id).line)


@bp.post("/begun/<id>/throw-away")
def throw_away(id: str) -> Answer:
    name = begun.find(desk(), person(), id).line.name
    begun.throw_away(desk(), person(), id)
    flash(f"What you had begun for “{name}” is thrown away.")
    return redirect(url_for("tasks.work_list"))


def _start(process: str, posted: submission.Posted) -> Answer:
    def again(error: Refused) -> Answer:
        _keep_typed(process, posted)
        return _again(shown(process), posted, error), 422

    try:
        return StartForm(process, posted.begun).send(posted, again)
    except Elsewhere as error:
        begun.keep(desk(), person(), process, posted.begun, posted.typed, now())
        kept = begun.find(desk(), person(), posted.begun)
        return _from_kept(shown(process), kept, notice=error.sentence), 409


def _keep_typed(process: str, posted: submission.Posted) -> None:
    """Else it would be gone with the page that comes. That was sent already, or too much waits: the
    page holds it all the same."""
    if posted.begun:
        with suppress(Refused):
            begun.keep(desk(), person(), process, posted.begun, posted.typed, now())


def _save(process: str, posted: submission.Posted) -> Answer:
    id = posted.begun or uuid.uuid4().hex
    try:
        line, draft = begun.keep(desk(), person(), process, id, posted.typed, now())
    except Refused as error:
        start_page = shown(process)
        return _again(start_page, posted, error), 422
    if posted.action == "autosave":
        return jsonify(saved_words(posted, now(), Saved(bool(draft.apart))))
    if posted.action.startswith(BRING):
        path = posted.action.removeprefix(BRING)
        return redirect(url_for(".page", process=process, begun=id, table=path))
    if draft.apart:
        return redirect(url_for(".page", process=process, begun=id))
    flash(kept_words(line.until))
    return redirect(url_for("tasks.work_list"))


def _from_kept(start_page: StartPage, kept: begun.Begun, *, notice: str | None = None) -> str:
    messages, marked = None, request.args.get("marked")
    if marked:  # rows that just came
        messages = marked_rows(start_page.asked, kept.draft.given, marked)
    filled = filled_from(start_page.asked, kept.draft, {}, messages)
    form = start_page.asked.form
    lost = _unasked(kept, filled) if kept.changed else unasked(form, kept.draft)
    return _render(start_page, filled, kept.line.id, kept=kept, notice=notice, lost=lost)


def _unasked(kept: begun.Begun, filled: Filled) -> list[tuple[str, str]]:
    """What was typed for questions that the form does not ask any more, in the words of then."""
    fields = kept.form.fields if kept.form else ()
    return [
        (question, text)
        for key, value in kept.draft.given.items()
        if not key.startswith(submission.OURS)
        and key not in {path.partition(".")[0] for path in filled.paths}
        for question, text in [submission.worded_at(fields, key, value)]
        if text.strip()
    ]


def _shut(kept: begun.Begun) -> Answer:
    """Nobody sends this any more, or not this person; what they typed is theirs to copy."""
    fields = kept.form.fields if kept.form else ()
    words = submission.worded(fields, kept.draft.given)
    typed = [(question, text) for question, text in words if text.strip()]
    return render_template("begun/shut.html", begun=kept.line, typed=typed)


def _again(
    start_page: StartPage,
    posted: submission.Posted,
    error: Refused | None = None,
    notice: str | None = None,
    opened: tuple[Opened, ...] = (),
) -> str:
    """The form as it was sent, with what is to be mended in it."""
    kept = None
    if posted.begun:
        try:
            kept = begun.find(desk(), person(), posted.begun)
        except NotFound:  # it was not saved yet
            kept = None
    fields = error.fields if error else None
    filled = filled_again(start_page.asked, posted, fields, kept.draft if kept else None)
    refused = error.sentence if error and not error.fields else ""
    id = posted.begun or uuid.uuid4().hex
    return _render(start_page, filled, id, kept=kept, notice=notice, opened=opened, refused=refused)


def _render(
    start_page: StartPage,
    filled: Filled,
    id: str,
    *,
    kept: begun.Begun | None = None,
    notice: str | None = None,
    opened: tuple[Opened, ...] = (),
    refused: str = "",
    lost: Any = (),
) -> str:
    """`id`: under which it is kept when it is saved; `lost`: what was typed for questions that are
    asked no more."""
    asked, sheet = start_page.asked, None
    one_page = request.method != "GET" or request.args.get("questions") == "all"
    if in_sections(asked) and not one_page:
        sheet = Sheet(asked, kept_so_far(asked, kept.draft if kept else None))
    others = [
        line
        for line in begun.lines(desk(), person())
        if line.process == start_page.process and line.id != id
    ]
    return render_template(
        "start.html", found=start_page, filled=filled, notice=notice, refused=refused, begun_id=id,
        kept=kept, others=others, lost=lost, days=desk().settings.retention.begun_days,
        opened=opened, sheet=sheet, base=url_for(".page", process=start_page.process),
        query=f"begun={id}", brings=BRING, introduction=introduction(asked) if sheet else (),
    )  # fmt: skip
