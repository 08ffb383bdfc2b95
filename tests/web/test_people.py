"""Pages and API about accounts, one's own account, links, and the installation's log."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from app.audit.installation import refused
from app.casework import SYSTEM, accounts
from app.casework.access import ACCOUNTS, Person, Role
from app.casework.people import changes, links, tokens
from app.config import Attribute, Config, Mail
from app.config.installation import Role as RoleOf
from app.scheduler.way import Smtp
from app.store import PersonRow
from app.store.chain import log
from app.web.site import EXTENSION
from tests.anyshire import PASSWORD
from tests.kit import PEOPLE, ROLES, Kit, settings
from tests.mail_server import MailServer, listening
from tests.post import Post
from tests.web.conftest import Browser, Page, create_site
from tests.web.test_api import Client

ADMIN = Role("admin", "Administrator", "none", frozenset({ACCOUNTS}))
ADA = Person("ada", "Ada Admin", frozenset({"admin"}))
GOOD = "violin carpet thunder 7"


@pytest.fixture
def config(config: Config) -> Config:
    role = RoleOf("admin", "Administrator", "none", frozenset({ACCOUNTS}))
    return replace(config, roles={**config.roles, "admin": role})


@pytest.fixture
def ada(app: Flask, kit: Kit) -> Browser:
    kit.desk.settings = settings(roles={**ROLES, "admin": ADMIN})
    row = PersonRow("ada", "Ada Admin", "ada@example.org", ("admin",), {}, None, False)
    changes.first(kit.desk, row, kit.at)
    return signed_in(app, kit, "ada")


def signed_in(app: Flask, kit: Kit, who: str) -> Browser:
    secret, _ = links.issue(kit.desk, SYSTEM, who, kit.at)
    links.use(kit.desk, secret, GOOD, kit.at)
    browser = Browser(app.test_client())
    signed = accounts.sign_in(kit.desk, who, GOOD, kit.at, "127.0.0.1")
    browser.client.set_cookie("session", signed.token)
    return browser


def form_of(page: Page, action: str) -> dict[str, Any]:
    """What a page's form sends as it stands."""
    return page.form(action)


def press(browser: Browser, at: str, action: str, code: int = 200, **given: Any) -> Page:
    return browser.send(action, {**form_of(browser.visit(at), action), **given}, code)


def day_parts(name: str, day: int, month: int, year: int) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


def on(name: str, day: int) -> str:
    return urlencode(day_parts(name, day, 3, 2026))


def make(ada: Browser, **given: Any) -> Page:
    said = {"id": "new.one", "name": "New One", "email": "new@example.org", "roles[]": ["clerk"],
            "is_agency": "police"} | given  # fmt: skip
    csrf = ada.visit("/people/new").tree.xpath("//main//input[@name='csrf_token']/@value")[0]
    return Page(
        ada.client.post("/people/new", data={"csrf_token": csrf, **said}, follow_redirects=True)
    )


def test_a_person_is_made_shown_and_lists_their_roles(ada: Browser) -> None:
    days = day_parts("first_lead", 5, 3, 2026) | day_parts("last_lead", 9, 3, 2026)
    page = make(ada, **{"roles[]": ["clerk", "lead"]}, **days)
    assert page.h1 == "New One"
    assert page.says("Lead from 5 March 2026 until 9 March 2026")
    listed = ada.visit("/people")
    assert listed.says("New One") and listed.says("No password")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(ada: Browser) -> None:
    typed = day_parts("first_clerk", 31, 2, 2027) | day_parts("last_lead", 9, 3, 2026)
    page = make(ada, id="New", email="nobody", name="", is_agency="police", **typed)
    assert page.code == 422 and page.title.startswith("Error: ")
    for words in (
        "Enter a user name of small letters", "Enter the person’s name",
        "Enter an email address like name@example.org", "Select “Lead”, or empty its days",
    ):  # fmt: skip
        assert page.says(words), words
    held = page.form("/people/new")
    assert {"id": "New", "email": "nobody", "is_agency": "police"}.items() <= held.items()
    assert typed.items() <= held.items()
    links = page.tree.xpath("//ul[contains(@class, 'govuk-error-summary__list')]//a/@href")
    assert len(links) == 5
    assert all(page.tree.xpath(f"//*[@id='{link[1:]}']") for link in links), links


