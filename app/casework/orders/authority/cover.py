"""Absence cover, "X for Y" from a day to a day: set, agreed, ended, and what is wrong.

Who may is `who_covers`'. What a cover gives is `access`'s and, for tasks, `tasks`'s; how covers are
read, `reading.authority.covers`'s. A cover is never changed: an early end is written beside it.
"""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from datetime import timedelta

from app import store
from app.casework.cases import AuthorityKind, Installation, LogKind
from app.casework.commands import AgreeCover, Done, EndCover, SetCover
from app.casework.errors import NotFound, Refused
from app.casework.orders import questions
from app.casework.orders.authority.cover_mail import AGREED, ENDED, PROPOSED, SET, in_log, tell
from app.casework.orders.authority.who_covers import demand_not_over, today, works
from app.casework.orders.idempotency import remember
from app.store import CoverRow, Unit

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
    tell(unit, row, SET if row.agreed else PROPOSED, command)
    in_log(installation, unit, LogKind.SET_COVER, command, row)
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
    elif not works(installation, by, today(command.at)):
        wrong["by"] = f"{by.name} has no role that works on cases. Select somebody else"
    return wrong


def _wrong_days(command: SetCover) -> dict[str, str]:
    days = {"from": (command.first, "First day"), "until": (command.last, "Last day")}
    far = {key: questions.wrong_day(*day) for key, day in days.items()}
    wrong = {key: sentence for key, sentence in far.items() if sentence is not None}
    if wrong:
        return wrong
    if command.first < today(command.at):
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


def agree_cover(installation: Installation, unit: Unit, command: AgreeCover) -> Done:
    """By the person who is away, or by a second holder of the power: nobody gives themselves
    anything, and nobody alone gives one person the sight of another."""
    row = store.people.covers.find(unit, command.cover)
    if row is None:
        raise NotFound
    demand_not_over(row, command.at)
    if row.agreed:
        raise Refused("This cover was agreed already.")
    if command.actor.id != row.person and command.actor.id in (row.by, row.cover):
        raise Refused(
            "Somebody else must agree: the person who is away, or another who may say who covers."
        )
    store.people.covers.agree(unit, row.id, command.actor.id, command.at)
    tell(unit, row, AGREED, command)
    in_log(installation, unit, AuthorityKind.AGREE_COVER, command, row)
    return remember(unit, command, row.id)


def end_cover(installation: Installation, unit: Unit, command: EndCover) -> Done:
    row = store.people.covers.find(unit, command.cover)
    if row is None:
        raise NotFound
    demand_not_over(row, command.at)
    store.people.covers.end(unit, row.id, command.actor.id, command.at)
    tell(unit, row, ENDED, command)
    in_log(installation, unit, LogKind.END_COVER, command, row)
    return remember(unit, command, row.id)
