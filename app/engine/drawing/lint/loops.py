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
from app.engine.drawing.names import THROWS, local
from app.engine.drawing.program import Element

SENDS = THROWS | {"sendTask"}


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


@rule("self-trigger")
def self_trigger(view: View) -> Iterator[Said]:
    """What begins by a message or signal and surely sends the same never comes to rest."""
    for start in view.of("startEvent"):
        own = _triggers(view, start)
        if not own or (start.scope is not None and start.interrupting):
            continue
        for one in _surely_reached(view, [start.id]):
            again = own & _triggers(view, one) if one.kind in SENDS else set()
            for kind, name in sorted(again):
                yield Said(
                    one.id,
                    f"{view.the(one.id)} sends the {kind} “{name}”, which begins this path "
                    "again at once, so it would run for ever. Use another name, or draw a "
                    "decision in between.",
                )


def _triggers(view: View, one: Element) -> set[tuple[str, str]]:
    """(kind, name) of the messages and signals an event catches or throws."""
    found = {("message", one.message)} if one.kind == "sendTask" and one.message else set()
    for node in view.definitions(one.id):
        kind = local(node).removesuffix("EventDefinition")
        name = view.drawn.declared.name_of(kind, node) if kind in ("message", "signal") else None
        if name is not None:
            found.add((kind, name))
    return found


def _surely_called(view: View, begins: Iterable[str]) -> list[Element]:
    """Call activities in front of which nothing decides and nothing waits."""
    return [one for one in _surely_reached(view, begins) if one.kind == "callActivity"]


def _surely_reached(view: View, begins: Iterable[str]) -> list[Element]:
    """Steps in front of which nothing decides and nothing waits, the starts included."""

    def after(id: str) -> list[str]:
        one = view.elements[id]
        if stops(view, one) or one.loop is not None:
            return []
        return [flow.target for flow in view.out(id) if flow.target in view.elements]

    known = reached(begins, after)
    return [one for id, one in view.elements.items() if id in known]


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
