"""Making and changing accounts: who may, what counts when, leaving; links and tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from app import store as stores
from app.audit.verification import verify_installation
from app.casework import accounts
from app.casework.access import SYSTEM, Person
from app.casework.cases.history import bodies
from app.casework.commands import Claim, Suspend
from app.casework.errors import NotFound, Refused
from app.casework.people import changes, links, passwords, sessions, tokens
from app.store import PersonRow, Store
from app.store.chain.log import entries, refusals
from tests.kit import PEOPLE, ROLES, Kit, diagram

from app.casework.access import ACCOUNTS, Role  # isort: skip

ADMIN = Role("admin", "Administrator", "none", frozenset({ACCOUNTS}))
ADA, BOB = Person("ada", "Ada", frozenset({"admin"})), Person("bob", "Bob", frozenset({"admin"}))
GOOD = "violin carpet thunder 7"
TODAY = date(2026, 3, 4)


def row(id: str, *roles: str, **more: Any) -> PersonRow:
    given = {"name": id.title(), "email": f"{id}@example.org", "attributes": {}} | more
    return PersonRow(id, given["name"], given["email"], roles, given["attributes"], None, False,
                     given.get("days", {}))  # fmt: skip


def with_admin(store: Store) -> Kit:
    kit = Kit(store, roles={**ROLES, "admin": ADMIN})
    changes.first(kit.desk, row("ada", "admin"), kit.at)
    return kit


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Real hashes, but cheap ones: much is tried here."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords.decoy.cache_clear()
    yield
    passwords.decoy.cache_clear()


@pytest.fixture
def kit(sqlite_store: Store) -> Kit:
    return with_admin(sqlite_store)


def password(kit: Kit, person: str, by: Person = SYSTEM, word: str = GOOD) -> None:
    secret, _ = links.issue(kit.desk, by, person, kit.at)
    links.use(kit.desk, secret, word, kit.at)


def kinds(kit: Kit, person: str) -> list[str]:
    with kit.store.reading() as unit:
        return [e.kind for e in entries.page(unit, entries.Asked(person=person), 0, 50)][::-1]


def last_said(kit: Kit) -> dict[str, Any]:
    """What the newest entry of the installation's log says."""
    with kit.store.reading() as unit:
        newest = entries.page(unit, entries.Asked(), 0, 1)[0]
        told = bodies.read(newest, entries.key_of(unit)).said
    return {key: told[key] for key in told.keys() - {"about", "rows"}}


def good(kit: Kit) -> bool:
    verdict = verify_installation(kit.store)
    return verdict is not None and verdict.good


def test_the_first_administrator_is_made_once(kit: Kit) -> None:
    with pytest.raises(Refused, match="Somebody keeps accounts here already"):
        changes.first(kit.desk, row("eve", "admin"), kit.at)


def test_a_person_is_made_gets_a_link_and_signs_in(kit: Kit) -> None:
    changes.make(kit.desk, ADA, row("new", "clerk"), kit.at)
    with pytest.raises(Refused):
        accounts.sign_in(kit.desk, "new", "", kit.at, "a")
    password(kit, "new", ADA)
    signed = accounts.sign_in(kit.desk, "NEW@example.org", GOOD, kit.at, "a")
    assert signed.person.roles == {"clerk"}
    assert kinds(kit, "new") == ["MakePerson", "IssueLink", "UseLink", "SignIn"]
    assert good(kit)


def test_a_change_of_roles_counts_at_once(kit: Kit) -> None:
    changes.make(kit.desk, ADA, row("new", "clerk"), kit.at)
    password(kit, "new")
    token = accounts.sign_in(kit.desk, "new", GOOD, kit.at, "a").token
    changes.change(kit.desk, ADA, "new", kit.at, roles=["agency"], attributes={"agency": "gp"})
    seen = accounts.person_of(kit.desk, token, kit.at)
    assert seen is not None and seen.groups == {"agency", "agency:gp"}


