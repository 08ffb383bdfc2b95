"""Looking for the same people in other cases: each look is an order, with what it showed.

What two cases share is `cases.likeness`'s; what the page shows of them, reading's.
"""

from __future__ import annotations

from app import store
from app.casework.cases import LockedCase, alike, shared_with
from app.casework.commands import Done, LookAcross
from app.casework.errors import Refused

#: what a role must allow; who may merge may lay one other case beside theirs all the same
POWER, MERGING = "look_across", "merge"
_NOBODY = {"into": "Enter the reference of a case that you can see"}


def for_a_merge(locked: LockedCase, command: LookAcross) -> bool:
    return bool(command.beside) and locked.installation.roles.may(command.actor, MERGING)


def look_across(locked: LockedCase, command: LookAcross) -> Done:
    locked.acting_for = locked.only_for(command.actor)
    if command.beside:
        return locked.record(command, said=_beside(locked, command))
    shown = [
        {"reference": other.reference, "why": list(other.why)}
        for other in alike(locked, command.actor)
    ]
    references = ", ".join(
        line["reference"] for line in shown if isinstance(line["reference"], str)
    )
    return locked.record(command, said={"shown": shown, "references": references or "none"})


def _beside(locked: LockedCase, command: LookAcross) -> dict[str, object]:
    other = store.cases.find(locked.unit, command.beside.strip())
    sees = other is not None and locked.installation.roles.sight(
        command.actor, store.cases.members(locked.unit, other.id)
    ) in ("case", "all")
    if other is None or not sees:
        raise Refused("There is no case with this reference.", _NOBODY)
    if other.id == locked.row.id:
        raise Refused("A case cannot be merged into itself.", {"into": "Enter another case"})
    why = list(shared_with(locked, other.id))
    shown = [{"reference": other.reference, "why": why}]
    return {"shown": shown, "references": other.reference, "beside": other.reference}
