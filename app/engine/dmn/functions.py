"""Owns the functions a decision model offers: knowledge models, decision services, boxed functions.

By the standard a call that fails is null, as every error in FEEL is. In a case (`exact`) it is a
fault that names the function. The decisions around them are `evaluation`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.engine.dmn.graph import Placed
from app.engine.dmn.model import Decision, DecisionService, Definition, Knowledge, Model, Node
from app.engine.dmn.types import exact
from app.engine.errors import DecisionFault, ExpressionFault
from app.engine.feel import Function

if TYPE_CHECKING:
    from app.engine.dmn.evaluation import Run


Call = Callable[..., Any]


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


def kind_named(node: Any) -> str:
    """“Decision “Route””, “Decision service “x””, “Knowledge model “y””."""
    if isinstance(node, Decision):
        return f"Decision “{node.name}”"
    if isinstance(node, DecisionService):
        return f"Decision service “{node.name}”"
    return f"Knowledge model “{node.name}”"


def or_null(name: str, parameters: tuple[str, ...], call: Call) -> Function:
    """A function that is null where it fails."""

    def safe(*arguments: Any) -> Any:
        try:
            return call(*arguments)
        except (DecisionFault, ExpressionFault, ValueError):
            return None

    return Function(name, parameters, safe)


def or_fault(
    name: str, parameters: tuple[str, ...], call: Call, who: str, element_id: str | None
) -> Function:
    """A function that is a fault where it fails; the sentence begins with `who`."""

    def faulty(*arguments: Any) -> Any:
        if len(arguments) != len(parameters):
            sentence = miscounted(who, parameters, len(arguments))
            raise DecisionFault(sentence, element_id=element_id)
        try:
            return call(*arguments)
        except (DecisionFault, ExpressionFault) as fault:
            if fault.element_id:
                raise
            raise DecisionFault(f"{who}: {fault.sentence}", element_id=element_id) from fault

    return _Demanding(name, parameters, faulty)


def miscounted(who: str, parameters: tuple[str, ...], count: int) -> str:
    arguments = "one argument" if count == 1 else f"{count or 'no'} arguments"
    takes = f"{len(parameters)} ({', '.join(parameters)})" if parameters else "none"
    return f"{who} is called with {arguments} and takes {takes}."


def misnamed(who: str, parameters: tuple[str, ...], given: Mapping[str, Any]) -> str | None:
    """What is wrong with arguments given by name; None when nothing is."""
    for name in given:
        if name not in parameters:
            return f"{who} has no parameter “{name}”."
    for name in parameters:
        if name not in given:
            return f"{who} is called without its parameter “{name}”."
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Demanding(Function):
    """Takes whatever it is given, to complain of it: elsewhere a call that does not fit is null."""

    def fits(self, count: int) -> bool:
        return True

    def in_order(self, named: Mapping[str, Any]) -> list[Any] | None:
        wrong = misnamed(f"“{self.name or 'The function'}”", self.parameters, named)
        if wrong is not None:
            raise DecisionFault(wrong)
        return [named[name] for name in self.parameters]
