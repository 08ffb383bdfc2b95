"""Rows that are needed for a while and would only grow: of which table, how long, and their sweep.

What is in the record stays, or goes with its case (`retention`); what whoever writes a row sweeps
by themselves (sessions, what is spent, refusals, workers) is not here. A test asks of every table
which of these it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, Table, and_, bindparam, delete, exists, select, tuple_

from app.store.database.connection import Store
from app.store.people.authority.tables import notice
from app.store.people.tables import start_draft, throttle
from app.store.schema import cases, draft, idempotency, task
from app.store.work.file_table import answer_file
from app.store.work.letter_tables import letter
from app.store.work.letters import BOUNCED, DROPPED, FAILED, NO_CASE, NOTICE, SENT

#: rows that go in one transaction; others who write wait no longer than that takes
MOST = 500
_BEFORE: Any = bindparam("before")


@dataclass(frozen=True, slots=True)
class Leftover:
    table: Table
    #: since the instant that `over` compares
    lasts: timedelta
    over: ColumnElement[bool]

    @property
    def sweeps(self) -> Delete:
        key = tuple_(*self.table.primary_key.columns)
        some = select(*self.table.primary_key.columns).where(self.over).limit(MOST)
        return delete(self.table).where(key.in_(some))


#: how long a repeated request gets its first answer
_KEYS = Leftover(idempotency, timedelta(days=30), idempotency.c.at < _BEFORE)
#: longer than any failure to sign in counts
_FAILURES = Leftover(throttle, timedelta(days=7), throttle.c.last_at < _BEFORE)
#: what somebody typed for a task that is over now, in case they miss it
_DRAFTS = Leftover(
    draft,
    timedelta(days=30),
    and_(
        draft.c.at < _BEFORE,
        ~exists().where(task.c.case_id == draft.c.case_id, task.c.task == draft.c.task),
    ),
)
#: what came with them and no history names
_FILES = Leftover(
    answer_file,
    timedelta(days=30),
    and_(
        answer_file.c.seq == 0,
        answer_file.c.at < _BEFORE,
        ~exists().where(task.c.case_id == answer_file.c.case_id, task.c.task == answer_file.c.task),
    ),
)
#: begun before there was a case; how long is said where it is saved
_BEGUN = Leftover(start_draft, timedelta(), start_draft.c.until < _BEFORE)
_OVER = and_(letter.c.state.in_((SENT, DROPPED)), letter.c.ended_at < _BEFORE)
#: what arrived, or was for nobody any more, as long as somebody may ask whether it did
_LETTERS = Leftover(letter, timedelta(days=90), and_(_OVER, letter.c.case_id == NO_CASE))
#: of a case while it is open, and for a year; what failed stays with the case
_CASE_LETTERS = Leftover(
    letter,
    timedelta(days=365),
    and_(_OVER, exists().where(cases.c.id == letter.c.case_id, cases.c.ended_at < _BEFORE)),
)
_FAILED_LETTERS = Leftover(
    letter,
    timedelta(days=365),
    and_(
        letter.c.state.in_((FAILED, BOUNCED)),
        letter.c.case_id == NO_CASE,
        letter.c.ended_at < _BEFORE,
    ),
)
#: what letters were written from; of a case that is its record
_NOTICES = Leftover(
    notice,
    timedelta(days=90),
    and_(
        notice.c.at < _BEFORE,
        ~exists().where(letter.c.source == notice.c.id, letter.c.kind == NOTICE),
    ),
)
#: letters before what they were written from
LEFTOVERS = (
    _KEYS, _FAILURES, _DRAFTS, _FILES, _BEGUN, _LETTERS, _CASE_LETTERS, _FAILED_LETTERS, _NOTICES,
)  # fmt: skip
_SWEEPS = [(leftover, leftover.sweeps) for leftover in LEFTOVERS]


def sweep(store: Store, at: datetime) -> int:
    """Takes away what is over at this instant, in small transactions; how many rows. A
    `StoreFault` stops it; what was done by then is done."""
    count = 0
    for leftover, statement in _SWEEPS:
        gone = MOST
        while gone == MOST:
            with store.writing() as unit:
                gone = unit.run(statement, {"before": at - leftover.lasts}).rowcount
            count += gone
    return count
