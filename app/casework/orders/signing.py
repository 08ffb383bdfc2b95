"""Tasks that two different people have to give: the first signature, and who may be the second.

The drawing asks for it with the property `people` = "2". The first one's answers stand in the
history body of their entry, the task's row says where. Completing is `tasks`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework.access import Person
from app.casework.cases import LockedCase, Viewpoint, by_step, history, rows_of, step_name
from app.casework.commands import CompleteTask, Done
from app.casework.errors import Conflict, Refused
from app.engine.bpmn import Element, Record
from app.engine.forms import Field, Form, given_again, level
from app.store import DoneRow, TaskRow

#: kind of the history entry of a first signature
SIGNED = "signed"


class FourEyes(Refused):
    """You may not do this task, because you did the one that it checks or signed it first."""

    #: for whom the person would have done it
    acting_for: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What somebody gave first."""

    #: person id, and what people call them
    by: str
    name: str
    at: datetime
    #: the person in whose place they gave it: id
    stood_for: str | None
    #: form id, and the typed answers
    form: str | None
    answers: Mapping[str, Any]
    #: versions of the documents that were before them, as their entry keeps them
    documents: list[Any]


def people_needed(element: Element | None) -> int:
    """How many different people have to give the task: 1 or 2."""
    return 1 if element is None else element.rules.people


def signature(locked: LockedCase, row: TaskRow) -> Signature | None:
    """The first signature that stands on the open task."""
    if row.signed_by is None or row.signed_at is None or row.signed_seq is None:
        return None
    said = history.order_of(locked.unit, locked.key, row.signed_seq)
    name = store.people.accounts.names(locked.unit, [row.signed_by]).get(
        row.signed_by, row.signed_by
    )
    return Signature(
        by=row.signed_by,
        name=name,
        at=row.signed_at,
        stood_for=said.get("for"),
        form=said.get("form"),
        answers=said.get("answers") or {},
        documents=said.get("documents") or [],
    )


def blockers(locked: LockedCase, element: Element) -> list[Record]:
    """Steps whose doers may not do this one: of its own process, where that has them."""
    known = locked.loaded.record_names
    meant = (known.meant(name, element.process) for name in element.rules.not_done_by)
    return [record for record in meant if record is not None]


def barred(
    locked: LockedCase,
    person: Person,
    row: TaskRow,
    element: Element | None,
    first: Signature | None,
    acting_for: Person | None,
) -> str | None:
    """Why the person may not do this task though it is offered to them; None: they may.

    Who does it in another's place may not have done what it checks, nor may the other.
    """
    names = {person.id: "You"} | ({acting_for.id: acting_for.name} if acting_for else {})
    signers = [signer for signer in (first.by, first.stood_for) if signer in names] if first else []
    if signers:
        return f"{names[signers[0]]} signed “{row.name}” first, so somebody else must sign it too."
    checked = blockers(locked, element) if element is not None else []
    for step, doer in _given(locked, row, checked) if checked else ():
        if doer in names:
            name = step_name(locked, step.process, step.element)
            return f"{names[doer]} did “{name}”, so somebody else must do “{row.name}”."
    return None


def demand(
    locked: LockedCase,
    command: CompleteTask,
    row: TaskRow,
    element: Element | None,
    first: Signature | None,
) -> None:
    """Raises `FourEyes` for somebody who is barred."""
    sentence = barred(locked, command.actor, row, element, first, locked.acting_for)
    if sentence:
        refusal = FourEyes(sentence, given=command.given)
        refusal.acting_for = locked.acting_for
        raise refusal


def _given(locked: LockedCase, row: TaskRow, checked: list[Record]) -> Iterable[tuple[Record, str]]:
    """(step, person) for all who did one of these, or signed one first that is still open; only
    what the task speaks of (`Viewpoint`)."""
    here = Viewpoint.of(row)
    done = by_step(locked, rows_of(locked, checked))
    signed = [
        task
        for task in store.work.tasks.of_case(locked.unit, locked.row.id)
        if task.signed_by is not None
    ]
    for step in checked:
        place = (step.process, step.element)
        rows: list[DoneRow | TaskRow] = [*done.get(place, ())]
        rows += [task for task in signed if (task.process, task.element) == place]
        for task in here.meant(rows):
            doers = task.doers if isinstance(task, DoneRow) else (task.signed_by or "",)
            yield from ((step, doer) for doer in doers)


def seen(command: CompleteTask, row: TaskRow, first: Signature | None) -> None:
    """A second person must have seen what the first one gave. Raises `Conflict`."""
    if first is not None and command.version != row.version:
        raise Conflict(
            f"{first.name} has signed this task first. Read their answers, then sign it too.",
            by=first.name,
            when=first.at,
            still_open=True,
        )
    if command.version is not None and command.version < row.version:
        sentence = "This task was changed while you were working on it. Please check it again."
        raise Conflict(sentence, still_open=True)


def confirms(
    form: Form | None, first: Signature, given: Mapping[str, Any], beside: Mapping[str, Any]
) -> bool:
    """Whether the second person left every answer that a person can change as it was, and had the
    same versions of the documents before them."""
    if first.documents != beside.get("documents", []):
        return False
    fields = form.fields if form is not None else ()
    return _open_to_change(fields, first.answers) == _open_to_change(fields, given)


def _open_to_change(fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without what the form works out itself, which may differ by the minute."""
    answers: dict[str, Any] = {}
    for field in level(fields):
        value = given.get(field.key)
        if field.read_only:
            continue
        if field.kind == "group" and isinstance(value, Mapping):
            value = _open_to_change(field.fields, value)
        elif field.kind == "dynamiclist" and isinstance(value, list):
            value = [_open_to_change(field.fields, row) for row in value]
        answers[field.key] = value
    return answers


def as_given(form: Form | None, first: Signature) -> dict[str, Any]:
    """The first one's answers in the shape that people's answers are given in."""
    return given_again(form, first.answers) if form is not None else {}


def sign(
    locked: LockedCase,
    command: CompleteTask,
    row: TaskRow,
    content: Mapping[str, Any],
    first: Signature | None,
) -> Done:
    """The person's answers become the first signature; one before it no longer stands.

    The task stays open with its deadline, is nobody's, and is offered on to the others.
    """
    place = {"task": row.task, "process": row.process, "element": row.element}
    said = {**place, "form": row.form, **content}
    if first is not None:
        said |= {"instead_of": first.by, "instead_of_name": first.name}
    seq, at = locked.row.seq + 1, locked.at(command.at)
    store.work.tasks.sign(locked.unit, locked.row.id, row.task, command.actor.id, at, seq)
    answer = {
        "signed": True,
        "instead_of": first.name if first is not None else None,
        "read": "documents" in content,
    }
    return locked.record(command, kind=SIGNED, said=said, answer=answer, moved=False)


def withdraw(locked: LockedCase, person: str) -> list[dict[str, str]]:
    """The person's first signatures on open tasks fall; which tasks they were on."""
    fallen = [
        row
        for row in store.work.tasks.of_case(locked.unit, locked.row.id)
        if row.signed_by == person
    ]
    for row in fallen:
        store.work.tasks.unsign(locked.unit, locked.row.id, row.task, locked.row.seq + 1)
    return [{"task": r.task, "process": r.process, "element": r.element} for r in fallen]
