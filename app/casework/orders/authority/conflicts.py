"""The register of conflicts: somebody is too close to a child, a family or an agency.

Everybody records their own; who decides on members records those of others. Where they would be
added to a case or given a task in it, whoever decides sees it. It shuts nobody out by itself.
"""

from __future__ import annotations

import base64
import os
from dataclasses import replace

from app import store
from app.casework import policy
from app.casework.cases import AuthorityKind, Installation, note
from app.casework.commands import Done, EndConflict, RecordConflict
from app.casework.errors import NotFound, Refused
from app.casework.orders import questions
from app.casework.orders.idempotency import remember
from app.store import ConflictRow, Rows, Unit

POWER = policy.rule("RecordConflict").power or ""
WHO = questions.whom("person", "Whose conflict it is", "Select whose conflict it is")
ABOUT = replace(
    questions.REASON, key="about", id="about", label="With whom or what",
    hint="The child, the family, the agency, or the reference of a case. Say no more than somebody "
    "needs who decides whether the person may work on it.",
    max_length=500, messages={"required": "Enter with whom or what"},
)  # fmt: skip


def own_conflict(
    installation: Installation, unit: Unit, command: RecordConflict | EndConflict
) -> bool:
    """Whether it is their own. Raises `NotFound` for an entry of others."""
    if isinstance(command, RecordConflict):
        return command.person == command.actor.id
    row = store.people.conflicts.find(unit, command.conflict)
    if row is None or row.person != command.actor.id:
        raise NotFound
    return row.by == row.person  # what others recorded, others end


def record_conflict(installation: Installation, unit: Unit, command: RecordConflict) -> Done:
    person = store.people.accounts.find(unit, command.person)
    if person is None or person.disabled:
        raise Refused("There is no such person.", {"person": "Choose a person"})
    about = questions.text(command.about, ABOUT)
    id = base64.b32encode(os.urandom(10)).decode().lower()
    row = ConflictRow(id, command.person, command.at, command.actor.id, about)
    store.people.conflicts.add(unit, row)
    said, rows = {"conflict": id, "name": person.name}, [Rows("conflict", {"id": id})]
    kind = AuthorityKind.RECORD_CONFLICT
    note(installation, unit, kind, command, said, [command.person], rows)
    return remember(unit, command, id)


def end_conflict(installation: Installation, unit: Unit, command: EndConflict) -> Done:
    row = store.people.conflicts.find(unit, command.conflict)
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        raise Refused("This entry has ended already.")
    store.people.conflicts.end(unit, row.id, command.actor.id, command.at)
    names = store.people.accounts.names(unit, [row.person])
    said = {"conflict": row.id, "name": names.get(row.person, row.person)}
    rows = [Rows("conflict_end", {"conflict": row.id})]
    note(installation, unit, AuthorityKind.END_CONFLICT, command, said, [row.person], rows)
    return remember(unit, command, row.id)
