"""Rules on what other programs make of a file: listeners, classes, old mappings, 1 for true."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.engine.bpmn import SEVENS, ZEEBE, b, local
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
