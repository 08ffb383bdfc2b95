"""Owns working a decision out: what it requires first, then its boxed expression (DMN §10.4).

Tables are `decision_tables`, types `decision_types`; how files fit together `decision_graph`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.engine.drawing.decision_graph import Graph, Placed
from app.engine.drawing.decision_model import (
    Box,
    Decision,
    DecisionService,
    Definition,
    InputData,
    Knowledge,
    Model,
    Table,
)
from app.engine.drawing.decision_tables import decide
from app.engine.drawing.decision_types import Misfit, coerced
from app.engine.drawing.decision_work import WORK
from app.engine.errors import DecisionFault, ExpressionFault
from app.engine.feel import World
from app.engine.feel.values import Function

MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to, on which inputs, by which rules; for the history."""

    decision: str
    name: str
    output: Any
    #: what its table's columns saw, or the names its expression used
    inputs: Mapping[str, Any]
    #: ids (or "rule 3") of the rules that applied, in the order of the table
    rules: tuple[str, ...] = ()
    #: the decisions it required, in the order they were worked out
    steps: tuple[Decided, ...] = ()


class Run:
    """One working out: each decision once, whoever requires it."""

    def __init__(
        self,
        graph: Graph,
        given: Mapping[str, Any],
        world: World,
        imported: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.graph = graph
        self.given = given
        self.world = world
        #: input data of imported models, by namespace, where names alone would not tell them apart
        self.imported = imported or {}
        self._done: dict[tuple[str, str], Decided] = {}
        self._steps_left = MOST_STEPS

    def seen_by(self, model: Model) -> World:
        """The world with the types that the model's expressions may name."""
        texts = self.graph.types.texts(model)
        return replace(self.world, types=texts) if texts else self.world

    def known(self, placed: Placed, value: Any) -> None:
        """Take a decision's result as given: the input decisions of a decision service."""
        node = placed.node
        self._done[placed.key] = Decided(node.id, node.name, value, {})

    def decided(self, placed: Placed) -> Decided:
        """The outcome of a decision; `DecisionFault` names the decision it failed in."""
        found = self._done.get(placed.key)
        if found is None:
            found = self._done[placed.key] = self._decide(placed)
        return found

    def _decide(self, placed: Placed) -> Decided:
        decision = placed.node
        assert isinstance(decision, Decision)
        if decision.box is None:
            if self.world.strict:
                raise DecisionFault(f"Decision “{decision.name}” decides nothing.")
            return Decided(decision.id, decision.name, None, {})
        steps: list[Decided] = []
        scope = {**self._around(), **self._required(placed, steps)}
        try:
            output, inputs, rules = self._worked(decision.box, scope, placed.model)
            output = self.typed(output, decision.type, placed.model)
        except (DecisionFault, ExpressionFault) as fault:
            if fault.element_id:
                raise
            sentence = f"Decision “{decision.name}”: {fault.sentence}"
            raise DecisionFault(sentence, element_id=decision.id) from fault
        return Decided(decision.id, decision.name, output, inputs, rules, tuple(steps))

    def _around(self) -> Mapping[str, Any]:
        """What a decision sees without requiring it.

        By the standard (§10.4) input data is seen only by decisions that require it. Modelers
        of processes seldom draw input data, so in a strict world every variable is seen.
        """
        if self.world.strict:
            return self.given
        drawn = self.graph.input_names
        return {name: value for name, value in self.given.items() if name not in drawn}

    def _worked(
        self, box: Box, scope: Mapping[str, Any], model: Model
    ) -> tuple[Any, Mapping[str, Any], tuple[str, ...]]:
        if isinstance(box, Table):
            outcome = decide(box, scope, self.seen_by(model))
            return outcome.output, outcome.inputs, outcome.rules
        names = sorted(self.graph.names(box) & scope.keys())
        used = {name: scope[name] for name in names if not callable(scope[name])}
        return self.value(box, scope, model), used, ()

    def typed(self, value: Any, type_name: str | None, model: Model) -> Any:
        try:
            return coerced(value, type_name, model, self.graph.types, self.world)
        except Misfit as fault:
            raise DecisionFault(f"The result is not of its type “{fault}”.") from None

    def _required(self, placed: Placed, steps: list[Decided]) -> dict[str, Any]:
        """What the node's requirements bring into its scope, by name."""
        scope: dict[str, Any] = {}
        for required in self.graph.required(placed):
            node = required.node
            if isinstance(node, InputData):
                value: Any = self._input(required)
            elif isinstance(node, Decision):
                step = self._step(required)
                steps.append(step)
                value = step.output
            else:
                value = self.function(required)
            name = node.variable if isinstance(node, Decision) else node.name
            if required.alias:
                scope.setdefault(required.alias, {})[name] = value
            else:
                scope[name] = value
        return scope

    def _step(self, required: Placed) -> Decided:
        """A required decision; one that fails is null, in a strict world a fault."""
        try:
            return self.decided(required)
        except (DecisionFault, ExpressionFault):
            if self.world.strict:
                raise
            node = required.node
            return Decided(node.id, node.name, None, {})

    def _input(self, required: Placed) -> Any:
        node = required.node
        assert isinstance(node, InputData)
        given: Any = self.imported.get(required.model.namespace, self.given)
        if required.alias and isinstance(given.get(required.alias), Mapping):
            given = given[required.alias]
        value = given.get(node.name)
        try:
            return coerced(value, node.type, required.model, self.graph.types, self.world)
        except Misfit as fault:
            if not self.world.strict:
                return None
            sentence = f"Input “{node.name}” is not of its type “{fault}”."
            raise DecisionFault(sentence, element_id=node.id) from None

    def function(self, placed: Placed) -> Function:
        """A knowledge model or decision service as something expressions can call."""
        node = placed.node
        if isinstance(node, DecisionService):
            return self._service(placed, node)
        assert isinstance(node, Knowledge)
        if node.definition is None:
            raise DecisionFault(f"Knowledge model “{node.name}” holds no function.")
        scope = self._required(placed, [])
        made = self.made(node.definition, scope, placed.model, node.name)
        scope[node.name] = made  # it may call itself
        return made

    def called(self, placed: Placed, given: Mapping[str, Any]) -> Any:
        """A decision service or knowledge model called from outside with arguments by name."""
        if isinstance(placed.node, DecisionService):
            return self.served(placed, given)
        function = self.function(placed)
        return function(*(given.get(name) for name in function.parameters))

    def made(
        self, definition: Definition, scope: Mapping[str, Any], model: Model, name: str = ""
    ) -> Function:
        def call(*arguments: Any) -> Any:
            given = zip(definition.parameters, arguments, strict=True)
            inner = {one.name: self.typed(value, one.type, model) for one, value in given}
            value = self.value(definition.body, {**scope, **inner}, model)
            return self.typed(value, definition.type, model)

        parameters = tuple(one.name for one in definition.parameters)
        return Function(name, parameters, self._or_null(call))

    def _service(self, placed: Placed, node: DecisionService) -> Function:
        inputs = [*self.graph.places(node.input_data, placed.model)]
        inputs += self.graph.places(node.input_decisions, placed.model)
        names = tuple(
            one.node.variable if isinstance(one.node, Decision) else one.node.name for one in inputs
        )

        def call(*arguments: Any) -> Any:
            return self.served(placed, dict(zip(names, arguments, strict=True)))

        return Function(node.name, names, self._or_null(call))

    def served(self, placed: Placed, given: Mapping[str, Any]) -> Any:
        """A decision service called with its inputs by name; nothing else is seen inside."""
        node = placed.node
        assert isinstance(node, DecisionService)
        inner = Run(self.graph, given, self.world, self.imported)
        for one in self.graph.places(node.input_decisions, placed.model):
            decision = one.node
            assert isinstance(decision, Decision)
            value = inner.typed(given.get(decision.variable), decision.type, one.model)
            inner.known(one, value)
        found = {
            one.node.variable: inner.decided(one).output
            for one in self.graph.places(node.outputs, placed.model)
            if isinstance(one.node, Decision)
        }
        value = next(iter(found.values())) if len(found) == 1 else found
        return self.typed(value, node.type, placed.model)

    def _or_null(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Inside an expression a call that fails is null, as every error in FEEL is."""

        def safe(*arguments: Any) -> Any:
            try:
                return call(*arguments)
            except (DecisionFault, ExpressionFault, ValueError):
                return None

        return safe

    def value(self, box: Box, scope: Mapping[str, Any], model: Model) -> Any:
        """The value of a boxed expression."""
        self._steps_left -= 1
        if self._steps_left < 0:
            raise DecisionFault("This decision takes too many steps.")
        return WORK[type(box)](self, box, scope, model)
