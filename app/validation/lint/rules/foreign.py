"""Rules on what other programs make of a file: listeners, classes, facts that stand there twice."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.engine.bpmn import GIVEN, SEVENS, ZEEBE, b, local
from app.engine.bpmn.reading.dialect import seven
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View

#: extension elements that mean something to be done elsewhere
ELEMENTS = frozenset(
    {
        "executionListeners", "taskListeners", "executionListener", "taskListener", "script",
        "inputOutput", "formData", "connector", "in", "out", "conditionalFilter",
        "linkedResources", "field", "errorEventDefinition",
    }
)  # fmt: skip
#: Camunda 7 attributes that name a program or change what happens
ATTRIBUTES = frozenset(
    {"class", "expression", "delegateExpression", "formHandlerClass", "variableMappingClass",
     "skipExpression", "taskListener"}
)  # fmt: skip
#: attributes that are true or false
TRUTHS = frozenset(
    {"isExecutable", "cancelActivity", "isInterrupting", "triggeredByEvent", "parallelMultiple",
     "isForCompensation", "instantiate", "isSequential", "testBefore", "cancelRemainingInstances"}
)  # fmt: skip


@rule("extension-ignored", "warning")
def extension_ignored(view: View) -> Iterator[Said]:
    """The drawing holds orders for another engine, such as listeners and classes. Nothing of that
    ever runs here, so what they do there is not done."""
    for id in (view.process.id, *view.elements):
        ignored = sorted(set(_ignored(view.node(id))))
        if ignored:
            what = view.the(id) if id in view.elements else f"The process “{id}”"
            yield Said(
                id,
                f"{what} has {', '.join(ignored)} for another engine. That is never carried out "
                "here; nothing of it runs.",
            )


def _ignored(node: etree._Element) -> Iterator[str]:
    for holder in node.iterfind(b("extensionElements")):
        for child in holder:
            space = str(child.tag).partition("}")[0].removeprefix("{")
            if space in (ZEEBE, *SEVENS) and local(child) in ELEMENTS:
                yield f"“{local(child)}”"
    for name in node.attrib:
        space, _, bare = str(name).removeprefix("{").partition("}")
        if space in SEVENS and bare in ATTRIBUTES:
            yield f"“{bare}”"


@rule("truth-as-number", "warning")
def truth_as_number(view: View) -> Iterator[Said]:
    """1 for true is valid, but modelers read it as false and save it so. When somebody next saves
    the drawing, its meaning has changed without a word."""
    for id in (view.process.id, *view.elements):
        for name in sorted(TRUTHS & set(map(str, view.node(id).attrib))):
            if view.node(id).get(name) == "1":
                what = view.the(id) if id in view.elements else f"The process “{id}”"
                yield Said(
                    id,
                    f"{what} has {name}=“1”. Modelers read that as false, and save it so; "
                    "write “true”.",
                )


#: what Camunda 8 says once for an element
_ONCE = (
    "assignmentDefinition", "formDefinition", "taskSchedule", "taskDefinition", "calledElement",
    "calledDecision", "loopCharacteristics", "priorityDefinition", "ioMapping", "taskHeaders",
    "properties",
)  # fmt: skip
#: Camunda 8's element and attribute → how Camunda 7 says the same
_BESIDE = {
    ("assignmentDefinition", "assignee"): ("assignee",),
    ("assignmentDefinition", "candidateGroups"): ("candidateGroups",),
    ("assignmentDefinition", "candidateUsers"): ("candidateUsers",),
    ("taskSchedule", "dueDate"): ("dueDate",),
    ("formDefinition", "formId"): ("formRef", "formKey"),
    ("formDefinition", "formKey"): ("formRef", "formKey"),
    ("taskDefinition", "type"): ("topic", "type"),
    ("calledDecision", "decisionId"): ("decisionRef",),
    ("calledDecision", "resultVariable"): ("resultVariable",),
    ("loopCharacteristics", "inputElement"): ("elementVariable",),
    ("loopCharacteristics", "inputCollection"): ("collection",),
}
#: what holds several, and by what they are told apart
_TOLD_APART = {"properties": "name", "taskHeaders": "key", "ioMapping": "target"}


@rule("given-twice")
def given_twice(view: View) -> Iterator[Said]:
    """One fact is written twice. Here the first counts, modelers may show and keep the other: who
    looks at the drawing sees something else than what is done. Twice the same harms nothing yet."""
    for id in (view.process.id, *view.elements):
        node = view.node(id) if id in view.elements else view.drawn.node
        what = view.the(id) if id in view.elements else f"The process “{id}”"
        loops = [child for child in node if local(child) == "multiInstanceLoopCharacteristics"]
        for held in (node, *loops):
            for said, first, other, note in _twice(held):
                yield Said(
                    id,
                    f"{what} has {said} twice: “{first[:40]}” and “{other[:40]}”{note}. Only "
                    "one of them counts, and modelers may show the other. Remove one.",
                    "warning" if first == other else "error",
                )


def _twice(node: etree._Element) -> Iterator[tuple[str, str, str, str]]:
    """(what, one value, the other, how that is written) of each fact that stands there twice."""
    children = [
        child
        for holder in node.iterfind(b("extensionElements"))
        for child in holder
        if str(child.tag).startswith(f"{{{ZEEBE}}}")
    ]
    for name in _ONCE:
        same = [child for child in children if local(child) == name]
        yield from ((f"“{name}”", _shown(same[0]), _shown(other), "") for other in same[1:])
    for child in children:
        for key, value in child.attrib.items():
            bare = str(key).removeprefix(f"{{{ZEEBE}}}")
            if bare != str(key) and str(key) != GIVEN:
                before = child.get(bare) or "nothing"
                yield f"“{bare}”", before, str(value), " (written with a prefix)"
    for (tag, attribute), names in _BESIDE.items():
        given = next((c.get(attribute) for c in children if local(c) == tag), None)
        for name in names if given else ():
            other = seven(node, name)
            if other and other != given:
                yield f"“{attribute}”", given or "", other, " (for Camunda 7)"
    for holder in children:
        yield from _of_one_name(holder)


def _of_one_name(holder: etree._Element) -> Iterator[tuple[str, str, str, str]]:
    key = _TOLD_APART.get(local(holder))
    seen: dict[tuple[str, str], str] = {}
    for each in holder if key else ():
        name = each.get(key or "") or ""
        value = each.get("value") or each.get("source") or ""
        place = (local(each), name)
        if name and place in seen:
            yield f"“{name}”", seen[place], value, ""
        seen.setdefault(place, value)


def _shown(element: etree._Element) -> str:
    own = ", ".join(str(value) for value in element.attrib.values())
    inner = [f"{each.get('name') or each.get('key') or each.get('target')}" for each in element]
    return ", ".join([*([own] if own else []), *inner])
