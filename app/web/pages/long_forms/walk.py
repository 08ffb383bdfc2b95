"""A form in sections, whoever keeps it: one section a page, and all answers to read before sending.

The list of sections stands on the form's own page; what a section holds and how far it is says
`forms.sections`. Answers are kept whenever somebody leaves a section.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from flask import jsonify, redirect, render_template, request

from app.casework import Conflict, Refused
from app.web.forms import (
    ATTACH,
    Filled,
    Opened,
    Saved,
    Section,
    Sheet,
    answered,
    chosen,
    in_sections,
    opened,
    saved_words,
    submission,
    take_in,
)
from app.web.pages.long_forms import tables
from app.web.pages.long_forms.keeping import Answer, Keeper, Look
from app.web.site import now, site

#: actions that keep what was typed
_SAVES = frozenset({"next", "draft", "autosave", "complete"})


def section_page(keeper: Keeper, number: int) -> Answer:
    look = keeper.look()
    asked = look.sheet.of(number)
    if asked is None or not look.open:
        return keeper.own_page(look)
    # from the page that says what is wrong, or with rows that just came
    checked = not {"check", "marked"}.isdisjoint(request.args)
    return _section(keeper, look, asked, look.sheet.filled(asked, checked=checked))


def save_section(keeper: Keeper, number: int, posted: submission.Posted) -> Answer:
    look = keeper.look()
    before = look.sheet
    section = before.of(number)
    if posted.chosen:
        posted = chosen(posted, before.kept.apart)
    if section is None:  # the answers, or the process, changed meanwhile: the words are kept
        saved = keeper.keep(posted)
        if posted.action == "autosave":
            return jsonify(saved_words(posted, now(), saved))
        return keeper.own_page(keeper.look())
    told: dict[str, str] = {}
    if keeper.takes_files:
        posted, told = take_in(posted, look.asked, request, site().config.files)
    brings = posted.action.startswith(tables.BRING)
    attaches, back = posted.action.startswith(ATTACH), posted.action == "show"
    saves = attaches or brings or posted.action in _SAVES or (back and posted.touched)
    if not saves and not posted.files and not told:
        return _stays(keeper, section, posted)
    after = answered(before.kept, section, posted, through=posted.action in ("next", "complete"))
    # What the section does not ask since its page was made is kept too.
    other = {key: value for key, value in posted.given.items() if key not in section.keys}
    given = after.as_draft(section if look.kept else None) | other
    try:
        saved = keeper.keep(replace(posted, given=given, reasons=dict(after.reasons)))
    except Conflict as error:
        return keeper.not_kept(error, posted)
    except Refused as error:
        filled = before.again(section, posted)
        return _section(keeper, look, section, filled, refused=error.sentence), 422
    if told or back or not saves:
        return _stays(keeper, section, posted, told)
    if attaches:  # a page of its own again, so that one comes back to it from the next
        place, path = f"/sections/{section.number}", posted.action.removeprefix(ATTACH)
        return redirect(f"{keeper.at(place, check=request.args.get('check'))}#f-{path}")
    if brings:
        return redirect(keeper.at(table=posted.action.removeprefix(tables.BRING)))
    if posted.action == "autosave":
        return jsonify(saved_words(posted, now(), saved))
    return _later(keeper, saved) if posted.action == "draft" else _on(keeper, section, posted)


def _stays(
    keeper: Keeper,
    section: Section,
    posted: submission.Posted,
    told: Mapping[str, str] | None = None,
) -> Answer:
    """The section as it was posted, with what its button changed. `told`: of files that came."""
    look = keeper.look()
    submission.change(posted, look.asked)
    filled = look.sheet.again(section, posted, told)
    notice = submission.SENT_BACK if posted.action == "show" else None
    return _section(keeper, look, section, filled, notice=notice), 422 if told else 200


def _later(keeper: Keeper, saved: Saved) -> Answer:
    """Away from the form, unless there is something to choose in it."""
    sheet = keeper.look().sheet if saved.twice else None
    places = [at.number for at in sheet.shown if sheet.filled(at).twice] if sheet else []
    return redirect(keeper.at(f"/sections/{places[0]}")) if places else keeper.saved(saved)


def _on(keeper: Keeper, section: Section, posted: submission.Posted) -> Answer:
    """To the next section, unless this one has opened more questions or holds what cannot stand."""
    look = keeper.look()
    sheet = look.sheet
    filled = sheet.filled(section)
    if posted.shown is not None and (new := opened(filled, posted.shown)):
        return _section(keeper, look, section, filled, opened=new)
    if sheet.told_of(section) or filled.twice:
        return _section(keeper, look, section, sheet.filled(section, checked=True)), 422
    following = None if "check" in request.args else sheet.behind(section)
    return redirect(keeper.at(f"/sections/{following.number}" if following else "/check"))


def check_page(keeper: Keeper) -> Answer:
    look = keeper.look()
    if not look.open or not in_sections(look.asked):
        return keeper.own_page(look)
    return _check(keeper, look, look.sheet)


def send_checked(keeper: Keeper, posted: submission.Posted) -> Answer:
    look = keeper.look(posted)
    sheet = replace(look.sheet, confirmed=posted.confirmed)
    if posted.action != "complete":
        return _check(keeper, look, sheet)
    if look.open and request.form.get("_seen") != sheet.kept.digest:
        return _check(keeper, look, sheet, notice=submission.CHANGED)
    if sheet.kept.apart:
        return _check(keeper, look, sheet, sent=True), 422

    def again(error: Refused) -> Answer:
        refused = "" if error.fields else error.sentence
        return _check(keeper, keeper.look(posted), sheet, refused=refused, sent=True), 422

    whole = replace(posted, given=dict(sheet.given), reasons=dict(sheet.reasons))
    return keeper.send(whole, again)


def _section(
    keeper: Keeper,
    look: Look,
    section: Section,
    filled: Filled,
    *,
    notice: str | None = None,
    opened: tuple[Opened, ...] = (),
    refused: str = "",
) -> str:
    problems: list[Any] = list(filled.problems)
    if refused:
        problems.append({"sentence": refused, "target": None})
    return render_template(
        "sections/section.html", section=section, filled=filled, notice=notice, opened=opened,
        problems=problems, brings=tables.BRING, **_place(keeper, look),
    )  # fmt: skip


def _check(
    keeper: Keeper,
    look: Look,
    sheet: Sheet,
    *,
    notice: str | None = None,
    refused: str = "",
    sent: bool = False,
) -> str:
    """`sent`: it was sent and refused, so that what is wrong is an error now."""
    return render_template(
        "sections/check.html", sheet=sheet, sent=sent, notice=notice, refused=refused,
        documents=look.documents, open=look.open, **_place(keeper, look),
    )  # fmt: skip


def _place(keeper: Keeper, look: Look) -> dict[str, Any]:
    """Address of the form, and what it is called."""
    return {
        "found": look.page,
        "base": keeper.base,
        "query": "&".join(f"{name}={value}" for name, value in keeper.query.items()),
        "back": keeper.own_page(look).location,
        **asdict(keeper.words(look)),
    }
