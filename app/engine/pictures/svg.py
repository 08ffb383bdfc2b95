"""Draws a BPMN file as one SVG: for pages without script, for documents, for mail.

Owns the order of the layers, the outer frame and what is said to those who cannot see it. How
single things look is in `shapes`, `flows`, `icons`, `marks`;
where they are, in `reader`. The SVG has no script, no style sheet, no id and no outside
reference, so it works inline under a strict content policy and inside <img>.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from app.engine.pictures.flows import draw_edge, draw_edge_label
from app.engine.pictures.reader import sheets
from app.engine.pictures.shapes import (
    ABOVE,
    depth,
    draw_label,
    draw_note,
    draw_shape,
    has_outer_label,
    is_container,
)
from app.engine.pictures.sheet import Edge, Sheet
from app.engine.pictures.text import hanging, safe, width_of, wrap

_PAD = 16.0
_HEAD = 26.0
#: pictures that are kept: a page is often looked at again before anything has moved
_KEPT = 32
_NONE: Mapping[str, str] = {}


def draw(
    content: bytes,
    *,
    marks: Mapping[str, str] = _NONE,
    notes: Mapping[str, str] = _NONE,
    taken: Collection[str] = (),
    title: str = "",
    process: str | None = None,
) -> str:
    """SVG of all diagrams of a BPMN file, one below the other.

    `marks`: element or flow id → one or more of `picture_marks.LOOKS`, and "now" for a frame.
    `notes`: element id → a short text below it. `taken`: ids of flows that were walked.
    `process`: only the diagrams that show this process. NotExecutable for bytes that are no XML.
    """
    about = (frozenset(marks.items()), frozenset(notes.items()), frozenset(taken))
    return _drawn(content, *about, title, process)


@lru_cache(maxsize=_KEPT)
def _drawn(
    content: bytes,
    marked: frozenset[tuple[str, str]],
    noted: frozenset[tuple[str, str]],
    taken: frozenset[str],
    title: str,
    process: str | None,
) -> str:
    marks, notes = dict(marked), dict(noted)
    drawn = sheets(content, process)
    parts: list[str] = []
    widest, top = 0.0, 0.0
    for sheet in drawn:
        x0, y0, x1, y1 = _extent(sheet, notes)
        head = _HEAD if len(drawn) > 1 and sheet.title else 0.0
        body = _sheet(sheet, marks, notes, taken)
        name = hanging(sheet.title, 0, 4, x1 - x0 + 400, size=15, anchor="start") if head else ""
        parts.append(
            f'<g transform="translate({_PAD:g} {top + _PAD:g})">{name}'
            f'<g transform="translate({-x0:g} {head - y0:g})">{body}</g></g>'
        )
        widest = max(widest, x1 - x0)
        top += y1 - y0 + head + 2 * _PAD
    return _frame("".join(parts), widest + 2 * _PAD, top, title or _titles(drawn))


def _titles(drawn: tuple[Sheet, ...]) -> str:
    return ", ".join(sheet.title for sheet in drawn if sheet.title)


def _frame(body: str, width: float, height: float, title: str) -> str:
    width, height = max(width, 40), max(height, 40)
    said = safe(f"Diagram: {title}" if title else "Diagram")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn-picture" role="img"'
        f' aria-label="{said}" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' height="{height:g}"><title>{said}</title>'
        '<g fill="none" stroke="#0b0c0c" stroke-width="1.5"'
        f" font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\">{body}</g></svg>"
    )


def _sheet(
    sheet: Sheet, marks: Mapping[str, str], notes: Mapping[str, str], taken: Collection[str]
) -> str:
    """Containers, then flows, then shapes, then whatever must stay readable on top."""
    behind = sorted((shape for shape in sheet.shapes if is_container(shape)), key=depth)
    before = [shape for shape in sheet.shapes if not is_container(shape)]
    before.sort(
        key=lambda shape: (shape.kind in ABOVE, shape.kind == "boundaryEvent", -shape.box.area)
    )
    parts = [
        draw_shape(shape, marks.get(shape.id, ""), notes.get(shape.id, "")) for shape in behind
    ]
    edges = _taken_last(sheet, taken)
    inside = [edge for edge in edges if edge.kind != "messageFlow"]
    between = [edge for edge in edges if edge.kind == "messageFlow"]
    parts += [draw_edge(edge, marks.get(edge.id, ""), edge.id in taken) for edge in inside]
    parts += [
        draw_shape(shape, marks.get(shape.id, ""), notes.get(shape.id, "")) for shape in before
    ]
    parts += [draw_edge(edge, marks.get(edge.id, ""), edge.id in taken) for edge in between]
    parts += [draw_label(shape) for shape in sheet.shapes if has_outer_label(shape)]
    parts += [draw_edge_label(edge) for edge in sheet.edges if edge.name]
    parts += [draw_note(shape, notes[shape.id]) for shape in sheet.shapes if notes.get(shape.id)]
    return "".join(parts)


def _taken_last(sheet: Sheet, taken: Collection[str]) -> list[Edge]:
    """Flows that were taken lie above the others."""
    return sorted(sheet.edges, key=lambda edge: edge.id in taken)


def _extent(sheet: Sheet, notes: Mapping[str, str]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of everything, labels included."""
    xs: list[float] = []
    ys: list[float] = []
    for shape in sheet.shapes:
        box = shape.box
        xs += [box.x, box.right]
        ys += [box.y, box.bottom + (24 if shape.id in notes else 0)]
        if has_outer_label(shape) and shape.label is None:
            _text_extent(xs, ys, shape.name, box.cx, box.bottom + 4, max(90, box.width))
        elif has_outer_label(shape) and shape.label is not None:
            label = shape.label
            _text_extent(xs, ys, shape.name, label.cx, label.y, max(90, label.width))
    for edge in sheet.edges:
        xs += [x for x, _ in edge.points]
        ys += [y for _, y in edge.points]
        if edge.name and edge.label is not None:
            label = edge.label
            _text_extent(xs, ys, edge.name, label.cx, label.y, max(90, label.width))
    return min(xs), min(ys), max(xs), max(ys)


def _text_extent(
    xs: list[float], ys: list[float], text: str, cx: float, top: float, width: float
) -> None:
    lines = wrap(text, width, 11)
    half = max((width_of(line, 11) for line in lines), default=0) / 2
    xs += [cx - half, cx + half]
    ys += [top, top + len(lines) * 13.2]
