"""How the installation is: whether the database is ours and its clock ours, who works, what waits.

Counts and ages over all cases, for machines that watch; nothing here names a case or a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    String,
    Table,
    bindparam,
    delete,
    exists,
    func,
    select,
)

from app.store.columns import METADATA, Instant
from app.store.database.unit import Unit
from app.store.migrate import tables_of
from app.store.queries import mail, stopped
from app.store.schema import case_key, cases
from app.store.work.letter_tables import letter
from app.store.work.letters import BOUNCED, FAILED

#: when each process that works was last there
beat = Table(
    "beat",
    METADATA,
    Column("worker", String, primary_key=True),
    Column("at", Instant, nullable=False),
)

#: a worker that said nothing for longer is not there
SEEN_WITHIN = timedelta(seconds=30)
#: a worker that has not been there for so long is forgotten
_FORGOTTEN = timedelta(days=1)

_OTHER_KEY = select(exists().where(case_key.c.kek != bindparam("mine")))
_SEEN = select(func.max(beat.c.at))
_OVERDUE = select(func.count(), func.min(cases.c.wake_at)).where(cases.c.wake_at <= bindparam("at"))
_GIVEN_UP = select(func.count()).select_from(letter).where(letter.c.state.in_((FAILED, BOUNCED)))
_OPEN = select(func.count()).select_from(cases).where(cases.c.ended_at.is_(None))
_FORGET = delete(beat).where(beat.c.at < bindparam("before"))
_GONE = delete(beat).where(beat.c.worker == bindparam("name"))
_HERE = beat.insert()
_CLOCK = select(func.clock_timestamp(type_=DateTime(timezone=True)))
_REPLICA = select(func.pg_is_in_recovery(type_=Boolean()))


@dataclass(frozen=True, slots=True)
class Waits:
    """How many, and since when the longest; None where nothing does."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Load:
    open_cases: int
    #: timers that are due and were not fired yet
    overdue: Waits
    #: what no worker has taken up, and mails to single people
    outbox: Waits
    given_up: int
    #: incidents that stand
    stopped: int
    #: cases that nobody and nothing will ever move
    standing: int


def database_clock(unit: Unit) -> datetime | None:
    """What time it is where the database lies, aware UTC; None: it lies here (SQLite)."""
    if unit.for_looks.dialect.name == "sqlite":
        return None
    at: datetime = unit.value(_CLOCK)
    return at.astimezone(UTC)


def is_current(unit: Unit) -> bool:
    """Whether this release can work with its tables."""
    return tables_of(unit.for_looks).works


def has_other_keys(unit: Unit) -> bool:
    """Whether anything in it is sealed with a key that is not here."""
    return bool(unit.value(_OTHER_KEY, {"mine": unit.keys.name}))


def is_writable(unit: Unit) -> bool:
    """False on a replica, and where the disk lets nothing be written."""
    if unit.for_looks.dialect.name == "sqlite":
        return True
    return not unit.value(_REPLICA)


def worked_at(unit: Unit) -> datetime | None:
    """When a worker last said that it is there."""
    at: datetime | None = unit.value(_SEEN)
    return at


def works(unit: Unit, name: str, at: datetime) -> None:
    """A worker says that it is there."""
    unit.run(_GONE, {"name": name})
    unit.run(_HERE, {"worker": name, "at": at})
    unit.run(_FORGET, {"before": at - _FORGOTTEN})


def load(unit: Unit, at: datetime) -> Load:
    held, posted = stopped.counts(unit), mail.standing(unit, at, timedelta())
    return Load(
        open_cases=unit.value(_OPEN) or 0,
        overdue=Waits(*(unit.row(_OVERDUE, {"at": at}) or (0, None))),
        outbox=Waits(posted.waiting, posted.oldest),
        given_up=unit.value(_GIVEN_UP) or 0,
        stopped=held.waiting + held.trying,
        standing=held.standing,
    )
