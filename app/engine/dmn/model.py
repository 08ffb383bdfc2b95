"""Owns what a DMN file holds once read: decisions, their requirements and their boxed expressions.

Plain frozen values. Reading them is `reader` and `boxed_reader`, working them out is
`evaluation`, `tables` and `types`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.engine.feel import Expression, UnaryTests


@dataclass(frozen=True, slots=True)
class Literal:
    """One FEEL expression; `expression` is None where the box was left empty."""

    expression: Expression | None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """An input column: what it looks at, of which type that is and which values are known there."""

    label: str
    #: None in a column that looks at nothing, which is allowed where all its cells are blank
    expression: Expression | None
    allowed: UnaryTests | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column; `priority` lists its values from the most to the least important."""

    name: str
    label: str
    type: str | None = None
    priority: Expression | None = None
    allowed: UnaryTests | None = None
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    #: 1-based place in the table
    number: int
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Expression | None, ...]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    #: DMN's spelling: "UNIQUE", "FIRST", "RULE ORDER" …
    hit_policy: str = "UNIQUE"
    #: "SUM", "MIN", "MAX", "COUNT" with COLLECT
    aggregation: str | None = None
    #: whose it is, as sentences about it begin: “Decision “Route””
    where: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a context; without a name it is the result."""

    name: str | None
    value: Box
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    items: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    columns: tuple[str, ...]
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A boxed function, a business knowledge model's logic among them."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Box
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    called: Box
    bindings: tuple[tuple[Parameter, Box], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    condition: Box
    then: Box
    otherwise: Box


@dataclass(frozen=True, slots=True)
class Filter:
    source: Box
    match: Box


@dataclass(frozen=True, slots=True)
class Iteration:
    """Boxed `for`, `some` and `every`."""

    kind: str
    variable: str
    source: Box
    body: Box


Box = (
    Literal
    | Table
    | Context
    | Listed
    | Relation
    | Definition
    | Invocation
    | Choice
    | Filter
    | Iteration
)


@dataclass(frozen=True, slots=True)
class ItemType:
    """An item definition: a named type of one model."""

    name: str
    base: str | None = None
    collection: bool = False
    #: what each value, or each item of a collection, must meet
    allowed: UnaryTests | None = None
    #: what the value as a whole must meet (DMN 1.5's typeConstraint)
    constraint: UnaryTests | None = None
    components: Mapping[str, ItemType] = field(default_factory=dict)
    function: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A requirement: namespace of the model it points into ("" for its own) and the id there."""

    namespace: str
    id: str


@dataclass(frozen=True, slots=True)
class InputData:
    id: str
    name: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    id: str
    #: for people
    name: str
    #: what other decisions call its result
    variable: str
    box: Box | None
    type: str | None = None
    requires: tuple[Reference, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function the decisions that require it may call."""

    id: str
    name: str
    definition: Definition | None
    requires: tuple[Reference, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionService:
    id: str
    name: str
    outputs: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]
    type: str | None = None
    line: int | None = None


Node = InputData | Decision | Knowledge | DecisionService


@dataclass(frozen=True, slots=True)
class Model:
    """One DMN file."""

    file: str
    namespace: str
    name: str
    nodes: Mapping[str, Node]
    types: Mapping[str, ItemType]
    #: (name it uses for an imported model or "", that model's namespace)
    imports: tuple[tuple[str, str], ...]
