"""Signing in, sessions, tokens, and waiting after failures."""

from __future__ import annotations

import itertools
import unicodedata
from datetime import timedelta
from typing import Literal

import pytest
from sqlalchemy import text

from app.casework import accounts
from app.casework.accounts import SignedIn
from app.casework.errors import Refused, Throttled
from app.casework.settings import SignInRules
from app.store import Store
from app.store.chain.log import entries, refusals
from tests.kit import PEOPLE, Kit

PASSWORD = "a long enough password"


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


def test_after_some_failures_an_account_waits_longer_and_longer(desk_kit: Kit) -> None:
    addresses = (f"10.0.1.{number}" for number in itertools.count())
    for _ in range(3):
        with pytest.raises(Refused):
            sign_in(desk_kit, password="wrong", at=next(addresses))
    waits = []
    for _ in range(3):
        with pytest.raises(Throttled) as throttled:
            sign_in(desk_kit, at=next(addresses))
        waits.append(throttled.value.seconds)
        desk_kit.later(seconds=throttled.value.seconds)
        with pytest.raises(Refused):
            sign_in(desk_kit, password="wrong", at=next(addresses))
    assert waits == sorted(set(waits))
    desk_kit.later(minutes=20)
    assert sign_in(desk_kit).token, "nobody is locked out for good"
    with pytest.raises(Refused):
        sign_in(desk_kit, password="wrong")


def test_an_address_that_guesses_many_accounts_waits(desk_kit: Kit) -> None:
    for number in range(4):
        with pytest.raises(Refused):
            sign_in(desk_kit, f"guess{number}", "wrong")
    with pytest.raises(Throttled):
        sign_in(desk_kit)
    assert sign_in(desk_kit, at="10.0.0.2").token


def test_people_of_one_office_do_not_wait_for_each_others_success(desk_kit: Kit) -> None:
    for _ in range(6):
        assert sign_in(desk_kit).token


def test_knowing_one_password_does_not_help_to_guess_others(desk_kit: Kit) -> None:
    with pytest.raises(Throttled):
        for number in range(5):
            sign_in(desk_kit)
            with pytest.raises(Refused):
                sign_in(desk_kit, f"guess{number}", "wrong")


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
    accounts.disable(desk_kit.desk, "ann", desk_kit.at)
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
    accounts.revoke_token(desk, ann, "long", at)
    assert accounts.person_of_token(desk, long, at) is None
    assert accounts.person_of_token(desk, "made up", at) is None


@pytest.mark.parametrize("id", ["clock", "system"])
def test_nobody_can_be_a_part_of_the_program(kit: Kit, id: str) -> None:
    with pytest.raises(Refused):
        accounts.ensure(kit.desk, id, "Eve", ["lead"], kit.at)


def test_a_short_password_is_refused(kit: Kit) -> None:
    with pytest.raises(Refused, match="12 characters"):
        accounts.ensure(kit.desk, "eve", "Eve", ["lead"], kit.at, password="short")
