"""Single messages as rows: each waits, is claimed by one sender at a time, and ends one way.

When one is tried again and when it is given up is the scheduler's; who sees them, casework's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from app.store.database.unit import Unit
from app.store.work.letter_tables import letter

#: what is sent: a mail of a case; a link to a guest of it; what somebody is told of themselves; a
#: link to set a password; that a second factor was reset; a whole effect that came to nobody yet;
#: what of a day waited for one message (`daily`)
MAIL, GUEST, NOTICE, LINK, RESET, EFFECT = "mail", "guest", "notice", "link", "reset", "effect"
DAILY = "daily"
WAITING, SENT, FAILED, DROPPED = "waiting", "sent", "failed", "dropped"
#: it was sent, and the mailbox sent it back, or the service that took it could not deliver it
BOUNCED = "bounced"
#: `case_id` of what is about no case
NO_CASE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    case_id: str
    #: stable: part of its Message-ID
    id: str
    kind: str
    #: the row of outbox or notices that asks for it, or who does
    source: str
    person: str | None
    #: of a guest's: the task; of a link: for how many hours it serves; of a daily mail: what makes
    #: its Message-ID hard to guess
    about: str | None = None
    at: datetime
    #: it waits, or waited
    since: datetime
    state: str = WAITING
    next_at: datetime | None = None
    attempts: int = 0
    #: how often somebody had it sent once more after it had arrived
    again: int = 0
    failing_since: datetime | None = None
    claim: str | None = None
    ended_at: datetime | None = None
    fault: str | None = None
    #: its id at a service that can be asked what became of it, and when it is asked
    receipt: str | None = None
    ask_at: datetime | None = None
    #: nobody means it to go before then
    held_until: datetime | None = None
    #: id of the daily mail that it goes, or went, with; it has no `next_at` of its own
    daily: str | None = None


_NAMES = tuple(LetterRow.__dataclass_fields__)
_COLUMNS = [letter.c[name] for name in _NAMES]
_ADD = insert(letter)
_DUE = letter.c.next_at <= bindparam("at")
_WAITS = select(letter.c.id).where(_DUE).limit(1)
_NEXT = (
    select(*_COLUMNS)
    .where(_DUE)
    .order_by(letter.c.next_at, letter.c.at, letter.c.case_id, letter.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_ONE = select(*_COLUMNS).where(
    letter.c.case_id == bindparam("case"), letter.c.id == bindparam("which")
)
_HERE = (letter.c.case_id == bindparam("case_"), letter.c.id == bindparam("which"))
_MINE = (*_HERE, letter.c.claim == bindparam("mark"))
_CLAIM = update(letter).where(*_HERE)
_CLAIM = _CLAIM.values(
    next_at=bindparam("until"), claim=bindparam("mark_"), attempts=letter.c.attempts + 1
)
_RENEW = update(letter).where(*_MINE).values(next_at=bindparam("until"))
_SENT = update(letter).where(*_HERE)
_SENT = _SENT.values(
    state=SENT, next_at=None, claim=None, ended_at=bindparam("when_"), fault=None,
    failing_since=None, receipt=bindparam("receipt_"), ask_at=bindparam("until"),
)  # fmt: skip
_TO_ASK = select(*_COLUMNS).where(letter.c.ask_at <= bindparam("at"))
_TO_ASK = _TO_ASK.order_by(letter.c.ask_at).limit(bindparam("most"))
_ASK_AT = update(letter).where(*_HERE, letter.c.receipt == bindparam("receipt_"))
_ASK_AT = _ASK_AT.values(ask_at=bindparam("until"))
_BOUNCED = update(letter).where(*_HERE, letter.c.state == SENT)
_BOUNCED = _BOUNCED.values(state=BOUNCED, ended_at=bindparam("when_"), fault=bindparam("why"))
_ENDED = update(letter).where(*_MINE)
_ENDED = _ENDED.values(
    state=bindparam("state_"), next_at=None, claim=None, ended_at=bindparam("when_"),
    fault=bindparam("why"),
)  # fmt: skip
_LATER = update(letter).where(*_MINE)
_SINCE = func.coalesce(letter.c.failing_since, bindparam("when_", type_=letter.c.at.type))
_LATER = _LATER.values(
    next_at=bindparam("until"), claim=None, fault=bindparam("why"), failing_since=_SINCE
)
_DUE_ALL = update(letter).where(letter.c.next_at <= bindparam("due"))
_ALL_LATER = _DUE_ALL.values(
    next_at=bindparam("until"), claim=None, fault=bindparam("why"), failing_since=_SINCE
)
_ALL_OVER = _DUE_ALL.where(letter.c.failing_since <= bindparam("before"))
_ALL_OVER = _ALL_OVER.values(
    state=FAILED, next_at=None, claim=None, ended_at=bindparam("when_"), fault=bindparam("why")
)
_AGAIN = update(letter).where(*_HERE)
_AGAIN = _AGAIN.values(
    state=WAITING, next_at=bindparam("when_"), since=bindparam("since_"), attempts=0,
    again=bindparam("again_"), failing_since=None, claim=None, ended_at=None, receipt=None,
    ask_at=None, held_until=None, daily=None,
)  # fmt: skip
_GONE = delete(letter).where(*_HERE)
_IN_STATE = select(*_COLUMNS).where(letter.c.state.in_(bindparam("states", expanding=True)))
_IN_STATE = _IN_STATE.order_by(letter.c.since.desc(), letter.c.case_id, letter.c.id)
_IN_STATE = _IN_STATE.limit(bindparam("most")).offset(bindparam("skip"))
_OF_CASE = select(*_COLUMNS).where(letter.c.case_id == bindparam("case"))
_OF_CASE = _OF_CASE.order_by(letter.c.since.desc(), letter.c.id)
_COUNT = select(letter.c.state, func.count()).where(letter.c.case_id == bindparam("case"))
_COUNT = _COUNT.group_by(letter.c.state)
_WITH = letter.c.daily == bindparam("with_")
_WENT = update(letter).where(_WITH, letter.c.state == bindparam("was"))
_WENT = _WENT.values(state=bindparam("state_"), ended_at=bindparam("when_"), fault=bindparam("why"))
_LOST = select(letter.c.id).where(letter.c.kind == DAILY, letter.c.state == FAILED)
_LEFT = update(letter).where(letter.c.state == WAITING, letter.c.daily.in_(_LOST))
_LEFT = _LEFT.values(state=FAILED, ended_at=bindparam("when_"), fault=bindparam("why"))


def _row(row: Sequence[object]) -> LetterRow:
    return LetterRow(**dict(zip(_NAMES, row, strict=True)))  # type: ignore[arg-type]


def add(unit: Unit, several: Sequence[LetterRow]) -> None:
    """Each waits from its `next_at` on, or has ended already. Clash: one is there."""
    unit.many(_ADD, [{name: getattr(row, name) for name in _NAMES} for row in several])


def asked(
    kind: str, id: str, source: str, person: str | None, at: datetime, *,
    case: str = NO_CASE, about: str | None = None,
) -> LetterRow:  # fmt: skip
    """One to be sent from this instant on."""
    return LetterRow(
        case_id=case, id=id, kind=kind, source=source, person=person, about=about, at=at,
        since=at, next_at=at,
    )  # fmt: skip


def waiting(unit: Unit, at: datetime) -> bool:
    """Something is due; one indexed look."""
    return unit.row(_WAITS, {"at": at}) is not None


def claim(unit: Unit, at: datetime, until: datetime, mark: str) -> LetterRow | None:
    """The next to be tried; nobody else gets it before `until`, even if we die. `mark`: of this
    claim alone."""
    row = unit.row(_NEXT, {"at": at})
    if row is None:
        return None
    claimed = _row(row)
    given = {"case_": claimed.case_id, "which": claimed.id}
    unit.run(_CLAIM, given | {"until": until, "mark_": mark})
    return find(unit, claimed.case_id, claimed.id)


def _mine(row: LetterRow) -> dict[str, object]:
    return {"case_": row.case_id, "which": row.id, "mark": row.claim}


def renew(unit: Unit, row: LetterRow, until: datetime) -> bool:
    """Whether it is still ours; then it stays so until then."""
    return bool(unit.run(_RENEW, _mine(row) | {"until": until}).rowcount)


def sent(
    unit: Unit, row: LetterRow, at: datetime, receipt: str | None = None,
    ask: datetime | None = None,
) -> None:  # fmt: skip
    """Whoever sent it: it is out, whatever became of the claim. `receipt`: by what a service knows
    it; `ask`: when that is asked what became of it."""
    given = {"case_": row.case_id, "which": row.id, "when_": at, "receipt_": receipt}
    unit.run(_SENT, given | {"until": ask})
    _went(unit, row, WAITING, SENT, at, None)


def _went(unit: Unit, row: LetterRow, was: str, state: str, at: datetime, why: str | None) -> None:
    """What becomes of a daily mail becomes of all that went with it."""
    if row.kind == DAILY:
        given = {"with_": row.id, "was": was, "state_": state, "when_": at, "why": why}
        unit.run(_WENT, given)


def to_ask(unit: Unit, at: datetime, most: int) -> list[LetterRow]:
    """Those of which it is due to ask whether they were delivered; the longest due first."""
    return [_row(row) for row in unit.rows(_TO_ASK, {"at": at, "most": most})]


def ask_at(unit: Unit, row: LetterRow, until: datetime | None) -> None:
    """Asked again then; None: no more. Nothing, where it was sent anew meanwhile."""
    given = {"case_": row.case_id, "which": row.id, "receipt_": row.receipt}
    unit.run(_ASK_AT, given | {"until": until})


def bounced(unit: Unit, row: LetterRow, at: datetime, why: str) -> None:
    """What was sent did not arrive. Nothing, where it is not as it was sent any more."""
    given = {"case_": row.case_id, "which": row.id, "when_": at, "why": why}
    if unit.run(_BOUNCED, given).rowcount:
        _went(unit, row, SENT, BOUNCED, at, why)


def ended(unit: Unit, row: LetterRow, state: str, at: datetime, why: str) -> None:
    """`state`: failed or dropped. Nothing, where the claim is somebody else's by now."""
    if unit.run(_ENDED, _mine(row) | {"state_": state, "when_": at, "why": why}).rowcount:
        _went(unit, row, WAITING, state, at, why)


