"""What was recorded at the steps that a task shows: the words themselves, and what changed in them.

The drawing names the steps with the property `shows`. Which rows a step's name means is the
viewpoint's; whose words they are and how each came about is told as on the page of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.cases import history, newest, step_name, steps_shown
from app.casework.reading.answer_words import Answer, answers_told
from app.casework.reading.look import Look
from app.engine import saying
from app.engine.bpmn import Element
from app.store import DoneRow, TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    """One form as it was sent, for somebody who has to do with it."""

    name: str
    #: tells siblings apart
    label: str | None
    at: datetime
    by: str
    #: number of its history entry, which is its version
    seq: int
    #: the task that gave it, where the person may read the files of it; else ""
    task: str
    answers: tuple[Answer, ...]
    #: when the person last did a task that showed an earlier version, if one did
    seen_at: datetime | None
    #: questions that are answered otherwise since
    changed: tuple[str, ...]


def shown_records(seen: Look, row: TaskRow, element: Element | None) -> tuple[ShownRecord, ...]:
    """What the task shows, in the order of the drawing."""
    rows = newest(seen.locked, row, element)
    if not rows:
        return ()
    before = _seen_before(seen, rows)
    bodies = history.some(
        seen.unit, seen.key, {each.seq for each in [*rows, *(b.then for b in before.values())]}
    )
    names = seen.names([doer for each in rows for doer in each.doers])
    steps = {each.seq: step_name(seen.locked, each.process, each.element) for each in rows}
    return tuple(_shown(seen, each, before.get(each.seq), bodies, names, steps) for each in rows)


def records_told(seen: Look, rows: Iterable[DoneRow]) -> tuple[ShownRecord, ...]:
    """These, in their order, as they are to somebody who sees them for the first time."""
    several = list(rows)
    bodies = history.some(seen.unit, seen.key, {row.seq for row in several})
    names = seen.names([doer for row in several for doer in row.doers])
    steps = {row.seq: step_name(seen.locked, row.process, row.element) for row in several}
    return tuple(
        _shown(seen, row, None, bodies, names, steps) for row in several if row.seq in bodies
    )


@dataclass(frozen=True, slots=True)
class _Before:
    """The version of a record that the person had before them, and when."""

    then: DoneRow
    at: datetime


def _shown(
    seen: Look,
    row: DoneRow,
    before: _Before | None,
    bodies: Mapping[int, history.Body],
    names: Mapping[str, str],
    steps: Mapping[int, str],
) -> ShownRecord:
    said = bodies[row.seq].said if row.seq in bodies else {}
    answers = answers_told(seen, said, row.at, steps)
    changed: tuple[str, ...] = ()
    if before is not None and before.then.seq in bodies:
        earlier = answers_told(seen, bodies[before.then.seq].said, before.then.at, steps)
        changed = tuple(_changed(earlier, answers))
    return ShownRecord(
        name=steps[row.seq],
        label=row.label,
        at=row.at,
        by=saying.joined(names.get(doer, doer) for doer in row.doers),
        seq=row.seq,
        task=row.task if seen.whole else "",
        answers=answers,
        seen_at=before.at if before is not None else None,
        changed=changed,
    )


def _changed(earlier: Iterable[Answer], now: Iterable[Answer]) -> list[str]:
    old = {answer.question: answer.words for answer in earlier}
    new = {answer.question: answer.words for answer in now}
    return [question for question in {**new, **old} if old.get(question) != new.get(question)]


def _seen_before(seen: Look, rows: Iterable[DoneRow]) -> dict[int, _Before]:
    """Entry of a shown record → the earlier version that the person worked with, if another."""
    done = store.work.answers.of_case(seen.unit, seen.row.id)
    mine = [each for each in done if seen.person.id in each.doers]
    found: dict[int, _Before] = {}
    for row in rows:
        versions = [
            each
            for each in done
            if (each.process, each.element, each.label) == (row.process, row.element, row.label)
        ]
        for own in reversed(mine):
            shows = steps_shown(seen.locked, seen.locked.loaded.element(own.process, own.element))
            if (row.process, row.element) not in {(s.process, s.element) for s in shows}:
                continue
            then = [each for each in versions if each.seq < own.seq]
            if then and then[-1].seq != row.seq:
                found[row.seq] = _Before(then[-1], own.at)
            break
    return found
