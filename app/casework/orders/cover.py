"""Absence cover, "X for Y" from a day to a day: who may set it and end it early, and what is wrong.

What a cover gives is `access`'s and, for tasks, `tasks`'s; how covers are read, `cover_view`'s. A
cover is never changed: an early end is written beside it.
"""

from __future__ import annotations

import base64
import os
from datetime import timedelta

from app.casework.access import WORKING, Person, is_system
from app.casework.cases.locked_case import Room, request_print
from app.casework.errors import NotFound, Refused
from app.casework.orders.commands import Command, Done, EndCover, SetCover
from app.engine.london import day_in_london
from app.store import Unit, accounts, covers, idempotency
from app.store.accounts import PersonRow
from app.store.covers import CoverRow
from app.store.idempotency import Once

POWER = "cover"
#: longer is a change of roles, not an absence; it also catches a mistyped year
LONGEST = timedelta(days=366)
LONGEST_REASON = 500
_OVER = "This cover has ended already."


def works(room: Room, row: PersonRow) -> bool:
    """Whether the person holds a role that works on cases, and can sign in."""
    roles = (room.roles.known.get(role) for role in row.roles)
    return not row.disabled and any(role is not None and role.sees in WORKING for role in roles)


def may_set(room: Room, person: Person, away: str) -> bool:
    """For anybody with the power; for oneself with any role that works on cases."""
    own = away == person.id and bool(room.roles.working(person).roles)
    return own or is_system(person) or room.roles.may(person, POWER)


def set_cover(room: Room, unit: Unit, command: SetCover) -> Done:
    """Raises `Refused` with a message for each wrong answer."""
    first = _again(unit, command)
    if first is not None:
        return first
    if not may_set(room, command.actor, command.person):
        raise Refused("Your role does not allow this.")
    wrong = {**_wrong_people(room, unit, command), **_wrong_days(command)}
    reason = command.reason.strip()
    if not reason:
        wrong["reason"] = "Enter a reason"
    elif len(reason) > LONGEST_REASON:
        wrong["reason"] = f"The reason must be {LONGEST_REASON} characters or fewer"
    if not wrong:
        wrong = _twice(unit, command)
    if wrong:
        raise Refused("Some answers need another look.", wrong)
    id = base64.b32encode(os.urandom(10)).decode().lower()
    days = command.first, command.last
    row = CoverRow(id, command.person, command.by, *days, command.at, command.actor.id)
    covers.add(unit, row, reason)
    return _done(unit, command, id)


def _wrong_people(room: Room, unit: Unit, command: SetCover) -> dict[str, str]:
    wrong = {}
    if accounts.find(unit, command.person) is None:
        wrong["for"] = "Select who is away"
    by = accounts.find(unit, command.by)
    if by is None:
        wrong["by"] = "Select who covers for them"
    elif command.by == command.person:
        wrong["by"] = "Select somebody else: nobody can cover for themselves"
    elif by.disabled:
        wrong["by"] = f"{by.name} cannot sign in any more. Select somebody else"
    elif not works(room, by):
        wrong["by"] = f"{by.name} has no role that works on cases. Select somebody else"
    return wrong


def _wrong_days(command: SetCover) -> dict[str, str]:
    wrong = {}
    if command.first < day_in_london(command.at):
        wrong["from"] = "The first day must be today or later"
    if command.last < command.first:
        wrong["until"] = "The last day must be the first day or later"
    elif command.last - command.first > LONGEST:
        wrong["until"] = "A cover can last a year at most"
    return wrong


def _twice(unit: Unit, command: SetCover) -> dict[str, str]:
    for row in covers.about(unit, command.person):
        same = (row.person, row.cover) == (command.person, command.by) and row.ended_at is None
        if same and row.first <= command.last and command.first <= row.last:
            return {"by": "They already cover for this person on some of these days"}
    return {}


def end_cover(room: Room, unit: Unit, command: EndCover) -> Done:
    first = _again(unit, command)
    if first is not None:
        return first
    row = covers.find(unit, command.cover)
    actor = command.actor
    whole = is_system(actor) or room.roles.may(actor, POWER)
    if row is None or not (whole or actor.id in (row.person, row.cover)):
        raise NotFound
    if not whole and actor.id != row.person:
        raise Refused("Your role does not allow this.")
    if row.over(day_in_london(command.at)):
        raise Refused(_OVER)
    covers.end(unit, row.id, actor.id, command.at)
    return _done(unit, command, row.id)


def _done(unit: Unit, command: Command, id: str) -> Done:
    if command.key is not None:
        made = Once(request_print(unit, command), id, 0)
        idempotency.add(unit, command.actor.id, command.key, made, command.at)
    return Done(answer={"cover": id})


def _again(unit: Unit, command: Command) -> Done | None:
    """The first answer, when this key was used before. Raises `Refused` for another request."""
    was = idempotency.find(unit, command.actor.id, command.key) if command.key is not None else None
    if was is None:
        return None
    if was.request != request_print(unit, command):
        raise Refused("This form was already sent with other answers.")
    return Done(answer={"cover": was.case}, replayed=True)
