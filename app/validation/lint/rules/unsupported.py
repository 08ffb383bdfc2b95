"""Rules on what cannot run here: the table of support says so, and which event stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from lxml import etree

from app.engine.bpmn import ATTRIBUTES, ELEMENTS, FLOW_NODES, Support, local, of_bpmn
from app.engine.bpmn.names import EVENTS as EVENT_KINDS
from app.engine.bpmn.supported import EVENTS
from app.validation.lint.registry import add, rule
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


_WHY: Mapping[str, str] = {
    "choreography": "A choreography describes how parties talk to each other. Nothing in it can be "
    "carried out, so no case could pass it.",
    "implicit-throw-event": "The standard has this event for its own use, and modelers cannot draw "
    "it. Nothing here carries it out, so no case could pass it.",
    "mi-behavior": "This would throw an event while some of the instances are still at work. Such "
    "events are not thrown here, so what catches them would never begin.",
    "no-script-task": "Nothing that stands in a file is ever executed, or whoever can upload a "
    "drawing could run any program on the server. The step would not do what it promises.",
    "token-quantity": "Such a step begins only when so many flows have arrived, or goes on so many "
    "times. With none it would never begin or never go on; more than 100 is surely a slip.",
}
for _name in RULES:
    add(_name, "error", partial(refused, rule=_name), _WHY.get(_name, ""), __name__)


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


@rule("event-kind")
def event_kind(view: View) -> Iterator[Said]:
    """The standard says which kinds of events may start, be waited for, be thrown or stand at an
    edge (BPMN 2.0.2, tables 10.84 to 10.92). One in the wrong place could never happen there."""
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
