"""What a BPMN file says about its looks: shapes and edges of each diagram, as plain values.

Owns reading BPMN DI. A process that is not drawn gets a plain layout from `layout`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from lxml import etree

from app.engine.bpmn import flag
from app.engine.pictures.layout import lay_out
from app.engine.pictures.sheet import BPMN, Box, Edge, Shape, Sheet, flow_of, local, shape_of
from app.engine.xml import parse

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_DD = "{http://www.omg.org/spec/DD/20100524/DI}"
#: nothing in a real drawing lies further out; also keeps "inf" and "nan" away
_FAR = 1_000_000.0
_MOST_POINTS = 200


@lru_cache(maxsize=32)
def sheets(content: bytes, process: str | None = None) -> tuple[Sheet, ...]:
    """The diagrams of a file, in its order; with `process` only those that show it.

    NotExecutable when the bytes are no XML that we read.
    """
    root = parse(content, "")
    elements = {
        element.get("id", ""): element for element in root.iter(etree.Element) if element.get("id")
    }
    all_sheets = [_sheet(diagram, elements) for diagram in root.iter(f"{_DI}BPMNDiagram")]
    drawn = [sheet for sheet in all_sheets if sheet.shapes]
    shown = {shape.id for sheet in drawn for shape in sheet.shapes}
    undrawn = [
        element for element in root.iter(f"{BPMN}process") if shown.isdisjoint(_nodes(element))
    ]
    drawn += [sheet for sheet in map(lay_out, undrawn) if sheet.shapes]
    if process is None:
        return tuple(drawn)
    wanted = elements.get(process)
    inside = set(_nodes(wanted)) if wanted is not None else set()
    fitting = tuple(sheet for sheet in drawn if any(shape.id in inside for shape in sheet.shapes))
    return fitting or tuple(drawn)


def _nodes(process: etree._Element) -> Iterator[str]:
    """Ids of everything in a process that can have a shape of its own."""
    for element in process.iter(etree.Element):
        kind = local(element)
        if element is not process and (
            kind.endswith(("Event", "Gateway", "Activity"))
            or (kind.lower().endswith(("task", "process")) or kind == "transaction")
        ):
            yield element.get("id", "")


def _sheet(diagram: etree._Element, elements: dict[str, etree._Element]) -> Sheet:
    plane = diagram.find(f"{_DI}BPMNPlane")
    if plane is None:
        return Sheet("", (), ())
    about = elements.get(plane.get("bpmnElement", ""))
    title = diagram.get("name") or (about.get("name") if about is not None else None) or ""
    drawn = {di.get("bpmnElement", ""): di for di in plane.iterfind(f"{_DI}BPMNShape")}
    holders = _holders(drawn, elements)
    shapes = (_shape(di, elements, holders) for di in plane.iterfind(f"{_DI}BPMNShape"))
    edges = (_edge(di, elements) for di in plane.iterfind(f"{_DI}BPMNEdge"))
    return Sheet(
        title,
        tuple(shape for shape in shapes if shape is not None),
        tuple(edge for edge in edges if edge is not None),
    )


def _holders(
    drawn: dict[str, etree._Element], elements: dict[str, etree._Element]
) -> frozenset[str]:
    """Ids of the activities in whose box something is drawn that lies in them.

    What the drawing says of it (isExpanded) may be missing, or wrong.
    """
    holders = set()
    boxes = {id: _box(di.find(f"{_DC}Bounds")) for id, di in drawn.items() if id in elements}
    for id, box in boxes.items():
        outer = elements[id].getparent()
        while box is not None and outer is not None and outer.get("id") != id:
            around = boxes.get(outer.get("id", ""))
            if around is not None and around.holds(box):
                holders.add(outer.get("id", ""))
            outer = outer.getparent()
    return frozenset(holders)


def _shape(
    di: etree._Element, elements: dict[str, etree._Element], holders: frozenset[str]
) -> Shape | None:
    element = elements.get(di.get("bpmnElement", ""))
    box = _box(di.find(f"{_DC}Bounds"))
    if element is None or box is None:
        return None
    holds = element.get("id") in holders
    shape = shape_of(
        element,
        box,
        elements,
        label=_box(di.find(f"{_DI}BPMNLabel/{_DC}Bounds")),
        expanded=flag(di, "isExpanded", default=holds),
        vertical=not flag(di, "isHorizontal", default=True),
    )
    more = {"holds"} if holds or flag(di, "isExpanded") else set()
    more |= set() if flag(di, "isMarkerVisible", default=True) else {"unmarked"}
    return replace(shape, traits=shape.traits | more)


def _edge(di: etree._Element, elements: dict[str, etree._Element]) -> Edge | None:
    element = elements.get(di.get("bpmnElement", ""))
    points = [_point(waypoint) for waypoint in di.findall(f"{_DD}waypoint")[:_MOST_POINTS]]
    known = tuple(point for point in points if point is not None)
    if element is None or len(known) < 2:
        return None
    label = _box(di.find(f"{_DI}BPMNLabel/{_DC}Bounds"))
    return flow_of(element, known, elements, label)


def _box(bounds: etree._Element | None) -> Box | None:
    if bounds is None:
        return None
    read = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    x, y, width, height = read
    if x is None or y is None or width is None or height is None or width < 0 or height < 0:
        return None
    return Box(x, y, width, height)


def _point(waypoint: etree._Element) -> tuple[float, float] | None:
    x, y = _number(waypoint.get("x")), _number(waypoint.get("y"))
    return None if x is None or y is None else (x, y)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < _FAR else None
