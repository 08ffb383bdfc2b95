"""New cases: who may start which process, its first answers, its reference and its key."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from datetime import timedelta

from app import store
from app.casework.access import as_person
from app.casework.cases import Installation, Loaded, LockedCase, keep_known_by, keep_part
from app.casework.commands import Done, StartCase
from app.casework.drafts import Draft, Typed, elsewhere
from app.casework.errors import Elsewhere, NotFound, Refused
from app.casework.orders import answering
from app.casework.orders.answering import Answered
from app.casework.orders.startable import active, form_scope, may_start
from app.engine import Fault, InstanceStarted, day_in_london
from app.engine.forms import Form, known
from app.store import BegunRow, CaseKey, CaseRow, DoneRow, Unit

#: how long it is known that a form was sent: a page may save it once more behind that
_LATE = timedelta(days=1)


def start(installation: Installation, unit: Unit, command: StartCase) -> Done:
    loaded = active(installation, unit)
    process = loaded.process(command.process)
    settings = loaded.program.settings
    if process is None or not may_start(installation, command.actor, process, settings):
        raise NotFound
    _take_from_drafts(unit, command)
    answered = _answers(installation, loaded, loaded.form(process.start_form), command)
    given = answered.answers
    locked, numbers = _opened(installation, unit, command, loaded)
    events = locked.engine.start(process.id, given, command.at)
    said = {"process": process.id, "form": process.start_form, **answered.said()}
    done = locked.record(command, events, said=said)
    store.chain.counters.opened(unit, numbers, locked.row.head)
    first = next((e for e in events if isinstance(e, InstanceStarted)), None)
    started = f"start:{first.instance if first else ''}"
    line = DoneRow(
        task=started,
        element=process.id,
        process=process.id,
        label=None,
        item=None,
        at=command.at,
        by=command.actor.id,
        seq=1,
        how="started",
    )
    store.work.answers.add(unit, locked.row.id, [line])
    keep_known_by(locked, process.id, process.id)
    keep_part(locked, process.id)
    return done


def _take_from_drafts(unit: Unit, command: StartCase) -> None:
    """What was kept before it was sent goes. Raises `Elsewhere` where that says more."""
    if not command.begun:
        return
    kept = store.people.begun.find(unit, command.actor.id, command.begun, lock=True)
    typed = Typed(given=command.given, reasons=command.reasons, made=command.made)
    if kept is not None and not kept[0].sent and elsewhere(Draft.read(kept[1]), typed):
        raise Elsewhere
    sent = BegunRow(
        id=command.begun, person=command.actor.id, process=command.process, deployment="",
        at=command.at, until=command.at + _LATE, sent=True,
    )  # fmt: skip
    store.people.begun.put(unit, sent, b"")


def _answers(
    installation: Installation, loaded: Loaded, form: Form | None, command: StartCase
) -> Answered:
    if form is None:
        return answering.NOTHING
    world, scope = installation.world(command.at), form_scope(loaded)
    try:
        return answering.read(form, command, scope, world, known(form, scope, world))
    except Fault as error:
        raise Refused(error.sentence, given=command.given) from error


def _opened(
    installation: Installation, unit: Unit, command: StartCase, loaded: Loaded
) -> tuple[LockedCase, Mapping[str, int]]:
    """The new case's row, its key and its first member, held for the command that opens it, and
    its numbers: by year and among all."""
    id = base64.b32encode(os.urandom(10)).decode().lower()
    key = CaseKey.new(id)
    series = f"{installation.settings.reference}-{day_in_london(command.at).year}"
    number = store.chain.counters.count(unit, series)
    opening, before = store.chain.counters.opening(unit)
    row = CaseRow(
        id=id,
        reference=f"{series}-{number:04d}",
        process=command.process,
        deployment=loaded.program.digest,
        status=None,
        opened_at=command.at,
        opened_by=command.actor.id,
        ended_at=None,
        suspended=False,
        seq=0,
        head=store.chain.START,
        last_at=command.at,
        state=bytes(32),
        calendar=installation.settings.calendar.version,
        next_due=None,
        wake_at=None,
        attempts=0,
    )
    store.cases.add(unit, row, key)
    store.cases.put_members(unit, id, [as_person(command.actor.id)], 1)
    locked = LockedCase(installation, unit, row, key)
    locked.opening = {
        "key_commit": key.commitment(),
        "reference": row.reference,
        "opening": opening,
        "opened_after": before.hex(),
    }
    return locked, {series: number, store.chain.counters.OPENINGS: opening}
