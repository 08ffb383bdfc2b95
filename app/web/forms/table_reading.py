"""How a table from elsewhere is read for a list of a form: the list, what a person says of the
table, each row as answers, and what a person should know of it.

What comes of it on the way into the list is `bringing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.casework.drafts import value_at
from app.casework.views import Asked
from app.documents.tables import Table
from app.engine import forms, saying
from app.engine.forms import Field, Option
from app.engine.forms import columns as tabular
from app.web.forms import input_values

#: how the page names where an answer comes from
COLUMN, SAME = "column:", "same:"
#: kinds for which one answer may be said of every row
_SAME_KINDS = frozenset({"radio", "select"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person says of a table; None where nobody has said it yet."""

    #: number of the row with the headings; None: it has none
    heading: int | None
    #: key of a question → "column:<n>", "same:<value>" or ""
    sources: Mapping[str, str]
    #: the rows that stand in the list go
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """The list that takes the rows."""

    asked: Asked
    path: str
    field: Field
    #: what the person has given so far, all of the form
    given: Mapping[str, Any]
    #: nothing is kept yet: `given` is what the form begins with, or what was signed first
    anew: bool = False

    @property
    def columns(self) -> tuple[Field, ...]:
        return tuple(column for column in tabular.columns(self.field) if not column.read_only)

    @property
    def known(self) -> int:
        """So many rows at its beginning are known; they stay."""
        inside = f"{self.path}."
        numbers = [
            int(path.removeprefix(inside).partition(".")[0])
            for path in self.asked.known.cells
            if path.startswith(inside)
        ]
        return max(numbers, default=-1) + 1

    @property
    def standing(self) -> list[Any]:
        """Its rows as they stand, without blank ones behind them."""
        rows = value_at(self.given, self.path)
        return tabular.without_blank_tail(rows if isinstance(rows, list) else [], self.known)

    def staying(self, plan: Plan) -> list[Any]:
        return self.standing[: self.known] if plan.instead else self.standing

    @property
    def item(self) -> str:
        return self.field.rules.item or "row"

    def counted(self, number: int) -> str:
        """“40 rows”, in the form's word for them."""
        return saying.count(number, self.item)

    def options(self, column: Field) -> tuple[Option, ...]:
        return forms.options(column, self.asked.scope, self.asked.world)

    def filled(self, rows: Sequence[Any]) -> dict[str, Any]:
        """All that was given, with these rows in the list."""
        return _with_rows(self.given, self.path, rows)

    def messages(self, given: Mapping[str, Any]) -> dict[str, str]:
        """What the form says about answers in the list."""
        asked = self.asked
        assert asked.form is not None
        accepted = forms.accepted(asked.form, given, asked.known)
        reading = forms.read_answers(asked.form, accepted, asked.scope, asked.world)
        inside = f"{self.path}."
        return {path: text for path, text in reading.messages.items() if path.startswith(inside)}


