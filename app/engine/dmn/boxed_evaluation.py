"""Owns what each kind of boxed expression is worth (DMN 1.5 §7.3 and §10.2.2).

Decisions, requirements and functions around them are `evaluation`; tables `tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.engine.dmn.model import (
    Box,
    Choice,
    Context,
    Definition,
    Filter,
    Invocation,
    Iteration,
    Listed,
    Literal,
    Model,
    Relation,
    Table,
)
from app.engine.errors import DecisionFault
from app.engine.feel import Function, Range, number

MOST_COUNTED = 10_000

if TYPE_CHECKING:
    from app.engine.dmn.evaluation import Run


def _literal(run: Run, box: Literal, scope: Mapping[str, Any], model: Model) -> Any:
    if box.expression is None:
        return None
    value = box.expression.evaluate(scope, run.seen_by(model))
    return run.typed(value, box.type, model)


def _table(run: Run, box: Table, scope: Mapping[str, Any], model: Model) -> Any:
    return run.table(box, scope, model).output


def _context(run: Run, box: Context, scope: Mapping[str, Any], model: Model) -> Any:
    inner, context = dict(scope), {}
    for entry in box.entries:
        value = run.typed(run.value(entry.value, inner, model), entry.type, model)
        if entry.name is None:
            return value
        inner[entry.name] = context[entry.name] = value
    return context


def _listed(run: Run, box: Listed, scope: Mapping[str, Any], model: Model) -> Any:
    return [run.value(item, scope, model) for item in box.items]


def _relation(run: Run, box: Relation, scope: Mapping[str, Any], model: Model) -> Any:
    return [
        dict(zip(box.columns, (run.value(cell, scope, model) for cell in row), strict=False))
        for row in box.rows
    ]


def _definition(run: Run, box: Definition, scope: Mapping[str, Any], model: Model) -> Any:
    return run.made(box, scope, model)


def _invocation(run: Run, box: Invocation, scope: Mapping[str, Any], model: Model) -> Any:
    called = run.value(box.called, scope, model)
    if not isinstance(called, Function):
        raise DecisionFault("What is invoked here is not a function.")
    named = {
        parameter.name: run.typed(run.value(bound, scope, model), parameter.type, model)
        for parameter, bound in box.bindings
    }
    arguments = called.in_order(named)
    if arguments is None or not called.fits(len(arguments)):
        raise DecisionFault(f"The parameters do not fit “{called.name or 'the function'}”.")
    return called(*arguments)


def _choice(run: Run, box: Choice, scope: Mapping[str, Any], model: Model) -> Any:
    condition = run.value(box.condition, scope, model)
    if condition is not None and not isinstance(condition, bool):
        raise DecisionFault("The condition is neither true nor false.")
    return run.value(box.then if condition else box.otherwise, scope, model)


def _filter(run: Run, box: Filter, scope: Mapping[str, Any], model: Model) -> Any:
    kept = []
    for item in _items(run, box.source, scope, model):
        inner = {**scope, **item} if isinstance(item, Mapping) else dict(scope)
        match = run.value(box.match, {**inner, "item": item}, model)
        if match is not None and not isinstance(match, bool):
            raise DecisionFault("The filter is neither true nor false.")
        if match:
            kept.append(item)
    return kept


def _iteration(run: Run, box: Iteration, scope: Mapping[str, Any], model: Model) -> Any:
    values: list[Any] = []
    for item in _items(run, box.source, scope, model):
        inner = {**scope, box.variable: item, "partial": list(values)}
        values.append(run.value(box.body, inner, model))
    if box.kind == "for":
        return values
    if any(value is not None and not isinstance(value, bool) for value in values):
        raise DecisionFault(f"“{box.kind}” needs true or false for each item.")
    wanted = box.kind == "some"
    if wanted in values:
        return wanted
    return None if None in values else not wanted


def _items(run: Run, source: Box, scope: Mapping[str, Any], model: Model) -> list[Any]:
    value = run.value(source, scope, model)
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return _counted(value)
    if value is None:
        raise DecisionFault("There is no list to go through.")
    return [value]


def _counted(interval: Range) -> list[Any]:
    """The whole numbers of an interval, upwards or downwards as it is written."""
    start, end = number(interval.start), number(interval.end)
    if start is None or end is None or start % 1 or end % 1 or abs(end - start) > MOST_COUNTED:
        raise DecisionFault("This interval cannot be counted through.")
    step = 1 if end >= start else -1
    numbers = [Decimal(whole) for whole in range(int(start), int(end) + step, step)]
    return [
        whole
        for whole in numbers
        if (interval.start_included or whole != start) and (interval.end_included or whole != end)
    ]


WORK: Mapping[type, Callable[..., Any]] = {
    Literal: _literal,
    Table: _table,
    Context: _context,
    Listed: _listed,
    Relation: _relation,
    Definition: _definition,
    Invocation: _invocation,
    Choice: _choice,
    Filter: _filter,
    Iteration: _iteration,
}
