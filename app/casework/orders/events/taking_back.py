"""Taking back what was recorded: what it began is ended, and who was told of it is told again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app import store
from app.casework.cases import LockedCase, keep_known_by, keep_part
from app.casework.commands import Done, TakeBack
from app.casework.errors import Refused
from app.casework.orders import questions
from app.casework.orders.events.back import GONE, Back, looked_up
from app.casework.orders.events.reach import mail
from app.engine import NotOpen


def take_back(locked: LockedCase, command: TakeBack) -> Done:
    reason = questions.reason(command.reason)
    at = locked.at(command.at)
    back = looked_up(locked, command.entry, at)
    if back.why:
        raise Refused(back.why)
    begun = replace(back.reach.begun, telling=_telling(locked, back)).said()
    try:
        events = locked.engine.take_back(begun, at, by=command.actor.id)
    except NotOpen as error:
        raise Refused(GONE) from error
    said = {"entry": command.entry, "name": back.name, "reason": reason, "begun": begun}
    done = locked.record(command, events, said=said)
    store.work.answers.taken_back(locked.unit, locked.row.id, command.entry)
    if back.about is not None:
        keep_known_by(locked, back.about.process, back.about.element)
        keep_part(locked, back.about.element)
    return done


def _telling(locked: LockedCase, back: Back) -> dict[str, Any]:
    """The mail to whoever was told, and to whoever has taken what began."""
    begun, about = back.reach.begun, back.about
    rows = store.work.tasks.of_case(locked.unit, locked.row.id)
    mine = [row for row in rows if row.instance in begun.instances or row.task in begun.tasks]
    takers = (row.assignee for row in mine if row.assignee)
    to = list(dict.fromkeys([*back.reach.told, *takers]))
    template = locked.loaded.program.settings.get("take_back_mail")
    if not to or not template or about is None:
        return {}
    return mail((about.process, about.element), to, template)
