"""Owns how decisions of all files hang together: requirements, imports, names used.

One file's content is `reader`; what is wrong between them `lint`; working a
decision out is `evaluation`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeAlias

from app.engine.dmn.model import (
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
from app.engine.dmn.requirement_order import in_groups
from app.engine.dmn.types import Types
from app.engine.feel import Expression, UnaryTests

#: a node's file and id
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A node, the model it is in, and the name that the one who asked has for that model."""

    node: Node
    model: Model
    alias: str = ""

    @property
    def key(self) -> Key:
        return self.model.file, self.node.id

    @property
    def called(self) -> str:
        """The name that whoever requires it uses: its own, or that of its imported model."""
        node = self.node
        return self.alias or (node.variable if isinstance(node, Decision) else node.name)


class Graph:
    """All models of a deployment; finds what references mean."""

    def __init__(self, models: Iterable[Model]) -> None:
        self.models = tuple(models)
        self._by_namespace = {model.namespace: model for model in self.models if model.namespace}
        self._aliases = {
            (model.file, space): name
            for model in self.models
            for name, space in reversed(model.imports)
        }
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
        #: all nodes, what is required first; those that require one another stand together
        self.groups = self._grouped()
        self._inputs: dict[Key, frozenset[str]] = {}
        for group in self.groups:
            needed = self._needed(group)
            self._inputs |= {placed.key: needed for placed in group}

    def has(self, namespace: str) -> bool:
        """Whether a model of that namespace is among the files."""
        return namespace in self._by_namespace

    def place(self, reference: Reference, model: Model) -> Placed | None:
        """What the reference points to; None when there is no such thing."""
        home, alias = model, ""
        if reference.namespace and reference.namespace != model.namespace:
            imported = self._by_namespace.get(reference.namespace)
            if imported is None:
                return None
            home = imported
            alias = self._aliases.get((model.file, imported.namespace), "")
        node = home.nodes.get(reference.id)
        return None if node is None else Placed(node, home, alias)

    def places(self, references: Iterable[Reference], model: Model) -> list[Placed]:
        places = (self.place(reference, model) for reference in references)
        return [place for place in places if place is not None]

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

    def parameters(self, placed: Placed) -> tuple[str, ...]:
        """What a knowledge model or decision service is called with, in order."""
        node = placed.node
        if isinstance(node, Knowledge):
            stated = () if node.definition is None else node.definition.parameters
            return tuple(parameter.name for parameter in stated)
        if not isinstance(node, DecisionService):
            return ()
        inputs = self.places(node.input_data + node.input_decisions, placed.model)
        return tuple(replace(place, alias="").called for place in inputs)

    def names(self, box: Box | None) -> frozenset[str]:
        """Free names of every expression in the box, those it gives itself left out."""
        return frozenset(_used(box))

    def inputs(self, placed: Placed) -> frozenset[str]:
        """Names a decision and those it requires must be given from outside."""
        return self._inputs[placed.key]

    def _grouped(self) -> list[list[Placed]]:
        nodes = {
            placed.key: placed
            for model in self.models
            for placed in (Placed(node, model) for node in model.nodes.values())
        }

        def required(key: Key) -> list[Key]:
            return [place.key for place in self.required(nodes[key])]

        return [[nodes[key] for key in group] for group in in_groups(nodes, required)]

    def _needed(self, group: list[Placed]) -> frozenset[str]:
        """What a group needs, once those before it are known; a service is given its own."""
        names: set[str] = set()
        own: set[str] = set()
        for placed in group:
            node = placed.node
            if not isinstance(node, Decision | Knowledge):
                continue
            own.add(node.name)
            names |= self.names(logic(node))
            for place in self.required(placed):
                if isinstance(place.node, InputData):
                    names.add(place.called)
                else:
                    own.add(place.called)
                    names |= self._inputs.get(place.key, frozenset())
        return frozenset(names - own)


def logic(node: Node) -> Box | None:
    """The boxed expression of a node that has one."""
    if isinstance(node, Decision):
        return node.box
    return node.definition if isinstance(node, Knowledge) else None


def parts(part: Any) -> Iterator[Any]:
    """Everything a box holds, itself first: boxes, columns, rules, expressions, tests."""
    if isinstance(part, tuple):
        for member in part:
            yield from parts(member)
    elif isinstance(part, Expression | UnaryTests):
        yield part
    elif is_dataclass(part):
        yield part
        for field in fields(part):
            yield from parts(getattr(part, field.name))


def _used(part: Any) -> set[str]:
    """Walks whatever a box holds; a name that a box gives is not free inside it."""
    if isinstance(part, Expression | UnaryTests):
        return set(part.names)
    if isinstance(part, tuple):
        return set().union(*(_used(member) for member in part))
    if not is_dataclass(part):
        return set()
    names: set[str] = set()
    for field in fields(part):
        names |= _used(getattr(part, field.name))
    return names - _given(part)


def _given(part: Any) -> set[str]:
    if isinstance(part, Context):
        return {entry.name for entry in part.entries if entry.name}
    if isinstance(part, Definition):
        return {parameter.name for parameter in part.parameters}
    if isinstance(part, Iteration):
        return {part.variable, "partial"}
    return set() if isinstance(part, Invocation | Mapping) else {"item", "?"}
