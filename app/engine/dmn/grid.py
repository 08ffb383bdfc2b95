"""Owns a table's rules as areas: for each column, which sample values each rule is met by.

Bit n of a rule's mask stands for sample n of the column, bit n of a sample's mask for rule n.
What follows from them (overlaps, gaps) is `coverage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from app.engine.dmn.cell_constants import Unknown, compared
from app.engine.dmn.model import Column, ItemType, Model, Table
from app.engine.dmn.samples import FOREIGN, NOTHING, Sample, kinds_of, samples
from app.engine.dmn.types import SCALAR, Types, counted
from app.engine.errors import Fault
from app.engine.feel import UnaryTests, World, parse_tests
from app.engine.limits import looking_at

#: cells asked with sample values before a table is too large to judge
MOST_ASKED = 100_000
#: rules times samples, over all columns
MOST_AREA = 1_000_000
MOST_COLUMNS = 40
_WORLD = World()


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that a table looks at, in one column or in several."""

    label: str
    samples: tuple[Sample, ...]
    #: samples that count for overlaps: of the column's kind, and null where a cell asks for it
    counted: int
    #: for each rule: the samples that it is met by
    certain: tuple[int, ...]
    #: the same, and those it might be met by: nobody knows before a case asks
    possible: tuple[int, ...]

    def rules_at(self, sample: int, masks: Sequence[int]) -> int:
        """The rules met by one sample, as a mask."""
        bit = 1 << sample
        return sum(1 << number for number, mask in enumerate(masks) if mask & bit)


@dataclass(frozen=True, slots=True)
class Domain:
    """What may come in a column: a kind (None for any) and the values that are let in."""

    kind: str | None
    whole: bool
    allowed: tuple[UnaryTests, ...]


class Judge:
    """Asks cells; raises `Unknown` once a table turns out too large."""

    def __init__(self, model: Model, types: Types, names: frozenset[str]) -> None:
        looking_at(model.file)
        self.model = model
        self.types = types
        self.names = names
        self._left = MOST_ASKED
        self._area = MOST_AREA

    def axes(self, table: Table) -> list[Axis]:
        """What the rules ask, column by column; those in which no rule asks are left out."""
        together: dict[str, list[int]] = {}
        for number, column in enumerate(table.columns):
            if column.expression is not None:
                together.setdefault(column.expression.source, []).append(number)
        if len(together) > MOST_COLUMNS:
            raise Unknown
        axes = (self._axis(table, numbers) for numbers in together.values())
        return [axis for axis in axes if axis is not None]

    def _axis(self, table: Table, numbers: list[int]) -> Axis | None:
        cells = [[rule.tests[number] for number in numbers] for rule in table.rules]
        asked = {cell.source: cell for row in cells for cell in row}
        if all(source.strip() in ("", "-") for source in asked):
            return None
        columns = [table.columns[number] for number in numbers]
        domain = self._domain(columns)
        points = {source: self._points(cell) for source, cell in asked.items()}
        sampled = self._samples(domain, points)
        self._area -= len(sampled) * len(table.rules)
        if self._area < 0:
            raise Unknown
        all_ = (1 << len(sampled)) - 1
        certain, possible = {}, {}
        for source, cell in asked.items():
            met = None if domain is None or points[source] is None else self._met(cell, sampled)
            if source.strip() in ("", "-"):
                met = all_
            certain[source] = met or 0
            possible[source] = all_ if met is None else met
        return Axis(
            columns[0].label,
            tuple(sampled),
            _counted(sampled, any("null" in source for source in asked)),
            tuple(_and(all_, (certain[cell.source] for cell in row)) for row in cells),
            tuple(_and(all_, (possible[cell.source] for cell in row)) for row in cells),
        )

    def _points(self, cell: UnaryTests) -> list[object] | None:
        """The values that a cell compares with; None where it asks something else."""
        try:
            return compared(parse_tests(cell.source, self.names))
        except (Unknown, Fault, RecursionError):
            return None

    def _domain(self, columns: Iterable[Column]) -> Domain | None:
        """What columns that look at the same thing let in; None for lists, contexts and such."""
        kind, whole, left = None, False, MOST_COLUMNS
        allowed: list[UnaryTests] = []
        for column in columns:
            type_ = self.types.find(column.type, self.model) if column.type else None
            if type_ is None and column.type and not column.type.endswith("Any"):
                return None
            while isinstance(type_, ItemType):
                if type_.collection or type_.components or type_.function or type_.constraint:
                    return None
                allowed += [type_.allowed] if type_.allowed is not None else []
                whole = whole or counted(type_.base)
                type_ = self.types.find(type_.base, self.model) if type_.base else None
                left -= 1
                if left < 0:
                    return None
            if type_ is not None and type_ not in SCALAR:
                return None
            kind = kind or type_
            whole = whole or counted(column.type)
            allowed += [column.allowed] if column.allowed is not None else []
        return Domain(kind, whole, tuple(allowed))

    def _samples(
        self, domain: Domain | None, points: dict[str, list[object] | None]
    ) -> list[Sample]:
        values = [value for some in points.values() for value in some or ()]
        if domain is None:
            return [Sample("…", "any value"), NOTHING]
        for tests in domain.allowed:
            more = self._points(tests)
            if more is None:
                raise Unknown
            values += more
        kinds = [domain.kind] if domain.kind is not None else kinds_of(values)
        sampled = [
            sample
            for kind in kinds
            for sample in samples(
                kind, (v for v in values if kinds_of([v]) == [kind]), domain.whole
            )
        ]
        for tests in domain.allowed:
            kept = self._met(tests, sampled)
            sampled = [
                sample
                for number, sample in enumerate(sampled)
                if kept is None or kept >> number & 1
            ]
        if domain.kind is None:
            sampled.append(FOREIGN)
        return [*sampled, NOTHING]

    def _met(self, tests: UnaryTests, sampled: list[Sample]) -> int | None:
        """The samples that meet the tests; None where that cannot be said."""
        self._left -= len(sampled)
        if self._left < 0:
            raise Unknown
        try:
            return sum(
                1 << number
                for number, sample in enumerate(sampled)
                if tests.matches(sample.value, {}, _WORLD) is True
            )
        except Fault:
            return None


def _counted(sampled: list[Sample], nothing: bool) -> int:
    return sum(
        1 << number
        for number, sample in enumerate(sampled)
        if not sample.beside or (nothing and sample is NOTHING)
    )


def _and(start: int, masks: Iterable[int]) -> int:
    return reduce(int.__and__, masks, start)


def bits(mask: int) -> Iterator[int]:
    """The places of the ones in a mask, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
