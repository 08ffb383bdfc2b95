"""Works out once, when an expression is compiled, what of it is the same in every evaluation.

A part is constant when it speaks of no name and calls nothing that asks for the present, the
calendar or the settings. Its value costs the steps it cost here each time it is used, so that a
budget means what it meant. A part that ends in a fault here is left as it is, and ends in the
same fault each time it is run.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from app.engine.errors import ExpressionFault
from app.engine.feel.compiler.closures import compiled
from app.engine.feel.scope import BUILT_INS, SLIPS, Env, Run, World
from app.engine.feel.syntax import nodes
from app.engine.feel.types import is_known
from app.engine.feel.values import kind

#: steps that all constants of one expression may cost together while it is compiled
_MOST_STEPS = 10_000
_LONGEST_TEXT = 4_096
#: kept as they are: there is nothing to work out, or no value of their own
_NO_VALUE = (nodes.Literal, nodes.Name, nodes.Test, nodes.Steps, nodes.FunctionOf)


Whole = TypeVar("Whole", bound=nodes.Node)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a part: the names it takes from around it, and whether all else is fixed."""

    node: Any
    names: frozenset[str]
    fixed: bool
    calls: bool


def _together(node: Any, below: list[_Known]) -> _Known:
    return _Known(
        node,
        frozenset().union(*(known.names for known in below)),
        all(known.fixed for known in below),
        any(known.calls for known in below),
    )


def folded(node: Whole) -> Whole:
    """The same tree with its constant parts as `nodes.Constant`."""
    tree: Whole = _Folding().part(node).node
    return tree


class _Folding:
    def __init__(self) -> None:
        self.left = _MOST_STEPS

    def part(self, node: nodes.Node) -> _Known:
        if isinstance(node, nodes.Literal):
            return _Known(node, frozenset(), True, False)
        if isinstance(node, nodes.Name):
            return _Known(node, frozenset({node.name}), True, False)
        known = self._whole(node)
        if not known.fixed or known.names or isinstance(node, (*_NO_VALUE, nodes.UnaryTestsOf)):
            return known
        constant = self._worked_out(known)
        return known if constant is None else replace(known, node=constant)

    def _whole(self, node: nodes.Node) -> _Known:
        if isinstance(node, nodes.For | nodes.Quantified):
            return self._loop(node)
        if isinstance(node, nodes.ContextOf):
            entries, known = self._pairs(node.entries)
            return replace(known, node=replace(node, entries=entries))
        if isinstance(node, nodes.Call):
            return self._call(node)
        known = self._parts(node)
        if isinstance(node, nodes.FunctionOf):
            return replace(known, names=known.names - set(node.parameters), fixed=False)
        if isinstance(node, nodes.Filter):
            return replace(known, names=known.names - {"item"})
        if isinstance(node, nodes.InstanceOf):
            return replace(known, fixed=known.fixed and is_known(node.type))
        return known

    def _parts(self, node: nodes.Node) -> _Known:
        """The node with each part below it folded."""
        below: list[_Known] = []
        changed = {
            field.name: self._item(getattr(node, field.name), below)
            for field in fields(node)
            if isinstance(getattr(node, field.name), nodes.Node | tuple)
        }
        return _together(replace(node, **changed), below)

    def _item(self, item: Any, below: list[_Known]) -> Any:
        """A part, folded; a tuple with parts in it; or a mere word."""
        if isinstance(item, nodes.Node):
            below.append(self.part(item))
            return below[-1].node
        return tuple(self._item(part, below) for part in item) if isinstance(item, tuple) else item

    def _pairs(
        self, pairs: tuple[tuple[str, nodes.Node], ...]
    ) -> tuple[tuple[tuple[str, nodes.Node], ...], _Known]:
        """Named parts, each of which sees those before it."""
        below: list[_Known] = []
        bound: set[str] = set()
        for name, value in pairs:
            known = self.part(value)
            below.append(replace(known, names=known.names - bound))
            bound.add(name)
        made = tuple((name, known.node) for (name, _), known in zip(pairs, below, strict=True))
        return made, _together(None, below)

    def _loop(self, node: nodes.For | nodes.Quantified) -> _Known:
        iterators, known = self._pairs(node.iterators)
        what = "body" if isinstance(node, nodes.For) else "condition"
        inner = self.part(getattr(node, what))
        bound = {name for name, _ in iterators} | ({"partial"} if what == "body" else set())
        made = replace(node, iterators=iterators, **{what: inner.node})
        return _together(made, [known, replace(inner, names=inner.names - bound)])

    def _call(self, node: nodes.Call) -> _Known:
        """A function called by its name takes no name from around it."""
        below = [self.part(argument) for argument in node.arguments]
        made = replace(node, arguments=tuple(known.node for known in below))
        if node.function_name is None:
            called = self.part(node.function)
            below.append(replace(called, fixed=False))
            made = replace(made, function=called.node)
        built_in = BUILT_INS.get(node.function_name or "")
        known = _together(made, below)
        return replace(
            known, fixed=known.fixed and built_in is not None and not built_in.live, calls=True
        )

    def _worked_out(self, known: _Known) -> nodes.Constant | None:
        """The constant; None where it ends in a fault or is too much to keep."""
        run = Run(World(budget=max(self.left, 0)))
        try:
            value = compiled(known.node)(Env({}, None, run))
        except (ExpressionFault, *SLIPS):
            self.left = min(self.left, run.left)
            return None
        steps = run.world.budget - run.left
        self.left -= steps
        kept = kind(value) not in ("function", "unknown")
        if not kept or (isinstance(value, str) and len(value) > _LONGEST_TEXT):
            return None
        return nodes.Constant(known.node.at, known.node, value, steps, known.calls)
