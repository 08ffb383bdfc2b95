"""Rules on circles: flows and calls that come back and never end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.engine.drawing.lint.registry import rule
from app.engine.drawing.lint.steps import (
    DECIDES,
    WAITS,
    circles,
    following,
    holds,
    reached,
    stops,
)
from app.engine.drawing.lint.view import Said, View
from app.engine.drawing.names import local
from app.engine.drawing.program import Element


@rule("endless-loop")
def endless_loop(view: View) -> Iterator[Said]:
    """A circle in which nothing waits and nothing decides runs for ever at once."""
    undecided = {one.id for one in view.elements.values() if not stops(view, one)}
    automatic = {one.id for one in view.elements.values() if not holds(view, one)}
    found = [c for c in _circles_of(view, automatic) if not _left(view, c)]
    found += [c for c in _circles_of(view, undecided) if not any(c <= other for other in found)]
    for circle in found:
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
    """A circle that waits, but that no decision or interrupting event ever leaves."""
    ways = following(view)
    leaving = {
        one.id
        for one in view.elements.values()
        if one.kind in DECIDES | {"eventBasedGateway"}
        or any(flow.condition is not None for flow in view.out(one.id))
        or any(event.interrupting for event in view.boundary(one.id))
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
        for one in view.members(scope):
            kinds = {local(node) for node in view.definitions(one.id)}
            if one.kind == "endEvent" and "terminateEventDefinition" in kinds:
                return True
            starts = view.members(one.id) if one.triggered else []
            if any(s.kind == "startEvent" and s.interrupting for s in starts):
                return True
        if scope is None:
            return False
        if any(event.interrupting for event in view.boundary(scope)):
            return True
        scope = view.elements[scope].scope


@rule("self-call")
def self_call(view: View) -> Iterator[Said]:
    """Calls that come back to this process with no decision in between never end."""
    begins = [one.id for one in view.members(None) if one.kind == "startEvent"]
    for one in _surely_called(view, begins):
        if one.called_process and _returns(view, one.called_process):
            yield Said(
                one.id,
                f"{view.the(one.id)} calls “{one.called_process}”, which always calls this "
                "process again, so it would never end. Draw a decision in front of the call.",
            )


def _surely_called(view: View, begins: Iterable[str]) -> list[Element]:
    """Call activities in front of which nothing decides and nothing waits."""

    def after(id: str) -> list[str]:
        one = view.elements[id]
        if stops(view, one) and one.kind != "callActivity":
            return []
        if one.kind == "callActivity" or one.loop is not None:
            return []
        return [flow.target for flow in view.out(id) if flow.target in view.elements]

    known = reached(begins, after)
    return [view.elements[id] for id in known if view.elements[id].kind == "callActivity"]


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
    if any(one.kind in WAITS | DECIDES for one in held):
        return None
    calls = [one.called_process for one in held if one.kind == "callActivity"]
    return calls[0] if len(calls) == 1 else None
