"""Rules on how the shapes hang together: starts, ends, what nothing leads to, doubled
flows, what is never reached and what waits for ever."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.bpmn import ACTIVITIES, GATEWAYS, SCOPES, THROWS, Element
from app.validation.lint.registry import rule
from app.validation.lint.steps import following, reached
from app.validation.lint.view import Said, View


@rule("start-event-required")
def start_event_required(view: View) -> Iterator[Said]:
    """Nothing begins a process or sub-process but its start event, so without one no case would
    ever come to its steps. Only an ad-hoc sub-process has none (BPMN 2.0.2, 10.3.5)."""
    for scope in view.scopes():
        if scope is not None and view.elements[scope].kind == "adHocSubProcess":
            continue
        members = view.members(scope)
        starts = [m for m in members if m.kind == "startEvent" or m.instantiate]
        if not starts:
            yield Said(
                scope,
                f"The {view.scope_name(scope)} has no start event, so it can never begin. "
                "Draw one and join it to the first step.",
            )


@rule("end-event-required", "warning")
def end_event_required(view: View) -> Iterator[Said]:
    """Without an end event the process ends when nothing is left to do. It runs, but readers of the
    drawing cannot see where the work is finished."""
    for scope in view.scopes():
        if scope is not None and view.elements[scope].kind == "adHocSubProcess":
            continue
        members = view.members(scope)
        if members and not any(m.kind == "endEvent" for m in members):
            yield Said(
                scope,
                f"The {view.scope_name(scope)} has no end event. It ends when nothing is left "
                "to do; draw an end event so that readers see where.",
            )


@rule("empty-sub-process")
def empty_sub_process(view: View) -> Iterator[Said]:
    """There is nothing in it that a case could do, so the drawing promises work that never
    comes."""
    for sub_process in view.within(SCOPES):
        if not view.members(sub_process.id):
            yield Said(
                sub_process.id,
                f"{view.the(sub_process.id)} is empty. Draw its steps inside it (expand it first), "
                "use a call activity if they are drawn in another process, or a task.",
            )


@rule("ad-hoc-sub-process")
def ad_hoc(view: View) -> Iterator[Said]:
    """In an ad-hoc sub-process every step that nothing leads to begins by itself, so a start or end
    event has no meaning in it (BPMN 2.0.2, 10.3.5)."""
    for event in view.of("startEvent", "endEvent"):
        if _in_ad_hoc(view, event.scope):
            yield Said(
                event.id,
                f"{view.the(event.id)} lies in an ad-hoc sub-process, which has none: its steps "
                "begin by themselves. Remove it, or use an ordinary sub-process.",
            )


@rule("no-disconnected", "warning")
def no_disconnected(view: View) -> Iterator[Said]:
    """No flow leads to this or away from it, so it has no place in the order of the work. Readers
    may take it for something that is done."""
    for element in view.elements.values():
        alone = not view.into(element.id) and not view.out(element.id)
        if (
            alone
            and element.kind != "boundaryEvent"
            and not element.triggered
            and not _linked(view, element.id)
        ):
            if element.kind in ("startEvent", "endEvent") and len(view.members(element.scope)) == 1:
                continue
            if element.for_compensation:
                continue
            in_ad_hoc = element.scope and view.elements[element.scope].kind == "adHocSubProcess"
            if not in_ad_hoc:
                yield Said(element.id, f"{view.the(element.id)} is joined to nothing.")


def _linked(view: View, id: str) -> bool:
    return any(str(d.tag).endswith("linkEventDefinition") for d in view.definitions(id))


@rule("flow-end-missing")
def flow_end_missing(view: View) -> Iterator[Said]:
    """A flow whose end is no step of the process leads nowhere: a case that took it could not go
    on."""
    for flow in view.flows.values():
        for end, where in ((flow.source, "begins"), (flow.target, "ends")):
            if end not in view.elements:
                yield Said(
                    flow.id,
                    f"The sequence flow {flow.id} {where} at “{end}”, which is no step of this "
                    "process. Draw the flow again between two steps.",
                )


@rule("flow-crosses-border")
def flow_crosses_border(view: View) -> Iterator[Said]:
    """A sub-process begins at its own start and is left as a whole, so no flow passes through its
    edge (BPMN 2.0.2, 7.6.1). A case that came in by the side would be in it without having begun
    it."""
    for flow in view.flows.values():
        ends = view.elements.get(flow.source), view.elements.get(flow.target)
        if ends[0] and ends[1] and ends[0].scope != ends[1].scope:
            yield Said(
                flow.id,
                f"The {view.flow(flow)} crosses the border of a sub-process, which a sequence "
                "flow must not. End inside it and go on from its border.",
            )


@rule("flow-direction")
def flow_direction(view: View) -> Iterator[Said]:
    """Nothing follows an end, and a start, an event on an edge and an event sub-process begin by
    what happens, never by a flow (BPMN 2.0.2, 7.6.1). What is drawn here could not happen in a
    case."""
    for flow in view.flows.values():
        source, target = view.elements.get(flow.source), view.elements.get(flow.target)
        if source and source.kind == "endEvent":
            yield Said(
                source.id,
                f"{view.the(source.id)} has a flow leaving it; nothing may follow an end.",
            )
        if target and target.kind == "startEvent":
            yield Said(
                target.id,
                f"{view.the(target.id)} has a flow leading into it; a start has none.",
            )
        if target and target.kind == "boundaryEvent":
            yield Said(
                target.id,
                f"{view.the(target.id)} has a flow leading into it; only its event reaches it.",
            )
        for end in (source, target):
            if end and end.triggered:
                yield Said(
                    end.id,
                    f"{view.the(end.id)} is an event sub-process, so no flow may lead to or from "
                    "it: its start event alone begins it.",
                )


@rule("no-duplicate-sequence-flows", "warning")
def no_duplicate_sequence_flows(view: View) -> Iterator[Said]:
    """Two flows between the same two steps may both be taken, and then everything behind them
    happens twice in the case: two tasks, two mails."""
    seen: set[tuple[str, str, str | None]] = set()
    for flow in view.flows.values():
        key = (flow.source, flow.target, flow.condition)
        if key in seen:
            yield Said(
                flow.id,
                f"The {view.flow(flow)} is drawn twice, so what follows may happen twice. "
                "Remove one of the two.",
            )
        seen.add(key)


@rule("no-implicit-start")
def no_implicit_start(view: View) -> Iterator[Said]:
    """BPMN lets a step that nothing leads to begin by itself. Here none does, so no case would ever
    come to it or to what hangs behind it."""
    for element in view.elements.values():
        if (
            element.kind in ("startEvent", "boundaryEvent")
            or element.triggered
            or view.into(element.id)
        ):
            continue
        if element.instantiate or _linked(view, element.id) or _in_ad_hoc(view, element.scope):
            continue
        if element.for_compensation:
            continue
        yield Said(
            element.id,
            f"No flow leads to the {view.a(element.id)}, so it is never reached. Join it to the "
            "step before it, or remove it.",
            "warning" if element.kind == "endEvent" else None,
        )


def _in_ad_hoc(view: View, scope: str | None) -> bool:
    return scope is not None and view.elements[scope].kind == "adHocSubProcess"


@rule("no-implicit-end", "warning")
def no_implicit_end(view: View) -> Iterator[Said]:
    """The path simply stops at this step. That may be meant, or a flow was forgotten and the work
    stops too early; an end event says which."""
    for element in view.within(ACTIVITIES | GATEWAYS | (THROWS - {"endEvent"})):
        if (
            view.out(element.id)
            or element.triggered
            or _linked(view, element.id)
            or _in_ad_hoc(view, element.scope)
        ):
            continue
        if element.for_compensation:
            continue
        yield Said(
            element.id,
            f"Nothing follows the {view.a(element.id)}, so this path ends there. Draw an end event "
            "if that is meant.",
        )


@rule("unreachable")
def unreachable(view: View) -> Iterator[Said]:
    """No way leads from a start to this step, so no case ever comes to it, though the drawing shows
    it as part of the work."""
    begins = [start.id for start in view.of("startEvent")]
    begins += [element.id for element in view.elements.values() if _begins(view, element)]
    known = reached(begins, following(view))
    for element in view.elements.values():
        if (
            element.id not in known
            and view.into(element.id)
            and not _in_ad_hoc(view, element.scope)
        ):
            yield Said(
                element.id,
                f"{view.the(element.id)} can never be reached from a start event. "
                "Join it to the path, or remove it.",
                "warning" if element.kind == "endEvent" or element.kind in GATEWAYS else None,
            )


def _begins(view: View, element: Element) -> bool:
    """Reported by `no-implicit-start`; what hangs behind it is not reported again."""
    return element.triggered or (not view.into(element.id) and element.kind != "boundaryEvent")


@rule("starved-join", "warning")
def starved_join(view: View) -> Iterator[Said]:
    """The gateway waits for every path that leads to it, but the decision before it takes only one
    of them. The case waits there for ever, as BPMN says, and nothing behind it happens."""
    for gateway in view.of("parallelGateway"):
        entering = view.into(gateway.id)
        if len(entering) < 2:
            continue
        origins = [_origin(view, flow.source, flow.id) for flow in entering]
        deciding = {origin for origin, _ in origins if origin is not None}
        first = next(iter(deciding), None)
        if len(deciding) != 1 or any(origin is None for origin, _ in origins) or first is None:
            continue
        if view.elements[first].kind in ("exclusiveGateway", "eventBasedGateway"):
            yield Said(
                gateway.id,
                f"{view.the(gateway.id)} waits for {len(entering)} paths, of which the "
                f"{view.a(first)} takes only one. It would wait for ever: join them with an "
                "exclusive gateway.",
            )


def _origin(view: View, id: str, flow: str) -> tuple[str | None, str]:
    """Backwards along steps with one way in and out, to where the paths parted."""
    seen = set()
    while id in view.elements and id not in seen:
        seen.add(id)
        if len(view.out(id)) > 1 or view.elements[id].kind == "boundaryEvent":
            return (id if view.elements[id].kind != "boundaryEvent" else None), flow
        entering = view.into(id)
        if len(entering) != 1 or view.boundary(id):
            return None, flow
        id, flow = entering[0].source, entering[0].id
    return None, flow
