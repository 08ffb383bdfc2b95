"""Whom a case asked and with whom it is in contact, as its page of people lists them: what came of
each step and when, and what is still open.

The drawing says by the property `people_part` of a step under which heading it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app import store
from app.casework.reading.look import Look
from app.casework.reading.task.shown_records import ShownRecord, records_told
from app.store import TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPart:
    #: the heading
    name: str
    #: by whom they are about, and as they were opened
    open: tuple[TaskRow, ...]
    #: what was recorded, the newest first
    records: tuple[ShownRecord, ...]


def contact_parts(seen: Look) -> tuple[ContactPart, ...]:
    """By heading. One of which nothing was opened yet is left out."""
    steps = {(process, step): name for process, step, name in _steps(seen)}
    if not steps:
        return ()
    tasks = store.work.tasks.of_case(seen.unit, seen.row.id)
    done = store.work.answers.of_case(seen.unit, seen.row.id)
    parts = []
    for name in sorted(set(steps.values())):
        waiting = [row for row in tasks if steps.get((row.process, row.element)) == name]
        given = [row for row in done if steps.get((row.process, row.element)) == name]
        if waiting or given:
            records = records_told(seen, given)[::-1]
            waiting.sort(key=lambda row: row.label or "")
            parts.append(ContactPart(name=name, open=tuple(waiting), records=records))
    return tuple(parts)


def _steps(seen: Look) -> Iterator[tuple[str, str, str]]:
    for process in seen.locked.loaded.program.processes.values():
        for element in process.elements.values():
            if element.rules.people_part:
                yield process.id, element.id, element.rules.people_part
