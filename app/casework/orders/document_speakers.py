"""Who said what stands in a document: by name, or by role and organisation where no name may go.

The role is the one that the step was offered to, of those the person has; which names may go where
is the manifest's.
"""

from __future__ import annotations

from collections.abc import Mapping

from app import store
from app.casework.access import Person
from app.casework.cases import LockedCase
from app.casework.orders.startable import start_groups
from app.engine import joined
from app.store import DoneRow

#: who has neither an account any more nor a step that says to whom it was offered
NOBODY_KNOWN = "Somebody with an account here"


def by_name(locked: LockedCase, rows: Mapping[int, DoneRow]) -> dict[int, str]:
    people = {doer for row in rows.values() for doer in row.doers}
    names = store.people.accounts.names(locked.unit, sorted(people))
    return {seq: joined(names.get(doer, doer) for doer in row.doers) for seq, row in rows.items()}


def by_role(locked: LockedCase, rows: Mapping[int, DoneRow]) -> dict[int, str]:
    people = {doer for row in rows.values() for doer in row.doers}
    groups = {doer: _groups(locked, doer) for doer in people}
    return {
        seq: joined(dict.fromkeys(_role(locked, row, groups[doer]) for doer in row.doers))
        for seq, row in rows.items()
    }


def _groups(locked: LockedCase, person: str) -> frozenset[str]:
    row = store.people.accounts.find(locked.unit, person)
    if row is None:
        return frozenset()
    return Person(row.id, row.name, frozenset(row.roles), row.attributes).groups


def _role(locked: LockedCase, row: DoneRow, held: frozenset[str]) -> str:
    offered = _offered(locked, row)
    known = sorted(offered & held) or sorted(offered) or sorted(held)
    names = [locked.installation.roles.name(group) for group in known]
    return " or ".join(dict.fromkeys(names)) or NOBODY_KNOWN


def _offered(locked: LockedCase, row: DoneRow) -> frozenset[str]:
    """Groups that the step was offered to; of a start those that may start it."""
    groups = [each.removeprefix("g:") for each in row.offers.split() if each.startswith("g:")]
    process = locked.loaded.program.processes.get(row.process or row.element)
    if groups or row.how != "started" or process is None:
        return frozenset(groups)
    return start_groups(process, locked.loaded.program.settings)
