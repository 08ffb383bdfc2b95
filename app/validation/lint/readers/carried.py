"""Owns which recorded answers an expression may carry: its text in, the questions behind it out.

More than is certain: what a function does with its arguments is not looked at, so whatever goes in
is taken to come out; what cannot be read is taken to give everything that it names. An answer that
only decides what is said (a condition, a comparison, a count) is told apart from one that is said.
What the names of a place hold is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.engine import ExpressionFault
from app.engine.feel.syntax import below, nodes, parse

#: keys that lead from a value down to where an answer stands; () is the value itself. Lists add
#: none: what is true of a row is said of the list
Below = tuple[str, ...]
#: deeper keys are not told apart
MOST_DEEP = 5


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """A question of a form, by the keys that lead to it."""

    form: str
    path: Below


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """An answer within a value."""

    below: Below
    question: Question
    #: it decides what is said and is not said itself
    decides: bool = False


Carried = frozenset[Part]
NOTHING: Carried = frozenset()
Names = Callable[[str], Carried]
#: functions that give rows or entries of what they are given, as they are
_KEEPING = frozenset(
    {
        "concatenate", "union", "distinct values", "duplicate values", "flatten", "reverse",
        "sublist", "remove", "sort", "in_force", "append", "insert before", "list replace",
        "get or else", "context merge", "context",
    }
)  # fmt: skip
#: functions whose result tells of what they are given and does not hold it
_TELLING = frozenset(
    {
        "count", "contains", "list contains", "starts with", "ends with", "matches", "is defined",
        "string length", "index of", "all", "any", "not", "before", "after", "is",
    }
)  # fmt: skip
_DECIDES = (
    nodes.Compare, nodes.Between, nodes.In, nodes.InstanceOf, nodes.Junction, nodes.Quantified,
    nodes.Test, nodes.UnaryTestsOf,
)  # fmt: skip
#: names of a text that cannot be read, each with the path behind it
_PATH = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*")
RECORDS = frozenset({"records", "told"})
PERSONS = "persons"


def taken(of: Carried, key: str) -> Carried:
    """What stands under a key of a value."""
    return frozenset(
        Part(part.below[1:], part.question, part.decides)
        for part in of
        if not part.below or part.below[0] == key
    )


def put(of: Carried, keys: Iterable[str]) -> Carried:
    """A value that stands under these keys of another."""
    head = tuple(keys)
    return frozenset(
        Part((*head, *part.below)[:MOST_DEEP], part.question, part.decides) for part in of
    )


def flat(of: Carried) -> Carried:
    """Everything in a value, as one text would hold it."""
    return frozenset(Part((), part.question, part.decides) for part in of)


def deciding(of: Carried) -> Carried:
    return frozenset(Part((), part.question, True) for part in of)


def spoken(of: Carried) -> Carried:
    """Without what only decides."""
    return frozenset(part for part in of if not part.decides)


def carried(source: str, names: Names) -> Carried:
    """What a FEEL text without “=” may give."""
    node = parsed(source)
    if node is None:
        return _everything_named(source, names)
    return _of(node, names)


def readable(source: str) -> bool:
    return parsed(source) is not None


@lru_cache(maxsize=8192)
def parsed(source: str) -> nodes.Node | None:
    try:
        return parse(source)
    except (ExpressionFault, RecursionError):
        return None


def _everything_named(source: str, names: Names) -> Carried:
    every: Carried = NOTHING
    for path in _PATH.findall(source):
        head, *rest = (key.strip() for key in path.split("."))
        value = names(head)
        if head in RECORDS and rest:
            value = names(f"{head}.{rest.pop(0)}")
        for key in rest:
            value = taken(value, key)
        every |= flat(value)
    return every


def _of(node: nodes.Node, names: Names) -> Carried:
    if isinstance(node, nodes.Literal):
        return NOTHING
    if isinstance(node, nodes.Name):
        return names(node.name)
    if isinstance(node, nodes.Path):
        if isinstance(node.of, nodes.Name) and node.of.name in RECORDS:
            return names(f"{node.of.name}.{node.name}")
        return taken(_of(node.of, names), node.name)
    if isinstance(node, nodes.Filter):
        return _filter(node, names)
    if isinstance(node, nodes.For):
        return _loop(node, names)
    if isinstance(node, nodes.If):
        said = _of(node.then, names) | _of(node.otherwise, names)
        return said | deciding(_of(node.condition, names))
    if isinstance(node, nodes.ContextOf):
        return _context(node, names)
    if isinstance(node, nodes.Call):
        return _call(node, names)
    if isinstance(node, nodes.FunctionOf):
        return NOTHING if node.body is None else _of(node.body, with_more(names, _none(node)))
    parts = _all(below(node), names)
    if isinstance(node, _DECIDES):
        return deciding(parts)
    return parts if isinstance(node, nodes.ListOf | nodes.Constant) else flat(parts)


def _filter(node: nodes.Filter, names: Names) -> Carried:
    kinds = _kinds(node.condition) if isinstance(node.of, nodes.Name) else None
    if kinds and node.of == nodes.Name(node.of.at, PERSONS):
        return NOTHING.union(*(names(f"{PERSONS}.{kind}") for kind in kinds))
    of = _of(node.of, names)
    return of | deciding(_of(node.condition, _of_row(of, names)))


def _kinds(node: nodes.Node) -> frozenset[str] | None:
    """What people are asked for, where a condition asks for nothing else; None where it may."""
    if isinstance(node, nodes.Junction):
        several = [_kinds(part) for part in node.operands]
        known = [kinds for kinds in several if kinds]
        whole = len(known) == len(several) if node.operator == "or" else bool(known)
        return frozenset().union(*known) if whole else None
    if not isinstance(node, nodes.Compare) or node.operator != "=":
        return None
    sides = (node.left, node.right)
    asked = any(isinstance(side, nodes.Path | nodes.Name) and side.name == "kind" for side in sides)
    said = [side.value for side in sides if isinstance(side, nodes.Literal)]
    return frozenset(map(str, said)) if asked and said else None


def _all(several: Iterable[nodes.Node], names: Names) -> Carried:
    return NOTHING.union(*(_of(node, names) for node in several))


def _none(node: nodes.FunctionOf) -> dict[str, Carried]:
    return dict.fromkeys(node.parameters, NOTHING)


def with_more(names: Names, more: Mapping[str, Carried]) -> Names:
    return lambda name: more[name] if name in more else names(name)


def _of_row(rows: Carried, names: Names) -> Names:
    """In a filter a name may be an entry of the rows, else what it is outside."""

    def inside(name: str) -> Carried:
        return rows if name == "item" else taken(rows, name) | names(name)

    return inside


def _loop(node: nodes.For, names: Names) -> Carried:
    for name, domain in node.iterators:
        names = with_more(names, {name: _of(domain, names)})
    return _of(node.body, with_more(names, {"partial": NOTHING}))


def _context(node: nodes.ContextOf, names: Names) -> Carried:
    keys: dict[str, Carried] = {}
    for name, value in node.entries:
        keys[name] = _of(value, with_more(names, keys))
    return NOTHING.union(*(put(value, [name]) for name, value in keys.items()))


def _call(node: nodes.Call, names: Names) -> Carried:
    name = node.function_name
    given = _all(node.arguments, names)
    if name is None:
        return flat(given | _of(node.function, names))
    if name in _TELLING:
        return deciding(given)
    if name == "get value" and len(node.arguments) == 2:
        key = node.arguments[1]
        if isinstance(key, nodes.Literal) and isinstance(key.value, str):
            return taken(_of(node.arguments[0], names), key.value)
    if name in _KEEPING:
        return given
    return flat(given) | flat(names(name))
