"""What was recorded in a case: each form that was sent, its questions with their answers in words.

Who sees the whole case reads all of it; who sees only their own part, what they sent themselves.
That they did is written down. Answers stand in the history body of the command that gave them; in
words they are `answer_words`'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework.access import Person
from app.casework.cases import history, step_name
from app.casework.desk import Desk
from app.casework.reading.answer_words import Answer, answers_told
from app.casework.reading.look import Look, look
from app.engine import saying
from app.store import DoneRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One form as it was sent."""

    #: number of its history entry
    seq: int
    #: the task; of a start form or an event: "" or what stands for it
    task: str
    #: name of the task, or of the process it started
    name: str
    #: tells siblings apart, e.g. for whom
    label: str | None
    at: datetime
    #: the person's name, and for whom they did it: “X for Y”; where two people had to, both
    by: str
    #: in the order of the form; what was not asked is not there
    answers: tuple[Answer, ...]
    #: sentences: what of it this release cannot read
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPage:
    #: the reference
    case: str
    #: all of the case, not only what the person sent themselves
    whole: bool
    #: the newest first
    forms: tuple[Recorded, ...]


def recorded_page(desk: Desk, person: Person, case: str, at: datetime) -> RecordedPage:
    """Raises `NotFound`."""
    with look(desk, person, case, at, "what was recorded", by="answers") as seen:
        forms = tuple(_forms(seen))[::-1]
        return RecordedPage(case=seen.row.reference, whole=seen.whole, forms=forms)


def _forms(seen: Look) -> Iterator[Recorded]:
    every = store.work.answers.of_case(seen.unit, seen.row.id)
    rows = [row for row in every if seen.whole or seen.person.id in row.doers]
    names = seen.names([doer for row in rows for doer in row.doers])
    kept = history.some(seen.unit, seen.key, {row.seq for row in rows})
    steps = {row.seq: _name(seen, row) for row in rows}
    for row in rows:
        given = kept[row.seq].said if row.seq in kept else {}
        unread = kept[row.seq].unread if row.seq in kept else (history.missing(row.seq),)
        if given.get("answers") or unread:
            yield Recorded(
                seq=row.seq,
                task=row.task,
                name=_name(seen, row),
                label=row.label,
                at=row.at,
                by=saying.joined(
                    _by(names.get(doer, doer), given) if doer == row.by else names.get(doer, doer)
                    for doer in row.doers
                ),
                answers=answers_told(seen, given, row.at, steps),
                unread=unread,
            )


def _by(name: str, given: Mapping[str, Any]) -> str:
    return f"{name} for {given['for_name']}" if given.get("for_name") else name


def _name(seen: Look, row: DoneRow) -> str:
    return step_name(seen.locked, row.process, row.element)
