"""Owns reading one DMN file into a `Model`, with findings in a process owner's words.

One decision's expression is `boxed_reader`; whether decisions fit together is `graph`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.engine.bpmn import flag
from app.engine.dmn.boxed_reader import Boxes
from app.engine.dmn.model import (
    Decision,
    DecisionService,
    InputData,
    ItemType,
    Knowledge,
    Model,
    Node,
    Reference,
)
from app.engine.dmn.xml import VERSIONS, Tag, child, children, flat, line_of, local, names_in
from app.engine.errors import Finding, NotExecutable, Severity, bounded
from app.engine.limits import looking_at
from app.engine.xml import parse

MOST_NESTED = 60
_REQUIRED = ("requiredInput", "requiredDecision", "requiredKnowledge")


class Reader:
    """One file: its findings and the expression language it states for itself."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.language = ""
        self.findings: list[Finding] = []

    def report(
        self,
        rule: str,
        sentence: str,
        element_id: str | None = None,
        line: int | None = None,
        severity: Severity = "error",
    ) -> None:
        self.findings.append(
            Finding(self.file, rule, bounded(sentence), severity, element_id, line)
        )


def open_file(file: str, content: bytes) -> tuple[Tag | None, Reader]:
    """The root of a DMN file; None, with a finding, when it is no DMN we read."""
    reader = Reader(file)
    looking_at(file)
    try:
        root = parse(content, file)
    except NotExecutable as fault:
        reader.report("xml", fault.sentence, None, fault.line or 1)
        return None, reader
    space = root.tag[1:].partition("}")[0] if str(root.tag).startswith("{") else ""
    if local(root) != "definitions" or "DMN" not in space:
        reader.report("decision-namespace", "This file holds no decisions in DMN.", None, 1)
        return None, reader
    if space not in VERSIONS:
        known = ", ".join(VERSIONS.values())
        sentence = f"This is a version of DMN we do not read ({space}); save it as one of {known}."
        reader.report("decision-namespace", sentence, None, 1)
        return None, reader
    reader.language = root.get("expressionLanguage") or ""
    return root, reader


def read_model(root: Tag, reader: Reader, names: Collection[str]) -> Model:
    """Everything in the file; `names` are those of all files, for names with spaces in FEEL."""
    looking_at(reader.file)
    nodes: dict[str, Node] = {}
    for tag in children(root):
        node = _node(tag, reader, names)
        if node is None:
            continue
        if node.id in nodes:
            sentence = f"Two elements have the id “{node.id}”; give each its own."
            reader.report("decision-id-twice", sentence, node.id, line_of(tag))
        nodes[node.id] = node
    types = {
        item_type.name: item_type
        for item_type in (
            _item_type(tag, reader, names, 0) for tag in children(root, "itemDefinition")
        )
    }
    imports = tuple(
        (imported.get("name") or "", imported.get("namespace") or "")
        for imported in children(root, "import")
    )
    namespace, name = root.get("namespace") or "", root.get("name") or reader.file
    return Model(reader.file, namespace, name, nodes, types, imports)


def names_of(root: Tag) -> frozenset[str]:
    return frozenset(names_in(root))


def _node(tag: Tag, reader: Reader, names: Collection[str]) -> Node | None:
    kind = local(tag)
    if kind == "decision":
        return _decision(tag, reader, names)
    if kind == "businessKnowledgeModel":
        return _knowledge(tag, reader, names)
    if kind == "decisionService":
        return _decision_service(tag)
    if kind == "inputData":
        return InputData(_id(tag), _variable(tag), _type(tag))
    return None


def _decision(tag: Tag, reader: Reader, names: Collection[str]) -> Decision:
    name = tag.get("name") or _id(tag)
    boxes = Boxes(reader, f"Decision “{name}”", _id(tag), names)
    box = boxes.box(tag)
    if box is None:
        sentence = (
            f"Decision “{name}” has neither a table nor an expression, so it decides nothing."
        )
        reader.report("decision-empty", sentence, _id(tag), line_of(tag), "warning")
    requires = _requirements(tag)
    return Decision(_id(tag), name, _variable(tag), box, _type(tag), requires, line_of(tag))


def _knowledge(tag: Tag, reader: Reader, names: Collection[str]) -> Knowledge:
    logic = child(tag, "encapsulatedLogic")
    boxes = Boxes(reader, f"Knowledge model “{tag.get('name')}”", _id(tag), names)
    definition = None if logic is None else boxes.definition(logic, "")
    return Knowledge(_id(tag), _variable(tag), definition, _requirements(tag), line_of(tag))


def _decision_service(tag: Tag) -> DecisionService:
    return DecisionService(
        _id(tag),
        _variable(tag),
        tuple(_references(tag, ("outputDecision",))),
        tuple(_references(tag, ("inputDecision",))),
        tuple(_references(tag, ("inputData",))),
        _type(tag),
        line_of(tag),
    )


def _requirements(tag: Tag) -> tuple[Reference, ...]:
    references: list[Reference] = []
    for name in ("informationRequirement", "knowledgeRequirement"):
        for requirement in children(tag, name):
            references += _references(requirement, _REQUIRED)
    return tuple(references)


def _references(tag: Tag, names: Iterable[str]) -> Iterable[Reference]:
    for name in names:
        for reference in children(tag, name):
            namespace, _, identifier = (reference.get("href") or "").rpartition("#")
            yield Reference(namespace, identifier)


def _item_type(tag: Tag, reader: Reader, names: Collection[str], depth: int) -> ItemType:
    name = tag.get("name") or ""
    base = child(tag, "typeRef")
    allowed = child(tag, "allowedValues")
    constraint = child(tag, "typeConstraint")
    boxes = Boxes(reader, f"Type “{name}”", name, names)
    components = {}
    if depth < MOST_NESTED:
        inner = (
            _item_type(component, reader, names, depth + 1)
            for component in children(tag, "itemComponent")
        )
        components = {component.name: component for component in inner}
    return ItemType(
        name,
        None if base is None else flat(base),
        flag(tag, "isCollection"),
        boxes.tests(allowed, "allowed values") if allowed is not None else None,
        boxes.tests(constraint, "constraint") if constraint is not None else None,
        components,
        child(tag, "functionItem") is not None,
    )


def _id(tag: Tag) -> str:
    """Ids are optional in DMN; the name stands in, as it is what people refer to."""
    return tag.get("id") or tag.get("name") or f"line_{line_of(tag)}"


def _variable(tag: Tag) -> str:
    variable = child(tag, "variable")
    name = None if variable is None else variable.get("name")
    return name or tag.get("name") or _id(tag)


def _type(tag: Tag) -> str | None:
    variable = child(tag, "variable")
    return None if variable is None else variable.get("typeRef")