@pytest.mark.parametrize(
    ("day", "held"),
    [(4, {"clerk"}), (5, {"clerk", "lead"}), (6, {"clerk", "lead"}), (7, {"clerk"})],
)
def test_a_role_counts_from_its_first_day_to_its_last(kit: Kit, day: int, held: set[str]) -> None:
    days = {"lead": (date(2026, 3, 5), date(2026, 3, 6))}
    changes.make(kit.desk, ADA, row("new", "clerk", "lead", days=days), kit.at)
    token = accounts.new_token(kit.desk, Person("new", "New"), "t", kit.at)
    seen = accounts.person_of_token(kit.desk, token, kit.at + timedelta(days=day - 4))
    assert seen is not None and seen.roles == held
    with kit.store.reading() as unit:
        inside = stores.people.accounts.in_group(unit, "lead", date(2026, 3, day))
    assert ("new" in [each.id for each in inside]) == ("lead" in held), "mails go by it too"


WRONG: dict[str, tuple[PersonRow, str]] = {
    "no such role": (row("new", "king"), "There is no role “king”"),
    "an id with capitals": (row("New"), "Enter a user name of small letters"),
    "an id that is an address": (row("a@example.org"), "Enter a user name of small letters"),
    "an id of the program": (row("system"), "“system” is the name of a part of this program"),
    "taken": (row("ann", email=None), "Somebody has this user name already"),
    "somebody's address": (row("new", email="ANN@example.org"), "Somebody else has this email"),
    "no address": (row("new", email="nobody"), "Enter an email address like"),
    "two lines": (row("new", email="a@example.org\r\nBcc: b@example.org"), "Enter an email"),
    "a name of two lines": (row("new", name="Eve\nAdmin"), "Enter a name"),
    "a name turned round": (row("new", name="Eve\u202enimdA"), "Enter a name"),
    "days that end before they begin": (
        row("new", "clerk", days={"clerk": (date(2026, 3, 5), date(2026, 3, 4))}),
        "The last day of a role must be its first day or later",
    ),
    "a value that is a group": (
        row("new", attributes={"agency": "a:b"}), "Enter what is said of the person like",
    ),
}  # fmt: skip


ASKED = {"id", "name", "email", "roles", "attributes"}


