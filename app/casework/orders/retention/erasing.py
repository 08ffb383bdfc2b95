"""Destroying the content of a case: one person asks for it, another agrees, and its key is gone at
once. Until then anybody who might agree can take it back.

Both give the same order. What stays says who they were, by which rule and why, as one of a closed
list: the reason in words that each gave is content, and goes with it.
"""

from __future__ import annotations

from app import store
from app.casework.cases import AuthorityKind, LockedCase, note
from app.casework.commands import Done, EraseContent, KeepContent
from app.casework.errors import Conflict, Refused
from app.casework.orders import questions
from app.casework.orders.retention.kept import (
    RetentionState,
    demand_not_shut_out,
    keep_who_looked,
    state_of,
)
from app.casework.retention import DUE
from app.engine import saying
from app.store import ErasureRow, Rows


def erase_content(locked: LockedCase, command: EraseContent) -> Done:
    unit, case, me = locked.unit, locked.row.id, command.actor.id
    demand_not_shut_out(command.actor, locked.members)
    retention = locked.installation.settings.retention
    state = state_of(unit, locked.row, retention)
    _demand_free(locked, state, command)
    reason = questions.reason(command.reason)
    rule = state.rule.id if state.rule else ""
    asked = _asked(locked)
    if asked is None:
        store.retention.erasures.ask(unit, case, rule, command.cause, me, command.at)
        because = retention.cause_name(command.cause)
        said = {"cause": command.cause, "because_of": because, "rule": rule, "reason": reason}
        return locked.record(command, said=said)
    if asked.by == me:
        raise Conflict("You asked for this already. Somebody else must agree to it.")
    if (asked.cause, asked.rule) != (command.cause, rule):
        sentence = f"It was asked for because: {retention.cause_name(asked.cause)}."
        raise Refused(sentence, {"cause": sentence.removesuffix(".")})
    return _destroyed(locked, command, asked)


def keep_content(locked: LockedCase, command: KeepContent) -> Done:
    """By who asked, or by anybody else who might have agreed; one is enough."""
    demand_not_shut_out(command.actor, locked.members)
    asked = _asked(locked)
    if asked is None:
        raise Refused("Nobody has asked that its content be destroyed.")
    reason = questions.reason(command.reason)
    store.retention.erasures.withdraw(locked.unit, locked.row.id)
    because = locked.installation.settings.retention.cause_name(asked.cause)
    said = {"asked_by": asked.by, "cause": asked.cause, "because_of": because, "reason": reason}
    return locked.record(command, said=said)


def _demand_free(locked: LockedCase, state: RetentionState, command: EraseContent) -> None:
    """Raises `Refused` where anything stands against it."""
    retention = locked.installation.settings.retention
    if state.holds:
        names = [retention.holds.get(hold.kind, hold.kind) for hold in state.holds]
        held = saying.joined(f"“{name}”" for name in sorted(set(names)))
        raise Refused(f"The case is held: {held}. Nothing of it can be destroyed.")
    if state.ended_at is None:
        raise Refused("Only the content of a case that is over can be destroyed.")
    if command.cause == DUE:
        if not state.due(locked.at(command.at)):
            until = f" It is kept for {state.sum}." if state.sum else " No rule says how long."
            raise Refused(
                f"The time of this case is not over.{until}",
                {"cause": "Select why it is destroyed before its time"},
            )
    elif command.cause not in retention.early:
        raise Refused("There is no such cause.", {"cause": "Select why it is destroyed"})


def _asked(locked: LockedCase) -> ErasureRow | None:
    """What was asked for by somebody who still may; else it is over."""
    unit, case = locked.unit, locked.row.id
    asked = store.retention.erasures.find(unit, case)
    if asked is not None and locked.members.get(locked.member(asked.by), False):
        store.retention.erasures.withdraw(unit, case)
        return None
    return asked


def _destroyed(locked: LockedCase, command: EraseContent, asked: ErasureRow) -> Done:
    unit, case = locked.unit, locked.row.id
    store.retention.erasures.agree(unit, case, command.actor.id, locked.at(command.at))
    keep_who_looked(locked)
    last = {"asked_by": asked.by, "rule": asked.rule, "cause": asked.cause}
    guests = store.retention.content.guests(unit, case)
    done = locked.destroy(command, last)
    said = {"case": locked.row.reference, **last}
    rows = [
        Rows(table, {"id" if table == "guest" else "guest": guest})
        for guest in guests
        for table in ("guest", "guest_link", "guest_code", "guest_session")
    ]
    kind = AuthorityKind.ERASE_CONTENT
    note(locked.installation, unit, kind, command, said, [asked.by], rows)
    return done
