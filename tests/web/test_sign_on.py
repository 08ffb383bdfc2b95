"""Single sign-on against a real provider over HTTP, with every broken token an attacker sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyotp
import pytest
import requests
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app import store as stores
from app.casework import SignOnRules
from app.casework.access import ACCOUNTS, SYSTEM, Role
from app.casework.people import changes, links, passwords, sign_on
from app.config import SignOn
from app.config.installation import Config
from app.store import Store
from app.store.chain.log import entries
from tests.casework.test_people import ADA, good, row
from tests.kit import ROLES, Kit
from tests.templates import create_site
from tests.web.conftest import Page, rules
from tests.web.mock_provider import CLIENT, NEXT, SECRET, MockProvider, running

ADMIN = Role("admin", "Administrator", "none", frozenset({ACCOUNTS}))
GROUPS = {"Clerks": ("clerk",), "Leads": ("lead",), "Admins": ("admin",)}


@pytest.fixture
def kit(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Kit:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords.decoy.cache_clear()
    kit = Kit(sqlite_store, roles={**ROLES, "admin": ADMIN}, sign_on=SignOnRules(groups=GROUPS))
    changes.first(kit.desk, row("ada", "admin"), kit.at)
    return kit


@pytest.fixture
def provider(kit: Kit) -> Iterator[MockProvider]:
    with running(lambda: kit.at) as made:
        yield made


@pytest.fixture
def app(kit: Kit, config: Config, provider: MockProvider, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("RAPID_REVIEW_SIGN_ON_SECRET", SECRET)
    settings = SignOn("your work account", provider.issuer, CLIENT, second_factor=("mfa",))
    mail = replace(config.mail, address="http://localhost")
    made = create_site(kit.desk, replace(config, sign_on=settings, mail=mail), lambda: kit.at)
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


def away(client: FlaskClient, path: str = "/sign-on") -> str:
    """Begins here, signs in there; gives the way back."""
    begun = client.get(path)
    assert begun.status_code == 302, begun.get_data(as_text=True)
    there = requests.get(begun.headers["Location"], allow_redirects=False, timeout=5)
    assert there.status_code == 302
    return there.headers["Location"].removeprefix("http://localhost")


def come(client: FlaskClient, path: str = "/sign-on") -> Page:
    page = Page(client.get(away(client, path), follow_redirects=True))
    assert not rules(page), rules(page)
    return page


def linked(kit: Kit, client: FlaskClient, who: str = "ann") -> Page:
    secret, _ = links.issue(kit.desk, ADA, who, kit.at)
    return come(client, f"/sign-on/link/{secret}")


def refusals(kit: Kit) -> int:
    with kit.store.reading() as unit:
        counted = stores.chain.log.refusals.running(unit)
    return sum(each.count for each in counted if each.what == "sign_on")


def kinds(kit: Kit, who: str) -> list[str]:
    with kit.store.reading() as unit:
        return [e.kind for e in entries.page(unit, entries.Asked(person=who), 0, 50)][::-1]


def test_a_link_of_the_administrator_joins_a_work_account_and_it_opens_from_then_on(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    assert linked(kit, app.test_client()).h1 == "My tasks"
    assert come(app.test_client()).h1 == "My tasks"
    told = ["IssueLink", "LinkIdentity", "ChangeRoles", "SignIn", "SignIn"]
    assert kinds(kit, "ann") == told, "no group gave the role that groups give"
    assert good(kit)


def test_the_page_before_the_sign_in_is_where_one_arrives(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    linked(kit, app.test_client())
    assert come(app.test_client(), "/sign-on?next=/account").h1 == "Your account"
    assert come(app.test_client(), "/sign-on?next=//evil.example").h1 == "My tasks"


def test_a_link_on_another_site_signs_nobody_in(app: Flask) -> None:
    led = app.test_client().get("/sign-on?next=/cases", headers={"Sec-Fetch-Site": "cross-site"})
    assert led.location == "/sign-in?next=/cases"
    pressed = app.test_client().get("/sign-on", headers={"Sec-Fetch-Site": "same-origin"})
    assert "/sign-in" not in pressed.location


def test_an_unknown_work_account_is_refused(kit: Kit, app: Flask, provider: MockProvider) -> None:
    provider.claims = {"sub": "s-9", "groups": ["Clerks"]}  # a role would be there for them
    page = come(app.test_client())
    assert page.says("This work account is not known here.")
    summary = page.words("//*[contains(@class, 'govuk-error-summary')]")
    assert "This work account is not known here." in summary
    assert page.words("//form").count("not known here") == 0, "no question of the page is to blame"
    assert refusals(kit) == 1


@pytest.mark.parametrize("verified", [True, False])
def test_somebody_elses_address_opens_nothing(
    kit: Kit, app: Flask, provider: MockProvider, verified: bool
) -> None:
    provider.claims = {
        "sub": "s-evil", "email": "ann@example.org", "email_verified": verified,
        "preferred_username": "ann", "name": "Ann Archer",
    }  # fmt: skip
    assert come(app.test_client()).says("This work account is not known here.")


def test_people_are_known_by_issuer_and_subject_together(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    with kit.store.writing() as unit:
        other = stores.IdentityRow("https://other.example", "s-1", "ann", kit.at, "ada")
        stores.people.identities.add(unit, other)
    assert come(app.test_client()).says("This work account is not known here.")


def now(provider: MockProvider) -> int:
    return int(provider.clock().timestamp())


#: attack → what it does, and why the token is refused
BROKEN: dict[str, tuple[Callable[[MockProvider], object], str]] = {
    "algorithm none": (
        lambda p: setattr(p, "sign", p.unsigned), "it is not signed with its key",
    ),
    "HS256 with the public key": (
        lambda p: setattr(p, "sign", p.by_public_key), "it is not signed with its key",
    ),
    "another's key under a known name": (
        lambda p: setattr(p, "sign", lambda c: p.signed(c, p.other)),
        "it is not signed with its key",
    ),
    "unknown key": (
        lambda p: setattr(p, "sign", lambda c: p.signed(c, p.other, kid="k2")),
        "it is not signed with its key",
    ),
    "no token": (lambda p: setattr(p, "sign", lambda c: ""), "it is not signed with its key"),
    "changed after signing": (
        lambda p: setattr(p, "sign", lambda c: p.signed(c)[:-8] + "AAAAAAAA"),
        "it is not signed with its key",
    ),
    "wrong audience": (
        lambda p: setattr(p, "change", lambda c: c.update(aud="another")),
        "it was meant for another site",
    ),
    "audience beside others, no party": (
        lambda p: setattr(p, "change", lambda c: c.update(aud=[CLIENT, "another"])),
        "it was meant for another site",
    ),
    "wrong audience, our party": (
        lambda p: setattr(p, "change", lambda c: c.update(aud="another", azp=CLIENT)),
        "it was meant for another site",
    ),
    "another party": (
        lambda p: setattr(p, "change", lambda c: c.update(azp="another")),
        "it was meant for another site",
    ),
    "wrong issuer": (
        lambda p: setattr(p, "change", lambda c: c.update(iss="https://evil.example")),
        "another provider said it",
    ),
    "wrong nonce": (
        lambda p: setattr(p, "change", lambda c: c.update(nonce="x")),
        "it answers another question",
    ),
    "no nonce": (
        lambda p: setattr(p, "change", lambda c: c.pop("nonce")), "it answers another question",
    ),
    "expired": (
        lambda p: setattr(p, "change", lambda c: c.update(exp=now(p) - 61)),
        "its time is over",
    ),
    "not yet valid": (
        lambda p: setattr(p, "change", lambda c: c.update(nbf=now(p) + 120)),
        "its time has not begun",
    ),
    "made in the future": (
        lambda p: setattr(p, "change", lambda c: c.update(iat=now(p) + 120)),
        "its time has not begun",
    ),
    "no subject": (lambda p: setattr(p, "change", lambda c: c.pop("sub")), "it names nobody"),
    "a subject that is no text": (
        lambda p: setattr(p, "change", lambda c: c.update(sub=["s-1"])), "",
    ),
    "a subject without end": (
        lambda p: setattr(p, "change", lambda c: c.update(sub="s" * 256)), "it names nobody",
    ),
    "no end": (lambda p: setattr(p, "change", lambda c: c.pop("exp")), "its time is over"),
    "for another access token": (
        lambda p: setattr(p, "change", lambda c: c.update(at_hash="x")),
        "its parts do not belong together",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("attack", "why"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_token_is_refused_with_its_reason_and_counted(
    kit: Kit, app: Flask, provider: MockProvider, attack: Callable[[Any], object], why: str
) -> None:
    linked(kit, app.test_client())
    attack(provider)
    client = app.test_client()
    page = come(client)
    assert page.code == 422 and page.h1 == "Sign in"
    assert page.says("What the provider says of you cannot be believed") and page.says(why)
    assert client.get_cookie("session") is None
    assert refusals(kit) == 1


def test_a_code_serves_once(kit: Kit, app: Flask, provider: MockProvider) -> None:
    linked(kit, app.test_client())
    code = away(app.test_client()).partition("code=")[2].partition("&")[0]
    provider.codes.pop(code)
    client = app.test_client()
    back = away(client)
    own = back.partition("code=")[2].partition("&")[0]
    page = Page(client.get(back.replace(own, code)))
    assert page.says("it was used already, or is over") and page.code == 422


def test_a_state_serves_once(kit: Kit, app: Flask, provider: MockProvider) -> None:
    linked(kit, app.test_client())
    client = app.test_client()
    back = away(client)
    assert client.get(back).status_code == 302
    client.delete_cookie("session")
    page = Page(client.get(back))
    assert page.code == 422 and page.says("This sign-in was used already")


def test_the_way_back_of_another_browser_opens_nothing(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    """Else somebody signs a victim in as themselves, and reads what the victim writes."""
    linked(kit, app.test_client())
    back = away(app.test_client())
    for begun in (False, True):
        victim = app.test_client()
        if begun:
            away(victim)
        page = Page(victim.get(back))
        assert page.code == 422 and page.says("or began in another browser")


def test_a_stolen_code_is_worth_nothing_in_another_browser(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    """PKCE: the provider gives nothing for a code that another question asked for."""
    linked(kit, app.test_client())
    stolen = away(app.test_client()).partition("code=")[2].partition("&")[0]
    thief = app.test_client()
    back = away(thief)
    own = back.partition("code=")[2].partition("&")[0]
    page = Page(thief.get(back.replace(own, stolen)))
    assert page.says("The provider does not take the sign-in") and page.code == 422


def test_a_sign_in_that_takes_too_long_begins_again(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    client = app.test_client()
    back = away(client)
    kit.later(minutes=10)
    assert Page(client.get(back)).says("took too long")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("error=access_denied", "The provider did not sign you in"),
        ("code=x&iss=https%3A%2F%2Fevil.example", "Another provider answered"),
    ],
)
def test_another_answer_is_refused(
    kit: Kit, app: Flask, provider: MockProvider, query: str, says: str
) -> None:
    client = app.test_client()
    state = away(client).partition("state=")[2]
    assert Page(client.get(f"/sign-on/back?{query}&state={state}")).says(says)
    assert refusals(kit) == 1


def test_a_provider_that_is_away_is_said_and_the_password_serves(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    client = app.test_client()
    back = away(client)
    provider.nothing = True
    page = Page(client.get(back))
    assert page.code == 503 and page.says("does not answer") and page.form("/sign-in")
    kit.later(hours=2)
    assert Page(client.get("/sign-on")).code == 503


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"issuer": "https://evil.example"}, id="another issuer"),
        pytest.param({"token_endpoint": "http://evil.example/token"}, id="not https"),
        pytest.param({"jwks_uri": "file:///etc/passwd"}, id="no address"),
    ],
)
def test_a_description_of_somebody_else_is_not_believed(
    kit: Kit, app: Flask, provider: MockProvider, odd: dict[str, str]
) -> None:
    provider.described = odd
    assert Page(app.test_client().get("/sign-on")).code == 503


def test_a_new_key_of_the_provider_is_asked_for_and_not_again_and_again(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    linked(kit, app.test_client())
    kit.later(minutes=5)
    provider.key = NEXT
    provider.sign = lambda claims: provider.signed(claims, kid="k2")
    assert come(app.test_client()).h1 == "My tasks"
    provider.sign = lambda claims: provider.signed(claims, kid="k3")
    before = provider.asked.count("/keys")
    for _ in range(3):
        assert come(app.test_client()).code == 422
    assert provider.asked.count("/keys") == before


def roles(kit: Kit, who: str) -> set[str]:
    with kit.store.reading() as unit:
        person = stores.people.accounts.find(unit, who)
    return set(person.roles) if person else set()


def test_groups_give_and_take_roles_at_the_next_sign_in_and_it_is_told(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    changes.change(kit.desk, ADA, "ann", kit.at, roles=["clerk", "auditor"])
    provider.claims = {"sub": "s-1", "groups": ["Clerks", "Leads", "Unknown", 7]}
    linked(kit, app.test_client())
    assert roles(kit, "ann") == {"clerk", "lead", "auditor"}
    provider.claims = {"sub": "s-1", "groups": "Leads"}
    come(app.test_client())
    assert roles(kit, "ann") == {"lead", "auditor"}
    provider.claims = {"sub": "s-1"}
    come(app.test_client())
    assert roles(kit, "ann") == {"auditor"}, "what no group gives is not the provider's to take"
    assert kinds(kit, "ann").count("ChangeRoles") == 4
    assert good(kit)


def test_the_last_administrator_stays_whatever_the_groups_say(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    with kit.store.writing() as unit:
        known = stores.IdentityRow(provider.issuer, "s-1", "ada", kit.at, "system")
        stores.people.identities.add(unit, known)
    changes.change(kit.desk, SYSTEM, "ada", kit.at, roles=["admin", "clerk"])
    come(app.test_client())
    assert roles(kit, "ada") == {"admin"}


def makes(kit: Kit) -> None:
    kit.desk.settings = replace(
        kit.desk.settings, sign_on=SignOnRules(groups=GROUPS, make_people=True)
    )


def test_somebody_unknown_gets_an_account_where_the_settings_allow_it_and_a_group_gives_a_role(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    makes(kit)
    provider.claims = {
        "sub": "s-9", "groups": ["Clerks"], "preferred_username": "New.Person@work.example",
        "name": "New Person", "email": "new@work.example", "email_verified": True,
    }  # fmt: skip
    assert come(app.test_client()).h1 == "My tasks"
    assert roles(kit, "new.person") == {"clerk"}
    assert kinds(kit, "new.person") == ["MakePerson", "LinkIdentity", "SignIn"]
    provider.claims = {"sub": "s-10", "groups": ["Visitors"]}
    assert come(app.test_client()).says("This work account is not known here.")


def test_a_new_account_never_takes_the_place_of_one_that_is_there(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    makes(kit)
    provider.claims = {
        "sub": "s-9", "groups": ["Clerks"], "preferred_username": "ada",
        "email": "ada@example.org", "email_verified": True,
    }  # fmt: skip
    come(app.test_client())
    assert roles(kit, "ada") == {"admin"} and roles(kit, "ada-2") == {"clerk"}
    with kit.store.reading() as unit:
        made = stores.people.accounts.find(unit, "ada-2")
    assert made is not None and (made.name, made.email) == ("ada-2", None)


def test_a_leaver_does_not_come_in_by_their_work_account(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    linked(kit, app.test_client())
    changes.disable(kit.desk, ADA, "ann", kit.at)
    assert come(app.test_client()).says("This account cannot sign in")


def test_a_link_joins_one_work_account_once_and_none_that_is_joined_elsewhere(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    secret, _ = links.issue(kit.desk, ADA, "ann", kit.at)
    come(app.test_client(), f"/sign-on/link/{secret}")
    provider.claims = {"sub": "s-2"}
    page = come(app.test_client(), f"/sign-on/link/{secret}")
    assert page.says("This link was used already")
    provider.claims = {"sub": "s-1"}
    assert linked(kit, app.test_client(), "ben").says("belongs to another account here")


def test_signing_out_ends_the_session_here_and_leads_to_the_provider(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    client = app.test_client()
    linked(kit, client)
    form = Page(client.get("/account")).tree.xpath("//form[@action='/sign-out']")[0]
    page = Page(client.post("/sign-out", data=dict(form.form_values())))
    assert page.h1 == "You have signed out here" and not rules(page)
    there = page.links()["Sign out there too"]
    assert there.startswith(f"{provider.issuer}/leave?") and "id_token_hint=" in there
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fsign-in" in there
    assert Page(client.get("/account", follow_redirects=True)).h1 == "Sign in"


def signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "names", [{}, {"sub": None, "sid": "x-1"}], ids=["somebody", "a session of theirs alone"]
)
def test_the_provider_ends_sessions_that_began_there(
    kit: Kit, app: Flask, provider: MockProvider, names: dict[str, str | None]
) -> None:
    provider.claims = {"sub": "s-1", "sid": "x-1"}
    client = app.test_client()
    linked(kit, client)
    told = provider.logout_token(**names)
    answer = app.test_client().post("/sign-on/ended", data={"logout_token": told})
    assert answer.status_code == 200 and not signed_in(client)
    again = app.test_client().post("/sign-on/ended", data={"logout_token": told})
    assert again.status_code == 400
    assert "EndSessions" in kinds(kit, "ann") and good(kit)


LOGOUTS: dict[str, dict[str, Any]] = {
    "an ID token": {"events": None, "nonce": "n"},
    "with a nonce": {"nonce": "n"},
    "for another site": {"aud": "another"},
    "of another issuer": {"iss": "https://evil.example"},
    "about nobody": {"sub": None},
    "without a name": {"jti": None},
    "old": {"iat": 1_000_000_000},
    "of no time": {"iat": None},
}


@pytest.mark.parametrize("changed", LOGOUTS.values(), ids=LOGOUTS.keys())
def test_a_message_that_is_no_sign_out_ends_nothing(
    kit: Kit, app: Flask, provider: MockProvider, changed: dict[str, Any]
) -> None:
    client = app.test_client()
    linked(kit, client)
    told = provider.logout_token(**changed)
    answer = app.test_client().post("/sign-on/ended", data={"logout_token": told})
    assert answer.status_code == 400 and signed_in(client)
    assert refusals(kit) == 1


@pytest.mark.parametrize(
    ("kind", "code"), [("logout+jwt", 200), ("JWT", 200), ("at+jwt", 400), ("secevent+jwt", 400)]
)
def test_a_token_of_another_kind_signs_nobody_out(
    kit: Kit, app: Flask, provider: MockProvider, kind: str, code: int
) -> None:
    client = app.test_client()
    linked(kit, client)
    told = provider.logout_token(_header={"typ": kind})
    answer = app.test_client().post("/sign-on/ended", data={"logout_token": told})
    assert answer.status_code == code and signed_in(client) is (code == 400)


def careful(kit: Kit) -> None:
    known = {**ROLES, "admin": ADMIN, "clerk": replace(ROLES["clerk"], second_factor=True)}
    kit.desk.settings = replace(kit.desk.settings, roles=known, sign_on=SignOnRules())


def test_a_role_that_demands_a_second_factor_demands_it_after_single_sign_on_too(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    careful(kit)
    client = app.test_client()
    assert linked(kit, client).h1 == "Set up the second step"
    assert not signed_in(client)
    provider.claims = {"sub": "s-1", "amr": ["pwd", "mfa"]}
    assert come(client).h1 == "My tasks", "the settings believe the provider that it saw one"


def test_a_session_that_began_there_ends_there_also_after_a_second_step_here(
    kit: Kit, app: Flask, provider: MockProvider
) -> None:
    careful(kit)
    client = app.test_client()
    page = linked(kit, client)
    phone = pyotp.TOTP(page.words("//code[@id='key']").replace(" ", ""))
    given = {**page.form("/sign-in/set-up"), "code": phone.at(kit.at)}
    client.post("/sign-in/set-up", data=given)
    assert signed_in(client)
    held = client.get_cookie("session")
    began = sign_on.token_of(kit.desk, held.value if held else "")
    assert began is not None and began[0] == provider.issuer
    assert began[1].count(".") == 2, "the token by which it knows the session"
    told = {"logout_token": provider.logout_token()}
    assert app.test_client().post("/sign-on/ended", data=told).status_code == 200
    assert not signed_in(client)


def test_nothing_is_there_without_a_provider(kit: Kit, config: Config) -> None:
    client = create_site(kit.desk, config, lambda: kit.at).test_client()
    for path in ("/sign-on", "/sign-on/back?code=x&state=y", "/sign-on/link/x"):
        assert client.get(path).status_code == 404
    assert sign_on.token_of(kit.desk, "no session") is None
