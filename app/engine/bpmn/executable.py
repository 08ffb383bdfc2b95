"""Owns the step from a process as drawn to the process that runs: values in, values out.

Where the standard gives two drawings one meaning, this makes of one the other, which tokens are
moved by. Drawn ids stay; what is put in has an id with two underscores, which stored cases name.
What an element then does is `run.elements`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.engine.bpmn.model import Element, Flow, Process, Trigger
from app.engine.bpmn.names import ACTIVITIES, EVENTS, THROWS
from app.engine.bpmn.reading import free_id

#: triggers that end a scope: nothing of the same event can follow them
ENDINGS = frozenset({"terminate", "error", "cancel"})


def executable(process: Process) -> Process:
    """The process with the elements and flows that run: those drawn in their order, then others.

    Conditions are bare FEEL, without "=". `elements` and `flows` of the process given say which
    are drawn.
    """
    made = _Made(process)
    _begin_at_gateways(made)
    _begin_at_tasks(made)
    _throw_one_by_one(made)
    _join_links(made)
    _split(made)
    return replace(
        process,
        elements={id: _plain(element) for id, element in made.elements.items()},
        flows={id: replace(f, condition=_bare(f.condition)) for id, f in made.flows.items()},
    )


class _Made:
    """The elements and flows so far."""

    def __init__(self, process: Process) -> None:
        self.process = process.id
        self.elements = dict(process.elements)
        self.flows = dict(process.flows)
        self._taken = {process.id, *self.elements, *self.flows}

    def of(self, kinds: Iterable[str]) -> list[Element]:
        return [element for element in self.elements.values() if element.kind in kinds]

    def leaving(self) -> dict[str, list[Flow]]:
        """Sequence flows by the id of what they leave, in the order drawn."""
        by_source: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            by_source.setdefault(flow.source, []).append(flow)
        return by_source

    def turn(self, element: Element, kind: str, triggers: tuple[Trigger, ...]) -> Element:
        """The element is of another kind from now on."""
        self.elements[element.id] = replace(element, kind=kind, triggers=triggers)
        return self.elements[element.id]

    def add(self, beside: Element, kind: str, wish: str, *triggers: Trigger) -> Element:
        """An element that nobody drew, in the same scope."""
        id = free_id(wish, self._taken)
        made = Element(id, kind, self.process, scope=beside.scope, triggers=triggers)
        self.elements[id] = made
        return made

    def lead(self, source: str, target: str, wish: str) -> None:
        """A flow that nobody drew."""
        id = free_id(wish, self._taken)
        self.flows[id] = Flow(id, source, target)

    def drop(self, *ids: str) -> None:
        for id in ids:
            self.elements.pop(id, None)
            self.flows.pop(id, None)
            self._taken.discard(id)


def _begin_at_gateways(made: _Made) -> None:
    """An event gateway that starts the process: each event behind it is a start event, and the
    first that happens begins an instance (BPMN 2.0.2, 10.6.6)."""
    leaving = made.leaving()
    for gateway in made.of({"eventBasedGateway"}):
        if not gateway.instantiate:
            continue
        flows = leaving.get(gateway.id, [])
        for target in (made.elements.get(flow.target) for flow in flows):
            if target is not None:
                made.turn(target, "startEvent", target.triggers)
        made.drop(gateway.id, *(flow.id for flow in flows))


def _begin_at_tasks(made: _Made) -> None:
    """A receive task that starts the process is a message start event (BPMN 2.0.2, 10.3.3.3)."""
    for task in made.of({"receiveTask"}):
        if task.instantiate and task.triggers:
            made.turn(task, "startEvent", task.triggers)


def _throw_one_by_one(made: _Made) -> None:
    """Several results of one event are thrown one after the other; a signal end is such a chain."""
    leaving = made.leaving()
    for event in made.of(THROWS):
        triggers = sorted(event.triggers, key=lambda trigger: trigger.kind in ENDINGS)
        signal_end = event.kind == "endEvent" and event.first("signal") is not None
        if len(triggers) > 1 or signal_end:
            _chain(made, event, triggers, leaving.get(event.id, []))


def _chain(made: _Made, event: Element, triggers: list[Trigger], leaving: list[Flow]) -> None:
    """The first keeps the drawn id; what follows it in the drawing follows the last."""
    ends = event.kind == "endEvent"
    last = made.turn(event, "intermediateThrowEvent", (triggers[0],))
    for number, trigger in enumerate(triggers[1:], 2):
        final = ends and number == len(triggers) and trigger.kind != "signal"
        kind = "endEvent" if final else "intermediateThrowEvent"
        last = _follow(made, last, kind, f"{event.id}__{number}", trigger)
    if ends and last.kind != "endEvent":
        last = _follow(made, last, "endEvent", f"{event.id}__end")
    for flow in leaving:
        made.flows[flow.id] = replace(flow, source=last.id)


def _follow(made: _Made, before: Element, kind: str, wish: str, *triggers: Trigger) -> Element:
    after = made.add(before, kind, wish, *triggers)
    made.lead(before.id, after.id, f"{after.id}__in")
    return after


def _join_links(made: _Made) -> None:
    """A pair of link events is a sequence flow drawn in two pieces (BPMN 2.0.2, 10.5.4)."""
    throws = [event for event in made.of({"intermediateThrowEvent"}) if event.first("link")]
    catches = [event for event in made.of({"intermediateCatchEvent"}) if event.first("link")]
    for event in catches:
        made.turn(event, "intermediateThrowEvent", event.triggers)
    targets = {(event.scope, event.link): event.id for event in catches}
    for event in throws:
        target = targets.get((event.scope, event.link))
        if target is not None:
            made.lead(event.id, target, f"{event.id}__link")


def _split(made: _Made) -> None:
    """Several flows out of an activity or event are a gateway nobody drew (BPMN 2.0.2, 13.2.1)."""
    leaving = made.leaving()
    for element in made.of(ACTIVITIES | EVENTS):
        flows = leaving.get(element.id, [])
        conditional = any(_bare(flow.condition) for flow in flows)
        if len(flows) < 2 and not conditional:
            continue
        kind = "inclusiveGateway" if conditional else "parallelGateway"
        gateway = made.add(element, kind, f"{element.id}__split")
        for flow in flows:
            default = flow.default and conditional
            always = "true" if conditional and not default else None
            made.flows[flow.id] = replace(
                flow,
                source=gateway.id,
                default=default,
                condition=_bare(flow.condition) or always,
            )
        made.lead(element.id, gateway.id, f"{element.id}__out")


def _plain(element: Element) -> Element:
    """Its conditions without "="; links are flows by now."""
    loop, ad_hoc = element.standard_loop, element.ad_hoc
    return replace(
        element,
        triggers=tuple(
            replace(trigger, condition=_bare(trigger.condition)) if trigger.condition else trigger
            for trigger in element.triggers
            if trigger.kind != "link"
        ),
        activation=_bare(element.activation),
        standard_loop=replace(loop, condition=_bare(loop.condition)) if loop else None,
        ad_hoc=replace(ad_hoc, completion=_bare(ad_hoc.completion)) if ad_hoc else None,
    )


def _bare(text: str | None) -> str | None:
    return (text or "").removeprefix("=").strip() or None
