"""Owns what the cells of a table say that cannot be meant: values of another kind than the column.

How the rules lie to one another is `coverage`; that a cell can be read `boxed_reader`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.engine.dmn.cell_constants import Unknown, compared, constant
from app.engine.dmn.model import Column, ItemType, Model, Output, Rule, Table
from app.engine.dmn.types import Types
from app.engine.dmn.wording import in_words, kind_in_words, with_kind
from app.engine.errors import Fault
from app.engine.feel import Expression, World, kind
from app.engine.feel.syntax import nodes, parse, parse_tests

_MOST_NESTED = 40


class Cells:
    """Looks through one model's tables; `known` are names that something in the files gives."""

    def __init__(
        self, model: Model, types: Types, names: frozenset[str], known: frozenset[str]
    ) -> None:
        self.model = model
        self.types = types
        self.names = names
        self.known = known

    def told(self, table: Table) -> Iterator[tuple[str, str, Rule]]:
        """(rule of finding, sentence, rule of the table) for each cell that cannot be meant."""
        wanted = [self._kind(column.type) for column in table.columns]
        given = [self._kind(output.type) for output in table.outputs]
        for rule in table.rules:
            for column, what, cell in zip(table.columns, wanted, rule.tests, strict=False):
                for name, sentence in self._input(column, what, cell.source):
                    yield name, f"rule {rule.number}, column “{column.label}”: {sentence}", rule
            for output, what, output_cell in zip(table.outputs, given, rule.outputs, strict=False):
                for name, sentence in self._output(output, what, output_cell):
                    yield name, f"rule {rule.number}, output “{output.label}”: {sentence}", rule

    def _kind(self, type_name: str | None) -> str | None:
        """FEEL's name of the kind of single values that a type has; None where it has none."""
        type_ = self.types.find(type_name, self.model) if type_name else None
        for _ in range(_MOST_NESTED):
            if not isinstance(type_, ItemType):
                return None if type_ in ("list", "context", "function", "range") else type_
            if type_.collection or type_.components or type_.function or not type_.base:
                return None
            type_ = self.types.find(type_.base, self.model)
        return None

    def _input(self, column: Column, wanted: str | None, source: str) -> Iterator[tuple[str, str]]:
        if wanted is None:
            return
        try:
            node = parse_tests(source, self.names)
        except (Fault, RecursionError):
            return
        yield from self._unquoted(node.tests, wanted)
        try:
            values = compared(node)
        except Unknown:
            return
        for value in values:
            if kind(value) != wanted:
                yield (
                    "decision-cell-kind",
                    f"it is compared with {with_kind(value)}, and the type of the column is "
                    f"{column.type}, {kind_in_words(wanted)}.",
                )
                return

    def _output(
        self, output: Output, wanted: str | None, cell: Expression | None
    ) -> Iterator[tuple[str, str]]:
        if cell is None:
            return
        try:
            node = parse(cell.source, self.names)
        except (Fault, RecursionError):
            return
        if wanted is not None:
            yield from self._unquoted((node,), wanted)
        try:
            value = constant(node)
        except Unknown:
            return
        if value is None:
            return
        if wanted is not None and kind(value) != wanted:
            sentence = f"it gives {with_kind(value)}, and the type of the output is {output.type}."
            yield "decision-cell-kind", sentence
        elif output.allowed is not None and not _allows(output, value):
            sentence = f"it gives {in_words(value)}, which is not among the values of the output."
            yield "decision-cell-kind", sentence

    def _unquoted(self, parts: Iterable[nodes.Node], wanted: str) -> Iterator[tuple[str, str]]:
        if wanted != "string":
            return
        for part in parts:
            if isinstance(part, nodes.Name) and part.name not in self.known and part.name != "?":
                yield (
                    "decision-unquoted",
                    f"“{part.name}” is read as the name of a value, which nothing here gives. "
                    "Put it in quotation marks if it is a text.",
                )


def _allows(output: Output, value: object) -> bool:
    try:
        return output.allowed is None or output.allowed.matches(value, {}, World()) is True
    except Fault:  # only a case can say
        return True
