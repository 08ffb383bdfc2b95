"""Owns the functions a decision model offers: knowledge models, decision services, boxed functions.

What a failing or wrong call means is `calls`; the decisions around them `evaluation`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.engine.dmn.calls import kind_named, or_fault, or_null
from app.engine.dmn.graph import Placed
from app.engine.dmn.model import Decision, DecisionService, Definition, Knowledge, Model, Node
from app.engine.dmn.types import exact
from app.engine.errors import DecisionFault
from app.engine.feel import Function

if TYPE_CHECKING:
    from app.engine.dmn.evaluation import Run


def offered(run: Run, placed: Placed) -> Function:
    """A knowledge model or decision service as something expressions can call."""
    node = placed.node
    if isinstance(node, DecisionService):
        return _service(run, placed, node)
    assert isinstance(node, Knowledge)
    if node.definition is None:
        raise DecisionFault(f"{kind_named(node)} holds no function.")
    #: filled when it is first called: it may call itself, and chains may be long
    scope: dict[str, Any] = {}

    def around() -> Mapping[str, Any]:
        if not scope:
            scope.update(run.required(placed, []))
            scope[node.name] = run.function(placed)
        return scope

    return made(run, node.definition, around, placed.model, node)


def made(
    run: Run,
    definition: Definition,
    around: Callable[[], Mapping[str, Any]],
    model: Model,
    node: Knowledge | None = None,
) -> Function:
    """The function of a definition; `around` is what its body sees beside its parameters."""

    def call(*arguments: Any) -> Any:
        if run.decides_nothing(definition.body):
            raise DecisionFault("There is no expression in it.")
        given = zip(definition.parameters, arguments, strict=True)
        inner = {
            parameter.name: run.typed(value, parameter.type, model, f"Parameter “{parameter.name}”")
            for parameter, value in given
        }
        value = run.value(definition.body, {**around(), **inner}, model)
        return run.typed(value, definition.type, model)

    return _function(run, tuple(parameter.name for parameter in definition.parameters), call, node)


def served(run: Run, placed: Placed, given: Mapping[str, Any]) -> Any:
    """A decision service called with its inputs by name; nothing else is seen inside."""
    node = placed.node
    assert isinstance(node, DecisionService)
    inner = run.inside(given)
    for place in run.graph.places(node.input_decisions, placed.model):
        if isinstance(place.node, Decision):
            name = place.node.variable
            value = inner.typed(given.get(name), place.node.type, place.model, f"Input “{name}”")
            inner.known(place, value)
    outputs = {
        place.node.variable: inner.decided(place).output
        for place in run.graph.places(node.outputs, placed.model)
        if isinstance(place.node, Decision)
    }
    if not outputs and exact(run.world):
        raise DecisionFault(f"{kind_named(node)} has no output decision.", element_id=node.id)
    value = next(iter(outputs.values())) if len(outputs) == 1 else outputs
    return run.typed(value, node.type, placed.model)


def _service(run: Run, placed: Placed, node: DecisionService) -> Function:
    names = run.graph.parameters(placed)

    def call(*arguments: Any) -> Any:
        return served(run, placed, dict(zip(names, arguments, strict=True)))

    return _function(run, names, call, node)


def _function(
    run: Run, parameters: tuple[str, ...], call: Callable[..., Any], node: Node | None
) -> Function:
    name = "" if node is None else node.name
    if not exact(run.world):
        return or_null(name, parameters, call)
    who = "The function" if node is None else kind_named(node)
    return or_fault(name, parameters, call, who, None if node is None else node.id)
