"""Rules from the table of support: what is refused, and which event may stand where."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lxml import etree

from app.engine.bpmn.names import EVENTS as EVENT_KINDS
from app.engine.bpmn.names import FLOW_NODES, local, of_bpmn
from app.engine.bpmn.supported import ATTRIBUTES, ELEMENTS, EVENTS, Support
from app.validation.lint.registry import add
from app.validation.lint.view import Said, View

#: the rules whose words stand in the table
RULES = sorted(
    {s.rule for s in ELEMENTS.values() if s.rule} | {s.rule for _, s in ATTRIBUTES.values()}
)


def refused(view: View, rule: str) -> Iterator[Said]:
    """Every element and attribute of the process that the table refuses under this rule."""
    if "refused" not in view.memo:
        view.memo["refused"] = _all_refused(view)
    for refused_by, said in view.memo["refused"]:
        if refused_by == rule:
            yield said


def _all_refused(view: View) -> list[tuple[str, Said]]:
    refusals: dict[tuple[str, str], Said] = {}
    for node in view.drawn.node.iter():
        for why, support in _refusals(node) if of_bpmn(node) else ():
            id = str(_owner(node).get("id"))
            sentence = f"{view.the(id)} cannot run here: {why}. {support.instead}"
            refusals.setdefault((support.rule, sentence), Said(id, sentence))
    return [(rule, said) for (rule, _), said in refusals.items()]


def _refusals(node: etree._Element) -> Iterator[tuple[str, Support]]:
    kind = local(node)
    known = ELEMENTS.get(kind)
    if known is not None and known.does == "refused":
        yield known.why, known
    for (tag, attribute), (allowed, support) in ATTRIBUTES.items():
        value = (node.get(attribute) or "").strip()
        if value and tag in ("*", kind) and value not in allowed:
            yield support.why.format(value=value[:20]), support


def _owner(node: etree._Element) -> etree._Element:
    """The flow node a part belongs to."""
    owner: etree._Element | None = node
    while owner is not None and local(owner) not in FLOW_NODES:
        owner = owner.getparent()
    return node if owner is None else owner


for _name in RULES:
    add(_name, "error", partial(refused, rule=_name))


def place(view: View, id: str) -> str:
    """Where an event stands, as the table calls it."""
    element = view.elements[id]
    if element.kind != "startEvent":
        return {"intermediateCatchEvent": "catch event", "intermediateThrowEvent": "throw event",
                "endEvent": "end event"}.get(element.kind, "boundary event")  # fmt: skip
    if element.scope is None:
        return "start event of a process"
    triggered = view.elements[element.scope].triggered
    return f"start event of {'an event' if triggered else 'a'} sub-process"


def event_kind(view: View) -> Iterator[Said]:
    for event in view.within(EVENT_KINDS - {"implicitThrowEvent"}):
        here = place(view, event.id)
        for node in view.definitions(event.id):
            kind = local(node).removesuffix("EventDefinition")
            if kind not in EVENTS[here]:
                yield Said(
                    event.id,
                    f"{view.the(event.id)} is a {kind} event, which cannot be the {here}. "
                    f"There may stand: {', '.join(sorted(EVENTS[here] - {'none'})) or 'none'}"
                    f"{', or an event without a sign' if 'none' in EVENTS[here] else ''}.",
                )


add("event-kind", "error", event_kind)
