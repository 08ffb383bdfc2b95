"""Rules on whole paths: what is never reached, what never ends, what waits for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from app.engine.drawing.lint.registry import rule
from app.engine.drawing.lint.view import Said, View
from app.engine.drawing.names import GATEWAYS, SCOPES, local
from app.engine.drawing.program import Element

#: a token rests here until somebody or something outside moves it, or a decision can leave
WAITS = frozenset({"userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"})
DECIDES = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})


def _link_targets(view: View) -> dict[tuple[str | None, str], str]:
    return {
        (one.scope, node.get("name") or ""): one.id
        for one in view.of("intermediateCatchEvent")
        for node in view.definitions(one.id)
        if local(node) == "linkEventDefinition"
    }


def following(view: View) -> Callable[[str], list[str]]:
    """The steps that a token may reach next: by flow, link or an event on the border."""
    links = _link_targets(view)

    def after(id: str) -> list[str]:
        one = view.elements[id]
        found = [flow.target for flow in view.out(id) if flow.target in view.elements]
        found += [event.id for event in view.boundary(id)]
        if one.kind == "intermediateThrowEvent":
            names = [n.get("name") or "" for n in view.definitions(id)]
            found += [links[one.scope, name] for name in names if (one.scope, name) in links]
        return found

    return after


def reached(starts: Iterable[str], after: Callable[[str], list[str]]) -> set[str]:
    found = set(starts)
    stack = list(found)
    while stack:
        for id in after(stack.pop()):
            if id not in found:
                found.add(id)
                stack.append(id)
    return found


@rule("unreachable")
def unreachable(view: View) -> Iterator[Said]:
    """Steps that have an incoming flow, yet no start leads to them."""
    begins = [one.id for one in view.of("startEvent")]
    begins += [one.id for one in view.elements.values() if _begins(view, one)]
    known = reached(begins, following(view))
    for one in view.elements.values():
        if one.id not in known and view.into(one.id) and not _in_ad_hoc(view, one):
            yield Said(
                one.id,
                f"{view.the(one.id)} can never be reached from a start event. "
                "Join it to the path, or remove it.",
                "warning" if one.kind == "endEvent" or one.kind in GATEWAYS else None,
            )


def _begins(view: View, one: Element) -> bool:
    """Reported by `no-implicit-start`; what hangs behind it is not reported again."""
    return one.triggered or (not view.into(one.id) and one.kind != "boundaryEvent")


def _in_ad_hoc(view: View, one: Element) -> bool:
    return one.scope is not None and view.elements[one.scope].kind == "adHocSubProcess"


@rule("endless-loop")
def endless_loop(view: View) -> Iterator[Said]:
    """A circle in which nothing waits and nothing decides runs for ever at once."""
    through = {one.id for one in view.elements.values() if not _stops(view, one)}

    def after(id: str) -> list[str]:
        return [flow.target for flow in view.out(id) if flow.target in through]

    for circle in circles(through, after):
        first = next(id for id in view.elements if id in circle)
        yield Said(
            first,
            f"From the {view.a(first)} the flow comes back to it without a decision or anything "
            "to wait for, so it would run for ever. Draw an exclusive gateway that can leave.",
        )


def _stops(view: View, one: Element) -> bool:
    """Whether a token can be held or sent elsewhere here."""
    if one.kind in ("exclusiveGateway", "inclusiveGateway"):
        return len(view.out(one.id)) > 1
    conditional = any(flow.condition is not None for flow in view.out(one.id))
    return conditional or _holds(view, one)


def _holds(view: View, one: Element) -> bool:
    """Whether a token may rest here, or somewhere inside."""
    if one.kind in WAITS or one.kind == "callActivity":
        return True
    return one.kind in SCOPES and any(_holds(view, inner) for inner in view.members(one.id))


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
        if not any(_holds(view, view.elements[id]) for id in circle):
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


def circles(nodes: Iterable[str], after: Callable[[str], list[str]]) -> list[set[str]]:
    """Strongly connected parts with more than one node, or with a flow to itself (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    open_: set[str] = set()
    found: list[set[str]] = []
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(after(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        open_.add(root)
        while work:
            id, rest = work[-1]
            target = next(rest, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[id])
                if low[id] == index[id]:
                    part = _popped(stack, open_, id)
                    if len(part) > 1 or id in after(id):
                        found.append(part)
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                open_.add(target)
                work.append((target, iter(after(target))))
            elif target in open_:
                low[id] = min(low[id], index[target])
    return found


def _popped(stack: list[str], open_: set[str], id: str) -> set[str]:
    part = set()
    while True:
        top = stack.pop()
        open_.discard(top)
        part.add(top)
        if top == id:
            return part


@rule("starved-join", "warning")
def starved_join(view: View) -> Iterator[Said]:
    """A parallel join whose incoming flows all begin at one exclusive decision can never fire.

    The case waits there, visibly, as BPMN says; hence a warning.
    """
    for one in view.of("parallelGateway"):
        entering = view.into(one.id)
        if len(entering) < 2:
            continue
        origins = [_origin(view, flow.source, flow.id) for flow in entering]
        deciding = {origin for origin, _ in origins if origin is not None}
        first = next(iter(deciding), None)
        if len(deciding) != 1 or any(origin is None for origin, _ in origins) or first is None:
            continue
        if view.elements[first].kind in ("exclusiveGateway", "eventBasedGateway"):
            yield Said(
                one.id,
                f"{view.the(one.id)} waits for {len(entering)} paths, of which the "
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
        if _stops(view, one) and one.kind != "callActivity":
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
