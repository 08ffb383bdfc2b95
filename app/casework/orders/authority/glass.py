"""Breaking the glass: an hour's sight of a case that the person does not belong to.

Off for every role unless config.yaml says `break_glass`. The entry stands in the case's history and
those who answer for the data are told, before the first look. It never opens a case to somebody who
is shut out of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app import store
from app.casework import notices
from app.casework.access import DATA_OWNER, GLASS, as_person
from app.casework.cases import AuthorityKind, LockedCase, note
from app.casework.commands import BreakGlass, Done
from app.casework.errors import NotFound, Refused
from app.casework.orders import questions
from app.engine import moment
from app.store import Rows

LASTS = timedelta(hours=1)
CASE = replace(
    questions.INTO, key="case", id="case", label="Reference of the case", hint="",
    messages={"required": "Enter the reference of the case"},
)  # fmt: skip
REASON = questions.REASON
POWER = GLASS


def break_glass(locked: LockedCase, command: BreakGlass) -> Done:
    """Raises `NotFound` for somebody who is shut out: for them there is no such case."""
    person, unit, roles = command.actor, locked.unit, locked.installation.roles
    if locked.members.get(as_person(person.id), False):
        raise NotFound
    if roles.sight(person, locked.members) != "none":
        raise Refused("You can see this case already.", {"case": "Open it from your list"})
    reason = questions.reason(command.reason)
    owners = [
        row
        for row in store.people.accounts.everybody(unit)
        if not row.disabled
        and row.id != person.id
        and roles.may(locked.installation.person(row, command.at), DATA_OWNER)
    ]
    if not owners:
        raise Refused("Nobody is named who answers for the data, so nobody could be told.")
    at = locked.at(command.at)
    store.people.glass.add(unit, locked.row.id, person.id, command.at, command.at + LASTS)
    for row in owners:
        owner = locked.installation.person(row, command.at)
        out = roles.sight(owner, locked.members) == "none"
        which = "a case" if out else f"case {locked.row.reference}"
        text = (
            f"{person.name} opened {which} on {moment(at)} although they do not belong to it, for "
            "an hour. The reason they gave stands in its history. Please ask them if you do not "
            "know why.\n"
        )
        notices.tell(unit, [row.id], "A case was opened in an emergency", text, command.at)
    done = locked.record(command, said={"reason": reason, "until": command.at + LASTS})
    touched = [Rows("opened_case", {"case_id": locked.row.id, "person": person.id})]
    said = {"case": locked.row.reference}
    kind = AuthorityKind.BREAK_GLASS
    note(locked.installation, unit, kind, command, said, [person.id], touched)
    return done
