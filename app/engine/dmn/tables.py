"""Owns which rules of a decision table apply and what its hit policy makes of them (DMN §8.2.8).

Reading tables is `boxed_reader`; the decision around the table is `evaluation`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.engine.dmn.model import Output, Rule, Table
from app.engine.dmn.output_order import place, same
from app.engine.dmn.types import OfType, exact
from app.engine.dmn.wording import in_words, inputs_told, rules_named, with_kind
from app.engine.errors import DecisionFault, ExpressionFault
from app.engine.feel import World, add, kind

#: hit policies that give what several rules say; none of them is a result too
SEVERAL = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that applies and its output cells, in the order of the output columns."""

    rule: Rule
    cells: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    output: Any
    #: what the input columns saw, by label
    inputs: Mapping[str, Any]
    rules: tuple[str, ...]


def decide(table: Table, scope: Mapping[str, Any], world: World, of_type: OfType) -> Outcome:
    """The table's result; `DecisionFault` where the standard has none.

    In a case (`exact`) it is also a fault that an input or output is not of the type of its column,
    and that no rule applies to a table that gives one result and states no default.
    """
    seen = _inputs(table, scope, world, of_type)
    inputs = _labelled(table, seen)
    applying = [rule for rule in table.rules if _applies(rule, table, seen, scope, world)]
    if not applying:
        return Outcome(_default(table, inputs, scope, world, of_type), inputs, ())
    if table.hit_policy == "FIRST":
        applying = applying[:1]
    if table.hit_policy == "UNIQUE" and len(applying) > 1:
        raise DecisionFault(
            f"Rules {_numbers(applying)} apply at once, and the hit policy Unique allows one. "
            f"It was decided on {inputs_told(inputs)}."
        )
    hits = [Hit(rule, _cells(rule, table, scope, world, of_type)) for rule in applying]
    output, told = _POLICIES[table.hit_policy](table, hits, scope, world)
    return Outcome(output, inputs, tuple(hit.rule.id for hit in told))


def _inputs(table: Table, scope: Mapping[str, Any], world: World, of_type: OfType) -> list[Any]:
    inputs = []
    for column in table.columns:
        try:
            value = None if column.expression is None else column.expression.evaluate(scope, world)
        except ExpressionFault as fault:
            raise DecisionFault(f"Column “{column.label}”: {fault.sentence}") from fault
        if exact(world) and not of_type(value, column.type):
            raise DecisionFault(
                f"Column “{column.label}” holds {with_kind(value)}, and its type is {column.type}."
            )
        if value is not None and column.allowed is not None:
            _check_allowed(column.label, column.allowed, value, scope, world)
        inputs.append(value)
    return inputs


def _check_allowed(
    label: str, allowed: Any, value: Any, scope: Mapping[str, Any], world: World
) -> None:
    if allowed.matches(value, scope, world) is not True:
        raise DecisionFault(
            f"Column “{label}” holds {with_kind(value)}, which is not one of the values it knows."
        )


def _labelled(table: Table, seen: list[Any]) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for number, (column, value) in enumerate(zip(table.columns, seen, strict=True), 1):
        if column.expression is None:
            continue
        label = column.label if column.label not in inputs else f"{column.label} ({number})"
        inputs[label] = value
    return inputs


def _applies(
    rule: Rule, table: Table, seen: list[Any], scope: Mapping[str, Any], world: World
) -> bool:
    for tests, value, column in zip(rule.tests, seen, table.columns, strict=False):
        try:
            if tests.matches(value, scope, world) is not True:
                return False
        except ExpressionFault as fault:
            where = f"Rule {rule.number}, column “{column.label}”"
            raise DecisionFault(f"{where}: {fault.sentence}") from fault
    return True


def _cells(
    rule: Rule, table: Table, scope: Mapping[str, Any], world: World, of_type: OfType
) -> tuple[Any, ...]:
    cells = []
    for expression, output in zip(rule.outputs, table.outputs, strict=False):
        try:
            cells.append(None if expression is None else expression.evaluate(scope, world))
        except ExpressionFault as fault:
            where = f"Rule {rule.number}, output “{output.label}”"
            raise DecisionFault(f"{where}: {fault.sentence}") from fault
        _check_output(f"Rule {rule.number}", cells[-1], output, world, of_type)
    return tuple(cells)


def _check_output(who: str, value: Any, output: Output, world: World, of_type: OfType) -> None:
    if value is None:
        return
    if exact(world) and not (of_type(value, output.type) or of_type([value], output.type)):
        raise DecisionFault(
            f"{who} gives {with_kind(value)}, and the type of output “{output.label}” is "
            f"{output.type}."
        )
    if output.allowed is not None and output.allowed.matches(value, {}, world) is not True:
        raise DecisionFault(
            f"{who} gives {with_kind(value)}, which is not among the values of output "
            f"“{output.label}”."
        )


