"""Rules on circles: flows and calls that come back and never end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.engine.bpmn import THROWS, Element, local
from app.validation.lint.registry import rule
from app.validation.lint.steps import DECIDES, WAITS, circles, following, holds, reached, stops
from app.validation.lint.view import Said, View

SENDS = THROWS | {"sendTask"}


@rule("endless-loop")
def endless_loop(view: View) -> Iterator[Said]:
    """In this circle nothing waits and nothing decides that it is enough. A case would run round in
    it until it is stopped, with an incident, after 10,000 steps."""
    undecided = {element.id for element in view.elements.values() if not stops(view, element)}
    automatic = {element.id for element in view.elements.values() if not holds(view, element)}
    endless = [c for c in _circles_of(view, automatic) if not _left(view, c)]
    endless += [c for c in _circles_of(view, undecided) if not any(c <= other for other in endless)]
    for circle in endless:
        first = next(id for id in view.elements if id in circle)
        yield Said(
            first,
            f"From the {view.a(first)} the flow comes back to it without a decision or anything "
            "to wait for, so it would run for ever. Draw an exclusive gateway that can leave.",
        )


def _circles_of(view: View, through: set[str]) -> list[set[str]]:
    def after(id: str) -> list[str]:
        return [flow.target for flow in view.out(id) if flow.target in through]

    return circles(sorted(through), after)


def _left(view: View, circle: set[str]) -> bool:
    """Whether some decision in the circle can lead out of it."""
    return any(
        flow.target not in circle
        for id in circle
        if stops(view, view.elements[id])
        for flow in view.out(id)
    )


@rule("endless-loop", "warning")
def waiting_loop(view: View) -> Iterator[Said]:
    """A circle that waits, but that no decision or interrupting event ever leaves, is only told: it
    harms nothing at once, but the case can never be finished."""
    ways = following(view)
    leaving = {
        element.id
        for element in view.elements.values()
        if element.kind in DECIDES | {"eventBasedGateway"}
        or any(flow.condition is not None for flow in view.out(element.id))
        or any(event.interrupting for event in view.boundary(element.id))
    }
    through = set(view.elements) - leaving

    def after(id: str) -> list[str]:
        return [target for target in ways(id) if target in through]

    for circle in circles(through, after):
        if not any(holds(view, view.elements[id]) for id in circle):
            continue  # the error above
        if not _ended_elsewhere(view, view.elements[next(iter(circle))].scope):
            first = next(id for id in view.elements if id in circle)
            yield Said(
                first,
                f"From the {view.a(first)} the flow always comes back to it; no decision ever "
                "leaves that circle.",
            )


def _ended_elsewhere(view: View, scope: str | None) -> bool:
    """Whether something beside the circle can end the scope it lies in."""
    while True:
        for element in view.members(scope):
            kinds = {local(node) for node in view.definitions(element.id)}
            if element.kind == "endEvent" and "terminateEventDefinition" in kinds:
                return True
            starts = view.members(element.id) if element.triggered else []
            if any(s.kind == "startEvent" and s.interrupting for s in starts):
                return True
        if scope is None:
            return False
        if any(event.interrupting for event in view.boundary(scope)):
            return True
        scope = view.elements[scope].scope


@rule("self-call")
def self_call(view: View) -> Iterator[Said]:
    """A process that always calls itself again, straight or by way of another, never ends. After 50
    calls, one inside the other, the case would stop with an incident."""
    begins = [start.id for start in view.members(None) if start.kind == "startEvent"]
    for call in _surely_called(view, begins):
        if call.called_process and _returns(view, call.called_process):
            yield Said(
                call.id,
                f"{view.the(call.id)} calls “{call.called_process}”, which always calls this "
                "process again, so it would never end. Draw a decision in front of the call.",
            )


@rule("self-trigger")
def self_trigger(view: View) -> Iterator[Said]:
    """What begins by a message or signal and surely sends the same again begins itself over and
    over, and the case never comes to rest."""
    for start in view.of("startEvent"):
        own = _triggers(view, start)
        if not own or (start.scope is not None and start.interrupting):
            continue
        for element in _surely_reached(view, [start.id]):
            again = own & _triggers(view, element) if element.kind in SENDS else set()
            for kind, name in sorted(again):
                yield Said(
                    element.id,
                    f"{view.the(element.id)} sends the {kind} “{name}”, which begins this path "
                    "again at once, so it would run for ever. Use another name, or draw a "
                    "decision in between.",
                )


def _triggers(view: View, element: Element) -> set[tuple[str, str]]:
    """(kind, name) of the messages and signals an event catches or throws."""
    triggers = (
        {("message", element.message)} if element.kind == "sendTask" and element.message else set()
    )
    for node in view.definitions(element.id):
        kind = local(node).removesuffix("EventDefinition")
        name = view.drawn.declared.name_of(kind, node) if kind in ("message", "signal") else None
        if name is not None:
            triggers.add((kind, name))
    return triggers


def _surely_called(view: View, begins: Iterable[str]) -> list[Element]:
    """Call activities in front of which nothing decides and nothing waits."""
    return [call for call in _surely_reached(view, begins) if call.kind == "callActivity"]


def _surely_reached(view: View, begins: Iterable[str]) -> list[Element]:
    """Steps in front of which nothing decides and nothing waits, the starts included."""

    def after(id: str) -> list[str]:
        element = view.elements[id]
        if stops(view, element) or element.loop is not None:
            return []
        return [flow.target for flow in view.out(id) if flow.target in view.elements]

    known = reached(begins, after)
    return [element for id, element in view.elements.items() if id in known]


def _returns(view: View, called: str) -> bool:
    """Whether the called process is this one, or surely calls it on a straight path."""
    seen: set[str] = set()
    while called not in seen:
        if called == view.process.id:
            return True
        seen.add(called)
        process = view.known.processes.get(called)
        straight = _straight_call(process.elements.values()) if process else None
        if straight is None:
            return False
        called = straight
    return False


def _straight_call(elements: Iterable[Element]) -> str | None:
    held = list(elements)
    if any(element.kind in WAITS | DECIDES for element in held):
        return None
    calls = [call.called_process for call in held if call.kind == "callActivity"]
    return calls[0] if len(calls) == 1 else None
