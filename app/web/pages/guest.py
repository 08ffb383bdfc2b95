"""The page of a guest who came in: the one task, and what was sent; links are `guest_links`'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, make_response, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.casework import Conflict, Elsewhere, NotFound, Refused, commands, views
from app.casework.people import guests
from app.web.forms import (
    ATTACH,
    Opened,
    chosen,
    documents_to_read,
    filled_again,
    filled_from,
    lines,
    opened,
    quick_answer,
    submission,
    take_in,
)
from app.web.session import cookie_name, public
from app.web.site import desk, now, site

bp = Blueprint("guest", __name__)

Answer = Response | str | tuple[str, int]


def _token() -> str:
    return request.cookies.get(cookie_name("guest"), "")


def _here(*, late: bool = False) -> guests.Present | None:
    return guests.holder(desk(), _token(), now(), late=late)


@bp.get("/guest")
@public
def page() -> Answer:
    here = _here()
    return _ended() if here is None else _task(here)


@bp.post("/guest")
@public
def send() -> Answer:
    posted, here = submission.read(request.form), _here()
    if here is None:
        return _too_late(posted)
    if posted.chosen:
        kept = _look(here).kept
        posted = chosen(posted, kept.apart if kept else ())
    posted, told = take_in(posted, _look(here, posted).asked, request.files, site().config.files)
    if posted.files:
        _save(here, posted)
    if told or posted.action.startswith(ATTACH):
        return _task(here, posted, messages=told, code=422 if told else 200)
    if posted.action == "draft":
        _save(here, posted)
        return _task(here, notice="Your answers are saved for you. They have not been sent.")
    if posted.action != "complete":
        task_page = _look(here, posted)
        submission.change(posted, task_page.asked)
        return _task(here, posted)
    if posted.shown is not None:
        filled = filled_again(_look(here, posted).asked, posted)
        if new := opened(filled, posted.shown):
            return _task(here, posted, opened=new)
    return _complete(here, posted)


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
    return render_template("guest/ended.html", kept=kept, known=_here(late=True) is not None), code


def _too_late(posted: submission.Posted) -> Answer:
    """What was typed before the session ended is kept as a draft, for them alone."""
    here = _here(late=True)
    if here is None:
        return _lost(posted)
    _save(here, posted)
    return _ended(kept=True, code=401)


def _save(here: guests.Present, posted: submission.Posted) -> None:
    desk().do(commands.SaveDraft(
        actor=here.person, at=now(), case=here.case, task=here.task,
        given=posted.given, reasons=posted.reasons, made=posted.made, files=posted.files,
    ))  # fmt: skip


def _lost(posted: submission.Posted, form: Any = None) -> Answer:
    """Nothing is asked of them any more; what they typed is given back."""
    words = (
        submission.worded(form.fields, posted.given) if form else submission.unnamed(posted.given)
    )
    return _without_session(render_template("guest/over.html", typed=_told(words)), 409)


def _look(here: guests.Present, posted: submission.Posted | None = None) -> views.TaskPage:
    since = posted.documents if posted else None
    return views.task_page(desk(), here.person, here.case, here.task, now(), since)


def _complete(here: guests.Present, posted: submission.Posted) -> Answer:
    form = _look(here, posted).asked.form
    order = commands.CompleteTask(
        actor=here.person, at=now(), key=posted.key, case=here.case, task=here.task,
        given=posted.given, version=posted.version, documents=posted.documents,
        confirmed=posted.confirmed, reasons=posted.reasons, made=posted.made,
    )  # fmt: skip
    try:
        desk().do(order)
    except Elsewhere as error:
        _save(here, posted)
        return _task(here, notice=error.sentence, code=409)
    except Refused as error:
        return _task(here, posted, messages=error.fields, refused=error.sentence, code=422)
    except (Conflict, NotFound):
        return _lost(posted, form)
    guests.sent(desk(), here.person, now())
    words = submission.worded(form.fields, posted.given) if form else ()
    return _without_session(render_template("guest/sent.html", typed=_told(words), at=now()))


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
) -> Answer:
    found = _look(here, posted)
    filled = (
        filled_again(found.asked, posted, messages, found.kept)
        if posted
        else filled_from(found.asked, found.kept, {})
    )
    page = render_template(
        "guest/task.html", found=found, filled=filled, notice=notice, opened=opened,
        brief=lines(found.brief),
        refused="" if messages else refused, documents=documents_to_read(found.documents),
        here=here, ring=site().config.mail.ring, home=url_for(".page"),
        quick=None if posted or found.draft else quick_answer(found.asked),
    )  # fmt: skip
    return page, code
