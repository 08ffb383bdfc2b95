"""How long content is kept: a hold stops every destruction, two people lift it, two destroy, and
then nothing that was recorded is found anywhere, while the history still verifies.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text, update

from app.audit.disclosure import disclose
from app.audit.verification import verify_all, verify_case, verify_installation
from app.casework import views
from app.casework.access import SYSTEM, Person
from app.casework.commands import (
    AddMember,
    Cancel,
    DeliverMessage,
    EraseContent,
    ExcludePerson,
    LiftHold,
    Merge,
    ProduceDocument,
    SaveDraft,
    SetHold,
    Unmerge,
)
from app.casework.errors import CaseworkError, NotFound
from app.casework.orders import POWERS
from app.casework.retention import DUE, Retention, RetentionRule
from app.scheduler.sweeping import Sweeper
from app.store import Busy, Destroyed, Store, cases, retention
from app.store.chain import headers, history
from app.store.columns import METADATA
from app.store.retention.tables import erasure
from tests.guests import Mailbox, guest_form
from tests.kit import PEOPLE, START, Kit, diagram, form
from tests.word_documents import document, word

YEARS = RetentionRule(id="six", name="Six years", processes=(), years=6, basis="A test")
KEPT = Retention(
    rules=(YEARS,),
    holds={"trial": "A trial", "inquest": "An inquest"},
    early={"court": "A court ordered it"},
)
MAX = Person("max", "Max Moor", frozenset({"lead"}))
WHO = {**PEOPLE, "max": MAX}


def give(kit: Kit, who: str, command: type, **said: Any) -> Any:
    order = command(actor=WHO[who], at=kit.at, **({"reason": "because"} | said))
    return kit.desk.do(order)


def keeping(store: Store) -> Kit:
    kit = Kit(store, retention=KEPT)
    from app.casework import accounts

    accounts.ensure(kit.desk, "max", "Max Moor", ("lead",), kit.at)
    return kit


@pytest.fixture
def kit(sqlite_store: Store) -> Kit:
    kit = keeping(sqlite_store)
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk,lead"}))
    return kit


def ended(kit: Kit) -> str:
    case = kit.start("ann")
    kit.complete("ann", case, "check")
    return case


def destroyed(kit: Kit, case: str, cause: str = "court") -> None:
    for who in ("lea", "max"):
        give(kit, who, EraseContent, case=case, cause=cause)


def is_gone(kit: Kit, case: str) -> bool:
    with kit.store.reading() as unit:
        try:
            cases.key_of(unit, case)
        except Destroyed:
            return True
    return False


# What is done to a case, by whom; then whether two people can destroy it.


def _held(kit: Kit, case: str) -> str:
    give(kit, "lea", SetHold, case=case, kind="trial")
    with kit.store.reading() as unit:
        return str(retention.holds.of_case(unit, case)[-1].seq)


def _asked_to_lift(kit: Kit, case: str) -> str:
    hold = _held(kit, case)
    give(kit, "lea", LiftHold, case=case, hold=hold)
    return hold


def _lifted_by_one(kit: Kit, case: str) -> None:
    hold = _asked_to_lift(kit, case)
    with pytest.raises(CaseworkError, match="asked for this already"):
        give(kit, "lea", LiftHold, case=case, hold=hold)


def _lifted(kit: Kit, case: str) -> None:
    give(kit, "max", LiftHold, case=case, hold=_asked_to_lift(kit, case))


def _lifted_after_who_asked_was_shut_out(kit: Kit, case: str) -> None:
    hold = _asked_to_lift(kit, case)
    kit.desk.do(ExcludePerson(actor=SYSTEM, at=kit.at, case=case, person="lea", reason="r"))
    give(kit, "max", LiftHold, case=case, hold=hold)  # now he is the first
    kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="ben", reason="r"))


def _one_of_two_lifted(kit: Kit, case: str) -> None:
    _lifted(kit, case)
    give(kit, "max", SetHold, case=case, kind="inquest")


HOLDS: dict[str, tuple[Callable[[Kit, str], Any], bool]] = {
    "no hold": (lambda kit, case: None, True),
    "a hold": (_held, False),
    "a hold, its lifting asked for": (_asked_to_lift, False),
    "a hold, its lifting asked for twice by one": (_lifted_by_one, False),
    "a hold, lifted by two": (_lifted, True),
    "one of two holds lifted": (_one_of_two_lifted, False),
}


@pytest.mark.parametrize(("done", "goes"), HOLDS.values(), ids=HOLDS)
def test_a_hold_stops_a_destruction_until_two_people_lift_it(
    kit: Kit, done: Callable[[Kit, str], Any], goes: bool
) -> None:
    case = ended(kit)
    done(kit, case)
    if goes:
        destroyed(kit, case)
    else:
        with pytest.raises(CaseworkError, match="The case is held"):
            destroyed(kit, case)
    assert is_gone(kit, case) is goes


def test_who_asked_to_lift_a_hold_and_was_shut_out_since_does_not_count(kit: Kit) -> None:
    case = ended(kit)
    _lifted_after_who_asked_was_shut_out(kit, case)
    with kit.store.reading() as unit:
        (hold,) = retention.holds.of_case(unit, case)
    assert (hold.lift_by, hold.lifted_at) == ("max", None)


def test_a_hold_set_after_somebody_asked_ends_what_was_asked(kit: Kit) -> None:
    case = ended(kit)
    give(kit, "lea", EraseContent, case=case, cause="court")
    _lifted(kit, case)
    give(kit, "max", EraseContent, case=case, cause="court")  # again the first
    assert not is_gone(kit, case)


def _merged(kit: Kit) -> tuple[str, str]:
    copy, main = kit.start("ann"), kit.start("ann")
    with kit.store.reading() as unit:
        row = cases.find(unit, main)
    assert row is not None
    give(kit, "lea", Merge, case=copy, into=row.reference)
    return copy, main


@pytest.mark.parametrize("on", [0, 1], ids=["on the duplicate", "on the case that goes on"])
@pytest.mark.parametrize("of", [0, 1], ids=["of the duplicate", "of the case that goes on"])
def test_a_hold_on_one_of_two_merged_cases_protects_both(kit: Kit, on: int, of: int) -> None:
    both = _merged(kit)
    with pytest.raises(CaseworkError, match="a case that is over"):
        give(kit, "lea", EraseContent, case=both[of], cause="court")
    kit.complete("ann", both[1], "check")
    _held(kit, both[on])
    with pytest.raises(CaseworkError, match="The case is held"):
        give(kit, "lea", EraseContent, case=both[of], cause="court")


def test_each_of_two_merged_cases_goes_by_itself_and_the_other_still_works(kit: Kit) -> None:
    copy, main = _merged(kit)
    kit.complete("ann", main, "check")
    destroyed(kit, main)
    page = views.case_page(kit.desk, PEOPLE["ann"], copy, kit.at)
    assert page.case and not is_gone(kit, copy)
    with pytest.raises(Destroyed):
        give(kit, "lea", Unmerge, case=copy)
    kit.desk.do(ExcludePerson(actor=SYSTEM, at=kit.at, case=copy, person="ben", reason="r"))
    destroyed(kit, copy)
    assert is_gone(kit, copy) and all(each.good for each in verify_all(kit.store))


# Who asks and who agrees, when, and why → the sentence that refuses it; None: it is destroyed.
SIX_YEARS = {"days": 6 * 366}
ASKED: dict[str, tuple[tuple[tuple[str, str], ...], dict[str, float], str | None]] = {
    "its time is over": ((("lea", DUE), ("max", DUE)), SIX_YEARS, None),
    "early, by a cause": ((("lea", "court"), ("max", "court")), {}, None),
    "early, without a cause": ((("lea", DUE),), {}, "kept for 6 years from 4 March 2026"),
    "a day before its time": ((("lea", DUE),), {"days": 6 * 365}, "kept for 6 years"),
    "a cause that is none": ((("lea", "because"),), {}, "There is no such cause"),
    "by one alone": ((("lea", "court"), ("lea", "court")), {}, "Somebody else must agree"),
    "another cause than was asked": (
        (("lea", "court"), ("max", DUE)), SIX_YEARS, "asked for because: A court ordered it"),
    "by somebody without the power": ((("ann", "court"),), {}, "nothing here that you may see"),
}  # fmt: skip


@pytest.mark.parametrize(("orders", "later", "against"), ASKED.values(), ids=ASKED)
def test_two_people_destroy_when_its_time_is_over_or_for_a_cause(
    kit: Kit, orders: tuple[tuple[str, str], ...], later: dict[str, float], against: str | None
) -> None:
    case = ended(kit)
    kit.later(**later)
    *before, (who, cause) = orders
    for first, why in before:
        give(kit, first, EraseContent, case=case, cause=why)
    if against is None:
        give(kit, who, EraseContent, case=case, cause=cause)
    else:
        with pytest.raises(CaseworkError, match=against):
            give(kit, who, EraseContent, case=case, cause=cause)
    assert is_gone(kit, case) is (against is None)


@pytest.mark.parametrize("command", [SetHold, LiftHold, EraseContent])
def test_for_who_is_shut_out_there_is_no_such_case(kit: Kit, command: type) -> None:
    case = ended(kit)
    kit.desk.do(ExcludePerson(actor=SYSTEM, at=kit.at, case=case, person="lea", reason="r"))
    said = {SetHold: {"kind": "trial"}, LiftHold: {"hold": "1"}, EraseContent: {"cause": "court"}}
    with pytest.raises(NotFound):
        give(kit, "lea", command, case=case, **said[command])
    assert case not in str(views.retention_page(kit.desk, PEOPLE["lea"], kit.at))


@pytest.mark.parametrize(
    ("ended_on", "over"),
    [
        pytest.param(date(2026, 3, 4), date(2032, 3, 4), id="a common day"),
        pytest.param(date(2024, 2, 29), date(2030, 3, 1), id="29 February"),
    ],
)
def test_years_are_counted_from_the_end_of_the_case(ended_on: date, over: date) -> None:
    assert YEARS.over(ended_on) == over


# Nothing is found anywhere.

MARK = "zqxj"
MARKS = iter(range(10_000))


def mark(sort: str) -> str:
    return f"{MARK}-{sort}-{next(MARKS)}"


ANSWERS = [f"word{number}" for number in range(17)]
FILES = {
    **diagram(
        "start > task:tell > and:fork; fork > task:check > join; fork > task:each > join;"
        " fork > send:post > join; fork > catch:wait > join; fork > task:reply > and:join > end",
        tell={"groups": "clerk", "form": "told", "look_for_persons": "true"},
        check={"groups": "clerk,lead", "form": "words", "label": "=word0",
               "status": "=word1", "due": "=working_days_after(today(), 5)"},
        each={"groups": "clerk", "over": "=[word2]", "item": "piece"},
        post={"effect": "mail", "to": "clerk", "template": "tell"},
        wait={"message": "news", "recorded_by": "words"},
        reply={"groups": "clerk", "form": "words", "guest": "whom", "explain": "Please tell us."},
    ),
    **form("told", *ANSWERS, "guest", "place", required=False),
    **form("words", "said", required=False),
    **guest_form(
        name="=records.tell.guest", organisation="=records.tell.place",
        address='="jo@surgery.example.org"', telephone='="01306 555123"',
    ),
    "forms/mail/tell.txt": b"Subject: A case\n\nPlease look.",
    **document("note", word("«=told.tell.word0»"), groups="clerk, lead"),
}  # fmt: skip


class Planted:
    """A case with a mark in all that can be recorded of it; and its keys."""

    def __init__(self, kit: Kit) -> None:
        kit.deploy(FILES)
        self.marks = {name: mark(name) for name in
                      (*ANSWERS, "guest", "place")}  # fmt: skip
        self.case = kit.start("ann")
        answers = dict(self.marks)
        kit.complete("ann", self.case, "tell", key=self.new("key"), **answers)
        kit.do(ProduceDocument, "ann", case=self.case, document="note", format="docx")
        Mailbox(kit).fetch(kit.at)
        task = kit.task(self.case, "check")
        kit.do(SaveDraft, "ben", case=self.case, task=task, given={"said": self.new("draft")})
        added = {"case": self.case, "person": "lea", "reason": self.new("added")}
        kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, **added))
        give(kit, "lea", ExcludePerson, case=self.case, person="gil", reason=self.new("shut out"))
        kit.do(DeliverMessage, "lea", case=self.case, message="news", given={"said": self.new("m")})
        views.case_page(kit.desk, PEOPLE["ann"], self.case, kit.at)
        with kit.store.reading() as unit:
            key = cases.key_of(unit, self.case)
            wrapped = unit.value(
                text("SELECT wrapped FROM case_key WHERE case_id = :c"), {"c": self.case}
            )
        self.keys = [key._key, bytes(wrapped)]
        give(kit, "lea", Cancel, case=self.case, reason=self.new("cancel"))
        give(kit, "lea", SetHold, case=self.case, kind="trial", reason=self.new("hold"))
        with kit.store.reading() as unit:
            (hold,) = retention.holds.of_case(unit, self.case)
        for who in ("lea", "max"):
            said = {"case": self.case, "hold": str(hold.seq), "reason": self.new("lift")}
            give(kit, who, LiftHold, **said)

    def new(self, sort: str) -> str:
        self.marks[f"{sort} {len(self.marks)}"] = mark(sort.replace(" ", "-"))
        return list(self.marks.values())[-1]

    def destroy(self, kit: Kit) -> None:
        for who in ("lea", "max"):
            give(kit, who, EraseContent, case=self.case, cause="court", reason=self.new("erase"))

    def found(self, content: bytes) -> set[str]:
        named = {name for name, mark in self.marks.items() if mark.encode() in content}
        keys = {f"key {n}" for n, key in enumerate(self.keys) if key in content}
        return named | keys


def in_tables(store: Store) -> Iterator[bytes]:
    with store.reading() as unit:
        for table in METADATA.sorted_tables:
            for row in unit.rows(text(f'SELECT * FROM "{table.name}"')):
                yield b" ".join(
                    value if isinstance(value, bytes) else str(value).encode() for value in row
                )


def in_files(store: Store) -> Iterator[bytes]:
    """Every file in which the database keeps anything, of PostgreSQL also its write-ahead log."""
    if store.dialect == "sqlite":
        folder = Path(str(store.url.database)).parent
        yield from (path.read_bytes() for path in folder.glob("store.db*"))
        return
    with store.reading() as unit:
        top = Path(unit.value(text("SHOW data_directory")))
        mine = unit.value(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    for path in top.rglob("*"):
        others = path.parent.parent == top / "base" and path.parent.name != str(mine)
        if path.is_file() and not others:
            yield path.read_bytes()


def everywhere(store: Store, planted: Planted) -> set[str]:
    found: set[str] = set()
    for content in (*in_tables(store), *in_files(store)):
        if MARK.encode() in content or any(key in content for key in planted.keys):
            found |= planted.found(content)
    return found


@pytest.fixture
def forgetful(store: Store) -> Iterator[Store]:
    """PostgreSQL with the setting that docs/operations.md names: old pieces of its log go."""
    if store.dialect == "sqlite":
        yield store
        return
    url = store.url.render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET wal_recycle = off")
        server.execute("SELECT pg_reload_conf()")
        yield store
        server.execute("ALTER SYSTEM RESET wal_recycle")
        server.execute("SELECT pg_reload_conf()")


def test_of_destroyed_content_nothing_is_found_anywhere(
    forgetful: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kit = keeping(forgetful)
    planted = Planted(kit)
    before = everywhere(kit.store, planted)
    assert {"word0", "word1", "guest", "key 1"} <= before, "the search sees what lies in the open"
    assert len(planted.marks) >= 28
    planted.destroy(kit)
    with kit.store.reading() as unit:
        assert retention.erasures.unswept(unit) == [planted.case]
    Sweeper(kit.desk).sweep(kit.at)
    with kit.store.reading() as unit:
        assert retention.erasures.unswept(unit) == []
    assert len(planted.marks) >= 30
    assert everywhere(kit.store, planted) == set()
    assert MARK not in caplog.text
    log = verify_installation(kit.store)
    assert log is not None and log.good, log and log.lines()
    verdicts = list(verify_all(kit.store))
    assert [line for each in verdicts if not each.good for line in each.lines()] == []


def test_every_table_of_a_case_is_said_to_go_or_to_stay() -> None:
    own = {table.name for table in METADATA.sorted_tables if "case_id" in table.c}
    content = retention.content
    assert own == {table.name for table in (*content.GOES, *content.STAYS)}
    assert not {*content.GOES} & {*content.STAYS}


# What is left.


@pytest.fixture
def left(kit: Kit) -> tuple[Kit, str]:
    case = ended(kit)
    kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="out", reason="r"))
    destroyed(kit, case)
    return kit, case


def test_the_last_entry_says_who_asked_who_agreed_by_which_rule_and_why(
    left: tuple[Kit, str],
) -> None:
    kit, case = left
    with kit.store.reading() as unit:
        *_, newest = history.rows(unit, case)
    header = headers.parsed(newest.header)
    names = ("kind", "actor", "asked_by", "rule", "cause", "content")
    said = {name: header[name] for name in names}
    assert said == {
        "kind": "destroyed", "actor": "max", "asked_by": "lea", "rule": "six", "cause": "court",
        "content": None,
    }  # fmt: skip
    assert headers.lacking(header) is None and newest.body == b""


def test_a_destroyed_case_verifies_and_its_replay_is_told(left: tuple[Kit, str]) -> None:
    kit, case = left
    verdict = verify_case(kit.store, case)
    assert verdict.good and "destroyed on purpose" in verdict.lines()[0]
    assert verdict.replay is not None and "destroyed" in verdict.replay.sentence


def test_a_key_that_is_gone_without_such_an_entry_is_a_loss(kit: Kit) -> None:
    case = ended(kit)
    with kit.store.writing() as unit:
        unit.run(text("DELETE FROM case_key WHERE case_id = :c"), {"c": case})
        retention.erasures.ask(unit, case, "six", "court", "lea", kit.at)
        retention.erasures.agree(unit, case, "max", kit.at)  # a row alone proves nothing
    verdict = verify_case(kit.store, case)
    assert not verdict.good and "key is lost" in " ".join(verdict.lines())


LOOKS: dict[str, Callable[[Kit, str], Any]] = {
    "its page": lambda kit, case: views.case_page(kit.desk, PEOPLE["ann"], case, kit.at),
    "its documents": lambda kit, case: views.document_page(kit.desk, PEOPLE["ann"], case, kit.at),
    "an order": lambda kit, case: give(kit, "lea", SetHold, case=case, kind="trial"),
    "asked once more": lambda kit, case: give(kit, "lea", EraseContent, case=case, cause="court"),
    "its retention": lambda kit, case: views.retention_case(
        kit.desk, PEOPLE["lea"], case, kit.at),
}  # fmt: skip


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_whoever_looks_is_told_that_it_was_destroyed(
    left: tuple[Kit, str], look: Callable[[Kit, str], Any]
) -> None:
    kit, case = left
    with pytest.raises(Destroyed):
        look(kit, case)
    with kit.store.reading() as unit, pytest.raises(Destroyed):
        disclose(unit, case, None, ())


SEES = {
    "a member": ("ann", True),
    "who holds the power": ("lea", True),
    "a stranger": ("pol", False),
}


@pytest.mark.parametrize(("who", "sees"), SEES.values(), ids=SEES)
def test_what_is_left_is_shown_to_who_might_see_the_case_before(
    left: tuple[Kit, str], who: str, sees: bool
) -> None:
    kit, case = left
    if not sees:
        with pytest.raises(NotFound):
            views.erased_case(kit.desk, PEOPLE[who], case)
        return
    erased = views.erased_case(kit.desk, PEOPLE[who], case)
    said = erased.erasure
    assert (said.by, said.agreed_by) == ("Lea Lamb", "Max Moor")
    assert (said.rule, said.cause) == ("Six years", "A court ordered it")


def test_lists_hold_a_destroyed_case_as_such(left: tuple[Kit, str]) -> None:
    kit, _ = left
    (row,) = views.case_list(kit.desk, PEOPLE["ann"], kit.at).rows
    assert (row.status, row.open_tasks, row.due) == ("Content destroyed", 0, None)
    page = views.retention_page(kit.desk, PEOPLE["lea"], kit.at)
    assert [line.case for line in page.destroyed] == [row.case] and not page.due


def test_due_held_and_asked_for_stand_on_the_page(kit: Kit) -> None:
    early, held, asked, open_ = ended(kit), ended(kit), ended(kit), kit.start("ann")
    kit.later(**SIX_YEARS)
    late = ended(kit)
    _held(kit, held)
    _held(kit, open_)
    give(kit, "lea", EraseContent, case=asked, cause=DUE)
    page = views.retention_page(kit.desk, PEOPLE["lea"], kit.at)
    with kit.store.reading() as unit:
        reference = {row.reference: id for id in (early, held, asked, open_, late)
                     if (row := cases.find(unit, id))}  # fmt: skip
    assert {reference[line.case] for line in page.due} == {early, asked}
    assert {reference[line.case] for line in page.later} == {held, late}
    assert {reference[line.case]: line.reason for line in page.holds} == {
        held: "because", open_: "because"}  # fmt: skip
    assert [reference[line.case] for line in page.asked] == [asked]
    assert page.due[0].sum == "6 years from 4 March 2026: until 4 March 2032"


def test_nobody_without_the_power_reads_of_it(kit: Kit) -> None:
    assert "retention" in POWERS
    with pytest.raises(NotFound):
        views.retention_page(kit.desk, PEOPLE["ann"], kit.at)


@pytest.mark.parametrize(
    ("holds", "later"),
    [
        pytest.param(
            "BEGIN; SELECT count(*) FROM cases", timedelta(minutes=5, microseconds=1),
            id="somebody read, and five minutes are over",
        ),
        pytest.param(
            "BEGIN IMMEDIATE", timedelta(microseconds=-1),
            id="somebody wrote, and the clock was set back",
        ),
    ],
)  # fmt: skip
def test_a_sweep_that_something_was_in_the_way_of_is_done_later(
    left: tuple[Kit, str], holds: str, later: timedelta
) -> None:
    """The row stands since the destruction: neither a crash after it nor who holds the database
    forgets it. Others wait for a sweep, so it is not tried again at every knock."""
    kit, _ = left
    log = Path(f"{kit.store.url.database}-wal")
    sweeper = Sweeper(kit.desk)
    heard: list[str] = []
    kit.store.engine.dispose()

    @event.listens_for(kit.store.engine, "connect")
    def hears(raw: Any, _: Any) -> None:
        raw.set_trace_callback(heard.append)

    def swept(at: datetime) -> bool:
        sweeper.sweep(at)
        with kit.store.reading() as unit:
            return not retention.erasures.unswept(unit)

    with closing(sqlite3.connect(str(kit.store.url.database))) as other:
        for statement in holds.split("; "):
            other.execute(statement).fetchall()
        assert not swept(kit.at)
    assert heard.index("PRAGMA busy_timeout = 1000") < heard.index("VACUUM"), "others wait for it"
    assert not swept(kit.at) and not swept(kit.at + timedelta(minutes=5))
    assert swept(kit.at + later)
    assert log.stat().st_size < 100_000
    with kit.store.writing() as unit:  # as after the next destruction
        unit.run(update(erasure).values(swept_at=None))
    assert swept(kit.at + later), "nothing was in the way"
    pool: Any = kit.store.engine.pool
    assert pool.checkedout() == 0, "a connection was not given back"
    with kit.store.reading() as unit:
        assert unit.value(text("PRAGMA busy_timeout")) == 30_000, "an order waits as long as ever"


def test_where_nothing_was_destroyed_a_sweep_touches_nothing(sqlite_store: Store) -> None:
    """It would hold up everybody, at every knock."""
    with closing(sqlite3.connect(str(sqlite_store.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        assert retention.sweeping.sweep(sqlite_store, START)


@pytest.mark.postgres
def test_a_table_that_somebody_holds_puts_a_sweep_off(postgres_store: Store) -> None:
    kit = keeping(postgres_store)
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk,lead"}))
    case = ended(kit)
    destroyed(kit, case)

    @event.listens_for(kit.store.engine, "checkout")
    def impatient(raw: Any, *_: Any) -> None:
        raw.execute("SET lock_timeout = '50ms'")
        raw.commit()

    with kit.store.writing() as unit:
        unit.run(text("LOCK TABLE case_key IN SHARE MODE"))
        with pytest.raises(Busy):
            retention.sweeping.sweep(kit.store, kit.at)
    with kit.store.reading() as unit:
        assert retention.erasures.unswept(unit) == [case]
