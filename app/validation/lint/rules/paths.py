"""Rules on whole paths: what is never reached, and what waits for ever."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.bpmn import GATEWAYS, Element
from app.validation.lint.registry import rule
from app.validation.lint.steps import following, reached
from app.validation.lint.view import Said, View


@rule("unreachable")
def unreachable(view: View) -> Iterator[Said]:
    """No way leads from a start to this step, so no case ever comes to it, though the drawing shows
    it as part of the work."""
    begins = [start.id for start in view.of("startEvent")]
    begins += [element.id for element in view.elements.values() if _begins(view, element)]
    known = reached(begins, following(view))
    for element in view.elements.values():
        if element.id not in known and view.into(element.id) and not _in_ad_hoc(view, element):
            yield Said(
                element.id,
                f"{view.the(element.id)} can never be reached from a start event. "
                "Join it to the path, or remove it.",
                "warning" if element.kind == "endEvent" or element.kind in GATEWAYS else None,
            )


def _begins(view: View, element: Element) -> bool:
    """Reported by `no-implicit-start`; what hangs behind it is not reported again."""
    return element.triggered or (not view.into(element.id) and element.kind != "boundaryEvent")


def _in_ad_hoc(view: View, element: Element) -> bool:
    return element.scope is not None and view.elements[element.scope].kind == "adHocSubProcess"


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
