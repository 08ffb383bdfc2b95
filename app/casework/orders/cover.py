"""Absence cover, "X for Y" from a day to a day: who may set it and end it early, and what is wrong.

What a cover gives is `access`'s and, for tasks, `tasks`'s; how covers are read,
`reading.cover_page`'s. A cover is never changed: an early end is written beside it.
"""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from datetime import date, timedelta

from app import store
from app.casework.access import WORKING, Person, is_system
from app.casework.cases import Installation, LogKind, log_entry
from app.casework.commands import Command, Done, EndCover, SetCover
from app.casework.errors import NotFound, Refused
from app.casework.orders import questions
from app.casework.orders.idempotency import remember
from app.engine import day_in_london
from app.store import CoverRow, PersonRow, Rows, Unit

POWER = "cover"
#: longer is a change of roles, not an absence; it also catches a mistyped year
LONGEST = timedelta(days=366)
REASON = replace(
    questions.REASON, hint="For example, leave. Give no details of anybody’s health.",
    max_length=500,
)  # fmt: skip
AWAY = questions.whom("for", "Who is away", "Select who is away")
BY = questions.whom("by", "Who covers for them", "Select who covers")
BY_FOR_ONESELF = replace(BY, label="Who covers for you")
FIRST = replace(
    questions.DAY, key="from", id="from", label="First day",
    messages={"required": "Enter the first day"},
)  # fmt: skip
LAST = replace(
    questions.DAY, key="until", id="until", label="Last day",
    messages={"required": "Enter the last day"},
)  # fmt: skip
_OVER = "This cover has ended already."


def works(installation: Installation, row: PersonRow, day: date) -> bool:
    """Whether the person holds a role that works on cases on this day, and can sign in."""
    roles = (installation.roles.known.get(role) for role in row.roles_on(day))
    return not row.disabled and any(role is not None and role.sees in WORKING for role in roles)


def may_set(installation: Installation, person: Person, away: str) -> bool:
    """For anybody with the power; for oneself with any role that works on cases."""
    own = away == person.id and bool(installation.roles.working(person).roles)
    return own or is_system(person) or installation.roles.may(person, POWER)


def for_oneself(installation: Installation, unit: Unit, command: SetCover) -> bool:
    return command.person == command.actor.id and may_set(
        installation, command.actor, command.person
    )


def about_oneself(installation: Installation, unit: Unit, command: EndCover) -> bool:
    """Whether they are the one who is away. Raises `NotFound` for a cover of others."""
    row = store.people.covers.find(unit, command.cover)
    if row is None or command.actor.id not in (row.person, row.cover):
        raise NotFound
    return command.actor.id == row.person


def set_cover(installation: Installation, unit: Unit, command: SetCover) -> Done:
    """Raises `Refused` with a message for each wrong answer."""
    wrong = {**_wrong_people(installation, unit, command), **_wrong_days(command)}
    reason = ""
    try:
        reason = questions.reason(command.reason, question=REASON)
    except Refused as refused:
        wrong |= refused.fields
    if not wrong:
        wrong = _twice(unit, command)
    if wrong:
        raise Refused("Some answers need another look.", wrong)
    id = base64.b32encode(os.urandom(10)).decode().lower()
    days = command.first, command.last
    row = CoverRow(id, command.person, command.by, *days, command.at, command.actor.id)
    store.people.covers.add(unit, row, reason)
    _told(installation, unit, LogKind.SET_COVER, command, row)
    return remember(unit, command, id)


def _wrong_people(installation: Installation, unit: Unit, command: SetCover) -> dict[str, str]:
    wrong = {}
    away = store.people.accounts.find(unit, command.person)
    if away is None or away.disabled:
        wrong["for"] = "Select who is away"
    by = store.people.accounts.find(unit, command.by)
    if by is None:
        wrong["by"] = "Select who covers for them"
    elif command.by == command.person:
        wrong["by"] = "Select somebody else: nobody can cover for themselves"
    elif by.disabled:
        wrong["by"] = f"{by.name} cannot sign in any more. Select somebody else"
    elif not works(installation, by, day_in_london(command.at)):
        wrong["by"] = f"{by.name} has no role that works on cases. Select somebody else"
    return wrong


def _wrong_days(command: SetCover) -> dict[str, str]:
    days = {"from": (command.first, "First day"), "until": (command.last, "Last day")}
    far = {key: questions.wrong_day(*day) for key, day in days.items()}
    wrong = {key: sentence for key, sentence in far.items() if sentence is not None}
    if wrong:
        return wrong
    if command.first < day_in_london(command.at):
        wrong["from"] = "The first day must be today or later"
    if command.last < command.first:
        wrong["until"] = "The last day must be the first day or later"
    elif command.last - command.first > LONGEST:
        wrong["until"] = "A cover can last a year at most"
    return wrong


def _twice(unit: Unit, command: SetCover) -> dict[str, str]:
    for row in store.people.covers.about(unit, command.person):
        same = (row.person, row.cover) == (command.person, command.by) and row.ended_at is None
        if same and row.first <= command.last and command.first <= row.last:
            return {"by": "They already cover for this person on some of these days"}
    return {}


def end_cover(installation: Installation, unit: Unit, command: EndCover) -> Done:
    row = store.people.covers.find(unit, command.cover)
    if row is None:
        raise NotFound
    if row.over(day_in_london(command.at)):
        raise Refused(_OVER)
    store.people.covers.end(unit, row.id, command.actor.id, command.at)
    _told(installation, unit, LogKind.END_COVER, command, row)
    return remember(unit, command, row.id)


def _told(
    installation: Installation, unit: Unit, kind: str, command: Command, row: CoverRow
) -> None:
    """In the installation's log; the reason stays where it is sealed."""
    names = store.people.accounts.names(unit, [row.person, row.cover])
    said = {
        "cover": row.id, "person": row.person, "name": names.get(row.person, row.person),
        "cover_by": row.cover, "cover_name": names.get(row.cover, row.cover),
        "first": row.first, "last": row.last,
    }  # fmt: skip
    rows = [Rows("cover", {"id": row.id}), Rows("cover_end", {"cover": row.id})]
    both = [row.person, row.cover]
    log_entry(installation, unit, kind, command.actor, command.at, said, about=both, rows=rows)
