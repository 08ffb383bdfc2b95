"""Owns reading one boxed expression from DMN XML; each cell that cannot be read is a finding.

The decisions around them are `reader`; what they are worth is `evaluation`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from app.engine.dmn.model import (
    Box,
    Choice,
    Context,
    Definition,
    Entry,
    Filter,
    Invocation,
    Iteration,
    Listed,
    Literal,
    Parameter,
    Relation,
)
from app.engine.dmn.table_reader import read_table
from app.engine.dmn.xml import Tag, child, children, joined, line_of, local, text_of
from app.engine.errors import ExpressionFault, Severity
from app.engine.feel import Expression, UnaryTests, compile_expression, compile_tests

if TYPE_CHECKING:
    from app.engine.dmn.reader import Reader


class Boxes:
    """Reads the boxes of one decision; `where` begins the sentences about it."""

    def __init__(self, reader: Reader, where: str, element_id: str, names: Collection[str]) -> None:
        self.reader = reader
        self.where = where
        self.element_id = element_id
        self.names = names

    def box(self, within: Tag | None, place: str = "") -> Box | None:
        """The boxed expression directly inside the tag; None when it holds none."""
        for tag in children(within):
            read = _BOXES.get(local(tag))
            if read is not None:
                return read(self, tag, place)
        return None

    def needed(self, within: Tag | None, place: str) -> Box:
        """As `box`; a place that is drawn and left empty gives nothing, which is warned of."""
        box = self.box(within, place)
        if box is None and within is not None:
            self._empty(within, place)
        return box or Literal(None)

    def say(
        self, rule: str, sentence: str, tag: Tag, place: str = "", severity: Severity = "error"
    ) -> None:
        where = f"{self.where}, {place}" if place else self.where
        self.reader.report(rule, f"{where}: {sentence}", self.element_id, line_of(tag), severity)

    def _empty(self, tag: Tag, place: str) -> None:
        sentence = "there is no expression here, so it gives nothing."
        self.say("decision-empty", sentence, tag, place, "warning")

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
        if text_of(tag).removeprefix("=").strip() in ("", "-"):
            self._empty(tag, place)
        return Literal(self.expression(tag, place), tag.get("typeRef"))

    def context(self, tag: Tag, place: str) -> Box:
        entries = []
        for entry in children(tag, "contextEntry"):
            variable = child(entry, "variable")
            name = None if variable is None else variable.get("name")
            inner = joined(place, f"entry “{name}”" if name else "result")
            kind = None if variable is None else variable.get("typeRef")
            entries.append(Entry(name, self.needed(entry, inner), kind))
        return Context(tuple(entries))

    def listed(self, tag: Tag, place: str) -> Box:
        # Each box lies directly in the list, one after the other.
        return Listed(tuple(self._each(children(tag), place, "item")))

    def relation(self, tag: Tag, place: str) -> Box:
        columns = tuple(column.get("name") or "" for column in children(tag, "column"))
        rows = tuple(
            tuple(self._each(children(row), joined(place, f"row {number}"), "column"))
            for number, row in enumerate(children(tag, "row"), 1)
        )
        if any(len(row) != len(columns) for row in rows):
            self.say("decision-cells", "a row has more or fewer cells than columns.", tag, place)
        return Relation(columns, rows)

    def _each(self, tags: Iterable[Tag], place: str, what: str) -> Iterable[Box]:
        boxes = (tag for tag in tags if local(tag) in _BOXES)
        for number, tag in enumerate(boxes, 1):
            yield _BOXES[local(tag)](self, tag, joined(place, f"{what} {number}"))

    def definition(self, tag: Tag, place: str) -> Definition:
        kind = tag.get("kind", "FEEL")
        if kind != "FEEL":
            self.say("foreign-expression", f"a {kind} function never runs; use FEEL.", tag, place)
        parameters = tuple(
            Parameter(parameter.get("name") or "", parameter.get("typeRef"))
            for parameter in children(tag, "formalParameter")
        )
        body = self.needed(tag, joined(place, "function"))
        return Definition("", parameters, body, tag.get("typeRef"))

    def invocation(self, tag: Tag, place: str) -> Box:
        bindings = []
        for binding in children(tag, "binding"):
            parameter = child(binding, "parameter")
            name = "" if parameter is None else parameter.get("name") or ""
            kind = None if parameter is None else parameter.get("typeRef")
            bound = self.needed(binding, joined(place, f"parameter “{name}”"))
            bindings.append((Parameter(name, kind), bound))
        return Invocation(self.needed(tag, place), tuple(bindings))

    def choice(self, tag: Tag, place: str) -> Box:
        parts = [self.needed(child(tag, name), joined(place, name)) for name in _CHOICE]
        return Choice(*parts)

    def filter(self, tag: Tag, place: str) -> Box:
        source = self.needed(child(tag, "in"), joined(place, "in"))
        return Filter(source, self.needed(child(tag, "match"), joined(place, "match")))

    def iteration(self, tag: Tag, place: str) -> Box:
        body = child(tag, "return") if local(tag) == "for" else child(tag, "satisfies")
        return Iteration(
            local(tag),
            tag.get("iteratorVariable") or "",
            self.needed(child(tag, "in"), joined(place, "in")),
            self.needed(body, joined(place, "body")),
        )


_CHOICE = ("if", "then", "else")
_BOXES: Mapping[str, Callable[[Boxes, Tag, str], Box]] = {
    "literalExpression": Boxes.literal,
    "decisionTable": read_table,
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


def _short(source: str) -> str:
    return source if len(source) <= 60 else f"{source[:57]}…"


def _reads(fault: ExpressionFault) -> str:
    return f"cannot be read. {fault.sentence}"
