"""Rules on gateways: what decides, what waits, and flows that leave without one."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.bpmn import ACTIVITIES, GATEWAYS, Element, Flow, local, reference
from app.engine.bpmn.names import EVENTS
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View

DECIDES = ("exclusiveGateway", "inclusiveGateway", "complexGateway")


@rule("conditional-flows")
def conditional_flows(view: View) -> Iterator[Said]:
    """A gateway that decides takes a way whose condition is true, else its default (BPMN 2.0.2,
    10.6.2). A way that has no condition and is not the default gives it nothing to choose by."""
    for gateway in view.of(*DECIDES):
        ways = view.out(gateway.id)
        if len(ways) < 2:
            continue
        for flow in ways:
            if flow.condition is None and not flow.default:
                yield Said(
                    flow.id,
                    f"The {view.flow(flow)} has no condition, so the gateway cannot choose. "
                    "Give it a condition, or make it the default flow.",
                )


@rule("single-conditional-flow", "warning")
def single_conditional_flow(view: View) -> Iterator[Said]:
    """With one way out there is nothing to choose. When its condition is false, the case stops
    there with an incident."""
    for element in view.within(ACTIVITIES | GATEWAYS):
        ways = view.out(element.id)
        if len(ways) == 1 and ways[0].condition is not None and element.kind != "parallelGateway":
            yield Said(
                element.id,
                f"{view.the(element.id)} has one way out, and that has a condition: when it is "
                "false, the case stops with an incident. Draw a second way, or remove it.",
            )


@rule("no-default-flow", "warning")
def no_default_flow(view: View) -> Iterator[Said]:
    """When no condition is true and there is no default flow, the case stops there with an incident
    (BPMN 2.0.2, 10.6.2). Plain opposites, and a condition that is always true, need none."""
    for element in view.elements.values():
        ways = view.out(element.id)
        if element.kind not in ACTIVITIES and element.kind not in DECIDES:
            continue
        decided = len(ways) > 1 and all(f.condition is not None for f in ways)
        if decided and not any(f.default for f in ways) and not _opposites(ways):
            yield Said(
                element.id,
                f"{view.the(element.id)} has no default flow. When no condition is true, the case "
                "stops there with an incident. Make one of its flows the default.",
            )


def _opposites(ways: list[Flow]) -> bool:
    """Two conditions of which one is plainly not(the other), or one of which is always true."""
    bare = [(flow.condition or "").removeprefix("=").replace(" ", "") for flow in ways]
    return "true" in bare or any(f"not({condition})" in bare for condition in bare)


@rule("default-flow")
def default_flow(view: View) -> Iterator[Said]:
    """The default is the way out when no condition is true. One that begins elsewhere cannot be
    taken, so the case would stop there with an incident."""
    for element in view.elements.values():
        named = reference(view.node(element.id).get("default"))
        if named and named not in {flow.id for flow in view.out(element.id)}:
            yield Said(
                element.id,
                f"The default flow of the {view.a(element.id)} ({named}) does not leave it. "
                "Choose one of its own flows as the default.",
            )


@rule("default-flow-condition", "warning")
def default_flow_condition(view: View) -> Iterator[Said]:
    """A default flow is taken when no other condition is true, whatever its own says. Readers would
    believe that its condition counts."""
    for flow in view.flows.values():
        if flow.default and flow.condition is not None:
            yield Said(
                flow.id,
                f"The {view.flow(flow)} is the default, so its condition is never looked at. "
                "Remove the condition.",
            )


@rule("dead-default-flow", "warning")
def dead_default_flow(view: View) -> Iterator[Said]:
    """A default is taken only when no other flow is (BPMN 2.0.2, 8.4.13), and a flow without a
    condition that leaves a task always is. So the case never goes the way of this default. At
    gateways `conditional-flows` refuses the flow without a condition."""
    for activity in view.within(ACTIVITIES):
        ways = view.out(activity.id)
        plain = [flow for flow in ways if not flow.default and flow.condition is None]
        decided = any(flow.condition is not None for flow in ways)
        for flow in ways if plain and decided else ():
            if flow.default:
                yield Said(
                    flow.id,
                    f"The {view.flow(flow)} is a default, but the {view.flow(plain[0])} has no "
                    "condition and is always taken, so the default never is. Give the other flow "
                    "a condition, or take the default mark away.",
                )


@rule("condition-ignored", "warning")
def condition_ignored(view: View) -> Iterator[Said]:
    """A parallel gateway takes all its flows, an event-based one the flow whose event happens
    first, whatever conditions say (BPMN 2.0.2, 10.6.4 and 10.6.6). Readers would believe that
    something is decided."""
    for flow in view.flows.values():
        source = view.elements.get(flow.source)
        if flow.condition is None or source is None:
            continue
        if source.kind in ("parallelGateway", "eventBasedGateway"):
            yield Said(
                flow.id,
                f"The condition of the {view.flow(flow)} is not looked at: a "
                f"{view.word(source.kind)} does not decide. Use an inclusive gateway.",
            )


@rule("condition-on-event-flow")
def condition_on_event_flow(view: View) -> Iterator[Said]:
    """Gateways and activities decide in BPMN, events do not: the flow behind an event is taken when
    it happens. A condition there would be read as a decision that nobody makes."""
    for flow in view.flows.values():
        source = view.elements.get(flow.source)
        if flow.condition is not None and source is not None and source.kind in EVENTS:
            yield Said(
                flow.id,
                f"The {view.flow(flow)} has a condition, but a flow that leaves an event cannot "
                "have one. Draw an exclusive gateway behind the event.",
            )


@rule("no-implicit-split", "warning")
def no_implicit_split(view: View) -> Iterator[Said]:
    """All flows that leave the step are taken, or each whose condition is true, so the case goes on
    along several ways at once. Readers may think that one of them is chosen."""
    for element in view.within(ACTIVITIES | EVENTS):
        ways = view.out(element.id)
        if len(ways) > 1:
            some = any(flow.condition is not None for flow in ways)
            meaning = "each whose condition is true" if some else "all of them at once"
            yield Said(
                element.id,
                f"Several flows leave the {view.a(element.id)}: {meaning} will be taken. "
                "Draw the gateway, so that readers see it.",
            )


@rule("fake-join", "warning")
def fake_join(view: View) -> Iterator[Said]:
    """A step with several incoming flows does not wait for all of them. It happens once for each
    that arrives, so people may be given the same task twice."""
    for element in view.within((ACTIVITIES | EVENTS) - {"endEvent"}):
        sources = {flow.source for flow in view.into(element.id)}
        if len(sources) > 1 and _together(view, sources):
            yield Said(
                element.id,
                f"Several flows lead to the {view.a(element.id)}: it happens once for each that "
                "arrives. Draw a joining gateway in front of it if it shall happen once.",
            )


def _together(view: View, sources: set[str]) -> bool:
    """Ends that merely collect alternative ways need no gateway."""
    return not all(
        view.elements[s].kind == "exclusiveGateway" for s in sources if s in view.elements
    )


@rule("superfluous-gateway", "warning")
def superfluous_gateway(view: View) -> Iterator[Said]:
    """A gateway with one way in and one way out decides nothing and waits for nothing. Readers look
    for a choice that is not there."""
    for gateway in view.within(GATEWAYS - {"eventBasedGateway"}):
        if len(view.into(gateway.id)) == 1 and len(view.out(gateway.id)) == 1:
            yield Said(gateway.id, f"{view.the(gateway.id)} neither splits nor joins. Remove it.")


@rule("no-gateway-join-fork", "warning")
def no_gateway_join_fork(view: View) -> Iterator[Said]:
    """It runs, but one sign that joins and splits at once hides what has to arrive before the next
    paths begin."""
    for gateway in view.within(GATEWAYS - {"eventBasedGateway", "exclusiveGateway"}):
        if len(view.into(gateway.id)) > 1 and len(view.out(gateway.id)) > 1:
            yield Said(
                gateway.id,
                f"{view.the(gateway.id)} joins and splits at once. Draw two gateways, so that "
                "readers see what waits for what.",
            )


@rule("no-complex-gateway")
def no_complex_gateway(view: View) -> Iterator[Said]:
    """Without an activation condition nobody knows how many paths the gateway waits for (BPMN
    2.0.2, 13.4.5), so a case could never go on from it."""
    for gateway in view.of("complexGateway"):
        if len(view.into(gateway.id)) > 1 and gateway.activation is None:
            yield Said(
                gateway.id,
                f"{view.the(gateway.id)} joins several flows but has no activation condition, so "
                "it would never know when to go on. Give it one, or use a parallel gateway.",
            )


@rule("event-gateway-target")
def event_gateway_target(view: View) -> Iterator[Said]:
    """An event-based gateway waits for whichever of the events behind it happens first (BPMN 2.0.2,
    10.6.6). A step that waits for nothing, or that other flows reach as well, cannot take part in
    that."""
    for gateway in view.of("eventBasedGateway"):
        for flow in view.out(gateway.id):
            target = view.elements.get(flow.target)
            if target is not None and not _waits(view, target):
                yield Said(
                    gateway.id,
                    f"{view.the(gateway.id)} leads to the {view.a(target.id)}, which waits for "
                    "nothing. Behind an event-based gateway there are only catch events "
                    "(message, signal, timer, condition) and receive tasks.",
                )
            elif target is not None and len(view.into(target.id)) > 1:
                yield Said(
                    target.id,
                    f"{view.the(target.id)} stands behind an event-based gateway, so no other "
                    "flow may lead to it.",
                )


def _waits(view: View, target: Element) -> bool:
    if target.kind == "receiveTask":
        return not view.boundary(target.id)
    kinds = {local(node) for node in view.definitions(target.id)}
    return target.kind == "intermediateCatchEvent" and "linkEventDefinition" not in kinds


@rule("gateway-direction", "warning")
def gateway_direction(view: View) -> Iterator[Said]:
    """What a gateway says of itself must fit the flows drawn (BPMN 2.0.2, 10.6.1). Here the drawn
    flows count; other tools may believe the word."""
    for gateway in view.within(GATEWAYS):
        joins, splits = len(view.into(gateway.id)) > 1, len(view.out(gateway.id)) > 1
        direction = view.node(gateway.id).get("gatewayDirection") or "Unspecified"
        wrong = {
            "Converging": splits,
            "Diverging": joins,
            "Mixed": not (joins and splits),
        }.get(direction, False)
        if wrong:
            yield Said(
                gateway.id,
                f"{view.the(gateway.id)} calls itself “{direction.lower()}”, but its flows are "
                "drawn otherwise. Here the drawn flows count.",
            )


@rule("event-gateway-mixed", "warning")
def event_gateway_mixed(view: View) -> Iterator[Said]:
    """Behind an event-based gateway messages are waited for by events or by receive tasks, not by
    both (BPMN 2.0.2, 10.6.6). Here both run; other tools may refuse the file."""
    for gateway in view.of("eventBasedGateway"):
        targets = [
            view.elements[f.target] for f in view.out(gateway.id) if f.target in view.elements
        ]
        tasks = any(t.kind == "receiveTask" for t in targets)
        if tasks and any(t.kind == "intermediateCatchEvent" and t.message for t in targets):
            yield Said(
                gateway.id,
                f"{view.the(gateway.id)} leads to receive tasks and message events. Use only one "
                "of the two.",
            )


@rule("event-based-gateway", "warning")
def event_gateway_alone(view: View) -> Iterator[Said]:
    """The gateway goes on with the first of several events. With fewer than two behind it there is
    nothing to choose between, and readers look for what is missing."""
    for gateway in view.of("eventBasedGateway"):
        if len(view.out(gateway.id)) < 2:
            yield Said(
                gateway.id, f"{view.the(gateway.id)} has fewer than two events to choose between."
            )
