"""How it is said why something stands, what would move it, and what lies behind it.

Names are the drawing's; without a drawing that can be read, its ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.casework.cases import Loaded
from app.casework.cases.stalls import UNUSABLE
from app.engine import joined, plain
from app.engine.bpmn import Element, Process
from app.engine.run import Stall
from app.store import IncidentRow

#: names of steps behind one that has stopped
MOST = 5
_CAPITAL = re.compile(r"(?=[A-Z])")
#: what the drawing makes of a token at once, without anybody
_PASSED = ("Gateway", "intermediateThrowEvent")
_END = (
    "Nothing that is done in this case moves it. Correct the drawing for new cases; this one can "
    "be cancelled, or merged into another."
)
_MOVES: Mapping[str, str] = {
    "message": "A drawing that sends the message, or an event that people may record. " + _END,
    "signal": "A drawing that throws the signal. " + _END,
    UNUSABLE: "The release that the case ran on, or one that can run these drawings.",
}


def why(loaded: Loaded | None, stall: Stall) -> str:
    """Why nobody and nothing will ever move it."""
    if stall.why == UNUSABLE:
        return "This release cannot run the drawings on which the case began."
    where = f"“{named(loaded, stall.process, stall.element)}”"
    names = joined(f"“{plain(name)}”" for name in stall.names)
    if stall.why == "join":
        lacking = [f"“{named(loaded, stall.process, id)}”" for id in dict.fromkeys(stall.lacking)]
        return (
            f"{where} waits until several ways have come together, and nothing can come from "
            f"{joined(lacking)} any more."
        )
    if stall.why == "message":
        return (
            f"{where} waits for the message {names}, which no drawing sends, no form tells and "
            "nobody can record."
        )
    if stall.why == "signal":
        return f"{where} waits for the signal {names}, which no drawing throws."
    if stall.why == "conditional":
        return f"{where} waits for a condition, and nothing can change what it depends on."
    return f"{where} waits for nothing that anybody could do or that time brings."


def moves(stall: Stall) -> str:
    return _MOVES.get(stall.why, _END)


def moves_incident(row: IncidentRow) -> str:
    if row.task:
        return "Whoever has the task can send it again, with other answers."
    if row.next_at is not None:
        return "It is tried again by itself, or at once when somebody says so."
    return "Somebody has to say that it is tried again, once its cause is mended."


def named(loaded: Loaded | None, process: str, id: str) -> str:
    """What people call the step; one without a name by its kind, and what comes next."""
    element = loaded.element(process, id) if loaded else None
    if element is None:
        return plain(id)
    if element.name:
        return " ".join(element.name.split())
    kind = " ".join(_CAPITAL.split(element.kind)).lower()
    next_ = behind(loaded, process, id)
    return f"{kind} before {next_[0]}" if next_ else kind


def behind(loaded: Loaded | None, process: str, id: str) -> tuple[str, ...]:
    """Names of the next steps on the drawing, nearest first; gateways are passed by."""
    drawn = loaded.process(process) if loaded else None
    if drawn is None or id not in drawn.elements:
        return ()
    names: dict[str, None] = {}
    seen, reach = {id}, [id]
    while reach and len(names) < MOST:
        for element in _after(drawn, reach.pop(0)):
            if element.id in seen:
                continue
            seen.add(element.id)
            if element.name and not element.kind.endswith(_PASSED):
                names[" ".join(element.name.split())] = None
            elif element.kind.endswith(_PASSED):
                reach.append(element.id)
    return tuple(names)[:MOST]


def _after(drawn: Process, id: str) -> list[Element]:
    targets = [flow.target for flow in drawn.flows.values() if flow.source == id]
    return [drawn.elements[target] for target in targets if target in drawn.elements]
