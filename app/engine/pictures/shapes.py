"""Each kind of BPMN shape as SVG (BPMN 2.0.2 §7.2 and §13 for the looks).

The group of an element carries `data-element` with its id and its mark as class; the outline
inside has the class `bpmn-shape`. What marks look like is `marks`.
"""

from __future__ import annotations

from app.engine.pictures import icons
from app.engine.pictures.marks import classes, look, words
from app.engine.pictures.sheet import Box, Shape
from app.engine.pictures.text import LONGEST, centred, hanging, safe, wrap

_DATA = frozenset({"dataObjectReference", "dataObject", "dataInput", "dataOutput"})
_PLAIN = ' fill="#fff"'
#: what stands behind the flows, in this order; activities that hold something come after them
BEHIND = ("participant", "lane")
#: outlines and words without ground, which cover nothing
ABOVE = frozenset({"group", "textAnnotation"})


def is_container(shape: Shape) -> bool:
    return shape.kind in BEHIND or not shape.traits.isdisjoint({"expanded", "holds"})


def depth(shape: Shape) -> tuple[int, float]:
    """Sorts containers so that none covers another that lies in it, whatever the file's order."""
    kind = BEHIND.index(shape.kind) if shape.kind in BEHIND else len(BEHIND)
    return kind, -shape.box.area


def draw_shape(shape: Shape, mark: str, note: str) -> str:
    """One group: title, outline, signs, and the name where it lies inside."""
    style = look(mark)
    thick = 4 if shape.kind in ("callActivity", "endEvent") else 0
    paint = style.attributes(thick) if style else _PLAIN
    if style and is_container(shape):
        paint += ' fill-opacity="0.35"'  # what lies inside must stay the louder
    said = ": ".join(part for part in (shape.name or _spoken(shape.kind), words(mark)) if part)
    if note:
        said = f"{said} ({note})"
    now = _halo(shape.box) if "now" in mark.split() else ""
    css = f' class="{classes(mark)}"' if mark else ""
    return (
        f'<g data-element="{safe(shape.id)}"{css}><title>{safe(said)}</title>'
        f"{now}{_body(shape, paint)}</g>"
    )


def _spoken(kind: str) -> str:
    """userTask → user task."""
    return "".join(f" {char.lower()}" if char.isupper() else char for char in kind)


def _body(shape: Shape, paint: str) -> str:
    kind = shape.kind
    if kind in ("participant", "lane"):
        return _pool(shape, paint)
    if kind.endswith("Event"):
        return _event(shape, paint)
    if kind.endswith("Gateway"):
        return _gateway(shape, paint)
    if kind == "textAnnotation":
        return _annotation(shape)
    if kind == "group":
        return _rect(shape.box, 10, ' fill="none" stroke-dasharray="10 5 2 5"')
    if kind in _DATA:
        return _paper(shape, paint)
    if kind == "dataStoreReference" or kind == "dataStore":
        return _store(shape, paint)
    return _activity(shape, paint)


def _rect(box: Box, radius: float, paint: str) -> str:
    return (
        f'<rect class="bpmn-shape" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}"'
        f' height="{box.height:g}" rx="{radius:g}"{paint}/>'
    )


def _halo(box: Box) -> str:
    return (
        f'<rect class="bpmn-now" x="{box.x - 7:g}" y="{box.y - 7:g}" width="{box.width + 14:g}"'
        f' height="{box.height + 14:g}" rx="14" fill="none" stroke="#1d70b8" stroke-width="4"/>'
    )


def _pool(shape: Shape, paint: str) -> str:
    box, name = shape.box, shape.name
    drawn = _rect(box, 0, paint if shape.kind == "participant" else ' fill="none"')
    head = 30 if min(box.width, box.height) >= 30 else 0
    if "vertical" in shape.traits:
        line = f'<path d="M{box.x:g},{box.y + head:g}h{box.width:g}"/>'
        text = centred(name, box.cx, box.y + 15, box.width - 10, most=2)
    elif shape.kind == "participant" and box.height < 61 and box.width > 4 * box.height:
        line, text = "", centred(name, box.cx, box.cy, box.width - 10)
    else:
        line = f'<path d="M{box.x + head:g},{box.y:g}v{box.height:g}"/>'
        words_ = centred(name, box.x + 15, box.cy, box.height - 10, most=2)
        text = (
            f'<g transform="rotate(-90 {box.x + 15:g} {box.cy:g})">{words_}</g>' if words_ else ""
        )
    return drawn + (line if shape.kind == "participant" else "") + text


def _activity(shape: Shape, paint: str) -> str:
    box, kind = shape.box, shape.kind
    extra = ""
    if kind == "callActivity" and "stroke-width" not in paint:
        extra = ' stroke-width="4"'
    elif "triggered" in shape.traits and "stroke-dasharray" not in paint:
        extra = ' stroke-dasharray="2 4"'
    drawn = _rect(box, 10, paint + extra)
    if kind == "transaction":
        inner = Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        drawn += _rect(inner, 8, ' fill="none"').replace(' class="bpmn-shape"', "")
    drawn += icons.task(kind, box.x + 16, box.y + 14)
    if "instantiates" in shape.traits and kind == "receiveTask":
        drawn += f'<circle cx="{box.x + 16:g}" cy="{box.y + 14:g}" r="13" stroke-width="1"/>'
    if "expanded" in shape.traits:
        drawn += hanging(shape.name, box.cx, box.y + 8, box.width - 20, size=12)
    else:
        drawn += _inside(shape)
    return drawn + _marker_row(shape)


