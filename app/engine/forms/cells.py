"""Owns the grid of one form and one person's answers: a cell a question, a row a group or item.

It settles which cells are shown. What a cell's value may be is `typed_values`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.engine.errors import ExpressionFault
from app.engine.feel import World, compile_expression
from app.engine.forms.fields import Field, Form, level
from app.engine.forms.input_names import MOST_ROWS, path_of
from app.engine.forms.messages import Wrong
from app.engine.forms.prefill import first_answers, taken
from app.engine.forms.typed_values import read_value

#: conditions may depend on questions that are themselves hidden; more rounds than any form needs
MOST_ROUNDS = 20


@dataclass(slots=True)
class Row:
    """The questions of one level: the form's own, a group's, or one item's of a list."""

    cells: list[Cell]
    above: Row | None
    #: 1-based number of the item in its list; None outside lists
    number: int | None = None
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    scope: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(slots=True)
class Cell:
    field: Field
    path: str
    value: Any = None
    wrong: Wrong | None = None
    rows: list[Row] = dataclasses.field(default_factory=list)
    #: how many items were given, the blank ones among them not counted
    count: int = 0
    hidden: bool = False


class Grid:
    """All cells of a form filled with what was given, with what is hidden already settled."""

    def __init__(
        self, form: Form, given: Mapping[str, Any], scope: Mapping[str, Any], world: World,
        *, blanks: bool = False,
    ) -> None:  # fmt: skip
        #: rows that hold nothing stay too, as a page shows them
        self.blanks = blanks
        self.outer = scope
        self.world = replace(world, strict=False)
        self.form = form
        first = first_answers(form.fields, scope, self.world)
        self.root = self._row(form.fields, given, first, "", None)
        self._settle()

    def shown(self) -> Iterator[tuple[Cell, Row]]:
        """Every visible cell in the form's order, with the row it stands in."""
        yield from _shown(self.root)

    def true(self, source: str, row: Row) -> bool:
        return self.evaluate(source, row) is True

    def evaluate(self, source: str, row: Row) -> Any:
        """The expression's value where that row stands; null when it cannot be worked out."""
        try:
            return compile_expression(source).evaluate(row.scope, self.world)
        except ExpressionFault:
            return None

    def _row(
        self,
        fields: Iterable[Field],
        given: Mapping[str, Any],
        first: Mapping[str, Any],
        inside: str,
        above: Row | None,
    ) -> Row:
        row = Row([], above)
        for field in fields:
            if field.kind == "group" and not field.key:
                inner = self._row(field.fields, given, first, inside, row)
                row.cells.append(Cell(field, path_of(field, inside), rows=[inner]))
            else:
                row.cells.append(self._cell(field, given, first, inside, row))
        return row

    def _cell(
        self,
        field: Field,
        given: Mapping[str, Any],
        first: Mapping[str, Any],
        inside: str,
        row: Row,
    ) -> Cell:
        cell = Cell(field, path_of(field, inside))
        if not field.key:
            return cell
        raw, known = taken(field, given, first), first.get(field.key)
        if field.kind == "group":
            self._group(cell, raw, known, row)
        elif field.kind == "dynamiclist":
            self._list(cell, raw, known, row)
        else:
            read = read_value(field, raw, self.outer, self.world)
            cell.wrong = read if isinstance(read, Wrong) else None
            cell.value = None if cell.wrong else read
        return cell

    def _group(self, cell: Cell, raw: Any, known: Any, row: Row) -> None:
        given = raw if isinstance(raw, Mapping) else {}
        first = known if isinstance(known, Mapping) else {}
        cell.rows = [self._row(cell.field.fields, given, first, cell.path, row)]

    def _list(self, cell: Cell, raw: Any, known: Any, row: Row) -> None:
        """The rows that hold anything; blank ones stay only while the list needs rows."""
        given = [answers if isinstance(answers, Mapping) else {} for answers in _rows(raw)]
        first = known if isinstance(known, list) else []
        fixed = len(first) if any(field.read_only for field in cell.field.fields) else 0
        blank = first_answers(cell.field.fields, self.outer, self.world)
        filled = [n for n, said in enumerate(given) if n < fixed or not unanswered(said, blank)]
        cell.count = len(filled)
        least = max(cell.field.min_items, 1 if cell.field.required else 0)
        spare = [n for n in range(max(len(given), least)) if n not in filled]
        kept = sorted(filled + (spare if self.blanks else spare[: max(0, least - len(filled))]))
        for number in kept[:MOST_ROWS]:
            known_row = first[number] if number < len(first) else blank
            inner = self._row(
                cell.field.fields,
                given[number] if number < len(given) else {},
                known_row,
                f"{cell.path}.{number}",
                row,
            )
            inner.number = number + 1
            cell.rows.append(inner)

    def _settle(self) -> None:
        """Hide, leave the hidden answers out, look again, until nothing changes any more."""
        for _ in range(MOST_ROUNDS):
            values(self.root)
            self._scopes(self.root, {**self.outer, **_nulls(self.form.fields)})
            changed = False
            for cell, row in _all(self.root):
                if cell.field.hide is not None:
                    hidden = self.true(cell.field.hide, row)
                    changed = changed or hidden != cell.hidden
                    cell.hidden = hidden
            if not changed:
                return
        values(self.root)

    def _scopes(self, row: Row, around: Mapping[str, Any]) -> None:
        """What expressions see: everything outside, the form's answers, then the row's own."""
        row.scope = {**around, **row.values, "this": row.values}
        if row.above is not None:
            row.scope["parent"] = row.above.values
        if row.number is not None:
            row.scope["i"] = row.number
        for cell in row.cells:
            inner = {**row.scope, **_nulls(cell.field.fields)} if cell.rows else {}
            for nested in cell.rows:
                if cell.field.key:
                    self._scopes(nested, inner)
                else:  # a group without a key is not a level of its own
                    self._scopes(nested, row.scope)
                    nested.scope |= {"this": row.values}


