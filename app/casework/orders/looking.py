"""Looking for the same people in other cases: each look is an order, with what it showed.

What two cases share is `cases.likeness`'s; what the page shows of them, reading's.
"""

from __future__ import annotations

from app import store
from app.casework.cases import LockedCase, alike, shared_with
from app.casework.commands import Done, LayBeside, LookAcross
from app.casework.errors import Refused
from app.casework.orders import questions


def look_across(locked: LockedCase, command: LookAcross) -> Done:
    others = alike(locked, command.actor)
    shown = [{"reference": other.row.reference, "why": list(other.why)} for other in others]
    references = ", ".join(other.row.reference for other in others) or "none"
    return locked.record(command, said={"shown": shown, "references": references})


def lay_beside(locked: LockedCase, command: LayBeside) -> Done:
    other = store.cases.find(locked.unit, command.into.strip())
    if other is None or not _sees(locked, command, other.id):
        raise questions.no_such_case()
    if other.id == locked.row.id:
        raise Refused("A case cannot be merged into itself.", {"into": "Enter another case"})
    why = list(shared_with(locked, other.id))
    return locked.record(command, said={"into": other.reference, "why": why})


def _sees(locked: LockedCase, command: LayBeside, other: str) -> bool:
    members = store.cases.members(locked.unit, other)
    return locked.installation.roles.sees_whole(command.actor, members)
