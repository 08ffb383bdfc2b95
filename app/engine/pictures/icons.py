"""The small signs inside shapes: event definitions, task types, markers, gateways (BPMN 2.0.2 §13).

Paths are drawn around (0, 0); whoever uses them says where that is. Owns no text and no place.
"""

from __future__ import annotations

#: event definition → path in a circle of 36 pixels; a throwing event fills it
EVENT: dict[str, str] = {
    "message": "M-9,-6h18v12h-18zM-9,-6l9,7l9,-7",
    "timer": "M10,0A10,10 0 1 1 -10,0A10,10 0 1 1 10,0z"
    "M0,-10v3M0,10v-3M-10,0h3M10,0h-3M0,-6V0L4,2.5",
    "signal": "M0,-9L9,7H-9z",
    "error": "M-8,9L-3,-7L3,2L8,-9L3,8L-3,-1z",
    "escalation": "M0,-9L7,8L0,1L-7,8z",
    "link": "M-9,-3H2V-7L10,0L2,7V3H-9z",
    "conditional": "M-7,-9h14v18h-14zM-5,-6h10M-5,-2h10M-5,2h10M-5,6h10",
    "compensate": "M-1,-7L-9,0L-1,7zM8,-7L0,0L8,7z",
    "cancel": "M-9,-6L-6,-9L0,-3L6,-9L9,-6L3,0L9,6L6,9L0,3L-6,9L-9,6L-3,0z",
    "terminate": "M10,0A10,10 0 1 1 -10,0A10,10 0 1 1 10,0z",
    "multiple": "M0,-9L9,-2L5.5,8H-5.5L-9,-2z",
    "parallelMultiple": "M-3,-9h6v6h6v6h-6v6h-6v-6h-6v-6h6z",
}
#: the flap of a filled envelope, in white
FLAP = "M-9,-6l9,7l9,-7"

#: task kind → path around the middle of a box of 20 x 16 in the upper left corner
TASK: dict[str, str] = {
    "userTask": "M0,-8a4,4 0 1 1 -0.1,0zM-8,8c0,-10 16,-10 16,0z",
    "manualTask": "M-9,-2h7l-2,-4q3,-2 5,1l3,3h5v8h-13q-4,0 -5,-4z",
    "serviceTask": "M6,0A6,6 0 1 1 -6,0A6,6 0 1 1 6,0zM2,0A2,2 0 1 1 -2,0A2,2 0 1 1 2,0z"
    "M0,-6v-3M0,6v3M-6,0h-3M6,0h3M-4.3,-4.3l-2,-2M4.3,4.3l2,2M-4.3,4.3l-2,2M4.3,-4.3l2,-2",
    "scriptTask": "M-6,-8h11q-6,4 -1,8t-1,8h-11q6,-4 1,-8t1,-8zM-4,-4h5M-3,0h5M-4,4h6",
    "businessRuleTask": "M-9,-7h18v14h-18zM-9,-3h18M-9,2h18M-3,-3v10",
    "sendTask": EVENT["message"],
    "receiveTask": EVENT["message"],
}

#: marker → path around the middle of a box of 14 x 14 at the lower edge
MARKER: dict[str, str] = {
    "parallel": "M-4,-6v12M0,-6v12M4,-6v12",
    "sequential": "M-6,-4h12M-6,0h12M-6,4h12",
    "loop": "M-3,5.2A6,6 0 1 1 3,5.2M-3,5.2l0.5,-4.5M-3,5.2l-4.5,-0.5",
    "compensation": "M-1,-5L-7,0L-1,5zM6,-5L0,0L6,5z",
    "adhoc": "M-7,2q3.5,-7 7,-2t7,-2",
    "collapsed": "M-7,-7h14v14h-14zM0,-4v8M-4,0h8",
}

#: gateway kind → (path, width of the line, filled) in a diamond of 50 pixels
GATEWAY: dict[str, tuple[str, float, bool]] = {
    "exclusiveGateway": ("M-8,-8L8,8M8,-8L-8,8", 3.5, False),
    "parallelGateway": ("M-12,0h24M0,-12v24", 3.5, False),
    "inclusiveGateway": ("M12,0A12,12 0 1 1 -12,0A12,12 0 1 1 12,0z", 3, False),
    "complexGateway": ("M-12,0h24M0,-12v24M-8.5,-8.5l17,17M8.5,-8.5l-17,17", 3, False),
    "eventBasedGateway": (
        "M15,0A15,15 0 1 1 -15,0A15,15 0 1 1 15,0zM12,0A12,12 0 1 1 -12,0A12,12 0 1 1 12,0z"
        "M0,-7L7,-2L4.3,6H-4.3L-7,-2z",
        1.2,
        False,
    ),
}

#: arrow on a data input or output
DATA_ARROW = "M-6,-3h6v-4l6,7l-6,7v-4h-6z"


def placed(
    path: str, x: float, y: float, *, scale: float = 1, width: float = 1.2, filled: bool = False
) -> str:
    """The path with its middle at (x, y)."""
    size = f" scale({scale:g})" if scale != 1 else ""
    fill = ' fill="#0b0c0c"' if filled else ""
    return (
        f'<path transform="translate({x:g} {y:g}){size}" d="{path}"'
        f' stroke-width="{width:g}"{fill}/>'
    )


def event(kind: str, throws: bool, x: float, y: float, scale: float) -> str:
    """The sign of an event definition; nothing for a kind BPMN does not know."""
    path = EVENT.get(kind)
    if path is None:
        return ""
    filled = throws or kind == "terminate"
    drawn = placed(path, x, y, scale=scale, filled=filled)
    if kind == "message" and filled:
        return drawn + _flap(x, y, scale)
    return drawn


def task(kind: str, x: float, y: float) -> str:
    """The sign of a task's type; a filled envelope sends, an open one receives."""
    path = TASK.get(kind)
    if path is None:
        return ""
    sends = kind == "sendTask"
    return placed(path, x, y, width=1, filled=sends) + (_flap(x, y, 1) if sends else "")


def _flap(x: float, y: float, scale: float) -> str:
    return (
        f'<path transform="translate({x:g} {y:g}) scale({scale:g})" d="{FLAP}"'
        ' stroke="#fff" stroke-width="1.2"/>'
    )