def values(row: Row) -> dict[str, Any]:
    """The row's answers without the hidden ones; also kept in the row."""
    row.values = {}
    for cell in row.cells:
        if cell.hidden:
            continue
        if cell.field.kind == "group":
            inner = values(cell.rows[0])
            row.values |= {cell.field.key: inner} if cell.field.key else inner
        elif cell.field.kind == "dynamiclist":
            row.values[cell.field.key] = [values(nested) for nested in cell.rows]
        elif cell.field.key:
            row.values[cell.field.key] = cell.value
    return row.values


def _all(row: Row) -> Iterator[tuple[Cell, Row]]:
    for cell in row.cells:
        yield cell, row
        for inner in cell.rows:
            yield from _all(inner)


def _shown(row: Row) -> Iterator[tuple[Cell, Row]]:
    for cell in row.cells:
        if not cell.hidden:
            yield cell, row
            for inner in cell.rows:
                yield from _shown(inner)


def _nulls(fields: Iterable[Field]) -> dict[str, None]:
    """Unanswered and hidden questions are null, and never somebody else's variable."""
    return dict.fromkeys(field.key for field in level(fields))


def _rows(raw: Any) -> list[Any]:
    if isinstance(raw, Mapping):
        return [raw]
    return raw[:MOST_ROWS] if isinstance(raw, list) else []


def unanswered(given: Any, first: Any = None) -> bool:
    """Whether nobody answered anything here: all empty, or still as the form first had it."""
    if isinstance(given, Mapping):
        known = first if isinstance(first, Mapping) else {}
        return all(unanswered(value, known.get(key)) for key, value in given.items())
    if isinstance(given, list):
        return given == first or all(unanswered(value) for value in given)
    if isinstance(given, str):
        return given == first or given.strip() in ("", "false")
    return given is None or given is False or given == first
