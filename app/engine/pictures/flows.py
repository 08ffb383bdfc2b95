"""Flows and associations as SVG: lines, their ends and their names.

Arrow heads are paths, not <marker>s: a marker needs an id, and several pictures may share a page.
"""

from __future__ import annotations

import math

from app.engine.pictures.marks import TAKEN, classes, look, words
from app.engine.pictures.sheet import Edge, Point
from app.engine.pictures.text import hanging, safe

_DASH = {
    "messageFlow": "8 5",
    "association": "1 4",
    "dataInputAssociation": "1 4",
    "dataOutputAssociation": "1 4",
    "conversationLink": "",
}


def draw_edge(edge: Edge, mark: str, taken: bool) -> str:
    """One group with `data-element`: the line, its start and its end."""
    style = look(mark)
    stroke, width, dash = "#0b0c0c", 1.5, _DASH.get(edge.kind, "")
    if style is not None:
        stroke, width, dash = style.stroke, style.width, style.dash
    elif taken:
        stroke, width = TAKEN, 3.5
    css = " ".join(part for part in (classes(mark), "taken" if taken else "") if part)
    said = ", ".join(part for part in (edge.name, words(mark), "taken" if taken else "") if part)
    way = " L".join(f"{x:g},{y:g}" for x, y in edge.points)
    return (
        f'<g data-element="{safe(edge.id)}" stroke="{stroke}"'
        + (f' class="{css}"' if css else "")
        + (f"><title>{safe(said)}</title>" if said else ">")
        + f'<path class="bpmn-flow" d="M{way}" stroke-width="{width:g}" stroke-linejoin="round"'
        + (f' stroke-dasharray="{dash}"' if dash else "")
        + "/>"
        + _ends(edge, stroke, 1.25 if width > 2 else 1)
        + "</g>"
    )


def _ends(edge: Edge, stroke: str, size: float) -> str:
    before, last = edge.points[-2], edge.points[-1]
    first, second = edge.points[0], edge.points[1]
    if edge.kind == "sequenceFlow":
        return _head(before, last, size, f' fill="{stroke}"') + _start(edge.trait, first, second)
    if edge.kind == "messageFlow":
        circle = f'<circle cx="{first[0]:g}" cy="{first[1]:g}" r="4" fill="#fff"/>'
        return _head(before, last, size, ' fill="#fff"') + circle
    if edge.kind in ("dataInputAssociation", "dataOutputAssociation"):
        return _open_head(before, last)
    if edge.trait in ("one", "both"):
        return _open_head(before, last) + (
            _open_head(second, first) if edge.trait == "both" else ""
        )
    return ""


def _angle(a: Point, b: Point) -> float:
    return math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))


def _at(point: Point, angle: float) -> str:
    return f'transform="translate({point[0]:g} {point[1]:g}) rotate({angle:g})"'


def _head(a: Point, b: Point, size: float, fill: str) -> str:
    long, wide = 10 * size, 4.5 * size
    return (
        f'<path {_at(b, _angle(a, b))} d="M0,0L{-long:g},{-wide:g}v{2 * wide:g}z"'
        f' stroke-width="1" stroke-linejoin="round"{fill}/>'
    )


def _open_head(a: Point, b: Point) -> str:
    return f'<path {_at(b, _angle(a, b))} d="M-7,-5L0,0L-7,5"/>'


def _start(trait: str, a: Point, b: Point) -> str:
    if trait == "default":
        return f'<path {_at(a, _angle(a, b))} d="M8,5L12,-5" stroke-width="1.5"/>'
    if trait == "conditional":
        return f'<path {_at(a, _angle(a, b))} d="M0,0L8,-4.5L16,0L8,4.5z" fill="#fff"/>'
    return ""


def draw_edge_label(edge: Edge) -> str:
    """The name of a flow, where DI put it or at the middle of the way."""
    if edge.label is not None:
        label = edge.label
        return hanging(edge.name, label.cx, label.y, max(90, label.width), halo=True)
    x, y = _middle(edge.points)
    return hanging(edge.name, x, y - 16, 90, halo=True)


def _middle(points: tuple[Point, ...]) -> Point:
    at = len(points) // 2
    (ax, ay), (bx, by) = points[at - 1], points[at]
    return (ax + bx) / 2, (ay + by) / 2
