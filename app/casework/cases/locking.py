"""Orders about two cases: which the other one is, and locking both without a deadlock.

Whoever holds two cases took them in the order of their ids, and nobody takes a second one later:
so two that want the same two wait for each other in a line, never in a circle. What is done with
them is `merging`'s.
"""

from __future__ import annotations

from app import store
from app.casework.access import Person, Roles
from app.casework.cases.locked_case import Installation, LockedCase
from app.casework.errors import Conflict, NotFound
from app.casework.orders.commands import CaseCommand, ExcludePerson, Merge, Unmerge
from app.store import CaseKey, CaseRow, Unit

Locked = tuple[CaseRow, CaseKey]
_TWO = (Merge, Unmerge, ExcludePerson)


def lock_cases(unit: Unit, command: CaseCommand) -> tuple[Locked, Locked | None]:
    """The case, locked, and the other one that the order is about. Raises `NotFound`, `Busy`."""
    if not isinstance(command, _TWO):
        return _lock(unit, command.case), None
    first = store.cases.find(unit, command.case)  # a look, to know what to lock
    other = _other(unit, command, first)
    if first is None or other is None:
        return _lock(unit, command.case), None
    both = {id: _lock(unit, id) for id in sorted({first.id, other.id})}
    mine, second = both[first.id], both[other.id]
    if mine[0].merged_into != first.merged_into:
        raise Conflict("Somebody has merged this case, or undone it, at this moment. Look again.")
    return mine, second


def _lock(unit: Unit, case: str) -> Locked:
    taken = store.cases.lock(unit, case)
    if taken is None:
        raise NotFound
    return taken


def _other(unit: Unit, command: CaseCommand, row: CaseRow | None) -> CaseRow | None:
    if isinstance(command, Merge):
        return store.cases.find(unit, command.into.strip())
    return store.cases.find(unit, row.merged_into) if row and row.merged_into else None


def beside(
    installation: Installation, unit: Unit, locked: LockedCase, other: Locked | None
) -> LockedCase:
    """`locked` with the other case at its side."""
    if other is not None:
        locked.beside = (
            locked if other[0].id == locked.row.id else LockedCase(installation, unit, *other)
        )
    return locked


def visible(roles: Roles, unit: Unit, person: Person, case: str) -> str | None:
    """The reference of the case, where the person sees it."""
    row = store.cases.find(unit, case)
    if row is None or roles.sight(person, store.cases.members(unit, row.id)) == "none":
        return None
    return row.reference


def standing(
    roles: Roles, unit: Unit, person: Person, status: str | None, merged_into: str | None
) -> str | None:
    """Where a case stands, for the person: its status, or with which case it was merged."""
    if merged_into is None:
        return status
    return f"Merged into {visible(roles, unit, person, merged_into) or 'another case'}"