def later(unit: Unit, row: LetterRow, until: datetime, at: datetime, why: str) -> None:
    """Tried again then. Nothing, where the claim is somebody else's by now."""
    unit.run(_LATER, _mine(row) | {"until": until, "when_": at, "why": why})


def all_later(
    unit: Unit, at: datetime, until: datetime, given_up: datetime, why: str, over: str
) -> None:
    """Everything that is due and that nobody tries waits until then; `over`: the fault of what has
    been failing since `given_up` or longer, which ends."""
    unit.run(_ALL_OVER, {"due": at, "before": given_up, "when_": at, "why": over})
    unit.run(_LEFT, {"when_": at, "why": over})
    unit.run(_ALL_LATER, {"due": at, "until": until, "when_": at, "why": why})


def once_more(unit: Unit, row: LetterRow, at: datetime) -> None:
    """As if it were new, and by itself; of one that went out, with another Message-ID."""
    given = {"case_": row.case_id, "which": row.id, "when_": at, "since_": at}
    unit.run(_AGAIN, given | {"again_": row.again + (row.state in (SENT, BOUNCED))})


def drop(unit: Unit, row: LetterRow) -> None:
    unit.run(_GONE, {"case_": row.case_id, "which": row.id})


def find(unit: Unit, case: str, id: str) -> LetterRow | None:
    row = unit.row(_ONE, {"case": case, "which": id})
    return _row(row) if row is not None else None


def in_state(unit: Unit, states: Sequence[str], most: int, skip: int = 0) -> list[LetterRow]:
    """Of all cases and of none; what began to wait last stands first."""
    given = {"states": list(states), "most": most, "skip": skip}
    return [_row(row) for row in unit.rows(_IN_STATE, given)]


def of_case(unit: Unit, case: str) -> list[LetterRow]:
    """What began to wait last stands first."""
    return [_row(row) for row in unit.rows(_OF_CASE, {"case": case})]


def count(unit: Unit, case: str) -> dict[str, int]:
    """State → how many of the case."""
    return {str(state): int(number) for state, number in unit.rows(_COUNT, {"case": case})}
