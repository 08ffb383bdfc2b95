"""Owns what is known at deployment of calls and names in decisions: arguments, names, types.

What happens when such a call is made nevertheless is `functions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.engine.dmn.functions import kind_named, miscounted, misnamed
from app.engine.dmn.graph import Graph, Placed, logic, parts
from app.engine.dmn.model import (
    Decision,
    DecisionService,
    InputData,
    Invocation,
    Knowledge,
    Literal,
)
from app.engine.dmn.types import BASIC
from app.engine.errors import Fault, nearest
from app.engine.feel import BUILT_INS, Expression, UnaryTests
from app.engine.feel.syntax import below, nodes, parse, parse_tests

#: (rule of finding, sentence)
Told = tuple[str, str]


def told(placed: Placed, graph: Graph, names: frozenset[str]) -> Iterator[Told]:
    """Calls that cannot fit, names that are nothing inside, types that nobody defines."""
    node = placed.node
    yield from _types(placed, graph)
    if isinstance(node, Decision | Knowledge):
        yield from _calls(placed, graph, names)
    if isinstance(node, Knowledge):
        given = {place.called for place in graph.required(placed)} | {node.name}
        yield from _unknown(placed, graph.names(node.definition) - given, "its parameters")
    if isinstance(node, DecisionService):
        needed = _needed_inside(placed, graph) - {node.name}
        yield from _unknown(placed, needed - set(graph.parameters(placed)), "its inputs")


def _unknown(placed: Placed, names: Any, what: str) -> Iterator[Told]:
    for name in sorted(names - set(BUILT_INS)):
        sentence = f"speaks of “{name}”, which is not among {what} or what it requires."
        yield "decision-unknown-name", f"{kind_named(placed.node)} {sentence}"


def _needed_inside(placed: Placed, graph: Graph) -> set[str]:
    """Names that the decisions of a service use, but for those that they give one another."""
    node = placed.node
    assert isinstance(node, DecisionService)
    done = {place.key for place in graph.places(node.input_decisions, placed.model)}
    open_ = graph.places(node.outputs, placed.model)
    names: set[str] = set()
    while open_:
        place = open_.pop()
        if place.key in done or not isinstance(place.node, Decision):
            continue
        done.add(place.key)
        required = graph.required(place)
        open_ += required
        given = {each.called for each in required if not isinstance(each.node, InputData)}
        asked = {each.called for each in required if isinstance(each.node, InputData)}
        names |= (set(graph.names(place.node.box)) | asked) - given - {place.node.name}
    return names


def _calls(placed: Placed, graph: Graph, names: frozenset[str]) -> Iterator[Told]:
    functions = {
        function.called: function
        for function in [placed, *graph.required(placed)]
        if isinstance(function.node, Knowledge | DecisionService) and not function.alias
    }
    where = kind_named(placed.node)
    for part in parts(logic(placed.node)) if functions else ():
        for wrong in _wrong(part, functions, graph, names):
            yield "decision-call", f"{where}: {wrong}"


def _wrong(
    part: Any, functions: Mapping[str, Placed], graph: Graph, names: frozenset[str]
) -> Iterator[str]:
    if isinstance(part, Invocation):
        called = part.called
        if isinstance(called, Literal) and called.expression is not None:
            function = functions.get(called.expression.source.strip())
            given = {parameter.name: None for parameter, _ in part.bindings}
            yield from _judged(function, graph, given, None)
    elif isinstance(part, Expression | UnaryTests) and part.calls & functions.keys():
        for call in _called(part, names):
            function = functions.get(call.function_name or "")
            given = dict.fromkeys(call.names or ())
            yield from _judged(function, graph, given, call)


def _judged(
    function: Placed | None, graph: Graph, given: Mapping[str, Any], call: nodes.Call | None
) -> Iterator[str]:
    if function is None:
        return
    who, parameters = kind_named(function.node), graph.parameters(function)
    if call is None or call.names is not None:
        wrong = misnamed(who, parameters, given)
        if wrong is not None:
            yield wrong
    elif len(call.arguments) != len(parameters):
        yield miscounted(who, parameters, len(call.arguments))


def _called(part: Expression | UnaryTests, names: frozenset[str]) -> Iterator[nodes.Call]:
    try:
        read = parse if isinstance(part, Expression) else parse_tests
        open_: list[nodes.Node] = [read(part.source, names)]
    except (Fault, RecursionError):
        return
    while open_:
        node = open_.pop()
        if isinstance(node, nodes.Call):
            yield node
        open_ += below(node)


def _types(placed: Placed, graph: Graph) -> Iterator[Told]:
    """Types that are no type of FEEL and no item definition: nothing is checked by them."""
    node = placed.node
    stated = [getattr(node, "type", None)]
    stated += [getattr(part, "type", None) for part in parts(logic(node))]
    for name in dict.fromkeys(type_name for type_name in stated if isinstance(type_name, str)):
        plain = name.rpartition("}")[2].rpartition(":")[2]
        if plain.strip("<>").lower() in ("", "any", "undefined") or "<" in plain.strip("<>"):
            continue
        if graph.types.find(name, placed.model) is None:
            near = nearest(plain, [*BASIC, *placed.model.types])
            hint = f" Did you mean “{near}”?" if near else ""
            where = f"Input “{node.name}”" if isinstance(node, InputData) else kind_named(node)
            sentence = f"{where}: there is no type “{plain}”, so nothing is checked by it.{hint}"
            yield "decision-type", sentence
