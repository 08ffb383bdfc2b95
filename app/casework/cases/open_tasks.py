"""Open tasks of a case: as whom somebody may do one, what its form may name, drafts of answers.

What is done with a task is `orders.tasks`'.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app import store
from app.casework.access import Person, offered
from app.casework.cases.earlier_answers import Viewpoint, origins, records
from app.casework.cases.locked_case import LockedCase, as_kept
from app.casework.cases.matters import contexts
from app.casework.cases.persons import persons
from app.casework.commands import CompleteTask, SaveDraft, TakeOverDraft
from app.casework.drafts import Draft as Draft
from app.casework.drafts import Typed, after, elsewhere, gone_on
from app.casework.errors import Conflict, Elsewhere, NotFound, Refused
from app.engine import forms, saying
from app.engine.feel import World
from app.engine.forms import NOTHING_KNOWN, Form, KnownAnswers, as_contexts
from app.store import DoneRow, FileRow, TaskRow

#: files that came with answers of one task and were not sent yet, and their bytes together
MOST_WAITING = 100
MOST_BYTES_WAITING = 500_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An open task, and as whom somebody may do it."""

    row: TaskRow
    #: themselves, or a person they cover for; None: it is offered to others
    doer: Person | None

    def for_whom(self, person: Person) -> Person | None:
        """The person who is covered for, when it is not the person's own."""
        return None if self.doer is None or self.doer.id == person.id else self.doer


def name_of(locked: LockedCase, person: str) -> str:
    """What people call the person with this id."""
    return store.people.accounts.names(locked.unit, [person]).get(person, person)


def open_task(locked: LockedCase, person: Person, id: str) -> Opened:
    """The open task and as whom the person may do it: as themselves wherever they could.

    Raises `Conflict` when it is done already, `NotFound` when the person may not know of it.
    """
    task = locked.task(id)
    if task is None:
        raise _closed(locked, person, id)
    row, offers = task
    doer = doer_of(locked, person, row, set(offers))
    if doer is None and not _sees_all(locked, person):
        raise NotFound
    return Opened(row, doer)


def doer_of(locked: LockedCase, person: Person, row: TaskRow, offers: Set[str]) -> Person | None:
    """As whom the person may do the task: themselves or, where they cannot, one they cover for."""
    if person.guest is not None:
        return person if (locked.row.id, row.task) == person.guest else None
    roles = locked.installation.roles
    stands = roles.stands(person, locked.members) if person.covers else [person]
    hands = [(stand, roles.hands_in(stand, locked.members)) for stand in stands]
    theirs = [
        stand for stand, own in hands if own and (row.assignee == stand.id or offered(own, offers))
    ]
    free = (stand for stand in theirs if row.assignee in (None, stand.id))
    return next(free, None) or next(iter(theirs), None)


def _sees_all(locked: LockedCase, person: Person) -> bool:
    return locked.installation.roles.sees_whole(person, locked.members)


def _closed(locked: LockedCase, person: Person, id: str) -> Exception:
    done = store.work.answers.find(locked.unit, locked.row.id, id)
    if done is None:
        return NotFound()
    roles = locked.installation.roles
    stands = roles.stands(person, locked.members)
    offers, members = set(done.offers.split()), locked.members
    theirs = any(offered(roles.hands_in(stand, members), offers) for stand in stands)
    theirs = theirs or person.id in done.doers
    if not theirs and not _sees_all(locked, person):
        return NotFound()
    if done.how == "cancelled":
        return Conflict("This task is no longer needed: the case has moved on.", when=done.at)
    names = [name_of(locked, doer) for doer in done.doers]
    who = [
        "You" if doer == person.id else name for doer, name in zip(done.doers, names, strict=True)
    ]
    have = "has" if len(who) == 1 and who != ["You"] else "have"
    sentence = f"{saying.joined(who)} {have} already completed this task."
    return Conflict(sentence, by=saying.joined(names), when=done.at)


def scope(locked: LockedCase, row: TaskRow, form: Form | None = None) -> dict[str, Any]:
    """What the expressions of the task's form, or of `form` about it, may name."""
    form = form or locked.form(row.form)
    asked = locked.loaded.asked(form, row.process) if form else {}
    named = form is not None and locked.loaded.asks_for_persons(form)
    follows = form is not None and locked.loaded.asks_for_matters(form)
    return {
        **locked.engine.variables(row.task),
        "records": records(locked, asked, Viewpoint.of(row)),
        "persons": as_contexts(persons(locked)) if named else [],
        "matters": contexts(locked) if follows else [],
        "shut_out": shut_out(locked),
        "settings": locked.loaded.program.settings,
    }


def shut_out(locked: LockedCase) -> list[str]:
    """Names of the people who are excluded from the case as it stands, in order."""
    people = (who for who, excluded in locked.members.items() if excluded)
    return sorted(name_of(locked, who.partition(":")[2]) for who in people)


def known(locked: LockedCase, row: TaskRow, scope: Mapping[str, Any], world: World) -> KnownAnswers:
    """What is known of the task's questions before anybody answers them."""
    form = locked.form(row.form)
    if form is None:
        return NOTHING_KNOWN
    own = [
        name
        for name, record in locked.loaded.asked(form, row.process).items()
        if (record.process, record.element) == (row.process, row.element)
    ]
    return forms.known(form, scope, world, own)


