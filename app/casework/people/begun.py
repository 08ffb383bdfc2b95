"""Forms that start a case, begun and not yet sent: kept for the one person who began them.

There is no case, so nobody else sees them and no history says so. Sending one is `starting`'s,
which takes it away in the same transaction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person
from app.casework.cases import Loaded
from app.casework.desk import Desk
from app.casework.drafts import Draft, Typed, after
from app.casework.errors import NotFound, Refused
from app.casework.orders import active, may_start
from app.engine.forms import Form
from app.store import BegunRow, Unit

#: what one person may keep at once; more is a mistake, or somebody who fills the disk
MOST = 50
_ID = re.compile("[0-9a-f]{32}", re.ASCII)
_SENT = "You have sent this form already: it is not kept a second time."
_TOO_MANY = (
    f"You have begun {MOST} forms and not sent them. Send one of them or throw it away, then save"
    " this one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunLine:
    id: str
    process: str
    #: what people call the process
    name: str
    at: datetime
    #: the instant at which it goes, where it is not saved again
    until: datetime
    #: the person may still send it
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    line: BegunLine
    draft: Draft
    #: the form in which it was typed; None: there is no such version any more
    form: Form | None
    #: the form asks other questions since then
    changed: bool


def lines(desk: Desk, person: Person) -> list[BegunLine]:
    """Of this person; what was saved last first."""
    with desk.store.reading() as unit:
        rows = store.people.begun.of_person(unit, person.id)
        return [_line(desk, unit, person, row) for row in rows]


def find(desk: Desk, person: Person, id: str) -> Begun:
    """Raises `NotFound` for what is not there, or is somebody else's."""
    with desk.store.reading() as unit:
        kept = store.people.begun.find(unit, person.id, id)
        if kept is None or kept[0].sent:
            raise NotFound
        row, content = kept
        then, now = _form(desk, unit, row, row.deployment), _form(desk, unit, row, None)
        line = _line(desk, unit, person, row)
    return Begun(line=line, draft=Draft.read(content), form=then, changed=then != now)


def keep(
    desk: Desk, person: Person, process: str, id: str, typed: Typed, at: datetime
) -> tuple[BegunLine, Draft]:
    """Saves it, together with what was saved of it from another window. Raises `NotFound` for a
    process the person may not start, `Refused` where they keep too many."""
    until = at + timedelta(days=desk.settings.retention.begun_days)
    with desk.store.writing() as unit:
        loaded = active(desk.installation, unit)
        if not _ID.fullmatch(id) or not _may(desk, loaded, person, process):
            raise NotFound
        kept = store.people.begun.find(unit, person.id, id, lock=True)
        if kept is None and store.people.begun.count(unit, person.id) >= MOST:
            raise Refused(_TOO_MANY, given=typed.given)
        if kept is not None and kept[0].sent:
            raise Refused(_SENT, given=typed.given)
        was, saved_at = (Draft.read(kept[1]), kept[0].at) if kept else (None, None)
        draft = after(was, typed, saved_at)
        row = BegunRow(
            id=id, person=person.id, process=process, deployment=loaded.program.digest, at=at,
            until=until,
        )  # fmt: skip
        if (kept and kept[0].process != process) or not store.people.begun.put(
            unit, row, draft.content()
        ):
            raise NotFound
        return _line(desk, unit, person, row), draft


def throw_away(desk: Desk, person: Person, id: str) -> None:
    """Raises `NotFound`."""
    with desk.store.writing() as unit:
        if not store.people.begun.drop(unit, person.id, id):
            raise NotFound


def _line(desk: Desk, unit: Unit, person: Person, row: BegunRow) -> BegunLine:
    now, then = _version(desk, unit, None), _version(desk, unit, row.deployment)
    drawn = next((p for v in (now, then) if v and (p := v.process(row.process))), None)
    return BegunLine(
        id=row.id, process=row.process, at=row.at, until=row.until,
        name=(drawn.name or drawn.id) if drawn else row.process,
        open=now is not None and _may(desk, now, person, row.process),
    )  # fmt: skip


def _version(desk: Desk, unit: Unit, digest: str | None) -> Loaded | None:
    """None: the one that counts now. Gives None where there is none."""
    digest = digest or store.deployments.active(unit)
    return desk.installation.programs.of(unit, digest) if digest else None


def _form(desk: Desk, unit: Unit, row: BegunRow, digest: str | None) -> Form | None:
    version = _version(desk, unit, digest)
    drawn = version.process(row.process) if version else None
    return version.form(drawn.start_form) if version and drawn else None


def _may(desk: Desk, loaded: Loaded, person: Person, process: str) -> bool:
    drawn, settings = loaded.process(process), loaded.program.settings
    return drawn is not None and may_start(desk.installation, person, drawn, settings)
