"""Daily mails as rows: one letter for a person and a day, and the letters that go with it.

A letter that waits for one has its id, and no instant of its own to be tried at. What becomes of
the daily mail becomes of them in the same transaction (`letters`). Who wants one, which letters may
wait for it and what it says are not the store's.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.engine import day_in_london
from app.store.database.unit import Unit
from app.store.people.tables import person
from app.store.work import letters
from app.store.work.letter_tables import letter
from app.store.work.letters import LetterRow

_WANT = select(person.c.id).where(person.c.mail_daily == true())
_WANT_ALL = _WANT.where(~person.c.disabled, person.c.email.is_not(None)).order_by(person.c.id)
_WANT_SOME = _WANT.where(person.c.id.in_(bindparam("ids", expanding=True)))
_CHOOSE = update(person).where(person.c.id == bindparam("who"))
_CHOOSE = _CHOOSE.values(mail_daily=bindparam("daily_"))
_OPEN = upsert(letter).on_conflict_do_nothing(index_elements=["case_id", "id"])
#: nobody has begun to send it: what joins it now goes with it
_UNTRIED = (letter.c.state == letters.WAITING, letter.c.attempts == 0)
_JOIN = select(letter.c.id).where(
    letter.c.case_id == letters.NO_CASE, letter.c.id == bindparam("which"), *_UNTRIED
)
_JOIN = _JOIN.with_for_update()
_THERE = select(letter.c.id).where(
    letter.c.case_id == letters.NO_CASE, letter.c.id == bindparam("which")
)
_WITH = letter.c.daily == bindparam("with_")
_MEMBERS = select(letter.c.case_id, letter.c.id).where(_WITH, letter.c.state == letters.WAITING)
_MEMBERS = _MEMBERS.order_by(letter.c.at, letter.c.case_id, letter.c.id)
_HERE = (letter.c.case_id == bindparam("case_"), letter.c.id == bindparam("which"))
_LEAVE = update(letter).where(*_HERE, letter.c.state == letters.WAITING)
_LEAVE = _LEAVE.values(
    state=bindparam("state_"), ended_at=bindparam("when_"), fault=bindparam("why")
)
_OF_PERSON = select(letter.c.id).where(
    letter.c.case_id == letters.NO_CASE,
    letter.c.kind == letters.DAILY,
    letter.c.person == bindparam("who"),
    letter.c.state == letters.WAITING,
    letter.c.claim.is_(None),
)
_OF_PERSON = _OF_PERSON.with_for_update()
_AT_ONCE = update(letter).where(_WITH, letter.c.state == letters.WAITING)
_AT_ONCE = _AT_ONCE.values(next_at=bindparam("when_"), held_until=None, daily=None)
_AGAIN = update(letter).where(_WITH, letter.c.state.in_(bindparam("states", expanding=True)))
_AGAIN = _AGAIN.values(state=letters.WAITING, ended_at=None, fault=None)


def id_of(person: str, day: date) -> str:
    return f"daily.{person}.{day.isoformat()}"


def wanting(unit: Unit, people: Sequence[str] | None = None) -> list[str]:
    """Ids of those (of these people) who chose one mail a day; of all: who can get one."""
    if people is None:
        return [str(row[0]) for row in unit.rows(_WANT_ALL)]
    return [str(row[0]) for row in unit.rows(_WANT_SOME, {"ids": list(people)})]


def choose(unit: Unit, person: str, daily: bool) -> None:
    unit.run(_CHOOSE, {"who": person, "daily_": daily})


def begun(unit: Unit, person: str, day: date) -> bool:
    """There is one for the day, whatever became of it."""
    return unit.row(_THERE, {"which": id_of(person, day)}) is not None


def opened(unit: Unit, person: str, until: datetime, at: datetime) -> str | None:
    """Id of the daily mail that goes at `until`, made if there is none for that day in London, and
    locked so that nobody begins to send it before this transaction ends; None: somebody has."""
    day = day_in_london(until)
    which = id_of(person, day)
    row = LetterRow(
        case_id=letters.NO_CASE, id=which, kind=letters.DAILY, source=day.isoformat(),
        person=person, about=secrets.token_hex(8), at=at, since=at, next_at=until, held_until=until,
    )  # fmt: skip
    unit.run(_OPEN, {name: getattr(row, name) for name in LetterRow.__dataclass_fields__})
    return which if unit.row(_JOIN, {"which": which}) is not None else None


def members(unit: Unit, row: LetterRow) -> list[LetterRow]:
    """What waits to go with it; what was asked for first stands first."""
    several = (letters.find(unit, *place) for place in unit.rows(_MEMBERS, {"with_": row.id}))
    return [member for member in several if member is not None]


def leave_out(unit: Unit, member: LetterRow, state: str, at: datetime, why: str) -> None:
    """It ends without the daily mail: `state` is failed or dropped."""
    given = {"case_": member.case_id, "which": member.id}
    unit.run(_LEAVE, given | {"state_": state, "when_": at, "why": why})


def release(unit: Unit, person: str, at: datetime) -> None:
    """What waits for a daily mail of theirs goes by itself from now on; what is being sent, with
    it."""
    for (which,) in unit.rows(_OF_PERSON, {"who": person}):
        unit.run(_AT_ONCE, {"with_": which, "when_": at})
        row = letters.find(unit, letters.NO_CASE, which)
        if row is not None:
            letters.drop(unit, row)


def together_again(unit: Unit, row: LetterRow) -> None:
    """All that went with it waits for it once more, but what was not meant any more."""
    states = [letters.SENT, letters.FAILED, letters.BOUNCED]
    unit.run(_AGAIN, {"with_": row.id, "states": states})
