"""The parts an expression is made of, as frozen nodes. Meaning is given to them in `compiler`.

Every node knows `at`, its offset in the source, so that a fault can name line and column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True, slots=True)
class Unreadable(Literal):
    """`@"…"` with a text that is no date, time or duration: null."""

    text: str


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A part that was worked out when the expression was compiled (`folding`)."""

    #: the part itself, for worlds in which it may mean something else
    of: Node
    value: Any
    #: what working it out costs
    steps: int
    #: it calls built-in functions, which data may stand before in a world that is not strict
    calls: bool


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Negate(Node):
    of: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`first` then each (operator, operand) in turn, all of one precedence, left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """`and` or `or` over two or more operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary test with an operator, as `< 3`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: str


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    iterators: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Steps(Node):
    """`from..to` without brackets in a loop: upwards or downwards, both ends included."""

    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    every: bool
    iterators: tuple[tuple[str, Node], ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    parameters: tuple[str, ...]
    types: tuple[str | None, ...]
    #: None for an external function, which is never run
    body: Node | None


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    #: None where the end was not written, as in `(< 10)`
    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    #: written `(= 10)`
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Path(Node):
    of: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    of: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: Node
    arguments: tuple[Node, ...]
    #: names of the arguments, when they were named
    names: tuple[str, ...] | None = None

    @property
    def function_name(self) -> str | None:
        """The name called, where a name is called and not another value."""
        return self.function.name if isinstance(self.function, Name) else None


@dataclass(frozen=True, slots=True)
class UnaryTestsOf(Node):
    """A whole DMN input entry; no tests at all is `-`."""

    tests: tuple[Node, ...]
    negated: bool = False
