"""Owns following an expression through known shapes: what it asks for that there cannot be.

An unknown key is always null and an impossible text is never equal, and nobody would notice. What
the names are is told by the caller; names that nothing sets are `lint.variables`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

from app.engine import ExpressionFault, suggestion
from app.engine.feel.syntax import below, nodes, parse
from app.validation.shapes.shape import (
    LONGEST_TEXT,
    MOST_TEXTS,
    NOTHING,
    Record,
    Several,
    Shape,
    Texts,
    all_merged,
    item_of,
    merged,
    texts,
)

#: the shape of a name; None where it is not known
Names = Callable[[str], Shape]
#: functions that give items of the lists they are given, and nothing else
_KEEPING = frozenset(
    {
        "concatenate", "union", "distinct values", "duplicate values", "flatten", "reverse",
        "sublist", "remove", "sort", "in_force", "append", "insert before",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is asked for and is not there."""

    #: "step", "question", "setting", "entry", "fact", "renamed" or "value"
    kind: str
    #: half a sentence, behind what is said of the expression: "speaks of …"
    said: str


@lru_cache(maxsize=4096)
def _parsed(source: str) -> nodes.Node | None:
    try:
        return parse(source)
    except (ExpressionFault, RecursionError):
        return None


def look_up(source: str, names: Names) -> tuple[Shape, tuple[Missing, ...]]:
    """The shape of a FEEL text without “=”, and what it asks for that cannot be.

    A text that cannot be read has neither.
    """
    node = _parsed(source)
    if node is None:
        return None, ()
    walk = _Walk()
    shape = walk.shape(node, names)
    return shape, tuple(dict.fromkeys(walk.missing))


class _Walk:
    def __init__(self) -> None:
        self.missing: list[Missing] = []

    def shape(self, node: nodes.Node, names: Names) -> Shape:
        """Follows everything in a node; what it gives, as far as that is known."""
        if isinstance(node, nodes.Literal):
            return _literal(node)
        if isinstance(node, nodes.Name):
            return names(node.name)
        if isinstance(node, nodes.Path):
            return self._path(node, self.shape(node.of, names))
        if isinstance(node, nodes.Filter):
            return self._filter(node, names)
        if isinstance(node, nodes.For | nodes.Quantified):
            return self._loop(node, names)
        if isinstance(node, nodes.If):
            self.shape(node.condition, names)
            return merged(self.shape(node.then, names), self.shape(node.otherwise, names))
        if isinstance(node, nodes.ListOf):
            return Several(all_merged([self.shape(item, names) for item in node.items]))
        if isinstance(node, nodes.ContextOf):
            return self._context(node, names)
        if isinstance(node, nodes.FunctionOf):
            if node.body is not None:
                self.shape(node.body, _with(names, dict.fromkeys(node.parameters)))
            return None
        if isinstance(node, nodes.Call):
            return self._call(node, names)
        return self._compared(node, names)

    def _path(self, node: nodes.Path, of: Shape) -> Shape:
        held = item_of(of)
        if not isinstance(held, Record):
            return None
        if node.name in held.renamed:
            better = held.renamed[node.name]
            said = f"speaks of {held.name}.{node.name}; write {held.name}.{better} for it."
            self.missing.append(Missing("renamed", said))
        if node.name not in held.keys:
            self.missing.append(_unknown(held, node.name))
            return None
        shape = held.keys[node.name]
        return Several(item_of(shape)) if isinstance(of, Several) else shape

    def _filter(self, node: nodes.Filter, names: Names) -> Shape:
        of = self.shape(node.of, names)
        item = item_of(of)
        inner: dict[str, Shape] = {"item": item}
        if isinstance(item, Record):
            inner |= item.keys
        self.shape(node.condition, _with(names, inner))
        picks = isinstance(node.condition, nodes.Literal | nodes.Negate)
        return item if picks else of

    def _loop(self, node: nodes.For | nodes.Quantified, names: Names) -> Shape:
        inner: dict[str, Shape] = {}
        for name, domain in node.iterators:
            inner[name] = item_of(self.shape(domain, _with(names, inner)))
        if isinstance(node, nodes.Quantified):
            self.shape(node.condition, _with(names, inner))
            return None
        return Several(self.shape(node.body, _with(names, {**inner, "partial": None})))

    def _context(self, node: nodes.ContextOf, names: Names) -> Shape:
        keys: dict[str, Shape] = {}
        for name, value in node.entries:
            keys[name] = self.shape(value, _with(names, keys))
        return Record("the context", keys, "entry")

    def _call(self, node: nodes.Call, names: Names) -> Shape:
        given = [self.shape(argument, names) for argument in node.arguments]
        if node.function_name == "list contains" and len(given) == 2 and node.names is None:
            self._compare(node.arguments[0], given[0], node.arguments[1], given[1])
        if node.function_name in _KEEPING:
            lists = [shape for shape in given if isinstance(shape, Several)]
            rest = [shape for shape in given if not isinstance(shape, Several)]
            known = node.function_name == "append" or all(shape is None for shape in rest)
            if lists and (known or node.function_name == "in_force"):
                whole = all_merged([shape.of for shape in lists])
                return Several(all_merged([whole, *rest]) if node.function_name == "append" else
                               whole)  # fmt: skip
        return None

    def _compared(self, node: nodes.Node, names: Names) -> Shape:
        if isinstance(node, nodes.Compare) and node.operator in ("=", "!="):
            left, right = self.shape(node.left, names), self.shape(node.right, names)
            self._compare(node.left, left, node.right, right)
            return None
        if isinstance(node, nodes.In):
            value = self.shape(node.value, names)
            for test in node.tests:
                shape = self.shape(test, names)
                if isinstance(test, nodes.Literal | nodes.ListOf):
                    self._compare(node.value, value, test, shape)
            return None
        if isinstance(node, nodes.Arithmetic):
            return self._sum(node, names)
        for part in below(node):
            self.shape(part, names)
        return None

    def _compare(
        self, left: nodes.Node, left_shape: Shape, right: nodes.Node, other: Shape
    ) -> None:
        """A written text that the other side can never be."""
        sides = ((left, left_shape, right, other), (right, other, left, left_shape))
        for asked, shape, written, said in sides:
            known = item_of(shape)
            if isinstance(asked, nodes.Literal | nodes.ListOf) or not isinstance(known, Texts):
                continue
            if not isinstance(written, nodes.Literal | nodes.ListOf) or known.set_so:
                continue
            if not known.values - {""}:
                continue
            given = item_of(said)
            values = given.values if isinstance(given, Texts) else frozenset()
            for value in sorted(values - known.values - {""}):  # "" asks whether there is one
                self.missing.append(_impossible(asked, value, known))
            if isinstance(written, nodes.Literal) and isinstance(written.value, bool):
                self.missing.append(_impossible(asked, str(written.value).lower(), known))

    def _sum(self, node: nodes.Arithmetic, names: Names) -> Shape:
        """Texts put together."""
        parts = [self.shape(node.first, names)]
        parts += [self.shape(operand, names) for _, operand in node.rest]
        if any(operator != "+" for operator, _ in node.rest):
            return None
        known = [part.values for part in parts if isinstance(part, Texts) and part.values]
        many = prod(len(values) for values in known)
        longest = sum(max(len(value) for value in values) for values in known)
        if len(known) < len(parts) or many > MOST_TEXTS or longest > LONGEST_TEXT:
            return None
        return texts("".join(each) for each in product(*known))


