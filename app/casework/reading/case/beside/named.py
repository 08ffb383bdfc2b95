"""Whom and what a case's answers name, in short: enough for its page.

Working it out opens every answer about people and matters. So it is kept beside the history, sealed
with the case's key, together with which answers it was made of; it counts as long as they are the
same ones. In full it stands on pages of its own (`persons`, `matters`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import store
from app.casework.reading.case.beside.matters import matter_lines
from app.casework.reading.case.beside.persons import person_lines
from app.casework.reading.look import Look
from app.engine import day_in_london
from app.store import Unit

#: of what is kept; a release that says anything of it in other words counts on
FORM = 1
_KEPT = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMatter:
    closed: bool
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    #: whom the case is about, without names: who was named first, and all named as the same
    about: tuple[str, ...] = ()
    people: int = 0
    matters: tuple[NamedMatter, ...] = ()

    @property
    def open_matters(self) -> int:
        return sum(not one.closed for one in self.matters)

    def late_matters(self, at: datetime) -> int:
        today = day_in_london(at)
        open_ = (one for one in self.matters if not one.closed)
        return sum(one.due is not None and one.due < today for one in open_)


def named(seen: Look) -> Named:
    made_of = _made_of(seen, seen.unit)
    if not made_of:
        return Named()
    mark = [FORM, seen.row.deployment, made_of]
    known = _kept(seen.past.kept_newest(_KEPT), mark)
    if known is None:
        known = _worked_out(seen)
        seen.past.keep(_KEPT, 0, json.dumps({"of": mark, **_plain(known)}).encode())
    return known


def ask_named(seen: Look, unit: Unit) -> None:
    """What `named` asks first."""
    if _made_of(seen, unit) is not None:
        store.chain.checkpoints.newest(unit, seen.key, _KEPT, seen.row.seq)


def _made_of(seen: Look, unit: Unit) -> list[int] | None:
    """Numbers of the entries that hold answers about people or matters; None: nobody asks."""
    loaded = seen.locked.loaded
    steps = loaded.marked_steps.keys() | set(loaded.matter_steps)
    if not steps:
        return None
    elements = sorted({element for _, element in steps})
    rows = store.work.answers.of_elements(unit, seen.row.id, elements)
    return [
        row.seq for row in rows if (loaded.holder(row.process, row.element), row.element) in steps
    ]


def _worked_out(seen: Look) -> Named:
    people = person_lines(seen.locked)
    first = people[0].kinds[:1] if people else ()
    return Named(
        about=tuple(one.label for one in people if one.kinds[:1] == first),
        people=len(people),
        matters=tuple(NamedMatter(closed=one.closed, due=one.due) for one in matter_lines(seen)),
    )


def _plain(known: Named) -> dict[str, Any]:
    matters = [[one.closed, one.due.isoformat() if one.due else None] for one in known.matters]
    return {"about": known.about, "people": known.people, "matters": matters}


def _kept(content: bytes | None, mark: list[Any]) -> Named | None:
    """None where nothing is kept, or of other answers."""
    stored: dict[str, Any] = json.loads(content) if content is not None else {}
    if stored.get("of") != mark:
        return None
    return Named(
        about=tuple(stored["about"]),
        people=stored["people"],
        matters=tuple(
            NamedMatter(closed=closed, due=date.fromisoformat(due) if due else None)
            for closed, due in stored["matters"]
        ),
    )
