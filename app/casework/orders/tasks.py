"""Orders about a task: claim, release, assign, draft, complete.

Each takes the locked case and the order, and gives the answer; nothing is written unless it ends
well. Orders about whole cases are `whole_case`'s.
"""

from __future__ import annotations

from typing import Any

from app import store
from app.casework.cases import (
    LockedCase,
    Opened,
    as_kept,
    keep_known_by,
    keep_part,
    known,
    name_of,
    named_in,
    newest,
    nothing_elsewhere,
    open_task,
    put_draft,
    said_in,
    scope,
    take_over,
    told_of,
    unfit,
)
from app.casework.commands import (
    Assign,
    CaseCommand,
    Claim,
    CompleteTask,
    Done,
    Release,
    SaveDraft,
    TakeOverDraft,
)
from app.casework.errors import Conflict, Refused
from app.casework.orders import answering, signing
from app.casework.orders.document.versions import before_them, demand_read
from app.engine import NotOpen
from app.store import TaskRow


def _mine(locked: LockedCase, command: CaseCommand, id: str) -> Opened:
    """The open task that the person may work on; taken by somebody else is a `Conflict`."""
    opened = open_task(locked, command.actor, id)
    row, doer = opened.row, opened.doer
    if doer is None:
        raise Refused("This task is not yours: it is offered to others.")
    if row.assignee not in (None, doer.id):
        by = name_of(locked, str(row.assignee))
        raise Conflict(f"{by} has taken this task.", by=by)
    locked.acting_for = opened.for_whom(command.actor)
    return opened


def claim(locked: LockedCase, command: Claim) -> Done:
    """For a covered person it becomes theirs, so that it is still theirs when they are back."""
    opened = _mine(locked, command, command.task)
    row, doer = opened.row, opened.doer
    assert doer is not None
    if row.signed_by in (command.actor.id, doer.id):
        raise Refused("You signed this task first, so somebody else must take it on.")
    if row.assignee == doer.id:
        return Done(case=locked.row.id, reference=locked.row.reference, seq=locked.row.seq)
    store.work.tasks.assign(locked.unit, locked.row.id, row.task, doer.id)
    return locked.record(command, said=_about(row))


def release(locked: LockedCase, command: Release) -> Done:
    opened = open_task(locked, command.actor, command.task)
    row = opened.row
    if row.assignee is None:
        raise Refused("Nobody has taken this task.")
    if opened.doer is not None and row.assignee == opened.doer.id:
        locked.acting_for = opened.for_whom(command.actor)
    store.work.tasks.assign(locked.unit, locked.row.id, row.task, None)
    return locked.record(command, said=_about(row))


def own(locked: LockedCase, command: Release) -> bool:
    """Nobody else has taken the task."""
    opened = open_task(locked, command.actor, command.task)
    return opened.row.assignee in (None, opened.doer.id if opened.doer else None)


def assign(locked: LockedCase, command: Assign) -> Done:
    row = open_task(locked, command.actor, command.task).row
    person = store.people.accounts.find(locked.unit, command.to)
    if person is None or person.disabled:
        raise Refused("There is no such person.", {"to": "Choose a person"})
    if command.to == command.actor.id and locked.only_for(command.actor):
        # Else cover would make the task their own, and the rule of four eyes would miss it.
        raise Refused("You are in this case only for somebody else.", {"to": "Choose another"})
    if locked.members.get(locked.member(command.to), False):
        raise Refused("This person is excluded from the case.", {"to": "Choose somebody else"})
    if row.signed_by == command.to:
        sentence = f"{person.name} signed this task first, so somebody else must sign it too."
        raise Refused(sentence, {"to": "Choose somebody else"})
    against = unfit(locked, row, person, command.at)
    if against is not None:
        raise Refused(f"{person.name} {against}", {"to": "Choose somebody else"})
    store.work.tasks.assign(locked.unit, locked.row.id, row.task, command.to)
    return locked.record(command, said={**_about(row), "to": command.to, "name": person.name})


def save_draft(locked: LockedCase, command: SaveDraft) -> Done:
    """A draft is the person's own and no fact of the case: it leaves no history entry."""
    opened = open_task(locked, command.actor, command.task)
    if opened.doer is None:
        raise Refused("This task is not yours: it is offered to others.")
    draft = put_draft(locked, command)
    row = locked.row
    other = opened.row.assignee not in (None, opened.doer.id)
    taken_by = name_of(locked, str(opened.row.assignee)) if other else ""
    answer = {"twice": [entry.path for entry in draft.apart], "taken_by": taken_by}
    return Done(case=row.id, reference=row.reference, seq=row.seq, answer=answer)


def take_over_draft(locked: LockedCase, command: TakeOverDraft) -> Done:
    """It stands in the history who went on with whose words, as it is read what nobody has sent."""
    opened = _mine(locked, command, command.task)
    other = take_over(locked, command, opened)
    if other is None:
        raise Refused("There is nothing begun that you can go on with.")
    said = {"person": other.id, "name": other.name, "saved": other.saved}
    return locked.record(command, said={**_about(opened.row), **said})


def complete(locked: LockedCase, command: CompleteTask) -> Done:
    row = _mine(locked, command, command.task).row
    nothing_elsewhere(locked, command)
    element = locked.loaded.element(row.process, row.element)
    first = signing.signature(locked, row)
    signing.demand(locked, command, row, element, first)
    signing.seen(command, row, first)
    reads = demand_read(locked, command, element)
    form, at = locked.form(row.form), locked.at(command.at)
    names, world = ({} if form is None else scope(locked, row)), locked.world(at)
    answered = answering.NOTHING  # without a form there is no question: nothing may be answered
    if form is not None:
        before = known(locked, row, names, world)
        kept = {}
        if answering.asks_for_files(form):
            kept = store.work.answers.files.of_task(locked.unit, locked.row.id, row.task)
        answered = answering.read(form, command, names, world, before, kept)
        answered = answering.with_entries(answered, said_in(locked, row, before))
    given = answered.answers
    digests = [file.digest for file in answered.files]
    store.work.answers.files.sent(locked.unit, locked.row.id, row.task, digests, locked.row.seq + 1)
    beside = before_them(locked, command, row, reads)
    named = []
    if (row.process, row.element) in locked.loaded.matter_steps:
        named = named_in(locked, form, given, answered.provenance, names, world)
    if signing.people_needed(element) == 2 and not (
        first and signing.confirms(form, first, given, beside)
    ):
        store.work.answers.drop_draft(locked.unit, locked.row.id, row.task, command.actor.id)
        return signing.sign(locked, command, row, {**answered.said(), **beside}, first)
    try:
        events = locked.engine.complete(row.task, given, at, told_of(named))
    except NotOpen as error:
        raise Conflict("This task is no longer open.") from error
    store.work.answers.drop_draft(locked.unit, locked.row.id, row.task, command.actor.id)
    said = {**_about(row), "form": row.form, **answered.said(), **beside}
    if named:  # and what the drawings were told of it
        said["matters"] = as_kept(named)
    shown = newest(locked, row, element)
    if shown:  # which versions were before the person
        said["shown"] = [done.seq for done in shown]
    if first is not None:
        said |= {"first": first.by, "first_name": first.name, "first_at": first.at}
    done = locked.record(command, events, said=said)
    keep_known_by(locked, row.process, row.element)
    keep_part(locked, row.element)
    return done


def _about(row: TaskRow) -> dict[str, Any]:
    return {"task": row.task, "process": row.process, "element": row.element}
