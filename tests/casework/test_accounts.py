"""Signing in, sessions, tokens, and waiting after failures."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from app.casework import SYSTEM, accounts
from app.casework.accounts import SignedIn
from app.casework.errors import Overloaded, Refused, Throttled
from app.casework.people import changes, passwords, throttle, tokens
from app.casework.settings import SignInRules
from app.store import PersonRow, Store
from app.store.chain.log import entries, refusals
from tests import limits
from tests.kit import PEOPLE, Kit

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Real hashes, but cheap ones: much is tried here."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords.decoy.cache_clear()
    yield
    passwords.decoy.cache_clear()


@pytest.fixture
def desk_kit(sqlite_store: Store) -> Kit:
    # fewer than in earnest: each try costs what argon2 shall cost
    kit = Kit(sqlite_store, sign_in=SignInRules(account_failures=3, address_failures=4))
    ann = PEOPLE["ann"]
    accounts.ensure(
        kit.desk, "ann", ann.name, ann.roles, kit.at, email="Ann@example.org", password=PASSWORD
    )
    return kit


def sign_in(
    kit: Kit, name: str = "ann", password: str = PASSWORD, at: str = "10.0.0.1"
) -> SignedIn:
    return accounts.sign_in(kit.desk, name, password, kit.at, at)


@pytest.mark.parametrize("name", ["ann", "ANN@EXAMPLE.ORG", " ann@example.org "])
def test_a_person_signs_in_by_id_or_address(desk_kit: Kit, name: str) -> None:
    signed = sign_in(desk_kit, name)
    assert signed.person == PEOPLE["ann"]
    assert accounts.person_of(desk_kit.desk, signed.token, desk_kit.at) == PEOPLE["ann"]


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        pytest.param("NFC", "NFD", id="set composed, typed decomposed"),
        pytest.param("NFD", "NFC", id="set decomposed, typed composed"),
    ],
)
def test_a_password_is_the_same_however_its_letters_were_made(
    desk_kit: Kit, kept: Literal["NFC", "NFD"], typed: Literal["NFC", "NFD"]
) -> None:
    ann, password = PEOPLE["ann"], "Zoë liebt Käse heute"
    accounts.ensure(
        desk_kit.desk, "ann", ann.name, ann.roles, desk_kit.at,
        password=unicodedata.normalize(kept, password),
    )  # fmt: skip
    assert sign_in(desk_kit, password=unicodedata.normalize(typed, password)).person == ann


@pytest.mark.parametrize(
    ("name", "password"),
    [("ann", "wrong"), ("nobody", PASSWORD), ("ben", ""), ("", "")],
    ids=["wrong password", "unknown", "no password set", "empty"],
)
def test_every_failure_reads_the_same(desk_kit: Kit, name: str, password: str) -> None:
    with pytest.raises(Refused, match="The name or the password is not right"):
        sign_in(desk_kit, name, password)


def guess(kit: Kit, name: str = "ann", at: str = "10.0.0.1", device: str = "") -> None:
    """A wrong password that was looked at."""
    with pytest.raises(Refused, match="not right"):
        browser = accounts.Browser(device=device)
        accounts.sign_in(kit.desk, name, "wrong", kit.at, at, browser)


def test_after_some_failures_a_place_waits_longer_and_longer_and_never_long(desk_kit: Kit) -> None:
    for _ in range(3):
        guess(desk_kit)
    waits = []
    for _ in range(8):
        with pytest.raises(Throttled) as throttled:
            sign_in(desk_kit)
        waits.append(throttled.value.seconds)
        desk_kit.later(seconds=throttled.value.seconds)
        guess(desk_kit)
    assert waits == [1 + each for each in (1, 2, 4, 8, 16, 32, 60, 60)], "the one that has begun"
    desk_kit.later(minutes=1)
    assert sign_in(desk_kit).token, "nobody is locked out for good"


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        pytest.param(0, "1 second", id="less than one"),
        pytest.param(88, "89 seconds", id="seconds while they are few"),
        pytest.param(89, "2 minutes", id="then whole minutes, rounded up"),
        pytest.param(180, "4 minutes", id="never too few"),
    ],
)
def test_how_long_to_wait_is_said_in_words(wait: int, words: str) -> None:
    with pytest.raises(Throttled, match=f"Please wait {words}[.]$"):
        throttle.stop(timedelta(seconds=wait, milliseconds=1))


def test_guessing_somebody_from_elsewhere_does_not_lock_them_out(desk_kit: Kit) -> None:
    for _ in range(3):
        guess(desk_kit, at="192.0.2.9")
    for _ in range(8):
        with pytest.raises(Throttled):
            sign_in(desk_kit, at="192.0.2.9")
        assert sign_in(desk_kit).token


def test_id_and_address_of_a_person_are_one_budget(desk_kit: Kit) -> None:
    for name in ("ann", "ANN", "ann@example.org"):
        guess(desk_kit, name)
    for name in ("ann", " Ann@Example.org"):
        with pytest.raises(Throttled):
            sign_in(desk_kit, name)


def test_typos_of_many_from_one_address_stop_no_right_password_there(desk_kit: Kit) -> None:
    for number in range(8):
        guess(desk_kit, f"typo{number}")
    assert sign_in(desk_kit).token


def test_an_address_that_failed_often_waits_for_those_it_failed_for(desk_kit: Kit) -> None:
    guess(desk_kit, at="10.0.0.7")  # somebody failed for ann, somewhere
    for number in range(4):
        guess(desk_kit, f"guess{number}")
    with pytest.raises(Throttled):
        sign_in(desk_kit)
    assert sign_in(desk_kit, at="10.0.0.2").token
    desk_kit.later(minutes=1)
    assert sign_in(desk_kit).token, "and it decays"


def test_typos_over_a_year_add_up_to_nothing(sqlite_store: Store) -> None:
    rules = SignInRules(everywhere_failures=1, longest_wait=timedelta(days=2))
    kit = Kit(sqlite_store, sign_in=rules)
    accounts.ensure(kit.desk, "ann", "Ann", ["clerk"], kit.at, password=PASSWORD)
    for _ in range(20):
        guess(kit)
        kit.later(hours=8)
        assert sign_in(kit).token
        kit.later(hours=16)


def test_a_browser_in_which_they_signed_in_before_is_not_stopped_by_guesses_from_everywhere(
    sqlite_store: Store,
) -> None:
    kit = Kit(sqlite_store, sign_in=SignInRules(account_failures=2, everywhere_failures=3))
    accounts.ensure(kit.desk, "ann", "Ann", ["clerk"], kit.at, password=PASSWORD)
    known = sign_in(kit).device
    for number in range(3):
        guess(kit, at=f"192.0.2.{number}")
    with pytest.raises(Throttled):
        sign_in(kit, at="10.9.9.9")
    browser = accounts.Browser(device=known)
    assert accounts.sign_in(kit.desk, "ann", PASSWORD, kit.at, "10.9.9.9", browser).token


@pytest.mark.parametrize("forged", ["x", "x.", ".", "{mark}.00", "\udc80"])
def test_a_forged_mark_of_a_browser_is_none(desk_kit: Kit, forged: str) -> None:
    mark = sign_in(desk_kit).device.partition(".")[0]
    for _ in range(3):
        guess(desk_kit, device=forged.format(mark=mark))
    with pytest.raises(Throttled):
        sign_in(desk_kit)


def test_the_mark_of_ones_own_browser_does_not_help_to_guess_somebody_else(desk_kit: Kit) -> None:
    mark = sign_in(desk_kit).device
    accounts.ensure(desk_kit.desk, "ben", "Ben", ["clerk"], desk_kit.at, password=PASSWORD)
    for _ in range(3):
        guess(desk_kit, "ben", device=mark)
    with pytest.raises(Throttled):
        accounts.sign_in(
            desk_kit.desk, "ben", PASSWORD, desk_kit.at, "10.0.0.1", accounts.Browser(device=mark)
        )


def test_a_known_browser_waits_for_its_own_failures(desk_kit: Kit) -> None:
    mark = sign_in(desk_kit).device
    for number in range(3):
        guess(desk_kit, device=mark, at=f"192.0.2.{number}")
    with pytest.raises(Throttled):
        accounts.sign_in(
            desk_kit.desk, "ann", PASSWORD, desk_kit.at, "192.0.2.9", accounts.Browser(device=mark)
        )


def test_parallel_guesses_are_counted_before_they_are_checked(desk_kit: Kit) -> None:
    answers = []

    def one() -> None:
        try:
            sign_in(desk_kit, password="wrong")
        except (Refused, Throttled) as error:
            answers.append(type(error))

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(Refused) == 3 and answers.count(Throttled) == 9


def test_many_passwords_at_once_cannot_fill_the_memory(
    desk_kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = threading.BoundedSemaphore(1)
    monkeypatch.setattr(passwords, "_TURNS", turns)
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with turns:
        for _ in range(5):
            with pytest.raises(Overloaded, match="Many people are signing in") as told:
                sign_in(desk_kit)
            assert told.value.seconds == 5
    assert sign_in(desk_kit).token, "what was not looked at does not count as failed"


def test_people_of_one_office_do_not_wait_for_each_others_success(desk_kit: Kit) -> None:
    for _ in range(6):
        assert sign_in(desk_kit).token


def test_knowing_one_password_does_not_help_to_guess_another(desk_kit: Kit) -> None:
    accounts.ensure(desk_kit.desk, "ben", "Ben", ["clerk"], desk_kit.at, password=PASSWORD)
    for _ in range(3):
        sign_in(desk_kit)
        guess(desk_kit, "ben")
    with pytest.raises(Throttled):
        sign_in(desk_kit, "ben")


def test_a_sign_in_does_not_forgive_its_address_the_guesses_at_others(desk_kit: Kit) -> None:
    accounts.ensure(desk_kit.desk, "ben", "Ben", ["clerk"], desk_kit.at, password=PASSWORD)
    guess(desk_kit, "ben")
    for number in range(3):
        guess(desk_kit, f"guess{number}")
        sign_in(desk_kit)
    with pytest.raises(Throttled):
        sign_in(desk_kit, "ben")


COMMON = [
    "password1234", "Password1234!", "qwertyuiop123", "aaaaaaaaaaaa", "123456789012",
    "letmeinletmein",
    "iloveyou1234", "welcome12345", "p@ssw0rdp@ssw0rd", "ann.archer2026", "AnnArcherAnnArcher",
    "Ａｎｎarcher1234",
]  # fmt: skip


@pytest.mark.parametrize("password", COMMON)
def test_a_password_that_many_use_or_that_is_the_name_is_refused(password: str) -> None:
    ann = PersonRow("ann.archer", "Ann Archer", "ann.archer@example.org", (), {}, None, False)
    with pytest.raises(Refused) as refused:
        passwords.fit_to_choose(password, ann)
    assert refused.value.fields.keys() == {"password"}


@pytest.mark.parametrize(
    "password",
    ["violin carpet thunder", "correct horse review", "Zoë liebt Käse heute", "x7#Kp2!vQz9m"],
)
def test_a_good_password_is_taken(password: str) -> None:
    passwords.fit_to_choose(password, PersonRow("ann", "Ann Archer", None, (), {}, None, False))


@pytest.mark.parametrize(
    ("name", "password", "taken"),
    [
        pytest.param("Jo Lee", "leeviolincar", True, id="three letters of a name are no name"),
        pytest.param("Jo Leer", "leerviolinca", False, id="four letters are, and eight others few"),
        pytest.param("Jo Leer", "leerviolincarpet", True, id="four letters and twelve others"),
    ],
)
def test_a_name_counts_from_four_letters(name: str, password: str, taken: bool) -> None:
    jo = PersonRow("x", name, None, (), {}, None, False)
    if taken:
        passwords.fit_to_choose(password, jo)
        return
    with pytest.raises(Refused, match="holds your name"):
        passwords.fit_to_choose(password, jo)


def test_a_very_long_password_costs_no_more_than_others() -> None:
    ann = PersonRow("ann", "Ann Archer", None, (), {}, None, False)
    with limits.within(2), pytest.raises(Refused, match="at most"):
        passwords.fit_to_choose("ab1" * 100_000, ann)


def test_every_attempt_is_written_down(desk_kit: Kit) -> None:
    token = sign_in(desk_kit).token
    with pytest.raises(Refused):
        sign_in(desk_kit, password="wrong")
    accounts.sign_out(desk_kit.desk, token, desk_kit.at)
    with desk_kit.store.reading() as unit:
        rows = entries.page(unit, entries.Asked(person="ann"), 0, 10)
        refused = [(row.what, row.who, row.count) for row in refusals.running(unit)]
    assert [row.kind for row in rows] == ["SignOut", "SignIn", "ChangePerson"]
    assert refused == [("failed", "p:ann", 1)]


def test_who_has_to_wait_is_counted_in_the_log(desk_kit: Kit) -> None:
    for _ in range(3):
        guess(desk_kit)
    with pytest.raises(Throttled):
        sign_in(desk_kit)
    with desk_kit.store.reading() as unit:
        counted = {row.what: row.count for row in refusals.running(unit) if row.who == "p:ann"}
    assert counted == {"failed": 3, "throttled": 1}


def test_an_idle_session_ends_and_use_keeps_it(desk_kit: Kit) -> None:
    token = sign_in(desk_kit).token
    for _ in range(3):
        desk_kit.later(minutes=20)
        assert accounts.person_of(desk_kit.desk, token, desk_kit.at)
    desk_kit.later(minutes=30)
    assert accounts.person_of(desk_kit.desk, token, desk_kit.at) is None


def test_a_session_ends_after_a_day_at_work_however_busy(desk_kit: Kit) -> None:
    token = sign_in(desk_kit).token
    for _ in range(23):
        desk_kit.later(minutes=20)
        assert accounts.person_of(desk_kit.desk, token, desk_kit.at)
    desk_kit.later(minutes=20)
    assert accounts.person_of(desk_kit.desk, token, desk_kit.at) is None


def test_signing_out_and_disabling_end_a_session_at_once(desk_kit: Kit) -> None:
    first, second = sign_in(desk_kit).token, sign_in(desk_kit).token
    accounts.sign_out(desk_kit.desk, first, desk_kit.at)
    assert accounts.person_of(desk_kit.desk, first, desk_kit.at) is None
    changes.disable(desk_kit.desk, SYSTEM, "ann", desk_kit.at)
    assert accounts.person_of(desk_kit.desk, second, desk_kit.at) is None
    with pytest.raises(Refused):
        sign_in(desk_kit)


def test_only_hashes_of_secrets_are_kept(desk_kit: Kit) -> None:
    token = sign_in(desk_kit).token
    api = accounts.new_token(desk_kit.desk, PEOPLE["ann"], "script", desk_kit.at)
    with desk_kit.store.reading() as unit:
        content = str(unit.rows(text("SELECT * FROM session")))
        content += str(unit.rows(text("SELECT * FROM token")))
        content += str(unit.rows(text("SELECT * FROM person")))
    assert not any(secret in content for secret in (token, api, PASSWORD))
    assert "argon2id" in content


def test_an_api_token_serves_until_it_expires_or_is_revoked(desk_kit: Kit) -> None:
    desk, ann, at = desk_kit.desk, PEOPLE["ann"], desk_kit.at
    short = accounts.new_token(desk, ann, "short", at, at + timedelta(days=1))
    long = accounts.new_token(desk, ann, "long", at)
    assert accounts.person_of_token(desk, short, at) == ann
    assert accounts.person_of_token(desk, short, at + timedelta(days=1)) is None
    tokens.revoke(desk, SYSTEM, "ann", "long", at)
    assert accounts.person_of_token(desk, long, at) is None
    assert accounts.person_of_token(desk, "made up", at) is None


@pytest.mark.parametrize("id", ["clock", "system"])
def test_nobody_can_be_a_part_of_the_program(kit: Kit, id: str) -> None:
    with pytest.raises(Refused):
        accounts.ensure(kit.desk, id, "Eve", ["lead"], kit.at)


def test_a_short_password_is_refused(kit: Kit) -> None:
    with pytest.raises(Refused, match="12 characters"):
        accounts.ensure(kit.desk, "eve", "Eve", ["lead"], kit.at, password="short")