def said_in(locked: LockedCase, row: TaskRow, known: KnownAnswers) -> Mapping[str, DoneRow]:
    """Path of a known answer → what was done when it was said."""
    form = locked.form(row.form)
    asked = locked.loaded.asked(form, row.process) if form else {}
    return origins(locked, asked, Viewpoint.of(row), known)


def put_draft(locked: LockedCase, command: SaveDraft | CompleteTask) -> Draft:
    """Keeps what was typed as the person's draft of the task, together with what they typed in
    another window meanwhile; what comes from no page takes the place of what was there."""
    kept = draft_of(locked, command.task, command.actor.id) if command.made else None
    was, saved_at = kept or (None, None)
    if isinstance(command, SaveDraft) and command.files:
        _keep_files(locked, command)
    draft = after(was, _typed(command), saved_at)
    _keep(locked, command, draft)
    return draft


def _keep(
    locked: LockedCase, command: SaveDraft | CompleteTask | TakeOverDraft, draft: Draft
) -> None:
    content, by, at = as_kept(draft.written()), command.actor.id, locked.at(command.at)
    store.work.answers.put_draft(locked.unit, locked.key, command.task, by, content, at)


def _keep_files(locked: LockedCase, command: SaveDraft) -> None:
    """Raises `Refused` where more would wait with the task than anybody needs."""
    number, size = store.work.answers.files.waiting(locked.unit, locked.row.id, command.task)
    number += len(command.files)
    size += sum(len(file.content) for file in command.files)
    if number > MOST_WAITING or size > MOST_BYTES_WAITING:
        raise Refused("Too many files wait with this task. Send it, or ask for the others later.")
    for file in command.files:
        named = file.attached
        row = FileRow(
            task=command.task, digest=named.digest, kind=named.kind, size=named.size,
            at=locked.at(command.at), by=command.actor.id,
        )  # fmt: skip
        store.work.answers.files.add(locked.unit, locked.key, row, file.content)


def nothing_elsewhere(locked: LockedCase, command: CompleteTask) -> None:
    """Raises `Elsewhere` where the person's draft says more than they send."""
    kept = draft_of(locked, command.task, command.actor.id) if command.made else None
    if kept is not None and elsewhere(kept[0], _typed(command)):
        raise Elsewhere


def draft_of(locked: LockedCase, task: str, person: str) -> tuple[Draft, datetime] | None:
    """What this person keeps of the task, and since when it is as it is."""
    kept = store.work.answers.read_draft(locked.unit, locked.key, task, person)
    return None if kept is None else (Draft.read(kept[1]), kept[0])


def _typed(command: SaveDraft | CompleteTask) -> Typed:
    return Typed(given=command.given, reasons=command.reasons, made=command.made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody else who has begun to answer a task."""

    id: str
    name: str
    #: when they saved it last
    at: datetime
    #: a moment ago
    writing: bool
    draft: Draft

    @property
    def saved(self) -> str:
        return saying.short_moment(self.at)


#: somebody who saved this lately is still at it: pages save by themselves while they are typed in
_A_MOMENT = timedelta(minutes=3)


def colleagues(locked: LockedCase, opened: Opened, person: Person, at: datetime) -> list[Colleague]:
    """Who else has begun to answer it, of those whose words this person may read before they are
    sent: both see the case in whole, or are of one organisation. The newest first. Of somebody
    without an account nobody does."""
    if opened.doer is None or person.guest is not None:
        return []
    place = (locked.row.id, opened.row.task)
    begun = store.queries.whose.begun(locked.unit, [place]).get(place, [])
    there = []
    for id, saved_at in begun:
        row = store.people.accounts.find(locked.unit, id) if id != person.id else None
        kept = draft_of(locked, opened.row.task, id) if row is not None else None
        if row is None or kept is None:
            continue
        other = locked.installation.person(row, at)
        if _share_words(locked, opened, other):
            lately = at - saved_at < _A_MOMENT
            there.append(
                Colleague(id=id, name=row.name, at=saved_at, writing=lately, draft=kept[0])
            )
    return there


def _share_words(locked: LockedCase, opened: Opened, other: Person) -> bool:
    doer, roles = opened.doer, locked.installation.roles
    task = locked.task(opened.row.task)
    assert doer is not None and task is not None
    if doer_of(locked, other, opened.row, set(task[1])) is None:
        return False
    if roles.sees_whole(doer, locked.members) and roles.sees_whole(other, locked.members):
        return True
    return bool(doer.attributes) and doer.attributes == other.attributes


def take_over(locked: LockedCase, command: TakeOverDraft, opened: Opened) -> Colleague | None:
    """What the colleague has begun is in the person's own draft; None: there is nothing that they
    may read."""
    everybody = colleagues(locked, opened, command.actor, command.at)
    other = next((each for each in everybody if each.id == command.person), None)
    if other is not None:
        mine = draft_of(locked, command.task, command.actor.id)
        at = locked.at(command.at)
        _keep(
            locked,
            command,
            gone_on(mine[0] if mine else None, other.draft, other.id, other.at, at),
        )
    return other