def test_a_last_day_before_the_first_is_said_at_the_last(ada: Browser) -> None:
    days = day_parts("first_clerk", 9, 3, 2026) | day_parts("last_clerk", 5, 3, 2026)
    page = make(ada, **days)
    (link,) = page.tree.xpath("//a[text()='The last day must be the first day or later']/@href")
    assert link == "#f-last_clerk-day"


def test_roles_are_ticked_and_agencies_chosen_by_what_people_call_them(
    app: Flask, ada: Browser, config: Config
) -> None:
    rows = (("police", "Surrey Police", None), ("csc", "Care", date(2026, 1, 1)))
    told = replace(config, attributes=(Attribute("agency", "Agency", rows),))
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], config=told)
    page = ada.visit("/people/new")
    assert page.tree.xpath("//select[@name='is_agency']/option/text()")[1:] == ["Surrey Police"]
    assert page.tree.xpath("//label[@for='f-is_agency']/text()")[0].strip() == "Agency (optional)"
    for role in config.roles.values():
        assert page.tree.xpath(f"//input[@type='checkbox'][@value='{role.id}']"), role
    assert "2027-04" not in page.text and "agency=" not in page.text


def test_an_account_is_changed_from_how_it_stands(ada: Browser) -> None:
    make(ada, **day_parts("last_clerk", 9, 3, 2027))
    held = ada.visit("/people/new.one/change")
    form = held.form("/people/new.one/change")
    assert day_parts("last_clerk", 9, 3, 2027).items() <= form.items()
    assert form["is_agency"] == "police"
    opened = held.tree.xpath("//main//details[@open]//input/@name")
    assert {name.rpartition("-")[0] for name in opened} == {"first_clerk", "last_clerk"}
    assert held.tree.xpath("//input[@type='checkbox'][@checked]/@value") == ["clerk"]
    page = ada.send("/people/new.one/change", {**form, "roles[]": []})
    assert page.says("No role") and not page.says("Clerk until")


def test_a_program_gives_no_agency_that_stands_in_no_list(
    app: Flask, kit: Kit, ada: Browser, config: Config
) -> None:
    rows = (("police", "Surrey Police", None),)
    told = replace(config, attributes=(Attribute("agency", "Agency", rows),))
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], config=told)
    secret, _ = tokens.make(kit.desk, SYSTEM, "ada", "accounts", kit.at, scope=["administer"])
    api, new = Client(app, secret), {"person": "gil.gray", "name": "Gil Gray"}
    said = api.post("/people", {**new, "attributes": {"agency": "polise"}}, 422)
    assert "The nearest is “police”." in said["detail"]
    api.post("/people", {**new, "attributes": {"agency": "police"}}, 201)


def test_a_link_is_shown_once_and_leads_to_a_password(ada: Browser, stranger: Browser) -> None:
    make(ada)
    page = press(ada, "/people/new.one", "/people/new.one/link")
    (link,) = page.tree.xpath("//code[@id='link']/text()")
    assert "/set-password/" not in ada.visit("/people/new.one").text
    path = re.sub(r"^https?://[^/]+", "", link)
    stranger.visit(path)
    wrong = {"password": GOOD, "again": "another"}
    assert press(stranger, path, path, 422, **wrong).says("Enter the same new password twice")
    common = {"password": "password1234", "again": "password1234"}
    assert press(stranger, path, path, 422, **common).says("easy to guess")
    page = press(stranger, path, path, password=GOOD, again=GOOD)
    assert page.says("Your password is set") and GOOD not in page.text
    assert stranger.sign_in("new.one", GOOD).h1 == "My tasks"