def _default(
    table: Table,
    inputs: Mapping[str, Any],
    scope: Mapping[str, Any],
    world: World,
    of_type: OfType,
) -> Any:
    """The default outputs when no rule applies; null without any, and 0 for a count.

    One result without a default is a fault in a case; where several are collected, none is a
    result like others.
    """
    several = table.hit_policy in SEVERAL
    if all(output.default is None for output in table.outputs):
        if exact(world) and not several:
            raise DecisionFault(
                "No rule applies, and the table has no default output. It was decided on "
                f"{inputs_told(inputs)}."
            )
        return Decimal(0) if table.aggregation == "COUNT" else None
    cells = tuple(_default_cell(output, scope, world, of_type) for output in table.outputs)
    single = _value(table, cells)
    listed = several and not table.aggregation and not isinstance(single, list)
    return [single] if listed else single


def _default_cell(output: Output, scope: Mapping[str, Any], world: World, of_type: OfType) -> Any:
    if output.default is None:
        return None
    try:
        value = output.default.evaluate(scope, world)
    except ExpressionFault as fault:
        raise DecisionFault(f"Default of “{output.label}”: {fault.sentence}") from fault
    if exact(world):
        _check_output("The default", value, output, world, of_type)
    return value


def _value(table: Table, cells: tuple[Any, ...]) -> Any:
    """One output column gives its value, several a context by their names."""
    if len(table.outputs) == 1:
        return cells[0] if cells else None
    return {output.name: cell for output, cell in zip(table.outputs, cells, strict=False)}


Policy = Callable[[Table, list[Hit], Mapping[str, Any], World], tuple[Any, list[Hit]]]


def _one(table: Table, hits: list[Hit], scope: Mapping[str, Any], world: World) -> Any:
    return _value(table, hits[0].cells), hits


def _any(table: Table, hits: list[Hit], scope: Mapping[str, Any], world: World) -> Any:
    values = [_value(table, hit.cells) for hit in hits]
    if not all(same(values[0], value) for value in values):
        rules = _numbers(hit.rule for hit in hits)
        raise DecisionFault(
            f"Rules {rules} apply at once with different outputs, and the hit policy Any needs "
            "them to agree."
        )
    return values[0], hits


def _priority(table: Table, hits: list[Hit], scope: Mapping[str, Any], world: World) -> Any:
    first = _by_priority(table, hits, scope, world)[:1]
    return _value(table, first[0].cells), first


def _output_order(table: Table, hits: list[Hit], scope: Mapping[str, Any], world: World) -> Any:
    ordered = _by_priority(table, hits, scope, world)
    return [_value(table, hit.cells) for hit in ordered], ordered


def _by_priority(
    table: Table, hits: list[Hit], scope: Mapping[str, Any], world: World
) -> list[Hit]:
    """Best first, by the first output column, then the next; equal ones in rule order."""
    orders = [
        output.priority.evaluate(scope, world) if output.priority is not None else []
        for output in table.outputs
    ]
    return sorted(
        hits, key=lambda hit: [place(*pair) for pair in zip(hit.cells, orders, strict=False)]
    )


def _collect(table: Table, hits: list[Hit], scope: Mapping[str, Any], world: World) -> Any:
    values = [_value(table, hit.cells) for hit in hits]
    if table.aggregation is None:
        return values, hits
    if table.aggregation == "COUNT":
        return Decimal(len(values)), hits
    return _aggregated(table.aggregation, values), hits


def _aggregated(aggregation: str, values: list[Any]) -> Any:
    kinds = {kind(value) for value in values}
    if aggregation == "SUM" and kinds == {"number"}:
        return _sum(values)
    if (
        aggregation in ("MIN", "MAX")
        and len(kinds) == 1
        and not kinds & {"null", "list", "context"}
    ):
        return min(values) if aggregation == "MIN" else max(values)
    raise DecisionFault(f"{aggregation} cannot be worked out over {in_words(values)}.")


def _sum(values: list[Any]) -> Decimal:
    total: Any = Decimal(0)
    for value in values:
        total = add(total, value)
    if total is None:
        raise DecisionFault(f"The sum of {in_words(values)} is beyond any number.")
    return Decimal(total)


_POLICIES: Mapping[str, Policy] = {
    "UNIQUE": _one,
    "FIRST": _one,
    "ANY": _any,
    "PRIORITY": _priority,
    "OUTPUT ORDER": _output_order,
    "RULE ORDER": _collect,
    "COLLECT": _collect,
}


def _numbers(rules: Iterable[Rule]) -> str:
    return rules_named(rule.number for rule in rules)