def _inside(shape: Shape) -> str:
    """The name in the middle, clear of the type's sign above and the markers below.

    Wrapped a little tighter than the box: the reader's font may be wider than ours.
    """
    box, width = shape.box, (shape.box.width - 12) * 0.92
    high = 5 if shape.kind in icons.TASK and len(wrap(shape.name, width, 12)) > 2 else 0
    low = 8 if _signs(shape) else 0
    most = max(1, int((box.height - low - 2 * high - 4) // 13.2))
    size = 11 if high else 12
    y = box.cy - low / 2 + high
    return centred(shape.name, box.cx, y, width, size=size, most=most)


def _signs(shape: Shape) -> list[str]:
    return [name for name in icons.MARKER if name in shape.traits]


def _marker_row(shape: Shape) -> str:
    signs = _signs(shape)
    y = shape.box.bottom - 10
    left = shape.box.cx - 9 * (len(signs) - 1)
    return "".join(
        icons.placed(icons.MARKER[name], left + 18 * at, y, width=1.6 if name != "collapsed" else 1)
        for at, name in enumerate(signs)
    )


def _event(shape: Shape, paint: str) -> str:
    box, kind = shape.box, shape.kind
    radius = min(box.width, box.height) / 2
    dash = ' stroke-dasharray="4 2.5"' if "quiet" in shape.traits and "dash" not in paint else ""
    thick = ' stroke-width="4"' if kind == "endEvent" and "stroke-width" not in paint else ""
    drawn = (
        f'<circle class="bpmn-shape" cx="{box.cx:g}" cy="{box.cy:g}" r="{radius:g}"'
        f"{paint}{thick}{dash}/>"
    )
    if kind.startswith(("intermediate", "boundary")):
        drawn += f'<circle cx="{box.cx:g}" cy="{box.cy:g}" r="{max(radius - 3.5, 1):g}"{dash}/>'
    return drawn + icons.event(
        shape.event, "throws" in shape.traits, box.cx, box.cy, round(radius / 18 * 0.86, 3)
    )


def _gateway(shape: Shape, paint: str) -> str:
    box = shape.box
    drawn = (
        f'<path class="bpmn-shape" d="M{box.cx:g},{box.y:g}L{box.right:g},{box.cy:g}'
        f' {box.cx:g},{box.bottom:g} {box.x:g},{box.cy:g}z"{paint}/>'
    )
    if shape.kind in icons.GATEWAY and "unmarked" not in shape.traits:
        path, width, filled = icons.GATEWAY[shape.kind]
        scale = round(min(box.width, box.height) / 50, 3)
        drawn += icons.placed(path, box.cx, box.cy, scale=scale, width=width, filled=filled)
    return drawn


def _annotation(shape: Shape) -> str:
    box = shape.box
    return (
        f'<path class="bpmn-shape" d="M{box.x + 10:g},{box.y:g}h-10v{box.height:g}h10"/>'
        + hanging(shape.name, box.x + 6, box.y + 5, box.width - 8, size=11, anchor="start")
    )


def _paper(shape: Shape, paint: str) -> str:
    box = shape.box
    fold = min(12, box.width / 3)
    drawn = (
        f'<path class="bpmn-shape" d="M{box.x:g},{box.y:g}h{box.width - fold:g}l{fold:g},{fold:g}'
        f'v{box.height - fold:g}h{-box.width:g}z"{paint}/>'
        f'<path d="M{box.right - fold:g},{box.y:g}v{fold:g}h{fold:g}"/>'
    )
    if shape.kind in ("dataInput", "dataOutput"):
        drawn += icons.placed(
            icons.DATA_ARROW, box.x + 12, box.y + 12, filled=shape.kind == "dataOutput"
        )
    return drawn + _marker_row(shape)


def _store(shape: Shape, paint: str) -> str:
    box = shape.box
    half, lid, width = box.width / 2, min(8, box.height / 4), box.width
    lids = "".join(
        f'<path d="M{box.x:g},{box.y + at * lid:g}a{half:g},{lid:g} 0 0 0 {width:g},0"/>'
        for at in (1, 1.6, 2.2)
    )
    return (
        f'<path class="bpmn-shape" d="M{box.x:g},{box.y + lid:g}a{half:g},{lid:g} 0 0 1 {width:g},0'
        f'v{box.height - 2 * lid:g}a{half:g},{lid:g} 0 0 1 {-width:g},0z"{paint}/>{lids}'
    )


def has_outer_label(shape: Shape) -> bool:
    """Events, gateways, data and groups carry their name outside."""
    return bool(shape.name) and (
        shape.kind.endswith(("Event", "Gateway"))
        or shape.kind in _DATA
        or shape.kind.startswith("dataStore")
        or shape.kind == "group"
    )


def draw_label(shape: Shape) -> str:
    """The name outside, where DI put it or below the shape."""
    box, label = shape.box, shape.label
    if label is None and shape.kind == "group":
        return hanging(shape.name, box.cx, box.y + 4, box.width - 8)
    if label is None:
        return hanging(shape.name, box.cx, box.bottom + 4, max(90, box.width), halo=True)
    return hanging(shape.name, label.cx, label.y, max(90, label.width), halo=True)


def draw_note(shape: Shape, note: str) -> str:
    """A small box at the lower edge: who and when, how many."""
    box = shape.box
    text = note[:LONGEST] if len(note) <= 40 else note[:39] + "…"
    width = max(box.width if box.width > 60 else 0, len(text) * 6.2 + 10)
    return (
        f'<g class="bpmn-note"><rect x="{box.cx - width / 2:g}" y="{box.bottom + 3:g}"'
        f' width="{width:g}" height="18" rx="3" fill="#fff"/>'
        f'<g font-weight="bold">{centred(text, box.cx, box.bottom + 12, 10_000, size=11)}</g></g>'
    )