def _literal(node: nodes.Literal) -> Shape:
    if node.value is None:
        return NOTHING
    return Texts(frozenset({node.value})) if isinstance(node.value, str) else None


def _with(names: Names, more: Mapping[str, Shape]) -> Names:
    return lambda name: more[name] if name in more else names(name)


def _unknown(held: Record, name: str) -> Missing:
    near = held.nearest(name)
    if name in held.unclear:
        said = f"speaks of the answers of “{name}”. {held.unclear[name]}"
    elif held.holds == "step":
        said = f"speaks of the answers of “{name}”, but there is no such task.{near}"
    elif held.holds == "setting":
        said = f"speaks of settings.{name}, which is not among the settings.{near}"
    elif held.holds == "fact":
        said = f"speaks of {held.name}.{name}, but a {held.name} has no “{name}”.{near}"
    elif held.holds == "question":
        said = f"speaks of “{name}”, which “{held.name}” does not ask for.{near}"
    else:
        said = f"speaks of “{name}”, which “{held.name}” does not have.{near}"
    return Missing(held.holds, said)


def _impossible(asked: nodes.Node, value: str, known: Texts) -> Missing:
    what = _spelt(asked)
    options = sorted(known.values)
    listed = ", ".join(f"“{option}”" for option in options[:8]) + (" …" if len(options) > 8 else "")
    return Missing(
        "value",
        f"compares {what} with “{value}”, which it can never be; it can be {listed}."
        f"{suggestion(value, options)}",
    )


def _spelt(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return f"“{node.name}”"
    if isinstance(node, nodes.Path):
        return f"“{_dotted(node)}”"
    return "a value"


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Path):
        return f"{_dotted(node.of)}.{node.name}"
    return node.name if isinstance(node, nodes.Name) else "…"