@pytest.mark.parametrize(("wrong", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_with_a_person_is_said(kit: Kit, wrong: PersonRow, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        changes.make(kit.desk, ADA, wrong, kit.at)
    assert any(said.startswith(sentence) for said in refused.value.fields.values())
    assert refused.value.fields.keys() <= ASKED, "each is said at its question"


FORBIDDEN: dict[str, Callable[[Kit, Person, str], object]] = {
    "changes": lambda kit, by, who: changes.change(kit.desk, by, who, kit.at, roles=["lead"]),
    "disables": lambda kit, by, who: changes.disable(kit.desk, by, who, kit.at),
    "signs out": lambda kit, by, who: changes.sign_out(kit.desk, by, who, kit.at),
    "gets a link": lambda kit, by, who: links.issue(kit.desk, by, who, kit.at),
}


@pytest.mark.parametrize("do", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_who_holds_no_power_over_accounts_finds_no_such_thing(
    kit: Kit, do: Callable[[Kit, Person, str], object]
) -> None:
    for who in (PEOPLE["lea"], PEOPLE["aud"]):
        with pytest.raises(NotFound):
            do(kit, who, "ann")


@pytest.mark.parametrize("do", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_an_administrator_does_nothing_to_their_own_account(
    kit: Kit, do: Callable[[Kit, Person, str], object]
) -> None:
    with pytest.raises(Refused, match="Nobody changes their own account"):
        do(kit, ADA, "ada")


@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda kit: changes.disable(kit.desk, SYSTEM, "ada", kit.at), id="disabled"),
        pytest.param(
            lambda kit: changes.change(kit.desk, SYSTEM, "ada", kit.at, roles=["clerk"]), id="role"
        ),
        pytest.param(
            lambda kit: changes.change(
                kit.desk, SYSTEM, "ada", kit.at, days={"admin": (None, date(2026, 4, 1))}
            ),
            id="for a time only",
        ),
    ],
)
def test_the_last_administrator_stays(kit: Kit, do: Callable[[Kit], object]) -> None:
    with pytest.raises(Refused, match="Nobody else could keep accounts then"):
        do(kit)
    changes.make(kit.desk, ADA, row("bob", "admin"), kit.at)
    do(kit)
    assert good(kit)


def test_who_leaves_is_out_at_once_and_their_tasks_go_back(kit: Kit) -> None:
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk"}))
    case = kit.start("ann")
    task = kit.task(case, "check")
    kit.desk.do(Claim(actor=PEOPLE["ben"], at=kit.at, case=case, task=task))
    password(kit, "ben")
    signed = accounts.sign_in(kit.desk, "ben", GOOD, kit.at, "a")
    token = accounts.new_token(kit.desk, PEOPLE["ben"], "t", kit.at)
    link, _ = links.issue(kit.desk, SYSTEM, "ben", kit.at)
    assert changes.disable(kit.desk, ADA, "ben", kit.at) == 1
    assert accounts.person_of(kit.desk, signed.token, kit.at) is None
    assert accounts.person_of_token(kit.desk, token, kit.at) is None
    with pytest.raises(Refused):
        links.use(kit.desk, link, GOOD, kit.at)
    assert [each.assignee for each in kit.tasks(case)] == [None]
    with pytest.raises(Refused):
        accounts.sign_in(kit.desk, "ben", GOOD, kit.at, "a")
    changes.enable(kit.desk, ADA, "ben", kit.at)
    assert accounts.sign_in(kit.desk, "ben", GOOD, kit.at, "a").token
    assert accounts.person_of_token(kit.desk, token, kit.at) is None, "tokens stay revoked"
    assert good(kit)


def test_a_task_in_a_case_that_rests_stays_with_who_leaves_and_is_not_counted(kit: Kit) -> None:
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk"}))
    case = kit.start("ann")
    task = kit.task(case, "check")
    kit.desk.do(Claim(actor=PEOPLE["ben"], at=kit.at, case=case, task=task))
    kit.desk.do(Suspend(actor=SYSTEM, at=kit.at, case=case, reason="It waits."))
    assert changes.disable(kit.desk, ADA, "ben", kit.at) == 0
    assert [each.assignee for each in kit.tasks(case)] == ["ben"]


def test_who_can_sign_in_already_is_not_let_in_again(kit: Kit) -> None:
    with pytest.raises(Refused, match="can sign in already"):
        changes.enable(kit.desk, ADA, "ben", kit.at)
    assert "EnablePerson" not in kinds(kit, "ben")


def test_a_link_serves_once(kit: Kit) -> None:
    secret, _ = links.issue(kit.desk, ADA, "ann", kit.at)
    links.whose(kit.desk, secret, kit.at)
    links.whose(kit.desk, secret, kit.at)
    links.use(kit.desk, secret, GOOD, kit.at)
    for again in (links.whose, lambda *given: links.use(given[0], given[1], GOOD + "x", given[2])):
        with pytest.raises(Refused, match="used already, or its time is over"):
            again(kit.desk, secret, kit.at)
    assert accounts.sign_in(kit.desk, "ann", GOOD, kit.at, "a").token


def test_a_link_ends_with_its_time_and_with_the_next_one(kit: Kit) -> None:
    first, until = links.issue(kit.desk, ADA, "ann", kit.at)
    assert until == kit.at + timedelta(hours=24)
    with pytest.raises(Refused):
        links.use(kit.desk, first, GOOD, until)
    second, _ = links.issue(kit.desk, ADA, "ann", kit.at)
    with pytest.raises(Refused):
        links.use(kit.desk, first, GOOD, kit.at)
    links.use(kit.desk, second, GOOD, kit.at)
    with pytest.raises(NotFound):
        links.use(kit.desk, "made-up", GOOD, kit.at)
    assert good(kit)


def test_a_refused_password_does_not_use_the_link_up(kit: Kit) -> None:
    secret, _ = links.issue(kit.desk, ADA, "ann", kit.at)
    with pytest.raises(Refused):
        links.use(kit.desk, secret, "short", kit.at)
    links.use(kit.desk, secret, GOOD, kit.at)


def test_a_new_password_ends_every_session_and_token(kit: Kit) -> None:
    password(kit, "ann")
    first = accounts.sign_in(kit.desk, "ann", GOOD, kit.at, "a")
    other = accounts.sign_in(kit.desk, "ann", GOOD, kit.at, "b")
    token = accounts.new_token(kit.desk, PEOPLE["ann"], "t", kit.at)
    browser = accounts.Browser("Firefox", first.device, first.token)
    new = accounts.change_password(
        kit.desk, first.person, GOOD, "quartz lantern meadow", kit.at, browser
    )
    assert accounts.person_of(kit.desk, first.token, kit.at) is None
    assert accounts.person_of(kit.desk, other.token, kit.at) is None
    assert accounts.person_of_token(kit.desk, token, kit.at) is None
    assert accounts.person_of(kit.desk, new, kit.at) is not None
    assert {"person": "ann", "name": PEOPLE["ann"].name}.items() <= last_said(kit).items()
    assert good(kit)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param("wrong", "quartz lantern meadow", "old", id="the old one is wrong"),
        pytest.param(GOOD, GOOD, "password", id="the same again"),
        pytest.param(GOOD, "password12345", "password", id="a common one"),
    ],
)
def test_a_password_is_not_changed_by_who_does_not_know_it_or_to_a_bad_one(
    kit: Kit, old: str, new: str, field: str
) -> None:
    password(kit, "ann")
    signed = accounts.sign_in(kit.desk, "ann", GOOD, kit.at, "a")
    browser = accounts.Browser("", signed.device, signed.token)
    with pytest.raises(Refused) as refused:
        accounts.change_password(kit.desk, signed.person, old, new, kit.at, browser)
    assert field in refused.value.fields
    assert accounts.person_of(kit.desk, signed.token, kit.at) is not None
    with kit.store.reading() as unit:
        told = [(one.what, one.who) for one in refusals.running(unit)]
    assert told == ([("failed", "p:ann")] if field == "old" else [])


