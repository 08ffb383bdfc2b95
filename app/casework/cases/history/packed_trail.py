"""A trail as the text of a checkpoint, and back. What a trail is, is `drawing_state`'s."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from app.casework.cases.history.drawing_state import Place, Run, Trail
from app.engine import Program

#: raise it when a trail takes something in otherwise: those kept before are made again
FORM = 1


def packed(trail: Trail) -> bytes:
    content = {
        "v": FORM,
        "seq": trail.seq,
        "runs": [
            [run.id, run.process, _text(run.at), _text(run.ended_at), run.how]
            for run in trail.runs.values()
        ],
        "flows": sorted(trail.flows),
        "active": sorted([*key, count] for key, count in trail.active.items()),
        "done": _instants(trail.done),
        "cancelled": _instants(trail.cancelled),
        "was_late": sorted(trail.was_late),
        "due": [[task, run, place, _text(due)] for task, (run, place, due) in trail.due.items()],
        "asleep": sorted(trail.asleep),
        "last": trail.last,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def unpacked(content: bytes, program: Program) -> Trail | None:
    """None for one of another release."""
    stored: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    if stored.get("v") != FORM:
        return None
    return Trail(
        program,
        seq=stored["seq"],
        runs={
            id: Run(id, process, _needed(at), _instant(ended), how)
            for id, process, at, ended, how in stored["runs"]
        },
        flows=set(map(_place, stored["flows"])),
        active=Counter({(run, _place(place)): count for run, place, count in stored["active"]}),
        done={_place(place): _needed(at) for place, at in stored["done"]},
        cancelled={_place(place): _needed(at) for place, at in stored["cancelled"]},
        was_late=set(map(_place, stored["was_late"])),
        due={task: (run, _place(place), _needed(due)) for task, run, place, due in stored["due"]},
        asleep=frozenset(stored["asleep"]),
        last=_place(stored["last"]) if stored["last"] else None,
    )


def _instants(known: dict[Place, datetime]) -> list[Any]:
    return [[place, _text(at)] for place, at in known.items()]


def _place(stored: Any) -> Place:
    process, id = stored
    return process, id


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _needed(text: str) -> datetime:
    return datetime.fromisoformat(text)
