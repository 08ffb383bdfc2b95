"""A table from elsewhere on its way into a list of a form: what it seems to say, a look at what
comes of it with what the form says of its rows, and all answers with the rows in them.

Works on what is asked and given; keeps nothing. Reading is `table_reading`, the page
`pages.tables`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.bounded import table_of as table_of
from app.casework.drafts import Made, put, stand
from app.documents.tables import Table
from app.engine.forms import Field
from app.engine.forms import columns as tabular
from app.web.forms.submission import Posted
from app.web.forms.table_reading import COLUMN, Mapped, Reading, Source
from app.web.forms.table_reading import Plan as Plan
from app.web.forms.table_reading import Target as Target
from app.web.forms.table_reading import target as target

#: rows of the preview, and sentences about rows
SHOWN, SENTENCES = 5, 20


@dataclass(frozen=True, slots=True)
class Preview:
    plan: Plan
    headings: tuple[Source, ...]
    questions: tuple[Mapped, ...]
    #: labels of the columns that are filled, and the first rows in words, each with its number
    shown: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]
    #: as answers, for the list
    rows: tuple[Mapping[str, Any], ...]
    #: rows that cannot be sent as they are
    wrong: int
    sentences: tuple[str, ...]
    #: what a person should know of how it was read
    told: tuple[str, ...]
    #: why it cannot be brought in
    refused: str = ""


def guessed(to: Target, table: Table, heading: int | str | None = "") -> Plan:
    """What the table itself seems to say; `heading`, where a person said it."""
    if isinstance(heading, str):
        heading = tabular.heading_row(table.rows, to.columns)
    begin = 0 if heading is None else heading + 1
    words = () if heading is None else table.rows[heading]
    options = {column.key: to.options(column) for column in to.columns}
    numbers = tabular.guessed(words, table.rows[begin:], to.columns, options)
    return Plan(heading, {key: f"{COLUMN}{number}" for key, number in numbers.items()})


def previewed(to: Target, table: Table, plan: Plan) -> Preview:
    begin = 0 if plan.heading is None else plan.heading + 1
    body, reading = table.rows[begin:], Reading(to, table, plan)
    rows = tuple(reading.row(row) for row in body)
    before = to.staying(plan)
    preview = Preview(
        plan=plan, headings=tuple(reading.headings()), questions=tuple(reading.questions()),
        shown=tuple(column.label for column in reading.used), rows=rows, wrong=0, sentences=(),
        lines=tuple(
            (len(before) + number, reading.words(row))
            for number, row in enumerate(rows[:SHOWN], 1)
        ),
        told=tuple(reading.told(body)),
    )  # fmt: skip
    refused = _refused(to, len(before), rows, reading.used)
    if refused:
        return replace(preview, refused=refused)
    messages = to.messages(to.filled([*before, *rows]))
    inside = len(f"{to.path}.")
    about = {path: int(path[inside:].partition(".")[0]) for path in messages}
    brought = {path: text for path, text in messages.items() if about[path] >= len(before)}
    return replace(
        preview, wrong=len({about[path] for path in brought}), sentences=tuple(brought.values())
    )


def brought(to: Target, preview: Preview) -> Posted:
    """The list with the rows of the table behind those that stay, as if it had been typed on a page
    with no other question: all else that is kept stays as it is."""
    rows = [*to.staying(preview.plan), *preview.rows]
    given: dict[str, Any] = dict(to.filled(rows)) if to.anew else {}
    put(given, to.path, rows, over=True)
    made = Made(page=uuid.uuid4().hex, stood=stand(to.given, [to.path]))
    return Posted(given=given, action="", key=None, shown=None, made=made)


def _refused(to: Target, before: int, rows: Sequence[object], used: Sequence[Field]) -> str:
    if not used:
        return "Choose at least one column of your table"
    if not rows:
        return "There are no rows below the headings"
    if before + len(rows) > to.field.max_items:
        most = to.counted(to.field.max_items)
        here = f" and {before} stand there already" if before else ""
        return f"This takes {most} at most: your table has {len(rows)}{here}"
    return ""
