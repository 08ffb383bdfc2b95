"""Closures of loops, quantifiers, filters, functions and calls: all that runs a part repeatedly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, timedelta
from typing import Any

from app.engine.feel.scope import (
    BuiltIn,
    Closure,
    Entries,
    Env,
    Items,
    UnknownName,
    as_function,
    function_named,
)
from app.engine.feel.syntax import mentions, nodes, path_root
from app.engine.feel.types import coerce_named
from app.engine.feel.values import (
    DECIMAL128,
    Function,
    Range,
    both,
    cut,
    either,
    kind,
    moved_date,
    number,
    order,
    plain,
)
from app.engine.london import LONDON

Compile = Callable[[nodes.Node], Closure]
_DAY = timedelta(days=1)


def _counted(start: Any, end: Any, down: bool) -> Iterator[Any] | None:
    """start, start ± 1 … end for whole numbers and dates; None where that has no meaning."""
    first, last = number(start), number(end)
    if first is not None and last is not None:
        sign = -1 if down else 1
        steps = cut(DECIMAL128.subtract(last, first)) * sign
        return (DECIMAL128.add(first, sign * i) for i in range(steps + 1))
    if kind(start) == kind(end) == "date":
        return _days(start, end, -1 if down else 1)
    return None


def _days(day: Any, end: Any, sign: int) -> Iterator[Any]:
    while day is not None and (order(day, end) or 0) * sign <= 0:
        yield day
        day = moved_date(day, _DAY, sign)


def steps(node: nodes.Steps, compiled: Compile) -> Closure:
    """`from..to` of a loop. The values are made one by one, so that a long one costs its budget."""
    start, end = compiled(node.start), compiled(node.end)

    def run(env: Env) -> Any:
        low, high = start(env), end(env)
        way = order(low, high)
        return None if way is None else _counted(low, high, way > 0)

    return run


def _members(value: Any) -> Iterator[Any] | Sequence[Any] | None:
    """What a loop over a value runs through; None for null and for intervals without steps."""
    if isinstance(value, Range):
        way = order(value.start, value.end)
        if way is None or way > 0:
            return None
        inside = _counted(value.start, value.end, False)
        return None if inside is None else (x for x in inside if _in(x, value))
    if value is None or isinstance(value, list | tuple | Iterator):
        return value
    return [value]


def _in(value: Any, interval: Range) -> bool:
    at_start, at_end = order(value, interval.start) == 0, order(value, interval.end) == 0
    return not (at_start and not interval.start_included) and not (
        at_end and not interval.end_included
    )


def _rounds(env: Env, iterators: Sequence[tuple[str, Closure]]) -> Iterator[Env | None]:
    """One frame for each combination, the last list running fastest; None where one is null."""
    name, domain = iterators[0]
    members = _members(domain(env))
    if members is None:
        yield None
        return
    for member in members:
        env.run.step()
        inner = Env({name: plain(member)}, env)
        if len(iterators) > 1:
            yield from _rounds(inner, iterators[1:])
        else:
            yield inner


def loop(node: nodes.For, compiled: Compile) -> Closure:
    """`for … return …`; `partial` is the list of results so far."""
    iterators = [(name, compiled(domain)) for name, domain in node.iterators]
    body = compiled(node.body)
    partial = mentions(node.body, "partial")

    def run(env: Env) -> Any:
        values: list[Any] = []
        for inner in _rounds(env, iterators):
            if inner is None:
                return None
            if partial:
                inner = Env({"partial": list(values)}, inner)
                env.run.step(len(values))
            values.append(body(inner))
        return values

    return run


def quantified(node: nodes.Quantified, compiled: Compile) -> Closure:
    """`some … satisfies …` and `every … satisfies …`, three-valued over all rounds."""
    iterators = [(name, compiled(domain)) for name, domain in node.iterators]
    condition = compiled(node.condition)
    join, final = (both, False) if node.every else (either, True)

    def run(env: Env) -> Any:
        truth: Any = node.every
        for inner in _rounds(env, iterators):
            if inner is None:
                return None
            truth = join(truth, condition(inner))
            if truth is final:
                return final
        return truth

    return run


def item_at(value: Any, index: Any) -> Any:
    """`list[n]`, counted from 1, or from −1 backwards; null where there is none."""
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    place = number(index)
    if place is None or place != place.to_integral_value() or place == 0 or abs(place) > len(items):
        return None
    return plain(items[int(place) - 1 if place > 0 else int(place)])


def filtered(env: Env, value: Any, condition: Closure, index: bool = False) -> Any:
    """`list[condition]`: the items for which it is true; an index where it gives a number, also
    for an empty list (`index`: whether it may give one)."""
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    if index and value == [] and env.run.meaning >= 2 and _gives_number(env, condition):
        return None
    chosen, entries = [], Entries(items)
    for place, item in enumerate(items):
        env.run.step()
        item = plain(item)
        kept = condition(Env(Items(item, entries), env))
        if place == 0 and kind(kept) == "number":
            return item_at(items, kept)
        if kept is True:
            chosen.append(item)
    return chosen if items or value is not None else None


def _gives_number(env: Env, condition: Closure) -> bool:
    """Whether a filter over nothing is an index: what it speaks of need not be there."""
    try:
        return kind(condition(Env(Items(None, Entries([])), env))) == "number"
    except UnknownName:
        return False


def function(node: nodes.FunctionOf, compiled: Compile) -> Closure:
    """`function(a, b) body`, closed over the names around it. External ones are never run.
    An argument that is not of its declared type makes the call null."""
    body = compiled(node.body) if node.body is not None else None
    names, types = node.parameters, node.types

    def run(env: Env) -> Any:
        def call(*given: Any) -> Any:
            env.run.step()
            named = env.run.world.types
            ours = env.run.world.strict and env.run.meaning >= 2
            zone = LONDON if ours else UTC
            for value, wanted in zip(given, types, strict=True):
                if wanted is not None:
                    env.run.weigh(value)
            fitted = [
                value if wanted is None else coerce_named(value, wanted, named, zone)
                for wanted, value in zip(types, given, strict=True)
            ]
            refused = any(f is None and g is not None for f, g in zip(fitted, given, strict=True))
            if body is None or refused:
                return None
            return body(Env(dict(zip(names, fitted, strict=True)), env))

        return Function("function", names, call, types=types)

    return run


def call(node: nodes.Call, compiled: Compile) -> Closure:
    """A call, by place or by name."""
    arguments = [compiled(argument) for argument in node.arguments]
    names = node.names
    special = _special(node, arguments)
    if special is not None:
        return special
    called: Closure
    if isinstance(node.function, nodes.Name):
        name, at = node.function.name, node.function.at
        called = lambda env: function_named(env, name, at)  # noqa: E731
    else:
        called = compiled(node.function)

    def run(env: Env) -> Any:
        what = called(env)
        env.run.step()
        given = [argument(env) for argument in arguments]
        if names is None:
            return invoke(env, what, given)
        return _invoke_named(env, what, dict(zip(names, given, strict=True)), len(names))

    return run


def _special(node: nodes.Call, arguments: list[Closure]) -> Closure | None:
    """The two calls whose first argument may be a name that nobody knows: `is defined(x.y)`,
    `get or else(x.y, 1)`. An unknown name deeper in an expression is a fault there as anywhere."""
    wanted = {"is defined": ("value",), "get or else": ("value", "default")}
    names = wanted.get(node.function_name or "")
    given = dict(zip(node.names or names or (), arguments, strict=False))
    if names is None or set(given) != set(names) or len(arguments) != len(names):
        return None
    places = dict(zip(node.names or names, node.arguments, strict=True))
    value = _perhaps(given["value"], path_root(places["value"]), node.function_name == "is defined")
    if len(names) == 1:
        return lambda env: value(env) is not None
    other = given["default"]

    def run(env: Env) -> Any:
        first, default = value(env), other(env)
        return default if first is None else first

    return run


def _perhaps(argument: Closure, root: nodes.Name | None, long_since: bool) -> Closure:
    """The value, or null where nobody knows the name that its path begins with. Under the first
    meaning (`long_since`) where nobody knew any name in it, or never."""

    def run(env: Env) -> Any:
        try:
            return argument(env)
        except UnknownName as fault:
            asked = root is not None and fault.column == root.at
            if long_since if env.run.meaning < 2 else asked:
                return None
            raise

    return run


def invoke(env: Env, what: Any, given: Sequence[Any]) -> Any:
    """Calls a function value; null for what is none or takes another number of arguments."""
    if isinstance(what, BuiltIn):
        return what(env.run, *given)
    what = as_function(what)
    if not isinstance(what, Function) or not what.fits(len(given)):
        return None
    return env.run.sized(what.call(*given))


def _invoke_named(env: Env, what: Any, named: dict[str, Any], count: int) -> Any:
    if len(named) != count:
        return None
    if isinstance(what, BuiltIn):
        return what.with_names(env.run, named)
    given = what.in_order(named) if isinstance(what, Function) else None
    return None if given is None else invoke(env, what, given)
