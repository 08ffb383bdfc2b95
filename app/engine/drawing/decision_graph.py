"""Owns how decisions of all files hang together: requirements, imports, cycles, names used.

One file's content is `decision_read`; working a decision out is `decision_run`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from app.engine.drawing.decision_model import (
    Box,
    Context,
    Decision,
    DecisionService,
    Definition,
    InputData,
    Invocation,
    Iteration,
    Knowledge,
    Model,
    Node,
    Reference,
)
from app.engine.drawing.decision_types import Types
from app.engine.feel import Expression, UnaryTests
from app.engine.finding import Finding, bounded


@dataclass(frozen=True, slots=True)
class Placed:
    """A node, the model it is in, and the name that the one who asked has for that model."""

    node: Node
    model: Model
    alias: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.model.file, self.node.id


class Graph:
    """All models of a deployment; finds what references mean."""

    def __init__(self, models: Iterable[Model]) -> None:
        self.models = tuple(models)
        self._by_namespace = {one.namespace: one for one in self.models if one.namespace}
        self.types = Types(self._by_namespace)
        self.input_names = frozenset(
            node.name
            for model in self.models
            for node in model.nodes.values()
            if isinstance(node, InputData)
        )
        self.decisions: dict[str, Placed] = {}
        for model in self.models:
            for node in model.nodes.values():
                if isinstance(node, Decision):
                    self.decisions.setdefault(node.id, Placed(node, model))

    def place(self, reference: Reference, model: Model) -> Placed | None:
        """What the reference points to; None when there is no such thing."""
        home, alias = model, ""
        if reference.namespace and reference.namespace != model.namespace:
            found = self._by_namespace.get(reference.namespace)
            if found is None:
                return None
            home = found
            names = [name for name, space in model.imports if space == found.namespace]
            alias = names[0] if names else ""
        node = home.nodes.get(reference.id)
        return None if node is None else Placed(node, home, alias)

    def places(self, references: Iterable[Reference], model: Model) -> list[Placed]:
        found = (self.place(one, model) for one in references)
        return [one for one in found if one is not None]

    def callable(self, name: str) -> Placed | None:
        """The decision service or knowledge model of that id or name."""
        for model in self.models:
            for node in model.nodes.values():
                if isinstance(node, DecisionService | Knowledge) and name in (node.id, node.name):
                    return Placed(node, model)
        return None

    def required(self, placed: Placed) -> list[Placed]:
        node = placed.node
        if isinstance(node, Decision | Knowledge):
            return self.places(node.requires, placed.model)
        if isinstance(node, DecisionService):
            return self.places(node.outputs, placed.model)
        return []

    def names(self, box: Box | None) -> frozenset[str]:
        """Free names of every expression in the box, those it gives itself left out."""
        return frozenset(_used(box))

    def inputs(self, placed: Placed, seen: frozenset[tuple[str, str]] = frozenset()) -> set[str]:
        """Names a decision and those it requires must be given from outside."""
        if placed.key in seen or not isinstance(placed.node, Decision | Knowledge):
            return set()
        node = placed.node
        logic: Box | None = node.box if isinstance(node, Decision) else node.definition
        found, own = set(self.names(logic)), {node.name}
        for one in self.required(placed):
            if isinstance(one.node, InputData):
                found.add(one.alias or one.node.name)
            else:
                name = one.node.variable if isinstance(one.node, Decision) else one.node.name
                own.add(one.alias or name)
                found |= self.inputs(one, seen | {placed.key})
        return found - own

    def findings(self) -> Iterator[Finding]:
        """Decisions with one id, requirements that lead nowhere, circles."""
        for model in self.models:
            for node in model.nodes.values():
                placed = Placed(node, model)
                yield from self._missing(placed)
                if isinstance(node, Decision | Knowledge):
                    yield from self._twice(placed)
                    yield from self._circle(placed)
            yield from self._imports(model)

    def _twice(self, placed: Placed) -> Iterator[Finding]:
        first = self.decisions.get(placed.node.id)
        if first is not None and first.model is not placed.model:
            sentence = f"The decision id “{placed.node.id}” is also used in {first.model.file}."
            yield _finding(placed, "decision-id-twice", sentence)

    def _missing(self, placed: Placed) -> Iterator[Finding]:
        node = placed.node
        references: tuple[Reference, ...] = ()
        if isinstance(node, Decision | Knowledge):
            references = node.requires
        elif isinstance(node, DecisionService):
            references = node.outputs + node.input_decisions + node.input_data
        for one in references:
            if self.place(one, placed.model) is None:
                sentence = f"“{node.name}” requires “{one.id}”, which is not there."
                yield _finding(placed, "decision-missing-required", sentence)

    def _circle(self, placed: Placed) -> Iterator[Finding]:
        """A decision that needs its own result; a knowledge model may call itself."""
        open_, seen = list(self.required(placed)), set()
        while open_:
            one = open_.pop()
            if one.key == placed.key and isinstance(placed.node, Decision):
                sentence = f"Decision “{placed.node.name}” requires its own result in a circle."
                yield _finding(placed, "decision-cycle", sentence)
                return
            if one.key not in seen:
                seen.add(one.key)
                open_ += self.required(one)

    def _imports(self, model: Model) -> Iterator[Finding]:
        for name, namespace in model.imports:
            if namespace not in self._by_namespace:
                sentence = f"The imported model “{name}” ({namespace}) is not among the files."
                yield Finding(
                    model.file, "decision-import", bounded(sentence), "error", name or None, 1
                )


def _finding(placed: Placed, rule: str, sentence: str) -> Finding:
    line = getattr(placed.node, "line", None)
    return Finding(placed.model.file, rule, bounded(sentence), "error", placed.node.id, line)


def _used(part: Any) -> set[str]:
    """Walks whatever a box holds; a name that a box gives is not free inside it."""
    if isinstance(part, Expression | UnaryTests):
        return set(part.names)
    if isinstance(part, tuple):
        return set().union(*(_used(one) for one in part))
    if not is_dataclass(part):
        return set()
    found: set[str] = set()
    for one in fields(part):
        found |= _used(getattr(part, one.name))
    return found - _given(part)


def _given(part: Any) -> set[str]:
    if isinstance(part, Context):
        return {one.name for one in part.entries if one.name}
    if isinstance(part, Definition):
        return {one.name for one in part.parameters}
    if isinstance(part, Iteration):
        return {part.variable, "partial"}
    return set() if isinstance(part, Invocation | Mapping) else {"item", "?"}
