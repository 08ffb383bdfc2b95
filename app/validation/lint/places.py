"""Owns where in a process expressions stand, and what sort of text is expected there.

Whether they are right is judged in `lint.expressions`, whether their names exist in `lint.scopes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.engine.bpmn import OF_ELEMENT, Element
from app.validation.lint.view import View

#: "feel" is always an expression, with or without "="; "mixed" is one only with "="
Sort = Literal["feel", "mixed"]
#: properties whose text may be an expression
EXPRESSIVE = tuple(
    property_.name for property_ in OF_ELEMENT.values() if property_.sort == "feel or text"
)


@dataclass(frozen=True, slots=True)
class Place:
    #: element or flow
    id: str
    #: what a sentence calls it: "the condition of the flow “yes”"
    what: str
    text: str
    sort: Sort
    #: which names are known here beside the usual; see `lint.scopes`
    at: str = ""

    @property
    def source(self) -> str | None:
        """The FEEL text, without "="; None where the text is literal."""
        bare = self.text.strip()
        if bare.startswith("="):
            return bare[1:].strip()
        return bare if self.sort == "feel" else None


def places(view: View) -> list[Place]:
    """Every expression of the process, in the order drawn; worked out once a view."""
    if "places" not in view.memo:
        view.memo["places"] = list(_places(view))
    kept: list[Place] = view.memo["places"]
    return kept


def _places(view: View) -> Iterator[Place]:
    for name, text in view.process.variables.items():
        yield Place(
            view.process.id, f"the first value of the variable “{name}”", text, "feel", "first"
        )
    if view.process.start_groups:
        id = view.process.id
        yield Place(id, "the process's start groups", view.process.start_groups, "mixed", "first")
    for flow in view.flows.values():
        if flow.condition is not None:
            what = f"the condition of the {view.flow(flow)}"
            yield Place(flow.id, what, flow.condition, "feel", "condition")
    for element in view.elements.values():
        yield from _of_element(view, element)


def _of_element(view: View, element: Element) -> Iterator[Place]:
    name = view.a(element.id)
    for sort, what, text, at in (
        ("mixed", "the due date", element.due, "due"),
        ("mixed", "the candidate groups", element.groups, ""),
        ("mixed", "the candidate users", element.users, ""),
        ("mixed", "the assignee", element.assignee, ""),
        *(("mixed", f"the property “{k}”", getattr(element.rules, k), k) for k in EXPRESSIVE),
        *(("mixed", f"the header “{k}”", text, "") for k, text in element.headers.items()),
    ):
        if text:
            yield Place(element.id, f"{what} of the {name}", text, sort, at)  # type: ignore[arg-type]
    for direction, mapped in (("input", element.inputs), ("output", element.outputs)):
        for each in mapped:
            what = f"the {direction} “{each.target}” of the {name}"
            yield Place(element.id, what, each.source, "mixed", direction)
    yield from _of_loops(view, element)
    yield from _of_events(view, element)


def _of_loops(view: View, element: Element) -> Iterator[Place]:
    name = view.a(element.id)
    if element.loop is not None:
        loop = element.loop
        for what, text, at in (
            ("the input collection", loop.collection, "collection"),
            ("the output element", loop.output_element, "result"),
            ("the completion condition", loop.completion, "completion"),
        ):
            if text:
                yield Place(element.id, f"{what} of the {name}", text, "feel", at)
    ad_hoc, standard = element.ad_hoc, element.standard_loop
    for what, written, at in (
        ("the completion condition", ad_hoc.completion if ad_hoc else None, ""),
        ("the activation condition", element.activation, "activation"),
        ("the loop condition", standard.condition if standard else None, "loop"),
    ):
        if written:
            yield Place(element.id, f"{what} of the {name}", written, "feel", at)


def _of_events(view: View, element: Element) -> Iterator[Place]:
    name = view.a(element.id)
    for part in (part for trigger in element.triggers for part in trigger.key):
        yield Place(element.id, f"the correlation key of the {name}", part.waiting, "feel", "key")
        if part.carried is not None:
            what = f"the message path of the {name}"
            yield Place(element.id, what, part.carried, "feel", "carried")
    for trigger in element.triggers:
        if trigger.timer is not None:
            what, text = f"the timer of the {name}", trigger.timer.expression
            yield Place(element.id, what, text, "mixed", "timer")
        if trigger.condition is not None:
            what = f"the condition of the {name}"
            yield Place(element.id, what, trigger.condition, "feel", "conditional")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
