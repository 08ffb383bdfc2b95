"""What one step of a journey says, as frozen values: when, who, which order, which checks.

An unknown key is a fault that names the nearest known one. Whether the diagrams know what a step
speaks of is asked while playing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yaml import Node, SequenceNode

from app.journeys.file.claims import Claimed, known_key, read_claims
from app.journeys.file.lines import Lines, line_of
from app.journeys.file.step_orders import ON_TASK, ORDERS, STEP_ORDERS

#: how a step fills what it leaves out: not at all, everything, or only what decides nothing
NOTHING, EVERYTHING, FACTS = "", "all", "facts"

#: key of a step → the orders that it belongs to
_BELONGS: Mapping[str, tuple[str, ...]] = {
    "answers": ("start", "do", "draft", "message"),
    "fill": ORDERS,
    "for": ON_TASK,
    "to": tuple(key for key, order in STEP_ORDERS.items() if order.words.needs == "to"),
    "contains": ("document",),
    "hides": ("document",),
    "reason": tuple(key for key, order in STEP_ORDERS.items() if order.words.reason),
    "refused": ORDERS,
}
STEP_KEYS = ("name", "at", "who", "case", *ORDERS, *_BELONGS, "stops", "check")


@dataclass(frozen=True, slots=True)
class Step:
    line: int
    #: the file it stands in; a journey may begin with another's steps
    file: str = ""
    #: by which another journey can begin after it
    name: str | None = None
    at: str | None = None
    who: str | None = None
    #: one of `ORDERS`, or None
    order: str | None = None
    #: process id, element id or name, message name, name of the other case, person, document
    target: str = ""
    #: what a cover says
    about: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    #: to whom a task is given, or to when a deadline is moved
    to: str = ""
    #: the one that journeys give, where it says none
    reason: str = ""
    #: texts of a document, each with its line
    contains: tuple[tuple[str, int], ...] = ()
    hides: tuple[tuple[str, int], ...] = ()
    case: str | None = None
    refused: str | None = None
    #: id of the element at which the case must stop in this step; None: it must not stop
    stops: str | None = None
    #: `NOTHING`, `EVERYTHING` or `FACTS`
    fill: str = NOTHING
    checks: tuple[Claimed, ...] = ()
    #: key of the step → its line
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


def read_step(lines: Lines, node: Node, fill: str) -> Step:
    """`fill`: how the journey fills what its steps leave out. JourneyFault."""
    nodes: dict[str, Node] = {}
    places: dict[str, int] = {}
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, STEP_KEYS, "A step")
        nodes[key], places[key] = value, line_of(where)
    order = _order(lines, node, nodes)
    row = STEP_ORDERS.get(order or "")
    needed = row.words.about if row else ()
    about = _about(lines, order, needed, nodes[order]) if order and needed else {}
    texts = {
        key: lines.words(nodes[key])
        for key in ("name", "at", "who", "case", "refused", "to", "reason", "stops")
        if key in nodes
    }
    return Step(
        line=line_of(node),
        file=lines.file,
        order=order,
        target=""
        if order is None or row is None or about or row.bare
        else lines.words(nodes[order]),
        about=about,
        chosen=_mapping(lines, nodes["for"]) if "for" in nodes else {},
        answers=_mapping(lines, nodes["answers"]) if "answers" in nodes else {},
        contains=_several(lines, nodes.get("contains")),
        hides=_several(lines, nodes.get("hides")),
        fill=read_fill(lines, nodes["fill"]) if "fill" in nodes else fill,
        checks=read_claims(lines, nodes["check"]) if "check" in nodes else (),
        lines=places,
        name=texts.get("name"),
        at=texts.get("at"),
        who=texts.get("who"),
        case=texts.get("case"),
        refused=texts.get("refused"),
        stops=texts.get("stops"),
        to=texts.get("to", ""),
        reason=texts.get("reason") or (row.words.reason if row else ""),
    )


def read_fill(lines: Lines, node: Node) -> str:
    """`true`, `false` or `facts`."""
    value = lines.value(node)
    if value == FACTS:
        return FACTS
    if not isinstance(value, bool):
        raise lines.fault(node, "Here true, false or facts is expected.")
    return EVERYTHING if value else NOTHING


def _order(lines: Lines, node: Node, nodes: Mapping[str, Node]) -> str | None:
    """The step's one order, with the keys that belong to it and no others."""
    orders = [key for key in ORDERS if key in nodes]
    if len(orders) > 1:
        raise lines.fault(node, f"A step does one thing: either “{orders[0]}” or “{orders[1]}”.")
    order = orders[0] if orders else None
    for key, belongs in _BELONGS.items():
        if key in nodes and order not in belongs:
            raise lines.fault(nodes[key], f"“{key}” needs {_either(belongs)}.")
    row = STEP_ORDERS.get(order or "")
    if order and row and row.bare and lines.value(nodes[order]) is not True:
        raise lines.fault(nodes[order], f"Say “{order}: true”.")
    needs = row.words.needs if row else None
    if needs and needs not in nodes:
        raise lines.fault(node, f"“{order}” needs “{needs}”.")
    return order


def _either(words: tuple[str, ...]) -> str:
    quoted = [f"“{word}”" for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)


def _about(lines: Lines, order: str, needed: tuple[str, ...], node: Node) -> dict[str, str]:
    words: dict[str, str] = {}
    for key, where, value in lines.pairs(node):
        known_key(lines, key, where, needed, f"“{order}”")
        words[key] = lines.words(value)
    lacking = next((key for key in needed if key not in words), None)
    if lacking:
        raise lines.fault(node, f"“{order}” needs “{lacking}”.")
    return words


def _several(lines: Lines, node: Node | None) -> tuple[tuple[str, int], ...]:
    """One text or a list of them; an empty list would check nothing."""
    if node is None:
        return ()
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    if not nodes:
        raise lines.fault(node, "Here a text or a list of texts is expected.")
    return tuple((lines.words(entry), line_of(entry)) for entry in nodes)


def _mapping(lines: Lines, node: Node) -> dict[str, Any]:
    if lines.is_empty(node):
        return {}
    return {key: lines.value(value) for key, _, value in lines.pairs(node)}
