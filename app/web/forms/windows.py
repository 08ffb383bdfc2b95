"""What a page of a form says of itself, so that what is typed in several windows comes together;
and what was typed twice, laid before the person to choose.

How answers are brought together is casework's; here is what stands on the page of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.casework.drafts import KNOWN, Apart, put, stand, value_at
from app.casework.drafts import Draft as Draft
from app.casework.drafts import Made as Made
from app.engine import saying
from app.engine.forms import Form
from app.web.forms import blocks as printed
from app.web.forms.blocks import Block
from app.web.forms.submission import OURS, Posted, worded_at


@dataclass(frozen=True, slots=True)
class Version:
    """One of the answers to a question that was answered twice."""

    #: its digest; "": the one in the form
    value: str
    words: str
    #: whose it is and when it was saved; "" of the one in the form
    about: str


@dataclass(frozen=True, slots=True)
class Twice:
    """A question that was answered in two places, for the person to choose."""

    path: str
    #: in the words of the form
    question: str
    versions: tuple[Version, ...]
    #: path and digest of each that is not in the form, as the page sends them back
    marks: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"twice-{self.path}"


def made_of(blocks: Sequence[Block]) -> Made:
    """A new page with these questions, as they stand on it."""
    given: dict[str, Any] = {}
    stood: dict[str, str] = {}
    asked = []
    for block in printed.walk(blocks):
        if not block.path or block.kind == "group" or block.field.read_only:
            continue
        if block.kind == printed.KNOWN:
            stood[block.path] = KNOWN
            continue
        asked.append(block.path)
        listed = block.kind == "dynamiclist"
        value = [dict[str, Any]() for _ in block.rows] if listed else block.value
        put(given, block.path, value, over=True)
    return Made(page=uuid.uuid4().hex, stood=stand(given, asked) | stood)


def said(made: Made) -> str:
    """How the questions stood, as `submission.read` takes it back."""
    return _as_text(made.stood)


def _as_text(stood: Mapping[str, str]) -> str:
    return " ".join(f"{path}={digest}" for path, digest in stood.items())


def twice(form: Form, draft: Draft, names: Mapping[str, str]) -> tuple[Twice, ...]:
    """In the order in which they were kept. `names`: id of a person → their name."""
    paths = dict.fromkeys(entry.path for entry in draft.apart)
    return tuple(_twice(form, draft, path, names) for path in paths)


def _twice(form: Form, draft: Draft, path: str, names: Mapping[str, str]) -> Twice:
    beside = [entry for entry in draft.apart if entry.path == path]
    question, words = worded_at(form.fields, path, value_at(draft.given, path))
    versions = [Version("", words, "")]
    for entry in beside:
        _, words = worded_at(form.fields, path, entry.value)
        versions.append(Version(entry.mark[1], words, _about(entry, names)))
    marks = tuple("=".join(entry.mark) for entry in beside)
    return Twice(path, question, tuple(versions), marks)


def _about(entry: Apart, names: Mapping[str, str]) -> str:
    whose = names.get(entry.by, "Somebody") if entry.by else "You, in another window"
    return f"{whose}, saved on {saying.moment(entry.at)}" if entry.at else whose


def kept_words(until: datetime) -> str:
    """What is said when a form was saved before there is a case."""
    return (
        f"Your answers are saved for you until {saying.day(until)}. They have not been sent, and"
        " nobody else sees them."
    )


@dataclass(frozen=True, slots=True)
class Saved:
    """What is to be said of a form that was just kept."""

    #: something is answered twice, for the person to choose
    twice: bool
    #: name of somebody else who has the task now; "": nobody
    taken_by: str = ""


def taken_words(name: str) -> str:
    """For who is still typing in a task that `name` has now."""
    return (
        f"{name} has taken this task, so you cannot send it now. What you typed is kept as your"
        " draft: you can read it here, and go on with it when the task is given back."
    )


def saved_words(posted: Posted, at: datetime, saved: Saved) -> dict[str, Any]:
    """For a page that was saved by itself: what it says then, and how its questions stand now."""
    made, clock = posted.made, saying.clock(at)
    more = f" {taken_words(saved.taken_by)}" if saved.taken_by else ""
    if saved.twice:
        more += " You typed something else in another window: save this form to see both."
    # What another window says meanwhile is not on the page, so it is none of its own.
    stood = {**made.stood, **stand(posted.given, made.asked)} if made else {}
    return {"words": f"Saved at {clock}.{more}", "at": clock, "stood": _as_text(stood)}


def extended(made: Made, blocks: Sequence[Block]) -> Made:
    """The same page, with questions that have opened on it since."""
    return replace(made, stood={**made_of(blocks).stood, **made.stood})


def unasked(form: Form | None, draft: Draft | None) -> list[tuple[str, str]]:
    """(what it was, text) of all in the draft that the form does not know any more; what it knows
    and does not show now is not among it."""
    if form is None or draft is None:
        return []
    asked = {field.key for field in form.walk()}
    gone = {key: value for key, value in draft.given.items() if not key.startswith(OURS)}
    words = (worded_at((), key, value) for key, value in gone.items() if key not in asked)
    return [(question, text) for question, text in words if text.strip()]


def chosen(posted: Posted, apart: Iterable[Apart]) -> Posted:
    """With the answers that the person has chosen in the place of those in the form."""
    for entry in apart:
        path, digest = entry.mark
        if posted.chosen.get(path) == digest:
            put(posted.given, path, entry.value, over=True)
    return replace(posted, chosen={})