@dataclass(frozen=True, slots=True)
class Source:
    """What a select of the page offers."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Mapped:
    """One question, and where its answers come from."""

    key: str
    label: str
    needed: bool
    columns: tuple[Source, ...]
    #: answers that may be the same in every row
    same: tuple[Source, ...]


def target(
    asked: Asked, given: Mapping[str, Any] | None, path: str, *, anew: bool = False
) -> Target | None:
    """The list at this path; None where the form has none that takes a table."""
    if asked.form is None or any(step.isdecimal() for step in path.split(".")):
        return None
    worded = forms.worded(asked.form, asked.scope, asked.world)
    question = worded.at(path)
    if question is None or question.read_only or not tabular.columns(question):
        return None
    return Target(asked, path, question, given or {}, anew)


@dataclass
class Reading:
    to: Target
    table: Table
    plan: Plan
    used: list[Field] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.used = [c for c in self.to.columns if self.plan.sources.get(c.key)]
        self._options = {column.key: self.to.options(column) for column in self.to.columns}
        self._width = len(self.table.rows[0])

    def row(self, cells: Sequence[str]) -> dict[str, Any]:
        return {
            column.key: tabular.given(column, self._text(column, cells), self._options[column.key])
            for column in self.used
        }

    def _text(self, column: Field, cells: Sequence[str]) -> str:
        source = self.plan.sources[column.key]
        if source.startswith(SAME):
            return source.removeprefix(SAME)
        number = self._column(column)
        return cells[number] if number is not None else ""

    def _column(self, column: Field) -> int | None:
        source = self.plan.sources.get(column.key, "")
        number = source.removeprefix(COLUMN)
        right = source.startswith(COLUMN) and number.isascii() and number.isdecimal()
        return int(number) if right and len(number) < 4 and int(number) < self._width else None

    def words(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(self._said(column, row[column.key]) for column in self.used)

    def _said(self, column: Field, value: Any) -> str:
        if column.kind in ("date", "checkbox"):
            return input_values.in_words(
                column.kind, input_values.for_inputs(column.kind, value), ()
            )
        labels = {option.value: option.label for option in self._options[column.key]}
        return saying.joined(labels.get(text, text) for text in input_values.texts(value))

    def name(self, number: int) -> str:
        """What a person calls a column: its heading, or its letter and what stands in it."""
        heading = self.plan.heading
        title = "" if heading is None else self.table.rows[heading][number]
        if title:
            return _short(title)
        begin = 0 if heading is None else heading + 1
        first = next((row[number] for row in self.table.rows[begin:] if row[number]), "")
        return f"Column {number + 1} ({_short(first)})"

    def headings(self) -> list[Source]:
        sources = [Source("none", "There are no headings", self.plan.heading is None)]
        for number, row in enumerate(self.table.rows[:10]):
            words = f"Row {number + 1}: {_short(', '.join(filter(None, row)), 60)}"
            sources.append(Source(str(number), words, self.plan.heading == number))
        return sources

    def questions(self) -> list[Mapped]:
        names = [self.name(number) for number in range(self._width)]
        mapped = []
        for column in self.to.columns:
            source = self.plan.sources.get(column.key, "")
            same = self._options[column.key] if column.kind in _SAME_KINDS else ()
            mapped.append(Mapped(
                column.key, column.label or column.key,
                column.required or column.rules.required_if is not None,
                tuple(
                    Source(f"{COLUMN}{n}", name, source == f"{COLUMN}{n}")
                    for n, name in enumerate(names)
                ),
                tuple(
                    Source(SAME + one.value, one.label, source == SAME + one.value) for one in same
                ),
            ))  # fmt: skip
        return mapped

    def told(self, body: Sequence[Sequence[str]]) -> list[str]:
        told = []
        if self.table.part and self.table.others:
            others = saying.joined(f"“{name}”" for name in self.table.others)
            told.append(f"The sheet “{self.table.part}” was read, not {others}.")
        if self.plan.heading:
            above = saying.count(self.plan.heading, "row")
            told.append(f"Left out, because it stands above the headings: {above}.")
        for column in self.used:
            number = self._column(column)
            if column.kind == "date" and number is not None:
                told += self._dates(number, [row[number] for row in body])
        used = {self._column(column) for column in self.used}
        left = [f"“{self.name(n)}”" for n in range(self._width) if n not in used]
        if left:
            told.append(f"Not brought in: {saying.joined(left)}.")
        return told

    def _dates(self, number: int, texts: Sequence[str]) -> list[str]:
        american = tabular.month_first(texts)
        if american is not None:
            return [
                f"In “{self.name(number)}”, “{american}” can only have the month in front. Dates "
                "are read with the day in front, so check all of this column."
            ]
        typed = next((text for text in texts if tabular.either_way(text)), None)
        day = None if typed is None else tabular.as_day(typed)
        return [] if day is None else [f"“{typed}” is read as {saying.day(day)}."]


def _short(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _with_rows(given: Mapping[str, Any], path: str, rows: Sequence[Any]) -> dict[str, Any]:
    """The same answers, with these rows in the list at the path."""
    step, _, rest = path.partition(".")
    inner = given.get(step)
    within = inner if isinstance(inner, Mapping) else {}
    return {**given, step: _with_rows(within, rest, rows) if rest else list(rows)}
