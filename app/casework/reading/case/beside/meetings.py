"""The meetings of a case on one page: when and where, who is invited, what is to be done, their
papers, and what was recorded.

A mail of a drawing calls a meeting (`documents.mail`); which steps and documents belong to it says
the same mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.reading.case.beside.meeting_steps import (
    MeetingParts,
    meeting_mails,
    meeting_parts,
)
from app.casework.reading.case.documents import DocumentLine, document_lines
from app.casework.reading.look import Look
from app.casework.reading.task.shown_records import ShownRecord, records_told
from app.documents import meeting_in
from app.engine import feel
from app.store import OutboxRow, TaskRow
from app.store.work import meetings


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    name: str
    begins_at: datetime
    whole_day: bool
    #: it was called off
    off: bool
    #: how often its time changed
    moved: int
    place: str
    #: (name, whether the invitation went out)
    invited: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingsPage:
    #: the reference
    case: str
    #: earliest first
    meetings: tuple[MeetingLine, ...]
    #: open tasks by which a meeting is called, or recorded
    tasks: tuple[TaskRow, ...]
    #: the documents that are papers of a meeting, of those that the person may open
    papers: tuple[DocumentLine, ...]
    #: the newest first
    records: tuple[ShownRecord, ...]
    parts: MeetingParts


def meetings_of(seen: Look) -> MeetingsPage:
    parts = meeting_parts(seen)
    done = [
        row
        for row in store.work.answers.of_case(seen.unit, seen.row.id)
        if (row.process, row.element) in parts.steps
    ]
    return MeetingsPage(
        case=seen.row.reference,
        meetings=tuple(_lines(seen)),
        tasks=tuple(
            row
            for row in store.work.tasks.of_case(seen.unit, seen.row.id)
            if (row.process, row.element) in parts.steps
        ),
        papers=tuple(line for line in document_lines(seen) if line.id in parts.papers),
        records=records_told(seen, done)[::-1],
        parts=parts,
    )


def may_meet(seen: Look) -> bool:
    """Whether a mail of the case's drawings calls a meeting."""
    return any(True for _ in meeting_mails(seen))


def _lines(seen: Look) -> Iterator[MeetingLine]:
    told: dict[str, list[tuple[OutboxRow, str]]] = {}
    for effect in store.work.messages.outbox_of(seen.unit, seen.row.id):
        said = meeting_in(feel.codec.loads(effect.content(seen.key)))
        if said is not None:
            told.setdefault(said.id, []).append((effect, said.place))
    for row in meetings.of_case(seen.unit, seen.row.id):
        mails = told.get(row.id, [])
        yield MeetingLine(
            name=row.name, begins_at=row.begins_at, whole_day=row.whole_day, off=row.off,
            moved=row.sequence, place=mails[-1][1] if mails else "",
            invited=_invited(seen, {effect.id for effect, _ in mails}),
        )  # fmt: skip


def _invited(seen: Look, effects: set[str]) -> tuple[tuple[str, bool], ...]:
    """By name; whoever an invitation waits for has not got it yet."""
    letters = store.work.letters
    went: dict[str, bool] = {}
    for letter in letters.of_case(seen.unit, seen.row.id):
        if letter.source in effects and letter.person and letter.state != letters.DROPPED:
            went[letter.person] = went.get(letter.person, False) or letter.state == letters.SENT
    names = seen.names(list(went))
    return tuple(sorted((names.get(person, person), out) for person, out in went.items()))
