"""A plain left-to-right layout for a process that nobody has drawn: layers by longest way.

No attempt at beauty: everything is there, in the order of the flows, and nothing overlaps.
"""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

from app.engine.pictures.sheet import (
    ACTIVITY_ENDS,
    SUB_PROCESSES,
    Box,
    Edge,
    Point,
    Shape,
    Sheet,
    flow_of,
    local,
    shape_of,
)

_TASK, _EVENT, _GATEWAY = (100.0, 80.0), (36.0, 36.0), (50.0, 50.0)
_GAP_X, _GAP_Y, _PAD, _HEAD = 60.0, 50.0, 30.0, 30.0
#: deeper sub-processes are drawn collapsed
_DEEPEST = 8


def lay_out(process: etree._Element) -> Sheet:
    """The process as a sheet of its own."""
    shapes, edges, _ = _container(process, _PAD, _HEAD, 0)
    title = process.get("name") or process.get("id") or ""
    return Sheet(title, tuple(shapes), tuple(edges))


def _container(
    holder: etree._Element, x: float, y: float, depth: int
) -> tuple[list[Shape], list[Edge], tuple[float, float]]:
    """Shapes and edges of what lies directly in `holder`, and how much room they take."""
    nodes = {node.get("id", ""): node for node in holder if _is_node(node)}
    flows = [flow for flow in holder if local(flow) == "sequenceFlow"]
    hosts = {key: node.get("attachedToRef", "") for key, node in nodes.items()}
    # What hangs on something that itself hangs somewhere (a faulty file) is placed as if free.
    free = [key for key in nodes if hosts[key] not in nodes or hosts.get(hosts[key]) in nodes]
    links = [
        (a if a in free else hosts[a], b)
        for a, b in ((f.get("sourceRef", ""), f.get("targetRef", "")) for f in flows)
        if a in nodes and b in nodes
    ]
    columns = _columns(free, links)
    shapes: list[Shape] = []
    edges: list[Edge] = []
    left, lowest = x, y
    for column in columns:
        top, widest = y, 0.0
        for key in column:
            inner, more, (width, height) = _node(nodes[key], left, top, depth)
            shapes += inner
            edges += more
            widest, top = max(widest, width), top + height + _GAP_Y
        left, lowest = left + widest + _GAP_X, max(lowest, top - _GAP_Y)
    boxes = {shape.id: shape.box for shape in shapes}
    attached = [key for key in nodes if key not in free]
    for key in attached:
        count = sum(hosts[key] == hosts[other] for other in attached[: attached.index(key)])
        host = boxes[hosts[key]]
        boxes[key] = Box(host.x + 10 + count * 45, host.bottom - 18, *_EVENT)
        shapes.append(shape_of(nodes[key], boxes[key]))
    edges += _flows(flows, boxes, nodes)
    return shapes, edges, (max(left - _GAP_X - x, 0), lowest - y)


def _is_node(element: etree._Element) -> bool:
    kind = local(element)
    return (
        kind.endswith(("Event", "Gateway"))
        or kind.lower().endswith(ACTIVITY_ENDS)
        or (kind in SUB_PROCESSES)
    )


def _node(
    element: etree._Element, x: float, y: float, depth: int
) -> tuple[list[Shape], list[Edge], tuple[float, float]]:
    kind = local(element)
    if kind in SUB_PROCESSES and depth < _DEEPEST and any(_is_node(child) for child in element):
        inner, edges, (width, height) = _container(element, x + _PAD, y + _HEAD + 10, depth + 1)
        size = (width + 2 * _PAD, height + _HEAD + 10 + _PAD)
        own = shape_of(element, Box(x, y, *size), expanded=True)
        return [own, *inner], edges, size
    size = _EVENT if kind.endswith("Event") else _GATEWAY if kind.endswith("Gateway") else _TASK
    return [shape_of(element, Box(x, y + (80 - size[1]) / 2, *size))], [], (size[0], 80)


def _columns(keys: list[str], links: list[tuple[str, str]]) -> list[list[str]]:
    """Keys by the longest way from a start; a flow that goes back does not count."""
    after: dict[str, list[str]] = defaultdict(list)
    for a, b in links:
        after[a].append(b)
    order, back = _walk(keys, after)
    column = dict.fromkeys(keys, 0)
    for key in order:
        for other in after[key]:
            if (key, other) not in back and other in column:
                column[other] = max(column[other], column[key] + 1)
    by_column: dict[int, list[str]] = defaultdict(list)
    for key in keys:
        by_column[column[key]].append(key)
    return [by_column[at] for at in sorted(by_column)]


def _walk(keys: list[str], after: dict[str, list[str]]) -> tuple[list[str], set[tuple[str, str]]]:
    """Topological order, and the links that close a loop (depth first, without recursion)."""
    entered = {other for others in after.values() for other in others}
    starts = [key for key in keys if key not in entered] + keys
    done: list[str] = []
    state: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    for start in starts:
        stack = [(start, iter(after[start]))] if start not in state else []
        state.setdefault(start, 1)
        while stack:
            key, rest = stack[-1]
            other = next(rest, None)
            if other is None:
                state[key] = 2
                done.append(key)
                stack.pop()
            elif state.get(other) == 1:
                back.add((key, other))
            elif other not in state:
                state[other] = 1
                stack.append((other, iter(after[other])))
    return done[::-1], back


def _flows(
    flows: list[etree._Element], boxes: dict[str, Box], nodes: dict[str, etree._Element]
) -> list[Edge]:
    edges = []
    for flow in flows:
        a, b = boxes.get(flow.get("sourceRef", "")), boxes.get(flow.get("targetRef", ""))
        source = nodes.get(flow.get("sourceRef", ""))
        if a is not None and b is not None and source is not None:
            attached = source.get("attachedToRef") is not None
            edges.append(flow_of(flow, _way(a, b, attached), nodes))
    return edges


def _way(a: Box, b: Box, downwards: bool) -> tuple[Point, ...]:
    if b.x >= a.right and not downwards:
        middle = b.x - _GAP_X / 2
        if abs(a.cy - b.cy) < 1:
            return ((a.right, a.cy), (b.x, b.cy))
        return ((a.right, a.cy), (middle, a.cy), (middle, b.cy), (b.x, b.cy))
    low = max(a.bottom, b.bottom) + _GAP_Y / 2
    if downwards and b.x >= a.right:
        return ((a.cx, a.bottom), (a.cx, low), (b.x - 20, low), (b.x - 20, b.cy), (b.x, b.cy))
    return ((a.cx, a.bottom), (a.cx, low), (b.cx, low), (b.cx, b.bottom))
