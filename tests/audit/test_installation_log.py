"""The installation's log: every change stands in it, it is checked like a case's, tables follow."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.audit.installation import words
from app.audit.verification import archived, heads, missed, rebuilt, verify_installation
from app.casework import Activate, EndCover, Reader, SetCover, accounts
from app.casework.access import SYSTEM
from app.casework.cases import installation_log as log
from app.casework.errors import Refused
from app.casework.people import changes, tokens
from app.store import Store, Unit, chain
from app.store.chain.log import entries, images, refusals
from tests.kit import PEOPLE, Kit, diagram

CLERKS = {"groups": "clerk"}
PASSWORD = "a long enough password"


@pytest.fixture
def kit(both: Kit) -> Kit:
    """Something of every kind that the log tells of."""
    desk, at = both.desk, both.at
    first = both.deploy(diagram("start > task:check > end", check=CLERKS))
    both.deploy(diagram("start > task:check > task:again > end", check=CLERKS, again=CLERKS))
    desk.do(Activate(actor=SYSTEM, at=at, digest=first))
    accounts.ensure(desk, "eve", "Eve Early", ["clerk"], at, password=PASSWORD)
    accounts.ensure(desk, "eve", "Eve Early", ["clerk", "lead"], at)
    accounts.new_token(desk, PEOPLE["ann"], "script", at)
    accounts.new_token(desk, PEOPLE["ben"], "old", at)
    tokens.revoke(desk, SYSTEM, "ben", "old", at)
    cover = desk.do(
        SetCover(
            actor=PEOPLE["lea"], at=at, person="ann", by="ben", first=date(2026, 3, 5),
            last=date(2026, 3, 6), reason="leave",
        )
    ).answer["cover"]  # fmt: skip
    desk.do(EndCover(actor=PEOPLE["lea"], at=at, cover=str(cover)))
    signed = accounts.sign_in(desk, "eve", PASSWORD, at, "10.0.0.1")
    accounts.sign_out(desk, signed.token, at)
    changes.disable(desk, SYSTEM, "eve", at)
    return both


def kinds(store: Store) -> list[str]:
    with store.reading() as unit:
        return [row.kind for row in chain.history.rows(unit, entries.NAME)]


def said(store: Store) -> list[tuple[str, str, dict[str, object]]]:
    """(kind, name of who did it, what it said) of every entry."""
    with store.reading() as unit:
        reader = Reader(entries.key_of(unit))
        bodies = [reader.read(row) for row in chain.history.rows(unit, entries.NAME)]
    return [(body.kind, body.by, dict(body.said)) for body in bodies]


def test_every_change_stands_in_the_log_in_its_order(kit: Kit) -> None:
    assert kinds(kit.store) == [
        "BeginLog", "ChangeSettings", "Deploy", "Activate", "Deploy", "Activate", "Activate",
        "MakePerson", "ChangePerson", "MakeToken", "MakeToken", "RevokeToken", "SetCover",
        "EndCover", "SignIn", "SignOut", "DisablePerson",
    ]  # fmt: skip


def test_an_entry_of_signing_in_names_the_person_and_the_way(kit: Kit) -> None:
    told = said(kit.store)
    who, entry = next((by, entry) for kind, by, entry in told if kind == "SignIn")
    assert words("SignIn", who, entry) == "Eve Early signed in from 10.0.0.1."
    assert words("SignIn", who, {**entry, "way": "passkey"}).startswith("Eve Early signed in by pa")


def test_the_log_is_good_and_the_tables_are_what_it_says(kit: Kit) -> None:
    verdict = verify_installation(kit.store)
    assert verdict is not None
    assert verdict.lines() == [
        "Installation log: history good. All 17 entries are as they were written, in an unbroken"
        " chain."
    ]
    with kit.store.reading() as unit:
        reader = Reader(entries.key_of(unit))
        tables = rebuilt([reader.read(row) for row in chain.history.rows(unit, entries.NAME)], {})
        for table, rows in images.everything(unit):
            told = {
                key: {name: value for name, value in row.items() if name}
                for key, row in tables.get(table, {}).items()
            }
            assert told == {images.key(table, row): row for row in rows}, table


def test_no_secret_and_no_reason_stands_in_the_log(kit: Kit) -> None:
    whole = str(said(kit.store))
    assert "argon2" not in whole and PASSWORD not in whole and "leave" not in whole


TAMPERED: dict[str, tuple[str, str]] = {
    "roles": (
        "UPDATE person SET roles = '[\"lead\"]' WHERE id = 'ann'",
        "The account “ann” was changed behind the log: its roles is not what entry 1 says.",
    ),
    "a password": (
        "UPDATE person SET password = 'x' WHERE id = 'eve'",
        "The account “eve” was changed behind the log: its password is not what entry 17 says.",
    ),
    "somebody enabled": (
        "UPDATE person SET disabled = false WHERE id = 'eve'",
        "The account “eve” was changed behind the log: its disabled is not what entry 17 says.",
    ),
    "a person put in": (
        "INSERT INTO person (id, name, roles, attributes, disabled, at)"
        " VALUES ('mal', 'Mal', '[]', '{}', false, 0)",
        "The account “mal” stands in no entry of the log.",
    ),
    "a person taken away": (
        "DELETE FROM person WHERE id = 'gil'",
        "The account “gil” that entry 1 tells of is no longer there.",
    ),
    "a group": (
        "INSERT INTO person_group (\"group\", person) VALUES ('lead', 'out')",
        "The group “out lead” stands in no entry of the log.",
    ),
    "a token revived": (
        "UPDATE token SET revoked_at = NULL WHERE name = 'old'",
        "The token “ben old” was changed behind the log: its revoked at is not what entry 12"
        " says.",
    ),
    "a token that lasts longer": (
        "UPDATE token SET expires_at = 9000000000000000 WHERE name = 'script'",
        "The token “ann script” was changed behind the log: its expires at is not what entry 10"
        " says.",
    ),
    "days of a cover": (
        "UPDATE cover SET last = '2027-01-01'",
        "was changed behind the log: its last is not what entry 14 says.",
    ),
    "an end of cover": ("DELETE FROM cover_end", "that entry 14 tells of is no longer there."),
    "an activation": (
        "UPDATE activation SET digest = 'x' WHERE number = 2",
        "The activation “2” was changed behind the log: its digest is not what entry 6 says.",
    ),
    "who activated": (
        "UPDATE activation SET \"by\" = 'dra' WHERE number = 2",
        "The activation “2” was changed behind the log: its by is not what entry 6 says.",
    ),
    "a note of a version": (
        "UPDATE deployment SET note = 'checked by two'",
        "was changed behind the log: its note is not what entry",
    ),
    "settings": (
        "UPDATE settings SET content = '{}'",
        "was changed behind the log: its content is not what entry 2 says.",
    ),
    "a link": (
        "INSERT INTO link (hash, person, at, \"by\", expires_at) VALUES ('', 'lea', 0, 'x', 0)",
        "stands in no entry of the log.",
    ),
    "a sign-in of before": (
        "INSERT INTO signing (number, at, what) VALUES (1, 0, 'in')",
        "The sign-in “1” stands in no entry of the log.",
    ),
    "what it is searched by": (
        "DELETE FROM log_about WHERE person = 'eve' AND seq = 8",
        "What is kept to search entry 8 by (eve) is not what the entry says.",
    ),
    "an entry changed": (
        "UPDATE history SET actor = 'lea' WHERE case_id = 'installation' AND seq = 8",
        "Entry 8 was changed: its actor is not the one in its sealed header.",
    ),
    "an entry removed": (
        "DELETE FROM history WHERE case_id = 'installation' AND seq = 8",
        "Entry 8 is missing: after 7 comes 9.",
    ),
    "the end cut off": (
        "DELETE FROM history WHERE case_id = 'installation' AND seq > 15",
        "The history ends at entry 15, but the log says that 17 were written.",
    ),
    "the seal taken away": (
        "UPDATE log_head SET head_seal = NULL",
        "Nothing vouches for entry 17 as the newest: its seal was taken away.",
    ),
    "the newest taken away": (
        "DELETE FROM log_head", "What names the newest entry of the log is no longer there.",
    ),
    "the key taken away": (
        "DELETE FROM case_key WHERE case_id = 'installation'",
        "The log's key is lost: somebody took it away.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("done", "sentence"), TAMPERED.values(), ids=TAMPERED.keys())
def test_what_was_changed_behind_the_log_is_named(kit: Kit, done: str, sentence: str) -> None:
    with kit.store.writing() as unit:
        unit.run(text(done))
    assert sentence in wrong(kit.store)


def wrong(store: Store) -> str:
    verdict = verify_installation(store)
    assert verdict is not None and not verdict.good
    return " ".join(verdict.lines())


def _swap(unit: Unit) -> None:
    for old, new in ((8, 99), (9, 8), (99, 9)):
        unit.run(text(f"UPDATE history SET seq = {new} WHERE seq = {old}"
                      " AND case_id = 'installation'"))  # fmt: skip


def _set_back(unit: Unit) -> None:
    """As somebody would who knows the chain, and has no key."""
    head = unit.value(text("SELECT hash FROM history WHERE case_id = 'installation' AND seq = 15"))
    unit.run(text("DELETE FROM history WHERE case_id = 'installation' AND seq > 15"))
    unit.run(text("UPDATE log_head SET seq = 15, head = :head"), {"head": head})


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        pytest.param(_swap, "Entry 8 does not follow entry 7", id="two entries changed places"),
        pytest.param(_set_back, "The seal on the newest entry is not that of entry 15", id="back"),
    ],
)
def test_who_knows_the_chain_but_not_the_key_is_found_out(
    kit: Kit, spoil: Callable[[Unit], None], sentence: str
) -> None:
    with kit.store.writing() as unit:
        spoil(unit)
    assert sentence in wrong(kit.store)


def test_a_list_of_heads_kept_elsewhere_names_a_log_set_back_in_whole(kit: Kit) -> None:
    kept = [line for line in heads(kit.store) if line.startswith("log ")]
    assert list(missed(kit.store, kept)) == []
    with kit.store.writing() as unit:
        unit.run(text("DELETE FROM history WHERE case_id = 'installation'"))
    assert list(missed(kit.store, kept)) == [
        ("log", "It had an entry 17, which is no longer there.")
    ]


def test_refusals_are_counted_in_a_row_an_hour_and_stand_in_the_log_when_it_is_over(
    kit: Kit,
) -> None:
    before = len(kinds(kit.store))
    for _ in range(3):
        with pytest.raises(Refused):
            accounts.sign_in(kit.desk, "ann", "wrong", kit.at, "10.0.0.9")
        with pytest.raises(Refused):
            accounts.sign_in(kit.desk, "nobody", "wrong", kit.at, "10.0.0.9")
    assert len(kinds(kit.store)) == before, "an anonymous sender adds no entry"
    kit.later(hours=1)
    log.begin(kit.desk.installation, kit.store, kit.at)
    kind, by, told = said(kit.store)[-1]
    assert (kind, by) == ("Refusals", "The system")
    hour = "2026-03-04T10:00:00.000000Z"
    assert told["counted"] == [
        {"hour": hour, "what": "failed", "who": "a:10.0.0.9", "count": 3},
        {"hour": hour, "what": "failed", "who": "p:ann", "count": 3},
    ]
    log.begin(kit.desk.installation, kit.store, kit.at)
    assert len(kinds(kit.store)) == before + 1
    verdict = verify_installation(kit.store)
    assert verdict is not None and verdict.good


def test_a_sender_with_many_addresses_does_not_let_it_grow_without_bound(
    both: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST", 5)
    for number in range(20):
        log.refused(both.store, log.FAILED, log.of_address(f"10.0.0.{number}"), both.at)
        log.refused(both.store, log.FAILED, log.of_address(f"2001:db8::{number:x}"), both.at)
    with both.store.reading() as unit:
        rows = refusals.running(unit)
    assert {row.who: row.count for row in rows} == {
        "a:10.0.0.0": 1, "a:10.0.0.1": 1, "a:10.0.0.2": 1, "a:10.0.0.3": 1,
        "a:2001:db8::/64": 20, "a:others": 16,
    }  # fmt: skip


def test_the_first_entry_says_what_stood_before_there_was_a_log(both: Kit) -> None:
    changes.sign_out(both.desk, SYSTEM, "ann", both.at)
    kind, _, told = said(both.store)[0]
    assert kind == "BeginLog"
    assert {row["id"] for part in told["rows"] for row in part["are"]  # type: ignore[attr-defined]
            if part["table"] == "person"} == set(PEOPLE)  # fmt: skip


def test_entries_are_given_by_kind_person_and_day_the_newest_first(kit: Kit) -> None:
    day = timedelta(days=1)

    def seqs(**asked: object) -> list[int]:
        with kit.store.reading() as unit:
            rows = entries.page(unit, entries.Asked(**asked), 0, 100)  # type: ignore[arg-type]
            assert entries.count(unit, entries.Asked(**asked)) == len(rows)  # type: ignore[arg-type]
        return [row.seq for row in rows]

    assert seqs(kinds=("MakeToken", "RevokeToken")) == [12, 11, 10]
    assert seqs(person="ben") == [14, 13, 12, 11]
    assert seqs(person="lea") == [14, 13], "also those who gave the order"
    assert seqs(since=kit.at + day) == seqs(until=kit.at) == []
    with kit.store.reading() as unit:
        assert [row.seq for row in entries.page(unit, entries.Asked(), 2, 3)] == [15, 14, 13]


def archive(kit: Kit, days: int = 1) -> bytes:
    """All of before now into a file; gives the file."""
    files: list[bytes] = []
    kit.later(days=days)
    archived(kit.desk, kit.at, kit.at, files.append)
    return files[0]


def test_archived_entries_leave_a_stub_from_which_the_rest_is_checked(kit: Kit) -> None:
    file = archive(kit)
    assert kinds(kit.store) == ["DisablePerson", "ArchiveLog"], "the newest stays"
    assert len(file.splitlines()) == 16
    changes.enable(kit.desk, SYSTEM, "eve", kit.at)
    assert len(archive(kit).splitlines()) == 2
    verdict = verify_installation(kit.store)
    assert verdict is not None and verdict.good, verdict.lines()


def test_the_file_of_an_archived_block_holds_the_entries_as_they_were(kit: Kit) -> None:
    with kit.store.reading() as unit:
        before = list(chain.history.rows(unit, entries.NAME))
    lines = [json.loads(line) for line in archive(kit).splitlines()]
    assert [(line["header"], bytes.fromhex(line["body"])) for line in lines] == [
        (row.header, row.body) for row in before[:-1]
    ]


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        pytest.param("UPDATE log_block SET sha256 = '00'", "The stub of the archived", id="file"),
        pytest.param("UPDATE log_block SET body = head", "The stub of the archived", id="content"),
        pytest.param("UPDATE log_block SET last = 15", "Entry 16 is missing", id="fewer"),
        pytest.param("DELETE FROM log_block", "Entry 1 is missing", id="stub"),
        pytest.param("DELETE FROM person WHERE id = 'gil'", "no longer there", id="a row of then"),
        pytest.param(
            "UPDATE token SET revoked_at = NULL WHERE name = 'old'", "changed behind the log",
            id="a token of then",
        ),
    ],
)  # fmt: skip
def test_what_is_changed_after_archiving_is_named(kit: Kit, done: str, sentence: str) -> None:
    archive(kit)
    with kit.store.writing() as unit:
        unit.run(text(done))
    assert sentence in wrong(kit.store)


def test_nothing_is_archived_where_the_file_cannot_be_written(kit: Kit) -> None:
    def full(_: bytes) -> None:
        raise OSError

    before = kinds(kit.store)
    with pytest.raises(OSError):
        archived(kit.desk, kit.later(days=1), kit.at, full)
    assert kinds(kit.store) == before
    with pytest.raises(Refused, match="There is no entry of before that day"):
        archived(kit.desk, kit.at - timedelta(days=9), kit.at, full)
