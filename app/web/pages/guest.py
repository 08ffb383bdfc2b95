"""The page of a guest who came in: the one task, and what was sent; links are `guest_links`'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from flask import (
    Blueprint,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from app.casework import Conflict, Elsewhere, NotFound, Refused
from app.casework.people import guests
from app.web.forms import (
    ATTACH,
    NOTHING,
    Opened,
    chosen,
    documents_to_read,
    filled_again,
    filled_from,
    in_sections,
    introduction,
    lines,
    opened,
    quick_answer,
    saved_words,
    sheet_of,
    submission,
    take_in,
)
from app.web.pages.guest_form import SAVED, GuestForm, give, keep, look
from app.web.pages.long_forms import (
    BRING,
    LIST,
    Answer,
    bring_table,
    check_page,
    save_section,
    section_page,
    send_checked,
    take_table,
)
from app.web.session import QUIET, cookie_name, public
from app.web.site import desk, now, site

bp = Blueprint("guest", __name__)


def _token() -> str:
    return request.cookies.get(cookie_name("guest"), "")


def _here(*, late: bool = False) -> guests.Present | None:
    return guests.holder(desk(), _token(), now(), late=late, quiet=QUIET in request.args)


@bp.get("/guest")
@public
def page() -> Answer:
    here = _here()
    if here is None:
        return _ended()
    if "table" in request.args:
        return bring_table(_form(here), request.args["table"])
    return _task(here, sections=request.args.get("questions") != "all")


@bp.get("/guest/sections/<int:number>")
@public
def section(number: int) -> Answer:
    here = _here()
    return _ended() if here is None else section_page(_form(here), number)


@bp.post("/guest/sections/<int:number>")
@public
def save(number: int) -> Answer:
    posted, here = submission.read(request.form), _here()
    return _too_late(posted) if here is None else save_section(_form(here), number, posted)


@bp.get("/guest/check")
@public
def check() -> Answer:
    here = _here()
    return _ended() if here is None else check_page(_form(here))


@bp.post("/guest/check")
@public
def send_whole() -> Answer:
    posted, here = submission.read(request.form), _here()
    return _ended() if here is None else send_checked(_form(here), posted)


@bp.post("/guest")
@public
def send() -> Answer:
    posted, here = submission.read(request.form), _here()
    if here is None:
        return _too_late(posted)
    if LIST in request.form:
        return take_table(_form(here), request.form[LIST])
    if posted.chosen:
        kept = look(here).kept
        posted = chosen(posted, kept.apart if kept else ())
    posted, told = take_in(posted, look(here, posted).asked, request.files, site().config.files)
    if posted.files:
        keep(here, posted)
    if told or posted.action.startswith(ATTACH):
        return _attached(here, posted, told)
    if posted.action in ("draft", "autosave") or posted.action.startswith(BRING):
        return _keep(here, posted)
    if posted.action != "complete":
        task_page = look(here, posted)
        submission.change(posted, task_page.asked)
        return _task(here, posted)
    if posted.shown is not None:
        filled = filled_again(look(here, posted).asked, posted)
        if new := opened(filled, posted.shown):
            return _task(here, posted, opened=new)

    def again(error: Refused) -> Answer:
        if posted.touched:
            keep(here, posted)
        return _task(here, posted, messages=error.fields, refused=error.sentence, code=422)

    return _complete(here, posted, again)


def _attached(here: guests.Present, posted: submission.Posted, told: Mapping[str, str]) -> Answer:
    """A page of its own again, so that one comes back to it from the next. `told`: of those that
    were not taken."""
    if told:
        return _task(here, posted, messages=told, code=422)
    if not posted.files and posted.touched:
        keep(here, posted)
    at = f"f-{posted.action.removeprefix(ATTACH)}"
    return redirect(url_for(".page", questions="all", _anchor=at))


def _keep(here: guests.Present, posted: submission.Posted) -> Answer:
    saved = keep(here, posted)
    if posted.action == "autosave":
        return jsonify(saved_words(posted, now(), saved))
    if posted.action == "draft":
        return _task(here, notice="" if saved.twice else SAVED)
    return redirect(url_for(".page", table=posted.action.removeprefix(BRING)))


@bp.post("/guest/leave")
@public
def leave() -> Answer:
    guests.leave(desk(), _token(), now())
    return _without_session(render_template("guest/left.html"))


@bp.post("/guest/again")
@public
def again() -> Answer:
    here = _here(late=True)
    if here is not None:
        guests.again_for(desk(), here.person.id, now())
    return render_template("guest/gone.html", sent=True, again="")


def _without_session(page: str, code: int = 200) -> Response:
    answer = make_response(page, code)
    answer.delete_cookie(cookie_name("guest"), secure=request.is_secure, httponly=True)
    session.clear()
    return answer


def _ended(*, kept: bool = False, code: int = 410) -> Answer:
    known = _here(late=True) is not None
    files = [file.filename for _, file in request.files.items(multi=True) if file.filename]
    return render_template("guest/ended.html", kept=kept, known=known, gone=files), code


def _too_late(posted: submission.Posted) -> Answer:
    """What was typed before the session ended is kept as a draft, for them alone."""
    here = _here(late=True)
    if here is None:
        return _lost(posted)
    if LIST not in request.form:  # a pasted table is none of its answers
        saved = keep(here, posted)
        if posted.action == "autosave":
            said = saved_words(posted, now(), saved)
            out = "You are signed out: to go on, you need a new link."
            return jsonify({**said, "words": f"{said['words']} {out}"})
    return _ended(kept=True, code=401)


def _lost(posted: submission.Posted, form: Any = None) -> Answer:
    """Nothing is asked of them any more; what they typed is given back."""
    words = (
        submission.worded(form.fields, posted.given) if form else submission.unnamed(posted.given)
    )
    return _without_session(render_template("guest/over.html", typed=_told(words)), 409)


def _complete(
    here: guests.Present, posted: submission.Posted, again: Callable[[Refused], Answer]
) -> Answer:
    form = look(here, posted).asked.form
    try:
        give(here, posted)
    except Elsewhere as error:
        keep(here, posted)
        return _task(here, notice=error.sentence, code=409)
    except Refused as error:
        return again(error)
    except (Conflict, NotFound):
        return _lost(posted, form)
    guests.sent(desk(), here.person, now())
    words = submission.worded(form.fields, posted.given) if form else ()
    return _without_session(render_template("guest/sent.html", typed=_told(words), at=now()))


def _form(here: guests.Present) -> GuestForm:
    return GuestForm(here, partial(_complete, here))


def _told(words: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Question and answer, of what was answered."""
    return [(question, value) for question, value in words if value.strip()]


def _task(
    here: guests.Present,
    posted: submission.Posted | None = None,
    *,
    messages: Any = None,
    notice: str = "",
    opened: tuple[Opened, ...] = (),
    refused: str = "",
    code: int = 200,
    sections: bool = False,
) -> Answer:
    """`sections`: these are listed, where the form has some."""
    found = look(here, posted)
    sheet = sheet_of(found) if sections and in_sections(found.asked) else None
    filled = (
        NOTHING
        if sheet
        else (
            filled_again(found.asked, posted, messages, found.kept)
            if posted
            else filled_from(found.asked, found.kept, {})
        )
    )
    page = render_template(
        "guest/task.html", found=found, filled=filled, notice=notice, opened=opened,
        brief=lines(found.brief),
        refused="" if messages else refused, documents=documents_to_read(found.documents),
        brings=BRING, sheet=sheet, introduction=introduction(found.asked) if sheet else (),
        here=here, ring=site().config.mail.ring, home=url_for(".page"),
        quick=None if posted or found.draft else quick_answer(found.asked),
    )  # fmt: skip
    return page, code