def test_own_sessions_are_seen_and_ended_and_nobody_elses(kit: Kit) -> None:
    for who in ("ann", "ben"):
        password(kit, who)
    here, there = (
        accounts.sign_in(kit.desk, "ann", GOOD, kit.at, place, accounts.Browser(place))
        for place in ("Firefox on Linux", "Safari on iPhone")
    )
    ben = accounts.sign_in(kit.desk, "ben", GOOD, kit.at, "c")
    listed = sessions.listed(kit.desk, PEOPLE["ann"], here.token, kit.at)
    assert {(one.device, one.this) for one in listed} == {
        ("Firefox on Linux", True), ("Safari on iPhone", False),
    }  # fmt: skip
    for one in listed:
        with pytest.raises(NotFound):
            sessions.end_own(kit.desk, PEOPLE["ben"], one.id, kit.at)
    assert sessions.end_others(kit.desk, PEOPLE["ann"], here.token, kit.at) == 1
    assert accounts.person_of(kit.desk, there.token, kit.at) is None
    assert accounts.person_of(kit.desk, here.token, kit.at) is not None
    assert accounts.person_of(kit.desk, ben.token, kit.at) is not None


def test_the_session_that_is_named_ends_and_the_log_says_whose(kit: Kit) -> None:
    password(kit, "ann")
    here, there = (accounts.sign_in(kit.desk, "ann", GOOD, kit.at, place) for place in "ab")
    listed = sessions.listed(kit.desk, PEOPLE["ann"], here.token, kit.at)
    (named,) = (one for one in listed if not one.this)
    sessions.end_own(kit.desk, PEOPLE["ann"], named.id, kit.at)
    assert accounts.person_of(kit.desk, there.token, kit.at) is None
    assert accounts.person_of(kit.desk, here.token, kit.at) is not None
    assert last_said(kit) == {"person": "ann", "name": PEOPLE["ann"].name, "count": 1}


def test_a_session_that_nobody_used_for_too_long_is_not_listed(kit: Kit) -> None:
    password(kit, "ann")
    here = accounts.sign_in(kit.desk, "ann", GOOD, kit.at, "a")
    kit.at += kit.desk.settings.sign_in.idle
    assert sessions.listed(kit.desk, PEOPLE["ann"], here.token, kit.at) == []


