"""Owns working a decision out: what it requires first, then its boxed expression (DMN §10.4).

Tables are `tables`, types `types`; how files fit together `graph`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.engine.dmn import functions
from app.engine.dmn.boxed_evaluation import WORK
from app.engine.dmn.graph import Graph, Key, Placed
from app.engine.dmn.model import (
    Box,
    Decision,
    DecisionService,
    Definition,
    InputData,
    Literal,
    Model,
    Table,
)
from app.engine.dmn.tables import Outcome, decide
from app.engine.dmn.types import Misfit, coerced, exact, of_type
from app.engine.errors import DecisionFault, ExpressionFault
from app.engine.feel import Function, World

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

    def in_order(self) -> list[Decided]:
        """This decision after all that it required, each once, however many required it."""
        ordered: dict[int, Decided] = {}
        open_ = [(self, False)]
        while open_:
            decided, ready = open_.pop()
            if id(decided) in ordered:
                continue
            if ready:
                ordered[id(decided)] = decided
            else:
                open_ += [(decided, True), *((step, False) for step in reversed(decided.steps))]
        return list(ordered.values())


class Steps:
    """How many boxed expressions may still be worked out, shared by all that one asking calls."""

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left = left

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise DecisionFault("This decision takes too many steps.")


class Run:
    """One working out: each decision once, whoever requires it."""

    def __init__(
        self,
        graph: Graph,
        given: Mapping[str, Any],
        world: World,
        imported: Mapping[str, Mapping[str, Any]] | None = None,
        steps: Steps | None = None,
    ) -> None:
        self.graph = graph
        self.given = given
        self.world = world
        #: input data of imported models, by namespace, where names alone would not tell them apart
        self.imported = imported or {}
        self.steps = steps or Steps()
        self._done: dict[Key, Decided | DecisionFault] = {}
        self._begun: set[Key] = set()
        self._functions: dict[Key, Function] = {}

    def seen_by(self, model: Model) -> World:
        """The world with the types that the model's expressions may name."""
        texts = self.graph.types.texts(model)
        return replace(self.world, types=texts) if texts else self.world

    def known(self, placed: Placed, value: Any) -> None:
        """Take a decision's result as given: the input decisions of a decision service."""
        node = placed.node
        self._done[placed.key] = Decided(node.id, node.name, value, {})

    def decided(self, placed: Placed) -> Decided:
        """The outcome of a decision; `DecisionFault` names the decision it failed in.

        What it requires is worked out before it, without recursion: chains may be long.
        """
        open_ = [placed]
        while open_:
            place = open_[-1]
            if place.key not in self._begun and place.key not in self._done:
                self._begun.add(place.key)
                open_ += reversed(self._still_required(place))
                continue
            open_.pop()
            if place.key not in self._done:
                self._done[place.key] = self._tried(place)
        return self._outcome(placed)

    def _still_required(self, placed: Placed) -> list[Placed]:
        return [
            place
            for place in self.graph.required(placed)
            if isinstance(place.node, Decision) and place.key not in self._done
        ]

    def _tried(self, placed: Placed) -> Decided | DecisionFault:
        """The outcome or, where a failing requirement is null, why there is none."""
        try:
            return self._decide(placed)
        except DecisionFault as fault:
            if self.world.strict:
                raise
            return fault

    def _outcome(self, placed: Placed) -> Decided:
        outcome = self._done[placed.key]
        if isinstance(outcome, DecisionFault):
            raise outcome
        return outcome

    def _decide(self, placed: Placed) -> Decided:
        decision = placed.node
        assert isinstance(decision, Decision)
        if self.decides_nothing(decision.box):
            raise DecisionFault(f"Decision “{decision.name}” decides nothing.")
        if decision.box is None:
            return Decided(decision.id, decision.name, None, {})
        steps: list[Decided] = []
        try:
            scope = {**self._around(), **self.required(placed, steps)}
            output, inputs, rules = self._worked(decision.box, scope, placed.model)
            output = self.typed(output, decision.type, placed.model)
        except (DecisionFault, ExpressionFault) as fault:
            if fault.element_id and isinstance(fault, DecisionFault):
                raise
            sentence = f"{functions.kind_named(decision)}: {fault.sentence}"
            raise DecisionFault(sentence, element_id=decision.id) from fault
        return Decided(decision.id, decision.name, output, inputs, rules, tuple(steps))

    def decides_nothing(self, box: Box | None) -> bool:
        """Whether it is a fault here that there is no logic, or an empty one."""
        if box is None:
            return self.world.strict
        return exact(self.world) and isinstance(box, Literal) and box.expression is None

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
            outcome = self.table(box, scope, model)
            return outcome.output, outcome.inputs, outcome.rules
        names = sorted(self.graph.names(box) & scope.keys())
        used = {name: scope[name] for name in names if not callable(scope[name])}
        return self.value(box, scope, model), used, ()

    def table(self, table: Table, scope: Mapping[str, Any], model: Model) -> Outcome:
        def fits(value: Any, type_name: str | None) -> bool:
            return of_type(value, type_name, model, self.graph.types, self.world)

        return decide(table, scope, self.seen_by(model), fits)

    def typed(
        self, value: Any, type_name: str | None, model: Model, what: str = "The result"
    ) -> Any:
        """The value as its declared type has it; `DecisionFault` where it cannot be."""
        try:
            return coerced(value, type_name, model, self.graph.types, self.world)
        except Misfit as fault:
            raise DecisionFault(fault.told(what, value)) from None

    def required(self, placed: Placed, steps: list[Decided]) -> dict[str, Any]:
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
            name = replace(required, alias="").called
            if required.alias:
                scope.setdefault(required.alias, {})[name] = value
            else:
                scope[name] = value
        return scope

    def _step(self, required: Placed) -> Decided:
        """A required decision; one that fails is null, in a strict world a fault."""
        node = required.node
        if required.key in self._begun and required.key not in self._done:
            raise DecisionFault(f"Decision “{node.name}” requires its own result in a circle.")
        try:
            return self.decided(required)
        except DecisionFault:
            if self.world.strict:
                raise
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
            sentence = fault.told(f"Input “{node.name}”", value)
            raise DecisionFault(sentence, element_id=node.id) from None

    def function(self, placed: Placed) -> Function:
        """A knowledge model or decision service as something expressions can call."""
        function = self._functions.get(placed.key)
        if function is None:
            function = self._functions[placed.key] = functions.offered(self, placed)
        return function

    def called(self, placed: Placed, given: Mapping[str, Any]) -> Any:
        """A decision service or knowledge model called from outside with arguments by name."""
        if isinstance(placed.node, DecisionService):
            return functions.served(self, placed, given)
        function = self.function(placed)
        return function(*(given.get(name) for name in function.parameters))

    def made(self, definition: Definition, scope: Mapping[str, Any], model: Model) -> Function:
        """A boxed function, which sees what stands around it."""
        return functions.made(self, definition, lambda: scope, model)

    def inside(self, given: Mapping[str, Any]) -> Run:
        """A working out that sees nothing but what it is given: a decision service's."""
        return Run(self.graph, given, self.world, self.imported, self.steps)

    def value(self, box: Box, scope: Mapping[str, Any], model: Model) -> Any:
        """The value of a boxed expression."""
        self.steps.step()
        return WORK[type(box)](self, box, scope, model)