def test_a_link_mailed_over_a_real_mail_server_opens_for_who_got_it(
    app: Flask, ada: Browser, stranger: Browser, config: Config, kit: Kit
) -> None:
    make(ada)
    with listening(MailServer()) as server:
        port = server.port
        mail = Mail("a@example.org", "127.0.0.1", port, address="https://review.example.org")
        site = app.extensions[EXTENSION]
        app.extensions[EXTENSION] = replace(site, config=replace(config, mail=mail))
        page = press(ada, "/people/new.one", "/people/new.one/mail")
        Post(kit.desk, Smtp(mail), mail).deliver(kit.at)
    (letter,) = server.got
    assert page.says("The link is mailed now") and letter["To"] == "new@example.org"
    assert letter["Message-ID"] and letter["Auto-Submitted"] == "auto-generated"
    found = re.search(r"https://review\.example\.org(/set-password/\S+)", letter.get_content())
    assert found
    page = press(stranger, found[1], found[1], password=GOOD, again=GOOD)
    assert page.says("Your password is set")


def test_the_address_of_a_link_is_told_to_no_other_page(kit: Kit, stranger: Browser) -> None:
    secret, _ = links.issue(kit.desk, SYSTEM, "ann", kit.at)
    answer = stranger.visit(f"/set-password/{secret}").answer
    assert answer.headers["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("secret", ["made-up", "x" * 43, "%00", "..%2f.."])
def test_a_made_up_link_looks_like_one_that_is_over(
    ada: Browser, kit: Kit, stranger: Browser, secret: str
) -> None:
    over, _ = links.issue(kit.desk, SYSTEM, "ann", kit.at)
    links.issue(kit.desk, SYSTEM, "ann", kit.at)
    first = stranger.client.get(f"/set-password/{over}")
    second = stranger.client.get(f"/set-password/{secret}")
    assert first.status_code == 410
    assert second.status_code in (404, 410)
    if second.status_code == 410:
        assert second.data == first.data


@pytest.mark.parametrize("secret", ["made-up", "x" * 43])
def test_a_password_sent_to_a_made_up_link_is_answered_like_to_one_that_is_over(
    kit: Kit, stranger: Browser, secret: str
) -> None:
    over, _ = links.issue(kit.desk, SYSTEM, "ann", kit.at)
    links.issue(kit.desk, SYSTEM, "ann", kit.at)
    csrf = stranger.visit("/sign-in").tree.xpath("//main//input[@name='csrf_token']/@value")[0]
    given = {"csrf_token": csrf, "password": GOOD, "again": GOOD}
    first, second = (
        stranger.client.post(f"/set-password/{each}", data=given) for each in (over, secret)
    )
    assert (second.status_code, second.data) == (first.status_code, first.data)
    assert first.status_code == 410


def test_a_person_is_changed_disabled_and_enabled_on_the_page(ada: Browser, kit: Kit) -> None:
    make(ada)
    form = ada.visit("/people/new.one/change")
    csrf = form.tree.xpath("//main//input[@name='csrf_token']/@value")[0]
    given = {"csrf_token": csrf, "name": "Newer", "email": "", "roles[]": ["lead"]}
    page = Page(ada.client.post("/people/new.one/change", data=given, follow_redirects=True))
    assert page.h1 == "Newer" and page.says("No address") and page.says("Lead")
    leads = ada.visit("/people/new.one").links()["Disable this account"]
    asks = ada.visit(leads)
    assert asks.h1 == "Disable the account of Newer?" and asks.says("They have taken no task.")
    assert ada.visit("/people/new.one").says("Has no password yet"), "asking changes nothing"
    assert press(ada, leads, "/people/new.one/disable").says("Tasks that went back: 0")
    assert press(ada, "/people/new.one", "/people/new.one/enable").says("can sign in again")
    assert press(ada, "/people/new.one", "/people/new.one/sign-out").says("signed out everywhere")


def test_ones_own_account_is_not_changed_here(ada: Browser) -> None:
    page = ada.visit("/people/ada")
    assert page.says("This is your own account")
    assert not page.tree.xpath("//main//form[contains(@action, 'disable')]")
    csrf = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    for what in ("disable", "link", "sign-out"):
        answer = ada.client.post(f"/people/ada/{what}", data={"csrf_token": csrf})
        assert answer.status_code == 422
        assert "Nobody changes their own account" in answer.text


PAGES = ("/people", "/people/new", "/people/ann", "/people/ann/change", "/people/ann/disable")


@pytest.mark.parametrize("path", PAGES)
def test_who_keeps_no_accounts_finds_no_page_about_them(
    lea: Browser, ada: Browser, path: str
) -> None:
    lea.visit(path, 404)
    csrf = lea.visit("/tasks").tree.xpath("//input[@name='csrf_token']/@value")[0]
    for what in ("disable", "link", "enable", "sign-out", "revoke", "change"):
        answer = lea.client.post(f"/people/ann/{what}", data={"csrf_token": csrf})
        assert answer.status_code == 404


def test_a_password_is_changed_and_every_other_session_ends(
    ada: Browser, app: Flask, kit: Kit
) -> None:
    here, there = signed_in(app, kit, "ann"), Browser(app.test_client())
    second = accounts.sign_in(kit.desk, "ann", GOOD, kit.at, "127.0.0.1")
    there.client.set_cookie("session", second.token)
    was = here.client.get_cookie("session")
    new = "quartz lantern meadow"
    wrong = {"old": "wrong", "password": new, "again": new}
    page = press(here, "/account", "/account/password", 422, **wrong)
    assert page.says("The present password is not right.") and new not in page.text
    page = press(here, "/account", "/account/password", old=GOOD, password=new, again=new)
    assert page.h1 == "Your account" and page.says("Your password is changed")
    assert there.visit("/tasks").h1 == "Sign in"
    assert was is not None
    there.client.set_cookie("session", was.value)
    assert there.visit("/tasks").h1 == "Sign in", "the session of before ended here too"


def test_own_sessions_are_named_by_their_browser_and_ended(
    ada: Browser, app: Flask, kit: Kit, stranger: Browser
) -> None:
    here = signed_in(app, kit, "ann")
    form = stranger.visit("/sign-in").form("/sign-in")
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1"
    stranger.send("/sign-in", {**form, "name": "ann", "password": GOOD},
                  headers={"User-Agent": phone})  # fmt: skip
    page = here.visit("/account")
    assert page.says("Safari on iPhone") and page.says("This one")
    assert "127.0.0.1" not in page.text
    press(here, "/account", "/account/sessions/end")
    assert stranger.visit("/tasks").h1 == "Sign in"
    assert here.visit("/tasks").h1 == "My tasks"


def test_a_token_is_made_shown_once_and_revoked_on_ones_own_page(
    ada: Browser, app: Flask, kit: Kit
) -> None:
    ann = signed_in(app, kit, "ann")
    page = press(ann, "/account", "/account/tokens", name="figures", scope="read", days="30")
    (secret,) = page.tree.xpath("//code[@id='secret']/text()")
    client = Client(app, secret)
    assert client.get("/tasks")["items"] == []
    assert secret not in ann.visit("/account").text
    page = press(ann, "/account", "/account/tokens", 422, name="", scope="read", days="999")
    assert page.says("Enter what the token is for") and page.says("A token lasts a year at most")
    press(ann, "/account", "/account/tokens/revoke")
    client.get("/tasks", 401)


@pytest.mark.parametrize(
    ("scope", "code"), [("read", 403), ("tasks", 403), ("record", 201), ("administer", 403)]
)
def test_a_token_serves_for_its_scope_alone(
    ada: Browser, app: Flask, kit: Kit, scope: str, code: int
) -> None:
    from tests.web.test_api import FILES

    kit.deploy(FILES)
    secret, _ = tokens.make(kit.desk, PEOPLE["ann"], "ann", "t", kit.at, scope=[scope])
    Client(app, secret).post("/cases", {"process": "p"}, code)
    Client(app, secret).get("/cases")


def test_the_log_is_read_filtered_and_given_as_csv_by_who_audits(
    ada: Browser, browser_of: Any, kit: Kit
) -> None:
    make(ada)
    aud = browser_of("aud")
    page = aud.visit("/log")
    assert page.says("Ada Admin made the account new.one (New One) with: Clerk; agency police.")
    assert not aud.visit("/log?topic=cover").says("made the account")
    assert aud.visit(f"/log?who=new.one&{on('from', 4)}&{on('until', 4)}").says("made the account")
    assert not aud.visit("/log?who=gil").says("made the account")
    assert aud.visit(f"/log?{on('from', 5)}").says("No entry fits")
    wrong = aud.visit(f"/log?{on('from', 33)}&topic=cover")
    assert wrong.title.startswith("Error: ") and "2027-04" not in wrong.text
    assert wrong.form("/log")["from-day"] == "33" and wrong.form("/log")["topic"] == "cover"
    assert aud.visit(f"/log?{on('from', 3)}").links()["Download as CSV"].endswith(on("from", 3))
    rows = list(csv.reader(io.StringIO(aud.client.get("/log/download.csv").text)))
    assert rows[0][0].endswith("Entry") and any("new.one" in row[-1] for row in rows)
    ada.visit("/log", 404)
    ada.visit("/log/download.csv", 404)


def test_refused_looks_and_bad_tokens_are_counted_for_the_log(
    ada: Browser, browser_of: Any, app: Flask, kit: Kit
) -> None:
    aud = browser_of("aud")
    for _ in range(3):
        ada.visit("/cases/T-2026-0001", 404)
    Client(app, "x" * 43).get("/cases", 401)
    page = aud.visit("/log")
    assert page.says("ada Asked for what is not there or not theirs to see 3")
    assert page.says("127.0.0.1 Came with a token that does not serve 1")


def test_forged_forms_and_tokens_beyond_their_scope_are_counted_for_the_log(
    ada: Browser, app: Flask, kit: Kit, stranger: Browser
) -> None:
    secret, _ = tokens.make(
        kit.desk, ADA, "ada", "t", kit.at, scope=["read"], expires=kit.at + timedelta(days=1)
    )
    Client(app, secret).post("/people/ben/disable", code=403)
    ada.client.post("/people/ben/disable", data={"name": "x"})
    stranger.client.post("/sign-in", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    stranger.visit("/set-password/made-up", 410)
    with kit.store.reading() as unit:
        counted = {(row.what, row.who): row.count for row in log.refusals.running(unit)}
    assert counted[("scope", "p:ada")] == 1
    assert sum(n for (what, _), n in counted.items() if what == "form") == 2
    assert counted[("link", "a:127.0.0.1")] == 1
    assert refused("scope") != "scope" and refused("form") != "form"


@pytest.fixture
def api(ada: Browser, app: Flask, kit: Kit) -> Client:
    return Client(app, accounts.new_token(kit.desk, ADA, "api", kit.at))


def test_accounts_are_kept_by_the_api(api: Client, app: Flask, kit: Kit) -> None:
    roles = [{"role": "clerk"}, {"role": "lead", "first": "2026-03-05", "last": None}]
    made = api.post("/people", {"person": "new", "name": "New", "roles": roles}, 201)
    assert made["roles"][1] == {"role": "lead", "first": "2026-03-05", "last": None}
    assert made["has_password"] is False
    said = api.post("/people/new/change", {"email": "new@example.org"})
    assert said["email"] == "new@example.org" and len(said["roles"]) == 2
    link = api.post("/people/new/link", {"hours": 2}, 201)
    assert datetime.fromisoformat(link["ends"]) == kit.at + timedelta(hours=2)
    links.use(kit.desk, link["secret"], GOOD, kit.at)
    token = api.post("/people/new/tokens", {"name": "t", "scope": ["read"]}, 201)["secret"]
    assert Client(app, token).get("/tasks")["items"] == []
    api.post("/people/new/tokens", {"name": "u", "scope": ["administer"], "days": 1}, 201)
    kept = {one["name"]: one for one in api.get("/people/new/tokens")["items"]}
    scopes = {name: one["scope"] for name, one in kept.items()}
    assert scopes == {"t": ["read"], "u": ["administer"]}
    assert datetime.fromisoformat(kept["u"]["ends"]) == kit.at + timedelta(days=1)
    assert api.post("/people/new/tokens/revoke", {"name": "t"})["returned"] == 0
    Client(app, token).get("/tasks", 401)
    api.post("/people/new/sign-out")
    assert api.post("/people/new/disable")["returned"] == 0
    api.post("/people/new/enable")
    assert {one["id"] if "id" in one else one["person"] for one in api.get("/people")["items"]} > {
        "ada", "new",
    }  # fmt: skip
    assert {one["person"] for one in api.get("/tokens")["items"]} == {"ada", "new"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/people", {"person": "x", "name": "X", "roles": [{"role": "admin"}]}),
        ("/people/ann/change", {"roles": [{"role": "lead"}]}),
        ("/people/ada/disable", {}),
        ("/people/ada/link", {}),
        ("/people/ada/tokens", {"name": "t"}),
    ],
)
def test_nobody_without_the_power_keeps_accounts_by_the_api(
    ada: Browser, app: Flask, kit: Kit, path: str, body: dict[str, Any]
) -> None:
    token = accounts.new_token(kit.desk, PEOPLE["lea"], "t", kit.at)
    Client(app, token).post(path, body, 404)


def test_the_log_is_read_by_the_api(ada: Browser, app: Flask, kit: Kit) -> None:
    aud = Client(app, accounts.new_token(kit.desk, PEOPLE["aud"], "t", kit.at))
    found = aud.get("/log?topic=access&size=5")
    assert found["items"][0]["kind"] == "MakeToken" and found["total"] >= 3
    lea = Client(app, accounts.new_token(kit.desk, PEOPLE["lea"], "t", kit.at))
    lea.get("/log", 404)


def test_the_sign_in_page_says_whom_to_ask(kit: Kit, config: Config) -> None:
    help = "Ask the partnership team on 01234 567890."
    site = create_site(
        kit.desk, replace(config, sign_in=replace(config.sign_in, help=help)), lambda: kit.at
    )
    page = Browser(site.test_client()).visit("/sign-in")
    assert page.says(help) and page.says("Nobody can look your password up")


def test_every_page_says_when_the_session_ends_and_one_can_stay(ann: Browser, kit: Kit) -> None:
    page = ann.visit("/tasks")
    assert page.says("You are signed out when nothing happens for 30 minutes, and on")
    csrf = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    kit.later(minutes=20)
    stayed = ann.client.post("/stay", data={"csrf_token": csrf, "quiet": "yes"})
    assert stayed.status_code == 204
    kit.later(minutes=20)
    assert ann.visit("/tasks").h1 == "My tasks"
    kit.later(minutes=31)
    assert ann.client.post("/stay", data={"csrf_token": csrf}).status_code == 401


def test_signing_in_again_in_one_browser_ends_the_session_of_before(
    stranger: Browser, app: Flask
) -> None:
    stranger.sign_in("ann")
    old = stranger.client.get_cookie("session")
    other = Browser(app.test_client())
    assert old is not None
    form = stranger.visit("/accessibility")  # any page; the sign-in page sends on
    csrf = form.tree.xpath("//input[@name='csrf_token']/@value")[0]
    stranger.client.post("/sign-in", data={"csrf_token": csrf, "name": "ann", "password": PASSWORD})
    other.client.set_cookie("session", old.value)
    assert other.visit("/tasks").h1 == "Sign in"
