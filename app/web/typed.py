"""What somebody typed into a form of the process, given back in the words of that form.

It is asked for when the page itself cannot come back, so it must do without the database too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import g, request
from werkzeug.datastructures import MultiDict

from app.casework import CaseworkError, views
from app.engine import Fault
from app.engine.forms import Form
from app.store import StoreFault
from app.web.forms import submission
from app.web.site import desk, now

#: blueprints of the pages of a task
_OF_TASKS = frozenset({"task", "task_sections"})


def answered(form: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    """(question, text) of all that was typed; questions are numbered where nobody can say what they
    ask."""
    posted = submission.read(form)
    asked = _asked(request.view_args or {})
    words = submission.worded(asked.fields, posted.given) if asked else ()
    pairs = [(question, text) for question, text in words if text.strip()]
    yield from pairs or submission.unnamed(posted.given)
    for why in posted.reasons.values():
        yield "Why you corrected an answer", why


def with_kept(words: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same, and behind it what this person had saved of a task that is closed now."""
    pairs, about, person = list(words), request.view_args or {}, g.get("person")
    if person is None or request.blueprint not in _OF_TASKS:
        return pairs
    try:
        form = views.form_of_ended(desk(), person, about["case"], about["task"], now())
        draft = views.draft_of_ended(desk(), person, about["case"], about["task"], now())
    except (CaseworkError, StoreFault, Fault, LookupError):
        return pairs
    if form is None or draft is None:
        return pairs
    beside = (submission.worded_at(form.fields, each.path, each.value) for each in draft.apart)
    saved = [*submission.worded(form.fields, draft.given), *beside]
    return [*pairs, *(pair for pair in saved if pair[1].strip() and pair not in pairs)]


def _asked(about: Mapping[str, Any]) -> Form | None:
    person = g.get("person")
    if person is None:
        return None
    try:
        match request.blueprint:
            case "start" | "start_sections":
                return views.start_page(desk(), person, about["process"], now()).asked.form
            case "task" | "task_sections":
                return _of_task(person, about["case"], about["task"])
            case "happenings":
                page = views.event_page(desk(), person, about["case"], about["message"], now())
                return page.asked.form
    except (CaseworkError, StoreFault, Fault, LookupError):
        pass
    return None


def _of_task(person: Any, case: str, task: str) -> Form | None:
    ended = views.form_of_ended(desk(), person, case, task, now())
    return ended or views.task_page(desk(), person, case, task, now()).asked.form
