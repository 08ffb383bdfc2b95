"""Owns reading one boxed expression from DMN XML; each cell that cannot be read is a finding.

The decisions around them are `decision_read`; what they are worth is `decision_run`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from app.engine.drawing.decision_model import (
    Box,
    Choice,
    Column,
    Context,
    Definition,
    Entry,
    Filter,
    Invocation,
    Iteration,
    Listed,
    Literal,
    Output,
    Parameter,
    Relation,
    Rule,
    Table,
)
from app.engine.drawing.decision_xml import Tag, child, children, line_of, local, text_of
from app.engine.errors import ExpressionFault
from app.engine.feel import Expression, UnaryTests, compile_expression, compile_tests

if TYPE_CHECKING:
    from app.engine.drawing.decision_read import Reader

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


class Boxes:
    """Reads the boxes of one decision; `where` begins the sentences about it."""

    def __init__(self, reader: Reader, where: str, element_id: str, names: Collection[str]) -> None:
        self.reader = reader
        self.where = where
        self.element_id = element_id
        self.names = names

    def box(self, within: Tag | None, place: str = "") -> Box | None:
        """The boxed expression directly inside the tag; None when it holds none."""
        for one in children(within):
            read = _BOXES.get(local(one))
            if read is not None:
                return read(self, one, place)
        return None

    def needed(self, within: Tag | None, place: str) -> Box:
        return self.box(within, place) or Literal(None)

    def say(self, rule: str, sentence: str, tag: Tag, place: str = "") -> None:
        where = f"{self.where}, {place}" if place else self.where
        self.reader.report(rule, f"{where}: {sentence}", self.element_id, line_of(tag))

    def expression(self, tag: Tag | None, place: str) -> Expression | None:
        """The FEEL in the tag's text; None when it is empty or cannot be read (a finding)."""
        if tag is None or self._foreign(tag, place):
            return None
        source = text_of(tag).removeprefix("=").strip()
        if not source or source == "-":
            return None
        try:
            return compile_expression(source, self.names)
        except ExpressionFault as fault:
            self.say("decision-expression", f"“{_short(source)}” {_reads(fault)}", tag, place)
        return None

    def tests(self, tag: Tag | None, place: str) -> UnaryTests:
        """The unary tests in the tag's text; an empty cell means any value."""
        if tag is not None and not self._foreign(tag, place):
            source = text_of(tag)
            try:
                return compile_tests(source or "-", self.names)
            except ExpressionFault as fault:
                self.say("decision-expression", f"“{_short(source)}” {_reads(fault)}", tag, place)
        return compile_tests("-", ())

    def _foreign(self, tag: Tag, place: str) -> bool:
        language = tag.get("expressionLanguage") or self.reader.language
        if not language or "feel" in language.lower():
            return False
        self.say("foreign-expression", f"this is written in {language}; use FEEL.", tag, place)
        return True

    def literal(self, tag: Tag, place: str) -> Box:
        if child(tag, "importedValues") is not None:
            self.say("decision-expression", "values cannot be imported from elsewhere.", tag, place)
        return Literal(self.expression(tag, place), tag.get("typeRef"))

    def context(self, tag: Tag, place: str) -> Box:
        entries = []
        for one in children(tag, "contextEntry"):
            variable = child(one, "variable")
            name = None if variable is None else variable.get("name")
            inner = _join(place, f"entry “{name}”" if name else "result")
            kind = None if variable is None else variable.get("typeRef")
            entries.append(Entry(name, self.needed(one, inner), kind))
        return Context(tuple(entries))

    def listed(self, tag: Tag, place: str) -> Box:
        # Each box lies directly in the list, one after the other.
        return Listed(tuple(self._each(children(tag), place, "item")))

    def relation(self, tag: Tag, place: str) -> Box:
        columns = tuple(one.get("name") or "" for one in children(tag, "column"))
        rows = tuple(
            tuple(self._each(children(row), _join(place, f"row {number}"), "column"))
            for number, row in enumerate(children(tag, "row"), 1)
        )
        if any(len(row) != len(columns) for row in rows):
            self.say("decision-cells", "a row has more or fewer cells than columns.", tag, place)
        return Relation(columns, rows)

    def _each(self, tags: Iterable[Tag], place: str, what: str) -> Iterable[Box]:
        boxes = (one for one in tags if local(one) in _BOXES)
        for number, one in enumerate(boxes, 1):
            yield _BOXES[local(one)](self, one, _join(place, f"{what} {number}"))

    def definition(self, tag: Tag, place: str) -> Definition:
        kind = tag.get("kind", "FEEL")
        if kind != "FEEL":
            self.say("foreign-expression", f"a {kind} function never runs; use FEEL.", tag, place)
        parameters = tuple(
            Parameter(one.get("name") or "", one.get("typeRef"))
            for one in children(tag, "formalParameter")
        )
        body = self.needed(tag, _join(place, "function"))
        return Definition("", parameters, body, tag.get("typeRef"))

    def invocation(self, tag: Tag, place: str) -> Box:
        bindings = []
        for one in children(tag, "binding"):
            parameter = child(one, "parameter")
            name = "" if parameter is None else parameter.get("name") or ""
            kind = None if parameter is None else parameter.get("typeRef")
            bound = self.needed(one, _join(place, f"parameter “{name}”"))
            bindings.append((Parameter(name, kind), bound))
        return Invocation(self.needed(tag, place), tuple(bindings))

    def choice(self, tag: Tag, place: str) -> Box:
        parts = [self.needed(child(tag, name), _join(place, name)) for name in _CHOICE]
        return Choice(*parts)

    def filter(self, tag: Tag, place: str) -> Box:
        source = self.needed(child(tag, "in"), _join(place, "in"))
        return Filter(source, self.needed(child(tag, "match"), _join(place, "match")))

    def iteration(self, tag: Tag, place: str) -> Box:
        body = child(tag, "return") if local(tag) == "for" else child(tag, "satisfies")
        return Iteration(
            local(tag),
            tag.get("iteratorVariable") or "",
            self.needed(child(tag, "in"), _join(place, "in")),
            self.needed(body, _join(place, "body")),
        )

    def table(self, tag: Tag, place: str) -> Box:
        columns = tuple(
            self._column(one, _join(place, f"column {number}"))
            for number, one in enumerate(children(tag, "input"), 1)
        )
        stated = children(tag, "output")
        outputs = tuple(self._output(one, place, len(stated)) for one in stated)
        if not outputs:
            self.say("decision-cells", "this table has no output column.", tag, place)
        rules = tuple(
            self._rule(one, number, columns, outputs, place)
            for number, one in enumerate(children(tag, "rule"), 1)
        )
        return Table(columns, outputs, rules, *self._policy(tag, outputs, place))

    def _policy(self, tag: Tag, outputs: tuple[Output, ...], place: str) -> tuple[str, str | None]:
        policy = (tag.get("hitPolicy") or "UNIQUE").replace("_", " ").upper()
        if policy not in HIT_POLICIES:
            known = ", ".join(one.capitalize() for one in HIT_POLICIES)
            sentence = f"the hit policy “{policy}” is unknown; choose one of {known}."
            self.say("decision-hit-policy", sentence, tag, place)
            policy = "UNIQUE"
        aggregation = tag.get("aggregation")
        if aggregation is not None and (policy != "COLLECT" or aggregation not in AGGREGATIONS):
            sentence = f"“{aggregation}” cannot be used with the hit policy {policy.capitalize()}."
            self.say("decision-aggregation", sentence, tag, place)
            aggregation = None
        if aggregation not in (None, "COUNT") and len(outputs) > 1:
            self.say("decision-aggregation", f"{aggregation} needs one output column.", tag, place)
        ordered = policy in ("PRIORITY", "OUTPUT ORDER")
        if ordered and not any(one.priority for one in outputs):
            sentence = f"{policy.capitalize()} needs the list of output values, best one first."
            self.say("decision-hit-policy", sentence, tag, place)
        return policy, aggregation

    def _column(self, tag: Tag, place: str) -> Column:
        inner = child(tag, "inputExpression")
        source = "" if inner is None else text_of(inner)
        label = tag.get("label") or source or place
        expression = self.expression(inner, f"column “{label}”")
        if not source:
            self.say("decision-expression", "it does not say what it looks at.", tag, place)
        values = child(tag, "inputValues")
        allowed = None
        if values is not None and text_of(values):
            allowed = self.tests(values, f"allowed values of column “{label}”")
        return Column(label, expression, allowed)

    def _output(self, tag: Tag, place: str, count: int) -> Output:
        name = tag.get("name") or ""
        label = tag.get("label") or name or "output"
        if not name and count > 1:
            self.say("decision-cells", "with several output columns each needs a name.", tag, place)
        values, priority, allowed = child(tag, "outputValues"), None, None
        if values is not None and text_of(values):
            allowed = self.tests(values, f"values of output “{label}”")
            priority = self._in_order(text_of(values))
        default = self.expression(child(tag, "defaultOutputEntry"), f"default of “{label}”")
        return Output(name, label, tag.get("typeRef"), priority, allowed, default)

    def _in_order(self, source: str) -> Expression | None:
        try:
            return compile_expression(f"[{source}]", self.names)
        except ExpressionFault:  # ranges and comparisons have no order
            return None

    def _rule(
        self,
        tag: Tag,
        number: int,
        columns: tuple[Column, ...],
        outputs: tuple[Output, ...],
        place: str,
    ) -> Rule:
        at = _join(place, f"rule {number}")
        tests, entries = children(tag, "inputEntry"), children(tag, "outputEntry")
        if len(tests) != len(columns) or len(entries) != len(outputs):
            self.say("decision-cells", "it has more or fewer cells than columns.", tag, at)
            tests, entries = tests[: len(columns)], entries[: len(outputs)]
        return Rule(
            tag.get("id") or f"rule {number}",
            number,
            tuple(
                self.tests(cell, f"{at}, column “{column.label}”")
                for cell, column in zip(tests, columns, strict=False)
            ),
            tuple(
                self.expression(cell, f"{at}, output “{output.label}”")
                for cell, output in zip(entries, outputs, strict=False)
            ),
        )


_CHOICE = ("if", "then", "else")
_BOXES: Mapping[str, Callable[[Boxes, Tag, str], Box]] = {
    "literalExpression": Boxes.literal,
    "decisionTable": Boxes.table,
    "context": Boxes.context,
    "list": Boxes.listed,
    "relation": Boxes.relation,
    "functionDefinition": Boxes.definition,
    "invocation": Boxes.invocation,
    "conditional": Boxes.choice,
    "filter": Boxes.filter,
    "for": Boxes.iteration,
    "some": Boxes.iteration,
    "every": Boxes.iteration,
}


def _join(place: str, inner: str) -> str:
    return f"{place}, {inner}" if place else inner


def _short(source: str) -> str:
    return source if len(source) <= 60 else f"{source[:57]}…"


def _reads(fault: ExpressionFault) -> str:
    return f"cannot be read. {fault.sentence}"