def test_who_is_signed_out_by_an_administrator_is_out_everywhere_and_it_is_told(kit: Kit) -> None:
    password(kit, "ann")
    signed = [accounts.sign_in(kit.desk, "ann", GOOD, kit.at, place) for place in "ab"]
    assert changes.sign_out(kit.desk, ADA, "ann", kit.at).id == "ann"
    assert [accounts.person_of(kit.desk, one.token, kit.at) for one in signed] == [None, None]
    assert last_said(kit) == {"person": "ann", "name": PEOPLE["ann"].name}
    assert kinds(kit, "ann")[-1] == "EndSessions"


def test_signing_in_again_in_a_browser_ends_its_old_session(kit: Kit) -> None:
    for who in ("ann", "ben"):
        password(kit, who)
    old = accounts.sign_in(kit.desk, "ann", GOOD, kit.at, "a").token
    accounts.sign_in(kit.desk, "ben", GOOD, kit.at, "a", accounts.Browser(session=old))
    assert accounts.person_of(kit.desk, old, kit.at) is None


@pytest.mark.parametrize(
    ("name", "scope", "days", "field"),
    [
        pytest.param("", ("read",), 1, "name", id="no name"),
        pytest.param("t", (), 1, "scope", id="no scope"),
        pytest.param("t", ("everything",), 1, "scope", id="unknown scope"),
        pytest.param("t", ("read",), 367, "expires", id="more than a year"),
        pytest.param("t", ("read",), 0, "expires", id="over already"),
    ],
)
def test_a_token_says_what_for_how_far_and_how_long(
    kit: Kit, name: str, scope: tuple[str, ...], days: int, field: str
) -> None:
    until = kit.at + timedelta(days=days)
    with pytest.raises(Refused) as refused:
        tokens.make(kit.desk, PEOPLE["ann"], "ann", name, kit.at, scope=scope, expires=until)
    assert list(refused.value.fields) == [field]


def test_a_token_ends_after_90_days_and_its_last_use_is_known(kit: Kit) -> None:
    secret, made = tokens.make(kit.desk, PEOPLE["ann"], "ann", "t", kit.at)
    assert made.expires_at == kit.at + timedelta(days=90)
    kit.later(days=89)
    assert accounts.person_of_token(kit.desk, secret, kit.at) is not None
    (listed,) = tokens.listed(kit.desk, PEOPLE["ann"], "ann")
    assert listed.used_at == kit.at
    kit.later(days=1)
    assert accounts.person_of_token(kit.desk, secret, kit.at) is None
    assert good(kit), "that it was used is no change"


def test_a_second_token_of_one_name_is_refused_in_a_sentence(kit: Kit) -> None:
    tokens.make(kit.desk, PEOPLE["ann"], "ann", "t", kit.at)
    with pytest.raises(Refused, match="There is, or was, a token of this name") as refused:
        tokens.make(kit.desk, PEOPLE["ann"], "ann", "T", kit.at)
    assert list(refused.value.fields) == ["name"]


def test_nobody_makes_sees_or_revokes_a_token_of_somebody_else(kit: Kit) -> None:
    tokens.make(kit.desk, PEOPLE["ann"], "ann", "t", kit.at)
    with pytest.raises(NotFound):
        tokens.make(kit.desk, PEOPLE["ben"], "ann", "u", kit.at)
    with pytest.raises(NotFound):
        tokens.listed(kit.desk, PEOPLE["ben"], "ann")
    with pytest.raises(NotFound):
        tokens.revoke(kit.desk, PEOPLE["ben"], "ann", "t", kit.at)
    tokens.revoke(kit.desk, ADA, "ann", "t", kit.at)
    with pytest.raises(Refused, match="revoked already"):
        tokens.revoke(kit.desk, ADA, "ann", "t", kit.at)


def test_each_scope_serves_what_it_says() -> None:
    serving = {
        scope: [need for need in tokens.SCOPES if tokens.serves((scope,), need)]
        for scope in tokens.SCOPES
    }
    assert serving == {
        "read": ["read"], "tasks": ["read", "tasks"], "record": ["read", "tasks", "record"],
        "administer": ["read", "administer"],
    }  # fmt: skip
