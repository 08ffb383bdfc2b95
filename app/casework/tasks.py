"""Orders about a task: claim, release, assign, draft, complete.

Each takes the held case and the order, and gives what to answer; nothing is written unless it ends
well. Orders about whole cases are `handlers`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.casework.access import Person, as_person, offered
from app.casework.commands import Assign, CaseCommand, Claim, CompleteTask, Done, Release, SaveDraft
from app.casework.errors import Conflict, NotFound, Refused
from app.casework.held import Held, plain
from app.casework.records import records
from app.engine.drawing.answers import read_answers
from app.engine.drawing.program import Element
from app.engine.errors import NotOpen
from app.engine.feel import codec
from app.store import accounts, answers, cases, work
from app.store.work import TaskRow


class FourEyes(Refused):
    """You may not do this task, because you did the one that it checks."""


def name_of(held: Held, person: str) -> str:
    """What people call the person with this id."""
    return accounts.names(held.unit, [person]).get(person, person)


def open_task(held: Held, person: Person, id: str) -> tuple[TaskRow, bool]:
    """The open task and whether it is offered to the person.

    Raises `Conflict` when it is done already, `NotFound` when the person may not know of it.
    """
    found = held.task(id)
    if found is None:
        raise _closed(held, person, id)
    row, offers = found
    hands = held.room.roles.hands(person)
    theirs = row.assignee == person.id and bool(hands)
    theirs = theirs or offered(hands, set(offers))
    if not theirs and not _sees_all(held, person):
        raise NotFound
    return row, theirs


def _sees_all(held: Held, person: Person) -> bool:
    return held.room.roles.sight(person, held.members) in ("case", "all")


def _closed(held: Held, person: Person, id: str) -> Exception:
    done = answers.find(held.unit, held.row.id, id)
    if done is None:
        return NotFound()
    hands = held.room.roles.hands(person)
    theirs = offered(hands, set(done.offers.split())) or done.by == person.id
    if not theirs and not _sees_all(held, person):
        return NotFound()
    if done.how == "cancelled":
        return Conflict("This task is no longer needed: the case has moved on.", when=done.at)
    name = name_of(held, done.by)
    who = "You have" if done.by == person.id else f"{name} has"
    return Conflict(f"{who} already completed this task.", by=name, when=done.at)


def _mine(held: Held, command: CaseCommand, id: str) -> TaskRow:
    """The open task that the person may work on; taken by somebody else is a `Conflict`."""
    row, theirs = open_task(held, command.actor, id)
    if not theirs:
        raise Refused("This task is not yours: it is offered to others.")
    if row.assignee not in (None, command.actor.id):
        by = name_of(held, str(row.assignee))
        raise Conflict(f"{by} has taken this task.", by=by)
    return row


def claim(held: Held, command: Claim) -> Done:
    row = _mine(held, command, command.task)
    if row.assignee == command.actor.id:
        return Done(case=held.row.id, reference=held.row.reference, seq=held.row.seq)
    work.assign(held.unit, held.row.id, row.task, command.actor.id)
    return held.record(command, said=_about(row))


def release(held: Held, command: Release) -> Done:
    row, _ = open_task(held, command.actor, command.task)
    if row.assignee is None:
        raise Refused("Nobody has taken this task.")
    if row.assignee != command.actor.id:
        held.room.roles.demand(command.actor, "assign")
    work.assign(held.unit, held.row.id, row.task, None)
    return held.record(command, said=_about(row))


def assign(held: Held, command: Assign) -> Done:
    held.room.roles.demand(command.actor, "assign")
    row, _ = open_task(held, command.actor, command.task)
    person = accounts.find(held.unit, command.to)
    if person is None or person.disabled:
        raise Refused("There is no such person.", {"to": "Choose a person"})
    if held.members.get(as_person(command.to), False):
        raise Refused("This person is excluded from the case.", {"to": "Choose somebody else"})
    work.assign(held.unit, held.row.id, row.task, command.to)
    if as_person(command.to) not in held.members:
        cases.put_members(held.unit, held.row.id, [as_person(command.to)], held.row.seq + 1)
    return held.record(command, said={**_about(row), "to": command.to, "name": person.name})


def save_draft(held: Held, command: SaveDraft) -> Done:
    """A draft is the person's own and no fact of the case: it leaves no history entry."""
    row, theirs = open_task(held, command.actor, command.task)
    if not theirs:
        raise Refused("This task is not yours: it is offered to others.")
    put_draft(held, command, row.task, command.given)
    return Done(case=held.row.id, reference=held.row.reference, seq=held.row.seq)


def put_draft(held: Held, command: CaseCommand, task: str, given: Mapping[str, Any]) -> None:
    content = codec.dumps(plain(given))
    at = held.at(command.at)
    answers.put_draft(held.unit, held.key, task, command.actor.id, content, at)


def complete(held: Held, command: CompleteTask) -> Done:
    row = _mine(held, command, command.task)
    if command.version is not None and command.version < row.version:
        raise Conflict("This task was changed while you were working on it. Please check it again.")
    element = held.loaded.element(row.element, row.process)
    if element is not None:
        _four_eyes(held, command, element)
    given = _answers(held, command, row)
    try:
        events = held.engine.complete(row.task, given, held.at(command.at))
    except NotOpen as error:
        raise Conflict("This task is no longer open.") from error
    answers.drop_draft(held.unit, held.row.id, row.task, command.actor.id)
    return held.record(command, events, said={**_about(row), "form": row.form, "answers": given})


def _about(row: TaskRow) -> dict[str, Any]:
    return {"task": row.task, "element": row.element}


def blockers(element: Element) -> list[str]:
    """Elements whose doer may not do this one."""
    text = element.properties.get("not_done_by", "")
    return [one for one in (part.strip() for part in text.split(",")) if one]


def four_eyes(held: Held, person: Person, element: Element) -> str | None:
    """Why the person may not do this task though it is offered to them; None: they may."""
    others = blockers(element)
    rows = answers.of_elements(held.unit, held.row.id, others) if others else []
    for row in rows:
        if row.by == person.id:
            checked = held.loaded.element(row.element)
            name = (checked.name if checked else None) or row.element
            return f"You did “{name}”, so somebody else must do “{element.name or element.id}”."
    return None


def _four_eyes(held: Held, command: CompleteTask, element: Element) -> None:
    sentence = four_eyes(held, command.actor, element)
    if sentence:
        raise FourEyes(sentence, given=command.given)


def scope(held: Held, row: TaskRow) -> dict[str, Any]:
    """What the expressions of the task's form may name."""
    form = held.form(row.form)
    words = held.loaded.words(form) if form else frozenset()
    return {
        **held.engine.variables(row.task),
        "records": records(held.unit, held.row.id, held.key, words) if words else {},
        "settings": held.loaded.program.settings,
    }


def _answers(held: Held, command: CompleteTask, row: TaskRow) -> Mapping[str, Any]:
    form = held.form(row.form)
    if form is None:
        return {}  # without a form there is no question, so nothing may be answered
    world = held.world(held.at(command.at))
    reading = read_answers(form, command.given, scope(held, row), world)
    if reading.messages:
        raise Refused("Some answers need another look.", reading.messages, given=command.given)
    return reading.answers
