"""A second factor where a role demands it: asked before there is a session, each code once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher

from app import store as stores
from app.casework import SecondNeeded, accounts
from app.casework.access import ACCOUNTS, Person, Role
from app.casework.errors import Refused, Throttled
from app.casework.people import changes, links, passwords
from app.casework.people.proof import apps, own, resetting, second_step
from app.casework.people.sessions import NO_BROWSER
from app.store import Rows, Store
from app.store.chain.log import images
from tests.casework.test_people import ADA, GOOD, good, kinds, password, row
from tests.kit import PEOPLE, ROLES, Kit

CAREFUL = Role("careful", "Careful", "case", frozenset(), second_factor=True)
ADMIN = Role("admin", "Administrator", "none", frozenset({ACCOUNTS}))
CARA = Person("cara", "Cara", frozenset({"careful"}))


def careful(store: Store) -> Kit:
    kit = Kit(store, roles={**ROLES, "admin": ADMIN, "careful": CAREFUL})
    changes.first(kit.desk, row("ada", "admin"), kit.at)
    changes.make(kit.desk, ADA, row("cara", "careful"), kit.at)
    password(kit, "cara", ADA)
    return kit


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real ones, but every test signs somebody in several times."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords.decoy.cache_clear()


@pytest.fixture
def kit(sqlite_store: Store) -> Kit:
    return careful(sqlite_store)


def ticket(kit: Kit, who: str = "cara") -> str:
    with pytest.raises(SecondNeeded) as needed:
        accounts.sign_in(kit.desk, who, GOOD, kit.at, "a")
    return needed.value.ticket


def sessions_of(kit: Kit, who: str) -> int:
    with kit.store.reading() as unit:
        return len(stores.people.accounts.sessions_of(unit, who))


def enrol(kit: Kit) -> tuple[pyotp.TOTP, list[str], str]:
    """The app, recovery codes, session."""
    given = ticket(kit)
    step = second_step.step(kit.desk, given, kit.at)
    offer = apps.offer(kit.desk, step.row, "Rapid Review", kit.at)
    app = pyotp.TOTP(offer.key)
    signed, codes = second_step.set_up(
        kit.desk, given, offer.sealed, app.at(kit.at), kit.at, "a", NO_BROWSER
    )
    return app, codes, signed.token


def by_code(kit: Kit, code: str, given: str | None = None) -> str:
    signed = second_step.by_code(
        kit.desk, ticket(kit) if given is None else given, code, kit.at, "a", NO_BROWSER
    )
    return signed.token


def test_a_password_alone_opens_nothing_where_a_role_demands_more(kit: Kit) -> None:
    given = ticket(kit)
    assert sessions_of(kit, "cara") == 0
    assert accounts.person_of(kit.desk, given, kit.at) is None, "the ticket is no session"
    assert not second_step.step(kit.desk, given, kit.at).factors.any


def test_whose_roles_demand_nothing_signs_in_as_ever(kit: Kit) -> None:
    password(kit, "ann")
    assert accounts.sign_in(kit.desk, "ann", GOOD, kit.at, "a").token


def test_the_second_factor_is_set_up_at_the_first_sign_in_and_asked_from_then_on(kit: Kit) -> None:
    app, codes, token = enrol(kit)
    assert accounts.person_of(kit.desk, token, kit.at) is not None
    assert len(set(codes)) == 10 and all(len(apps.plain(code)) == 24 for code in codes)
    kit.later(minutes=5)
    assert accounts.person_of(kit.desk, by_code(kit, app.at(kit.at)), kit.at) == CARA
    assert kinds(kit, "cara")[-3:] == ["SetSecondFactor", "SignIn", "SignIn"]
    assert good(kit)


def test_the_key_is_kept_sealed_and_codes_hashed(kit: Kit) -> None:
    app, codes, _ = enrol(kit)
    with kit.store.reading() as unit:
        kept = stores.people.factors.app_of(unit, "cara")
        stands = images.read(unit, Rows("recovery_code", {"person": "cara"}))
    assert kept is not None and app.secret.encode() not in kept.body
    assert not any(code in str(stands) for code in codes)


def test_a_code_is_never_valid_twice(both: Kit) -> None:
    kit = careful(both.store)
    app, _, _ = enrol(kit)
    with pytest.raises(Refused, match="was used already"):
        by_code(kit, app.at(kit.at))
    kit.later(seconds=60)
    code = app.at(kit.at)
    by_code(kit, code)
    for seconds in (0, 30):
        kit.later(seconds=seconds)
        with pytest.raises(Refused, match="was used already"):
            by_code(kit, code)


@pytest.mark.parametrize(
    ("off", "taken"),
    [(-90, False), (-60, False), (-30, True), (0, True), (30, True), (60, False), (90, False)],
)
def test_a_code_is_taken_a_step_before_and_after(kit: Kit, off: int, taken: bool) -> None:
    app, _, _ = enrol(kit)
    kit.later(hours=1)
    code = app.at(kit.at + timedelta(seconds=off))
    if taken:
        by_code(kit, code)
    else:
        with pytest.raises(Refused):
            by_code(kit, code)


def test_a_code_of_an_earlier_step_is_dead_once_a_later_one_was_taken(kit: Kit) -> None:
    app, _, _ = enrol(kit)
    kit.later(hours=1)
    earlier = app.at(kit.at - timedelta(seconds=30))
    by_code(kit, app.at(kit.at))
    with pytest.raises(Refused):
        by_code(kit, earlier)


#: RFC 6238, appendix B (SHA-1): seconds → the last six of its eight digits
VECTORS = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert apps._matching("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", code, at, -1) == seconds // 30


def test_a_recovery_code_serves_once_and_however_it_is_typed(kit: Kit) -> None:
    _, codes, _ = enrol(kit)
    by_code(kit, f" {codes[3].upper().replace('-', ' ')} ")
    with pytest.raises(Refused):
        by_code(kit, codes[3])
    by_code(kit, codes[4])
    assert kinds(kit, "cara").count("UseRecoveryCode") == 2
    assert good(kit)


def test_somebody_elses_recovery_code_serves_nobody(kit: Kit) -> None:
    changes.make(kit.desk, ADA, row("cleo", "careful"), kit.at)
    password(kit, "cleo", ADA)
    _, codes, _ = enrol(kit)
    given = ticket(kit, "cleo")
    with pytest.raises(Refused):
        by_code(kit, codes[0], given)


def test_guessing_codes_has_to_wait_wherever_it_comes_from(kit: Kit) -> None:
    app, codes, _ = enrol(kit)
    kit.later(hours=1)
    for number in range(5):
        with pytest.raises(Refused):
            second_step.by_code(
                kit.desk, ticket(kit), f"{number:06}", kit.at, f"10.0.0.{number}", NO_BROWSER
            )
    with pytest.raises(Throttled):
        by_code(kit, "999999")
    for _ in range(12):
        kit.later(minutes=15)
        with pytest.raises(Refused):
            by_code(kit, "000000")
    with pytest.raises(Throttled) as waits:
        by_code(kit, codes[0])
    assert 800 < waits.value.seconds <= 901, "the password alone brings no more than 4 an hour"
    kit.later(minutes=15)
    by_code(kit, app.at(kit.at))


def test_a_wrong_code_is_forgiven_after_an_hour_each(kit: Kit) -> None:
    enrol(kit)
    for _ in range(9):
        kit.later(minutes=15)
        with pytest.raises(Refused):
            by_code(kit, "000000")
    kit.later(hours=4)  # five of nine are left
    with pytest.raises(Refused):
        by_code(kit, "000000")
    with pytest.raises(Throttled) as waits:
        by_code(kit, "000000")
    assert waits.value.seconds == 3, "two, and the one that has begun"


def test_an_offer_of_before_sets_up_no_second_app(kit: Kit) -> None:
    person = second_step.step(kit.desk, ticket(kit), kit.at).row
    offer = apps.offer(kit.desk, person, "Rapid Review", kit.at)
    app, _, _ = enrol(kit)
    code = pyotp.TOTP(offer.key).at(kit.at)
    with pytest.raises(Refused, match="already"), kit.store.writing() as unit:
        apps.set_up(kit.desk, unit, person, offer.sealed, code, kit.at)
    kit.later(minutes=5)
    assert by_code(kit, app.at(kit.at)), "the first one serves on"


TICKETS: dict[str, Callable[[Kit, str], str]] = {
    "too late": lambda kit, given: (kit.later(minutes=10), given)[1],  # type: ignore[func-returns-value]
    "changed": lambda kit, given: given[:-5] + "AAAA=",
    "invented": lambda kit, given: "e30=",
    "empty": lambda kit, given: "",
    "letters of no code": lambda kit, given: "é" * 40,
    "an app's offer instead": lambda kit, given: apps.offer(
        kit.desk, second_step.step(kit.desk, given, kit.at).row, "t", kit.at
    ).sealed,
}  # fmt: skip


@pytest.mark.parametrize("spoil", TICKETS.values(), ids=TICKETS.keys())
def test_a_ticket_that_is_none_opens_nothing(kit: Kit, spoil: Callable[[Kit, str], str]) -> None:
    app, _, _ = enrol(kit)
    kit.later(minutes=20)
    given = spoil(kit, ticket(kit))
    with pytest.raises(Refused, match="Start again"):
        by_code(kit, app.at(kit.at), given)


def test_a_ticket_serves_once(kit: Kit) -> None:
    _, codes, _ = enrol(kit)
    given = ticket(kit)
    by_code(kit, codes[0], given)
    with pytest.raises(Refused, match="Start again"):
        by_code(kit, codes[1], given)


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(lambda kit: changes.disable(kit.desk, ADA, "cara", kit.at), id="disabled"),
        pytest.param(
            lambda kit: password(kit, "cara", ADA, "carpet violin thunder 9"), id="new password"
        ),
    ],
)
def test_a_ticket_of_before_opens_nothing(kit: Kit, meanwhile: Callable[[Kit], object]) -> None:
    _, codes, _ = enrol(kit)
    given = ticket(kit)
    meanwhile(kit)
    with pytest.raises(Refused, match="Start again"):
        by_code(kit, codes[0], given)


def test_who_has_a_second_factor_cannot_set_up_another_with_the_password_alone(kit: Kit) -> None:
    enrol(kit)
    given = ticket(kit)
    offer = apps.offer(kit.desk, second_step.step(kit.desk, given, kit.at).row, "t", kit.at)
    code = pyotp.TOTP(offer.key).at(kit.at)
    with pytest.raises(Refused, match="already"):
        second_step.set_up(kit.desk, given, offer.sealed, code, kit.at, "a", NO_BROWSER)


def test_the_offer_of_a_key_is_for_one_person_and_a_time(kit: Kit) -> None:
    given = ticket(kit)
    person = second_step.step(kit.desk, given, kit.at).row
    for offer in (
        apps.offer(kit.desk, replace(person, id="ann"), "t", kit.at),
        apps.offer(kit.desk, person, "t", kit.at - timedelta(minutes=31)),
    ):
        code = pyotp.TOTP(offer.key).at(kit.at)
        with pytest.raises(Refused, match="took too long"):
            second_step.set_up(kit.desk, given, offer.sealed, code, kit.at, "a", NO_BROWSER)
    assert sessions_of(kit, "cara") == 0


def test_a_wrong_first_code_sets_nothing_up(kit: Kit) -> None:
    given = ticket(kit)
    offer = apps.offer(kit.desk, second_step.step(kit.desk, given, kit.at).row, "t", kit.at)
    with pytest.raises(Refused):
        second_step.set_up(kit.desk, given, offer.sealed, "000000", kit.at, "a", NO_BROWSER)
    again = apps.offer(kit.desk, row("cara"), "t", kit.at, offer.sealed)
    assert again.key == offer.key, "what was scanned goes on serving"


def test_only_who_keeps_accounts_resets_a_second_factor_and_it_is_told(kit: Kit) -> None:
    _, codes, token = enrol(kit)
    for by in (PEOPLE["lea"], CARA):
        with pytest.raises(stores_error()):
            resetting.reset(kit.desk, by, "cara", kit.at)
    with pytest.raises(Refused, match="Nobody changes their own account"):
        resetting.reset(kit.desk, ADA, "ada", kit.at)
    resetting.reset(kit.desk, ADA, "cara", kit.at)
    assert accounts.person_of(kit.desk, token, kit.at) is None
    with pytest.raises(Refused):
        by_code(kit, codes[0])
    enrol(kit)
    assert kinds(kit, "cara").count("ResetSecondFactor") == 1
    assert good(kit)


def stores_error() -> type[Exception]:
    from app.casework.errors import NotFound

    return NotFound


def test_a_session_left_open_changes_no_second_factor(kit: Kit) -> None:
    _, _, token = enrol(kit)
    kit.later(minutes=10)
    with pytest.raises(Refused, match="a sign-in of just now"):
        own.renew_codes(kit.desk, CARA, token, kit.at)


def test_new_recovery_codes_end_the_old_ones(kit: Kit) -> None:
    _, codes, token = enrol(kit)
    new = own.renew_codes(kit.desk, CARA, token, kit.at)
    with pytest.raises(Refused):
        by_code(kit, codes[0])
    by_code(kit, new[0])
    assert "MakeRecoveryCodes" in kinds(kit, "cara")


def test_a_link_for_a_lost_password_leaves_the_second_factor(kit: Kit) -> None:
    enrol(kit)
    secret, _ = links.issue(kit.desk, ADA, "cara", kit.at)
    links.use(kit.desk, secret, GOOD, kit.at)
    assert second_step.step(kit.desk, ticket(kit), kit.at).factors.app


@pytest.mark.parametrize("table", ["totp", "recovery_code"])
def test_a_second_factor_changed_behind_the_log_is_noticed(kit: Kit, table: str) -> None:
    from sqlalchemy import text

    enrol(kit)
    with kit.store.writing() as unit:
        unit.connection.execute(text(f"UPDATE {table} SET person = 'ann'"))
    assert not good(kit)


def test_of_two_who_bring_one_code_at_once_the_first_wins(both: Kit) -> None:
    kit = careful(both.store)
    enrol(kit)
    with kit.store.writing() as unit:
        later = int(kit.at.timestamp()) // apps.STEP + 1
        taken = [stores.people.factors.take(unit, "cara", later) for _ in range(2)]
    assert taken == [True, False]
