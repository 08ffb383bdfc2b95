"""The texts that people read: on the page of a task, and in a document that was made.

Looking into them leaves no trace in the history. Comparing them is for checks and `player`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import store
from app.casework import Done
from app.documents import every_text
from app.engine import feel, saying
from app.engine.feel import World
from app.engine.forms import Cell, Grid, initial, options, worded
from app.journeys.stage import Stage, form_of_task, signed
from app.store import read_draft


def page_texts(stage: Stage, case: str, task: str, person: str | None) -> list[str]:
    """Every text on the task's page as it opens for the person with this id: with their draft, what
    a first one signed, or first answers."""
    form, scope = form_of_task(stage.desk, case, task)
    if form is None:
        return []
    world = stage.world()
    _, given = signed(stage.desk, case, task)
    with stage.desk.store.reading() as unit:
        draft = read_draft(unit, store.cases.key_of(unit, case), task, person) if person else None
    given = feel.codec.loads(draft[1]) if draft else given or initial(form, scope, world)
    grid = Grid(worded(form, scope, world), given, scope, world)
    return [text for cell, _ in grid.shown() for text in _cell_texts(cell, scope, world)]


def _cell_texts(cell: Cell, scope: Mapping[str, Any], world: World) -> list[str]:
    field = cell.field
    offered = field.kind in ("radio", "select", "checklist")
    chosen = [option.label for option in options(field, scope, world)] if offered else []
    value = [] if cell.value is None or cell.rows else [saying.text(cell.value)]
    return [text for text in (field.label, field.hint, *chosen, *value) if text]


def document_text(stage: Stage, done: Done) -> str:
    """All text of the Word document that was just made; its headers and properties too."""
    with stage.desk.store.reading() as unit:
        row = next(row for row in store.documents.of_case(unit, done.case) if row.seq == done.seq)
        document = store.documents.read(
            unit, store.cases.key_of(unit, done.case), row.document, row.version
        )
    return "\n".join(every_text(document[1])) if document else ""
