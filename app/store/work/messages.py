"""The inbox of messages nobody waited for yet, and the outbox of what should happen outside.

Both are written in the command's transaction, with the meetings that a mail tells of. Sending is
the scheduler's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import cases, inbox, outbox
from app.store.work import meetings
from app.store.work.meetings import Told


@dataclass(frozen=True, slots=True)
class InboxRow:
    case_id: str
    reference: str
    id: str
    message: str
    at: datetime
    #: "waiting" or "dead"
    state: str
    #: why it is dead
    sentence: str | None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    case_id: str
    #: stable: the key of the effect for ever
    id: str
    effect: str
    element: str
    #: the process that holds the element; "" in rows from before it was kept
    process: str
    #: sealed headers
    body: bytes
    at: datetime
    next_at: datetime | None
    attempts: int
    #: when it was handed on: of a mail, to the rows of its people (`letters`)
    sent_at: datetime | None
    sent_to: int
    fault: str | None

    def content(self, key: CaseKey) -> bytes:
        return key.open(self.body, f"outbox:{self.id}")


_ADD_MESSAGE = insert(inbox)
_DROP_MESSAGE = delete(inbox).where(
    inbox.c.case_id == bindparam("case"), inbox.c.id == bindparam("which")
)
_KILL = update(inbox).where(inbox.c.case_id == bindparam("case"), inbox.c.id == bindparam("which"))
_KILL = _KILL.values(state="dead", sentence=bindparam("why"))
_INBOX = select(
    inbox.c.case_id, cases.c.reference, inbox.c.id, inbox.c.message, inbox.c.at,
    inbox.c.state, inbox.c.sentence,
).join(cases, cases.c.id == inbox.c.case_id)  # fmt: skip
_DEAD = _INBOX.where(inbox.c.state == "dead").order_by(inbox.c.at.desc()).limit(bindparam("most"))
_OF_CASE = _INBOX.where(inbox.c.case_id == bindparam("case")).order_by(inbox.c.at)

_OUT = [outbox.c[n] for n in OutboxRow.__dataclass_fields__]
_ADD_EFFECT = insert(outbox)
_CLAIM = (
    select(*_OUT)
    .where(outbox.c.next_at <= bindparam("at"))
    .order_by(outbox.c.next_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM_OF = _CLAIM.where(outbox.c.effect == bindparam("effect"))
_WAITING = select(outbox.c.id).where(outbox.c.next_at <= bindparam("at")).limit(1)
_HERE = (outbox.c.case_id == bindparam("case"), outbox.c.id == bindparam("which"))
_POSTPONE = update(outbox).where(*_HERE)
_POSTPONE = _POSTPONE.values(next_at=bindparam("until"), attempts=outbox.c.attempts + 1)
_SENT = update(outbox).where(*_HERE)
_SENT = _SENT.values(next_at=None, sent_at=bindparam("at_"), sent_to=bindparam("to_"), fault=None)
_FAILED = update(outbox).where(*_HERE)
_FAILED = _FAILED.values(next_at=bindparam("until"), fault=bindparam("why"))
_OUTBOX = select(*_OUT).where(outbox.c.case_id == bindparam("case")).order_by(outbox.c.at)
_EFFECT = select(*_OUT).where(outbox.c.case_id == bindparam("case"))
_EFFECT = _EFFECT.where(outbox.c.id == bindparam("which"))
_ONCE_MORE = update(outbox).where(*_HERE).values(next_at=bindparam("when_"), sent_at=None)


def buffer(unit: Unit, case: str, messages: Sequence[tuple[str, str]], at: datetime) -> None:
    """`messages`: (id, name) of those that wait in the case for somebody to want them."""
    given = [
        {"case_id": case, "id": id, "message": name, "at": at, "state": "waiting"}
        for id, name in messages
    ]
    unit.many(_ADD_MESSAGE, given)


def delivered(unit: Unit, case: str, ids: Sequence[str]) -> None:
    unit.many(_DROP_MESSAGE, [{"case": case, "which": id} for id in ids])


def kill(unit: Unit, case: str, ids: Sequence[str], why: str) -> None:
    """Dead letters: nobody will ever want them; they stay visible."""
    unit.many(_KILL, [{"case": case, "which": id, "why": why} for id in ids])


def dead(unit: Unit, most: int = 200) -> list[InboxRow]:
    return [InboxRow(*row) for row in unit.rows(_DEAD, {"most": most})]


def of_case(unit: Unit, case: str) -> list[InboxRow]:
    return [InboxRow(*row) for row in unit.rows(_OF_CASE, {"case": case})]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to be done outside."""

    id: str
    #: what kind of thing, e.g. "mail"
    kind: str
    process: str
    element: str
    #: feel.codec
    headers: bytes
    #: the meeting that it calls, moves or calls off
    meeting: Told | None = None


def request(unit: Unit, key: CaseKey, effects: Sequence[Effect], at: datetime) -> None:
    given = [
        {
            "case_id": key.case,
            "id": effect.id,
            "effect": effect.kind,
            "process": effect.process,
            "element": effect.element,
            "body": key.seal(effect.headers, f"outbox:{effect.id}"),
            "at": at,
            "next_at": at,
            "attempts": 0,
            "sent_to": 0,
        }
        for effect in effects
    ]
    unit.many(_ADD_EFFECT, given)
    for effect in effects:
        if effect.meeting is not None:
            meetings.told(unit, key.case, effect.meeting, at)


def waiting(unit: Unit, at: datetime) -> bool:
    """Something is to be done outside; one indexed look."""
    return unit.row(_WAITING, {"at": at}) is not None


def claim_effect(
    unit: Unit, at: datetime, until: datetime, effect: str | None = None
) -> OutboxRow | None:
    """The next effect to do (of this kind); nobody else gets it before `until`, even if we die."""
    found_by = (_CLAIM_OF, {"at": at, "effect": effect}) if effect else (_CLAIM, {"at": at})
    row = unit.row(*found_by)
    if row is None:
        return None
    claimed = OutboxRow(*row)
    unit.run(_POSTPONE, {"case": claimed.case_id, "which": claimed.id, "until": until})
    return claimed


def sent(unit: Unit, row: OutboxRow, at: datetime, people: int) -> None:
    unit.run(_SENT, {"case": row.case_id, "which": row.id, "at_": at, "to_": people})


def failed(unit: Unit, row: OutboxRow, until: datetime | None, why: str) -> None:
    """`until` None: given up, it stays visible."""
    unit.run(_FAILED, {"case": row.case_id, "which": row.id, "until": until, "why": why})


def find_effect(unit: Unit, case: str, id: str) -> OutboxRow | None:
    row = unit.row(_EFFECT, {"case": case, "which": id})
    return OutboxRow(*row) if row is not None else None


def do_again(unit: Unit, case: str, id: str, at: datetime) -> None:
    """An effect that came to nothing is done from this instant on."""
    unit.run(_ONCE_MORE, {"case": case, "which": id, "when_": at})


def outbox_of(unit: Unit, case: str) -> list[OutboxRow]:
    return [OutboxRow(*row) for row in unit.rows(_OUTBOX, {"case": case})]
