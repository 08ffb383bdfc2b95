"""Of every table it is known what keeps it small; what is needed for a while goes after it, and no
sooner, and never what somebody still has to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select

from app.store import LetterRow, NoticeRow, Store, leftovers
from app.store.columns import METADATA
from app.store.people import notices
from app.store.people.authority.tables import notice
from app.store.people.tables import start_draft, throttle
from app.store.retention.content import GOES, STAYS
from app.store.schema import cases, draft, idempotency, outbox, task
from app.store.work import letters
from app.store.work.file_table import answer_file
from app.store.work.letter_tables import letter
from tests.kit import START

#: belongs to the installation's record: people, versions and the log; grows with what people order
RECORD = {
    "person", "person_group", "token", "link", "identity", "totp", "recovery_code", "passkey",
    "cover", "cover_agreed", "cover_end", "conflict", "conflict_end", "signing", "deployment",
    "deployment_file", "blob", "activation", "settings", "calendar", "version_base", "log_head",
    "log_about", "log_block", "cases", "counter", "schema_floor",
}  # fmt: skip
#: go with a guest of a case whose content is destroyed
OF_GUESTS = {"guest_link", "guest_code", "guest_session"}
#: whoever adds a row takes away what is over: the table → where
SWEPT_BY_WRITERS = {
    "session": "people.accounts.add_session", "session_origin": "people.identities.add_origin",
    "spent": "people.identities.spend", "refusal": "chain.log.refusals.take",
    "saved_list": "people.saved_lists.others",
    "beat": "queries.condition.works", "tally": "tallies.put_sums",
    "tally_gone": "tallies.drop_gone",
}  # fmt: skip


def test_of_every_table_it_is_known_what_keeps_it_small() -> None:
    """A new table stands in none of these: say what sweeps it, or that it is a record."""
    of_cases = {table.name for table in (*GOES, *STAYS)}
    swept = {leftover.table.name for leftover in leftovers.LEFTOVERS}
    known = of_cases | swept | RECORD | OF_GUESTS | SWEPT_BY_WRITERS.keys()
    assert set(METADATA.tables) == known
    assert not RECORD & (of_cases | swept | SWEPT_BY_WRITERS.keys())


def _add(table: Table, **row: Any) -> Callable[[Store], None]:
    def do(store: Store) -> None:
        with store.writing() as unit:
            unit.run(insert(table), row)

    return do


KEY = {"actor": "ann", "key": "k", "request": b"", "case_id": "c", "seq": 1, "at": START}
DRAFT = {"case_id": "c", "task": "1-1", "person": "ann", "at": START, "body": b""}
FILE = {
    "case_id": "c", "task": "1-1", "digest": "d", "kind": "pdf", "size": 1, "at": START,
    "by": "ann", "seq": 0, "body": b"",
}  # fmt: skip
BEGUN = {
    "id": "b", "person": "ann", "process": "p", "deployment": "d", "at": START, "body": b"",
    "until": START + timedelta(days=30),
}  # fmt: skip
TASK = {
    "case_id": "c", "task": "1-1", "instance": "1", "element": "a", "process": "p", "name": "A",
    "opened_at": START, "version": 1, "resting": False, "lies_in": "",
}  # fmt: skip
EFFECT = {
    "case_id": "c", "id": "e", "effect": "mail", "element": "a", "process": "p", "body": b"",
    "at": START, "next_at": None, "attempts": 1, "sent_at": START, "sent_to": 1, "fault": None,
}  # fmt: skip
CASE = {
    "id": "c", "reference": "T-1", "process": "p", "deployment": "d", "opened_at": START,
    "opened_by": "ann", "ended_at": START, "suspended": False, "seq": 1, "head": b"",
    "last_at": START, "state": b"", "calendar": "", "attempts": 0, "part": "",
}  # fmt: skip
LETTER = LetterRow(
    case_id="c", id="l", kind=letters.MAIL, source="e", person="ann", at=START, since=START,
    state=letters.SENT, ended_at=START,
)  # fmt: skip


def _letter(**changes: Any) -> Callable[[Store], None]:
    def do(store: Store) -> None:
        with store.writing() as unit:
            letters.add(unit, [replace(LETTER, **changes)])

    return do


def _notice(store: Store) -> None:
    """What was told, and the letter that told it."""
    with store.writing() as unit:
        notices.add(unit, NoticeRow("n", "ann", START, "A subject", "A text"))
        row = letters.find(unit, letters.NO_CASE, "notice.n")
        assert row is not None
        letters.sent(unit, row, START)


Adds = tuple[Callable[[Store], None], ...]
FOR_EVER = None
#: what is there → the table that is looked at, and after how many days it is empty
ROWS: dict[str, tuple[Adds, Table, int | None]] = {
    "the key of a request": ((_add(idempotency, **KEY),), idempotency, 30),
    "failures to sign in": ((_add(throttle, what="x", failures=1, last_at=START),), throttle, 7),
    "a draft of a task that is over": ((_add(draft, **DRAFT),), draft, 30),
    "a draft of an open task": ((_add(draft, **DRAFT), _add(task, **TASK)), draft, FOR_EVER),
    "a file that was never sent": ((_add(answer_file, **FILE),), answer_file, 30),
    "a file that was never sent, of an open task": (
        (_add(answer_file, **FILE), _add(task, **TASK)), answer_file, FOR_EVER,
    ),
    "a file that was sent": (
        (_add(answer_file, **{**FILE, "seq": 2}),), answer_file, FOR_EVER,
    ),
    "a letter that went, of no case": ((_letter(case_id=""),), letter, 90),
    "a letter for nobody, of no case": (
        (_letter(case_id="", state=letters.DROPPED),), letter, 90,
    ),
    "a letter of a case that is over": ((_letter(), _add(cases, **CASE)), letter, 365),
    "a letter of a case that was over later": (
        (_letter(), _add(cases, **{**CASE, "ended_at": START + timedelta(days=9)})), letter, 374,
    ),
    "a letter of an open case": (
        (_letter(), _add(cases, **{**CASE, "ended_at": None})), letter, FOR_EVER,
    ),
    "a letter that waits": (
        (_letter(state=letters.WAITING, ended_at=None, next_at=START),), letter, FOR_EVER,
    ),
    "a failed letter of a case": ((_letter(state=letters.FAILED),), letter, FOR_EVER),
    "a failed letter of none": ((_letter(state=letters.FAILED, case_id=""),), letter, 365),
    "a letter of none that came back": ((_letter(state=letters.BOUNCED, case_id=""),), letter, 365),
    "a form that was begun": ((_add(start_draft, **BEGUN),), start_draft, 30),
    "what a case had mailed": ((_add(outbox, **EFFECT),), outbox, FOR_EVER),
    "a notice that went": ((_notice,), notice, 90),
}  # fmt: skip


def _count(store: Store, table: Table) -> int:
    with store.reading() as unit:
        return int(unit.value(select(func.count()).select_from(table)))


@pytest.mark.parametrize(("adds", "table", "days"), ROWS.values(), ids=ROWS.keys())
def test_it_goes_when_its_time_is_over_and_no_sooner(
    sqlite_store: Store, adds: Adds, table: Table, days: int | None
) -> None:
    for add in adds:
        add(sqlite_store)
    at: datetime = START + timedelta(days=days if days is not None else 5000)
    leftovers.sweep(sqlite_store, at)
    assert _count(sqlite_store, table) == 1
    leftovers.sweep(sqlite_store, at + timedelta(microseconds=1))
    assert _count(sqlite_store, table) == (1 if days is None else 0)


def test_a_notice_whose_letter_waits_stays(sqlite_store: Store) -> None:
    with sqlite_store.writing() as unit:
        notices.add(unit, NoticeRow("n", "ann", START, "A subject", "A text"))
    leftovers.sweep(sqlite_store, START + timedelta(days=5000))
    assert _count(sqlite_store, notice) == _count(sqlite_store, letter) == 1


def test_a_notice_goes_though_the_letter_of_another_waits(sqlite_store: Store) -> None:
    _notice(sqlite_store)
    with sqlite_store.writing() as unit:
        notices.add(unit, NoticeRow("waits", "ben", START, "A subject", "A text"))
    leftovers.sweep(sqlite_store, START + timedelta(days=91))
    with sqlite_store.reading() as unit:
        assert [row.id for row in unit.rows(select(notice.c.id))] == ["waits"]


def test_many_rows_go_in_small_transactions_on_either_database(store: Store) -> None:
    count = leftovers.MOST * 2 + 1
    with store.writing() as unit:
        rows = [{**KEY, "key": str(number)} for number in range(count)]
        kept = {**KEY, "key": "kept", "at": START.replace(year=2029)}
        unit.many(insert(idempotency), [*rows, kept])
    _add(draft, **DRAFT)(store)
    _add(cases, **CASE)(store)
    _letter()(store)
    _letter(id="f", case_id="", state=letters.FAILED)(store)
    _notice(store)
    gone = leftovers.sweep(store, START + timedelta(days=366))
    assert gone == count + 5 and _count(store, idempotency) == 1
