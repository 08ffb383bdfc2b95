"""What a person can choose from: people for a task or case, messages to deliver by hand."""

from __future__ import annotations

from app.casework.access import Person, as_person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.held import Held
from app.store import Unit, accounts, cases
from app.store.accounts import PersonRow


def _whole(desk: Desk, unit: Unit, person: Person, case: str) -> Held:
    """The case, for somebody who sees all of it."""
    row = cases.find(unit, case)
    if row is None:
        raise NotFound
    held = Held(desk.room, unit, row, cases.key_of(unit, row.id))
    if desk.roles.sight(person, held.members) not in ("case", "all"):
        raise NotFound
    return held


def people_for(desk: Desk, person: Person, case: str, task: str | None = None) -> list[PersonRow]:
    """Whom the person may give the task to, or add to the case; nobody who is excluded."""
    with desk.store.reading() as unit:
        held = _whole(desk, unit, person, case)
        everybody = accounts.everybody(unit)
    excluded = {who for who, out in held.members.items() if out}
    return [one for one in everybody if not one.disabled and as_person(one.id) not in excluded]


def messages(desk: Desk, person: Person, case: str) -> list[str]:
    """Names of the messages that the case's diagrams wait for or start with."""
    desk.roles.demand(person, "message")
    with desk.store.reading() as unit:
        program = _whole(desk, unit, person, case).loaded.program
    names = {
        element.message
        for process in program.processes.values()
        for element in process.elements.values()
        if element.message and _catches(element.kind)
    }
    return sorted(names)


def _catches(kind: str) -> bool:
    return kind in ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask")
