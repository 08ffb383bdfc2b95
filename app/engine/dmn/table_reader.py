"""Owns reading one decision table from DMN XML: columns, rules, hit policy (DMN 1.5 §8.2).

Boxes of other kinds are `boxed_reader`; whether rules overlap or leave gaps `coverage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.engine.dmn.model import Box, Column, Output, Rule, Table
from app.engine.dmn.xml import Tag, child, children, joined, line_of, text_of
from app.engine.errors import ExpressionFault, Severity
from app.engine.feel import Expression, compile_expression

if TYPE_CHECKING:
    from app.engine.dmn.boxed_reader import Boxes

HIT_POLICIES = (
    "UNIQUE",
    "FIRST",
    "PRIORITY",
    "ANY",
    "COLLECT",
    "RULE ORDER",
    "OUTPUT ORDER",
)
AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")


def read_table(boxes: Boxes, tag: Tag, place: str) -> Box:
    lines = children(tag, "rule")
    cells = [children(line, "inputEntry") for line in lines]
    columns = tuple(
        _column(boxes, column, joined(place, f"column {number}"), _blank(cells, number - 1))
        for number, column in enumerate(children(tag, "input"), 1)
    )
    stated = children(tag, "output")
    outputs = tuple(_output(boxes, output, place, len(stated)) for output in stated)
    if not outputs:
        boxes.say("decision-cells", "this table has no output column.", tag, place)
    rules = tuple(
        _rule(boxes, line, number, columns, outputs, place) for number, line in enumerate(lines, 1)
    )
    policy, aggregation = _policy(boxes, tag, outputs, place)
    where = joined(boxes.where, place)
    return Table(columns, outputs, rules, policy, aggregation, where, line_of(tag))


def _policy(
    boxes: Boxes, tag: Tag, outputs: tuple[Output, ...], place: str
) -> tuple[str, str | None]:
    policy = (tag.get("hitPolicy") or "UNIQUE").replace("_", " ").upper()
    if policy not in HIT_POLICIES:
        known = ", ".join(name.capitalize() for name in HIT_POLICIES)
        sentence = f"the hit policy “{policy}” is unknown; choose one of {known}."
        boxes.say("decision-hit-policy", sentence, tag, place)
        policy = "UNIQUE"
    aggregation = tag.get("aggregation")
    if aggregation is not None and (policy != "COLLECT" or aggregation not in AGGREGATIONS):
        sentence = f"“{aggregation}” cannot be used with the hit policy {policy.capitalize()}."
        boxes.say("decision-aggregation", sentence, tag, place)
        aggregation = None
    if aggregation not in (None, "COUNT") and len(outputs) > 1:
        boxes.say("decision-aggregation", f"{aggregation} needs one output column.", tag, place)
    ordered = policy in ("PRIORITY", "OUTPUT ORDER")
    if ordered and not any(output.priority for output in outputs):
        sentence = f"{policy.capitalize()} needs the list of output values, best one first."
        boxes.say("decision-hit-policy", sentence, tag, place)
    return policy, aggregation


def _column(boxes: Boxes, tag: Tag, place: str, blank: bool) -> Column:
    inner = child(tag, "inputExpression")
    source = "" if inner is None else text_of(inner)
    label = tag.get("label") or source or place
    expression = boxes.expression(inner, f"column “{label}”")
    if source in ("", "-") and not blank:
        severity: Severity = "warning" if source else "error"
        sentence = "it does not say what it looks at, so a rule that asks something never matches."
        boxes.say("decision-expression", sentence, tag, place, severity)
    values = child(tag, "inputValues")
    allowed = None
    if values is not None and text_of(values):
        allowed = boxes.tests(values, f"allowed values of column “{label}”")
    return Column(label, expression, allowed, None if inner is None else inner.get("typeRef"))


def _output(boxes: Boxes, tag: Tag, place: str, count: int) -> Output:
    name = tag.get("name") or ""
    label = tag.get("label") or name or "output"
    if not name and count > 1:
        boxes.say("decision-cells", "with several output columns each needs a name.", tag, place)
    values, priority, allowed = child(tag, "outputValues"), None, None
    if values is not None and text_of(values):
        allowed = boxes.tests(values, f"values of output “{label}”")
        priority = _in_order(boxes, text_of(values))
    default = boxes.expression(child(tag, "defaultOutputEntry"), f"default of “{label}”")
    return Output(name, label, tag.get("typeRef"), priority, allowed, default)


def _in_order(boxes: Boxes, source: str) -> Expression | None:
    try:
        return compile_expression(f"[{source}]", boxes.names)
    except ExpressionFault:  # ranges and comparisons have no order
        return None


def _rule(
    boxes: Boxes,
    tag: Tag,
    number: int,
    columns: tuple[Column, ...],
    outputs: tuple[Output, ...],
    place: str,
) -> Rule:
    at = joined(place, f"rule {number}")
    tests, entries = children(tag, "inputEntry"), children(tag, "outputEntry")
    if len(tests) != len(columns) or len(entries) != len(outputs):
        boxes.say("decision-cells", "it has more or fewer cells than columns.", tag, at)
        tests, entries = tests[: len(columns)], entries[: len(outputs)]
    return Rule(
        tag.get("id") or f"rule {number}",
        number,
        tuple(
            boxes.tests(cell, f"{at}, column “{column.label}”")
            for cell, column in zip(tests, columns, strict=False)
        ),
        tuple(
            boxes.expression(cell, f"{at}, output “{output.label}”")
            for cell, output in zip(entries, outputs, strict=False)
        ),
        line_of(tag),
    )


def _blank(rules: Iterable[Sequence[Tag]], column: int) -> bool:
    """Whether no rule asks anything in the column; it need not look at anything then."""
    asked = (cell for cells in rules for cell in cells[column : column + 1])
    return all(text_of(cell) in ("", "-") for cell in asked)
