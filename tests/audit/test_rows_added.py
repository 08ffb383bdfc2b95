"""Who writes to the database gives themselves a session, a case, a cover or an open case: each row
that is added, changed or taken away is named in a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.audit.verification import verify_all, verify_installation
from app.casework import accounts
from app.casework.commands import (
    AgreeCover,
    BreakGlass,
    EndConflict,
    ExcludePerson,
    LiftExclusion,
    RecordConflict,
)
from app.casework.people import changes, own_password, sessions
from app.casework.people.sessions import Browser
from app.store import people
from tests.casework.test_authority import add, cover, do, kit
from tests.kit import Kit

__all__ = ["kit"]
PASSWORD, OTHER = "violin carpet thunder 7", "quiet harbour lemon 3"


@pytest.fixture
def case(kit: Kit) -> str:
    """A case with something of every kind that says who may see it."""
    case = kit.start("ann")
    add(kit, case, "lea")
    add(kit, case, "max")
    do(kit, ExcludePerson, "lea", case=case, person="gil", reason="r")
    do(kit, ExcludePerson, "lea", case=case, person="out", reason="r")
    do(kit, LiftExclusion, "lea", case=case, person="out", reason="r")
    do(kit, ExcludePerson, "lea", case=case, person="pia", reason="r")
    for who in ("lea", "max"):
        do(kit, LiftExclusion, who, case=case, person="pia", reason="r")
    kit.later(minutes=1)
    do(kit, AgreeCover, "lea", cover=cover(kit, "eva", "lea", "pol"))
    do(kit, BreakGlass, "eva", case=case, reason="A child is at risk tonight")
    do(kit, RecordConflict, "ann", person="ann", about="my sister")
    with kit.store.reading() as unit:
        (mine,) = people.conflicts.of_person(unit, "ann")
    do(kit, RecordConflict, "ben", person="ben", about="my brother")
    do(kit, EndConflict, "ann", conflict=mine.id)
    accounts.ensure(kit.desk, "pol", "Pol", ["agency"], kit.at, password=PASSWORD)
    accounts.ensure(kit.desk, "ben", "Ben", ["clerk"], kit.at, password=PASSWORD)
    accounts.sign_in(kit.desk, "pol", PASSWORD, kit.at, "10.0.0.1")
    return case


def said(kit: Kit) -> str:
    verdicts = [*verify_all(kit.store), verify_installation(kit.store)]
    return " ".join(line for one in verdicts if one and not one.good for line in one.lines())


NEXT_YEAR = 1_800_000_000_000_000
ROWS: dict[str, tuple[str, str]] = {
    "a session added": (
        'INSERT INTO session (hash, person, "at", seen_at, expires_at)'
        f" VALUES (x'aa', 'lea', 0, 0, {NEXT_YEAR})",
        "The session of “lea",
    ),
    "a session given to another": ("UPDATE session SET person = 'lea'", "its person is not"),
    "a session made longer": (
        f"UPDATE session SET expires_at = {NEXT_YEAR}", "its expires at is not what entry",
    ),
    "a session taken away": ("DELETE FROM session", "The session of “pol"),
    "a member added": (
        "INSERT INTO member VALUES (:c, 'p:eva', false, 2)", "That “eva” belongs to the case",
    ),
    "a group added": (
        "INSERT INTO member VALUES (:c, 'g:agency', false, 1)",
        "That “agency” belongs to the case (entry 1) is not what the history says.",
    ),
    "a member taken away": (
        "DELETE FROM member WHERE who = 'p:max'",
        "“max” is a member by entry 3, but the row that says so is gone.",
    ),
    "a member shut out": (
        "UPDATE member SET excluded = true WHERE who = 'p:max'", "That “max” is shut out",
    ),
    "an exclusion lifted": (
        "UPDATE member SET excluded = false WHERE who = 'p:gil'", "That “gil” belongs to the case",
    ),
    "an exclusion taken away": (
        "DELETE FROM member WHERE who = 'p:gil'", "“gil” is shut out by entry 4",
    ),
    "who was let in, put out again": (
        "INSERT INTO member VALUES (:c, 'p:pia', true, 7)", "That “pia” is shut out",
    ),
    "a lift asked for by another": (
        "UPDATE exclusion_lift SET \"by\" = 'max'", "Who asked that somebody be let in again",
    ),
    "a lift asked for by nobody": (
        "INSERT INTO exclusion_lift VALUES (:c, 'p:gil', 0, 'max')",
        "Who asked that somebody be let in again",
    ),
    "a lift forgotten": ("DELETE FROM exclusion_lift", "Who asked that somebody be let in again"),
    "a cover agreed by another": (
        "UPDATE cover_agreed SET \"by\" = 'max'", "The agreement to cover “",
    ),
    "a cover agreed by nobody": (
        "INSERT INTO cover_agreed VALUES ('made-up', 0, 'lea')",
        "The agreement to cover “made-up” stands in no entry of the log.",
    ),
    "an agreement taken away": ("DELETE FROM cover_agreed", "is no longer there."),
    "glass broken by nobody": (
        f"INSERT INTO opened_case VALUES (:c, 'ben', 0, {NEXT_YEAR})",
        "The broken glass “ben",
    ),
    "glass broken for longer": (
        f"UPDATE opened_case SET until = {NEXT_YEAR}", "its until is not what entry",
    ),
    "broken glass forgotten": ("DELETE FROM opened_case", "is no longer there."),
    "a conflict of another": (
        "UPDATE conflict SET person = 'lea' WHERE person = 'ben'", "its person is not what entry",
    ),
    "a conflict with others": (
        "UPDATE conflict SET body = x'00' WHERE person = 'ben'", "its body is not what entry",
    ),
    "a conflict taken away": ("DELETE FROM conflict WHERE person = 'ben'", "The conflict “"),
    "a conflict made up": (
        "INSERT INTO conflict VALUES ('made-up', 'lea', 0, 'lea', x'00')",
        "The conflict “made-up” stands in no entry of the log.",
    ),
    "an end of a conflict changed": (
        "UPDATE conflict_end SET \"by\" = 'lea'", "The end of conflict “",
    ),
    "an end of a conflict made up": (
        "INSERT INTO conflict_end SELECT id, 0, 'ben' FROM conflict WHERE person = 'ben'",
        "stands in no entry of the log.",
    ),
    "an end of a conflict taken away": ("DELETE FROM conflict_end", "is no longer there."),
}  # fmt: skip


@pytest.mark.parametrize(("done", "sentence"), ROWS.values(), ids=ROWS)
def test_a_row_by_which_somebody_sees_more_is_named(
    kit: Kit, case: str, done: str, sentence: str
) -> None:
    with kit.store.writing() as unit:
        unit.run(text(done), {"c": case} if ":c" in done else {})
    assert sentence in said(kit)


def test_what_sessions_do_by_themselves_is_no_tampering(kit: Kit, case: str) -> None:
    """Seen, ended in each way, replaced, over and swept."""
    desk = kit.desk
    first = accounts.sign_in(desk, "ben", PASSWORD, kit.at, "10.0.0.1")
    kit.later(minutes=5)
    assert sessions.person_of(desk, first.token, kit.at)
    browser = Browser("Firefox", "", first.token)
    pol = accounts.sign_in(desk, "pol", PASSWORD, kit.at, "10.0.0.1", browser)
    assert said(kit) == "", "one session in place of somebody else's"
    own_password.change_password(desk, pol.person, PASSWORD, OTHER, kit.at, browser)
    assert said(kit) == ""
    for end in ("out", "others", "everywhere", "disable"):
        signed = accounts.sign_in(desk, "ben", PASSWORD, kit.at, "10.0.0.1")
        if end == "out":
            accounts.sign_out(desk, signed.token, kit.at)
        elif end == "others":
            sessions.end_others(desk, signed.person, signed.token, kit.at)
        elif end == "everywhere":
            changes.sign_out(desk, accounts.SYSTEM, "ben", kit.at)
        else:
            changes.disable(desk, accounts.SYSTEM, "ben", kit.at)
        assert said(kit) == "", end
    kit.at += timedelta(hours=9)
    assert said(kit) == "", "over, and not yet swept"
    accounts.sign_in(desk, "pol", OTHER, kit.at, "10.0.0.1")
    assert said(kit) == "", "swept"


def test_a_session_seen_again_writes_no_entry(kit: Kit, case: str) -> None:
    signed = accounts.sign_in(kit.desk, "pol", PASSWORD, kit.at, "10.0.0.1")
    with kit.store.reading() as unit:
        before = unit.value(text("SELECT seq FROM log_head"))
    kit.later(minutes=5)
    assert sessions.person_of(kit.desk, signed.token, kit.at)
    with kit.store.reading() as unit:
        assert unit.value(text("SELECT seq FROM log_head")) == before
        assert unit.value(text("SELECT max(seen_at) FROM session")) == round(
            kit.at.timestamp() * 1e6
        )
