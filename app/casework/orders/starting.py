"""New cases: who may start which process, its first answers, its reference and its key."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import Any

from app import store
from app.casework.access import Person, as_person
from app.casework.cases.locked_case import Installation, LockedCase
from app.casework.cases.programs import Loaded
from app.casework.errors import NotFound, Refused
from app.casework.orders.commands import Done, StartCase
from app.engine import Fault, InstanceStarted, day_in_london
from app.engine.bpmn import Process, listed
from app.engine.feel import World, literal_or_expression
from app.engine.forms import read_answers
from app.store import CaseKey, CaseRow, DoneRow, Unit, chain


def active(installation: Installation, unit: Unit) -> Loaded:
    digest = store.deployments.active(unit)
    if digest is None:
        raise Refused("No process is deployed yet.")
    return installation.programs.of(unit, digest)


def start_groups(process: Process, settings: Mapping[str, Any]) -> frozenset[str]:
    """Who may start it by hand."""
    text = process.start_groups or ""
    expression = literal_or_expression(text)
    given = expression.evaluate({"settings": settings}) if expression else text
    parts = listed(given) if isinstance(given, str) else given or []
    return frozenset(str(part).strip() for part in parts) - {""}


def may_start(
    installation: Installation, person: Person, process: Process, settings: Mapping[str, Any]
) -> bool:
    if not process.executable or not installation.roles.may(person, "start"):
        return False
    return bool(start_groups(process, settings) & person.groups)


def form_scope(loaded: Loaded) -> dict[str, Any]:
    return {"records": {}, "settings": loaded.program.settings}


def start(installation: Installation, unit: Unit, command: StartCase) -> Done:
    loaded = active(installation, unit)
    process = loaded.process(command.process)
    settings = loaded.program.settings
    if process is None or not may_start(installation, command.actor, process, settings):
        raise NotFound
    given = _answers(installation, loaded, process, command)
    locked, numbers = _opened(installation, unit, command, loaded)
    events = locked.engine.start(process.id, given, command.at)
    said = {"process": process.id, "form": process.start_form, "answers": given}
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
    return done


def _answers(
    installation: Installation, loaded: Loaded, process: Process, command: StartCase
) -> Mapping[str, Any]:
    form = loaded.form(process.start_form)
    if form is None:
        return {}
    world = World(now=command.at, calendar=installation.settings.calendar)
    try:
        reading = read_answers(form, command.given, form_scope(loaded), world)
    except Fault as error:
        raise Refused(error.sentence, given=command.given) from error
    if reading.messages:
        raise Refused("Some answers need another look.", reading.messages, given=command.given)
    return reading.answers


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
        head=chain.headers.START,
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
