"""The second step as pages: without script, nothing typed is lost, nothing secret stays in an
address; and who resets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pyotp
import pytest
from flask import Flask

from app.casework.access import ACCOUNTS, SYSTEM, Role
from app.casework.people import tokens
from app.store.people.proof import identities
from app.web.second import passkey_site
from app.web.site import EXTENSION
from app.web.written import _signed
from tests.anyshire import PASSWORD
from tests.kit import Kit
from tests.web.conftest import Browser, Page
from tests.web.test_api import Client

BrowserOf = Callable[[str], Browser]


@pytest.fixture
def careful(kit: Kit, app: Flask) -> Kit:
    known = kit.desk.settings.roles
    changed = {
        "clerk": replace(known["clerk"], second_factor=True),
        "lead": Role("lead", "Lead", "case", known["lead"].may | {ACCOUNTS}),
    }
    kit.desk.settings = replace(kit.desk.settings, roles={**known, **changed})
    site = app.extensions[EXTENSION]
    lead = replace(site.config.roles["lead"], may=changed["lead"].may)
    config = replace(site.config, roles={**site.config.roles, "lead": lead})
    app.extensions[EXTENSION] = replace(site, config=config)
    return kit


def key_of(page: Page) -> pyotp.TOTP:
    return pyotp.TOTP(page.words("//code[@id='key']").replace(" ", ""))


def set_up(kit: Kit, browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    page = browser.sign_in("ann")
    app = key_of(page)
    given = {**page.form("/sign-in/set-up"), "code": app.at(kit.at)}
    codes = browser.send("/sign-in/set-up", given)
    assert codes.h1 == "Keep your recovery codes"
    return app, codes.words("//ul[@id='codes']").split()


def test_the_second_step_is_set_up_at_sign_in_and_leads_on(careful: Kit, stranger: Browser) -> None:
    page = stranger.visit("/account")
    given = {**page.form("/sign-in"), "name": "ann", "password": PASSWORD}
    page = stranger.send("/sign-in", given)
    assert page.h1 == "Set up the second step" and page.tree.xpath("//svg")
    assert page.tree.xpath("//input[@name='code']/@autocomplete") == ["one-time-code"]
    assert stranger.client.get("/account").status_code == 302, "no session yet"
    app = key_of(page)
    again = stranger.send("/sign-in/set-up", {**page.form("/sign-in/set-up"), "code": "1"}, 422)
    assert key_of(again).secret == app.secret and again.title.startswith("Error: ")
    codes = stranger.send(
        "/sign-in/set-up", {**again.form("/sign-in/set-up"), "code": app.at(careful.at)}
    )
    assert len(codes.words("//ul[@id='codes']").split()) == 10
    on = stranger.send("/sign-in/go-on", codes.form("/sign-in/go-on"))
    assert on.h1 == "Your account"


def test_from_then_on_a_code_is_asked_and_what_is_wrong_is_said(
    careful: Kit, stranger: Browser, app: Flask
) -> None:
    phone, codes = set_up(careful, stranger)
    careful.later(hours=1)
    other = Browser(app.test_client())
    page = other.sign_in("ann")
    assert page.h1 == "Second step"
    assert not page.tree.xpath("//form[@data-passkey]"), "they have none"
    wrong = other.send("/sign-in/second", {**page.form("/sign-in/second"), "code": "000000"}, 422)
    assert wrong.says("The code is not right, or was used already")
    assert other.client.get("/account").status_code == 302
    given = {**wrong.form("/sign-in/second"), "code": phone.at(careful.at)}
    assert other.send("/sign-in/second", given).h1 == "My tasks"
    third = Browser(app.test_client())
    page = third.sign_in("ann")
    wrong = third.send("/sign-in/second", {**page.form("/sign-in/second"), "recovery": "x"}, 422)
    assert wrong.tree.xpath("//a[@href='#recovery']")
    given = {**page.form("/sign-in/second"), "recovery": codes[0]}
    assert third.send("/sign-in/second", given).h1 == "My tasks"


#: where the settings say that the site is, where it was asked → the name and origin of passkeys
BOUND: dict[str, tuple[str, str, tuple[str, ...] | None]] = {
    "a name": (
        "https://Cases.example", "https://cases.example", ("cases.example", "https://cases.example")
    ),
    "asked under another name": (
        "https://cases.example:8443", "https://localhost",
        ("cases.example", "https://cases.example:8443"),
    ),
    "without https": ("http://cases.example", "http://cases.example", None),
    "an address of four numbers": ("https://192.0.2.7", "https://192.0.2.7", None),
    "an address with colons": ("https://[2001:db8::7]", "https://[2001:db8::7]", None),
    "on the machine itself": (
        "http://127.0.0.1:8000", "http://localhost:8000", ("localhost", "http://localhost:8000")
    ),
    "on the machine itself, by the last form of its address": (
        "http://[::1]:8000", "http://localhost:8000", ("localhost", "http://localhost:8000")
    ),
    "on the machine itself, asked by a number": (
        "http://localhost:8000", "http://127.0.0.1:8000", None
    ),
    "elsewhere, asked as the machine itself": ("http://cases.example", "http://localhost", None),
}  # fmt: skip


def test_passkeys_are_bound_to_the_name_that_the_settings_give(app: Flask) -> None:
    site, told = app.extensions[EXTENSION], {}
    for row, (address, asked_at, _) in BOUND.items():
        mail = replace(site.config.mail, address=address)
        app.extensions[EXTENSION] = replace(site, config=replace(site.config, mail=mail))
        with app.test_request_context(base_url=asked_at):
            bound = passkey_site()
        told[row] = bound and (bound.id, *bound.origins)
    assert told == {row: expected for row, (_, _, expected) in BOUND.items()}


def test_guessing_codes_has_to_wait(careful: Kit, stranger: Browser, app: Flask) -> None:
    set_up(careful, stranger)
    other = Browser(app.test_client())
    page = other.sign_in("ann")
    for _ in range(5):
        page = other.send(
            "/sign-in/second", {**page.form("/sign-in/second"), "code": "000000"}, 422
        )
    page = other.send("/sign-in/second", {**page.form("/sign-in/second"), "code": "0"}, 429)
    assert page.says("Too many attempts. Please wait")


def test_what_was_typed_before_a_session_ended_comes_back_after_the_second_step(
    careful: Kit, stranger: Browser, app: Flask
) -> None:
    phone, _ = set_up(careful, stranger)
    careful.later(hours=1)
    other = Browser(app.test_client())
    page = other.sign_in("ann")
    with app.test_request_context():
        kept = _signed(["ann", "/tasks", [["note", "long words"]]])
    given = {**page.form("/sign-in/second"), "code": phone.at(careful.at), "kept": kept}
    back = other.send("/sign-in/second", given)
    assert back.h1 == "You are signed in again" and "long words" in back.text


def test_what_was_typed_comes_back_after_the_second_step_is_set_up(
    careful: Kit, stranger: Browser, app: Flask
) -> None:
    page = stranger.sign_in("ann")
    with app.test_request_context():
        kept = _signed(["ann", "/tasks", [["note", "long words"]]])
    given = {**page.form("/sign-in/set-up"), "code": "1", "kept": kept}
    again = stranger.send("/sign-in/set-up", given, 422)
    right = {**again.form("/sign-in/set-up"), "code": key_of(page).at(careful.at)}
    codes = stranger.send("/sign-in/set-up", right)
    back = stranger.send("/sign-in/go-on", codes.form("/sign-in/go-on"))
    assert back.h1 == "You are signed in again" and "long words" in back.text


def test_a_step_without_a_ticket_leads_back_to_the_sign_in(careful: Kit, stranger: Browser) -> None:
    assert stranger.visit("/sign-in/second").h1 == "Sign in"
    form = stranger.visit("/sign-in").form("/sign-in")
    token = {"csrf_token": form["csrf_token"], "ticket": "x", "code": "1", "next": "/account"}
    for path in ("/sign-in/second", "/sign-in/set-up"):
        answer = stranger.client.post(path, data=token)
        assert answer.status_code == 302
        assert stranger.visit(answer.headers["Location"]).says("Signing in took too long")
    assert not stranger.visit("/sign-in").says("Signing in took too long")


def test_ones_own_page_sets_an_app_up_only_soon_after_the_sign_in(
    kit: Kit, app: Flask, browser_of: BrowserOf
) -> None:
    ben = browser_of("ben")
    page = ben.visit("/account/ways")
    phone = key_of(page)
    kit.later(minutes=11)
    late = ben.send(
        "/account/ways/app", {**page.form("/account/ways/app"), "code": phone.at(kit.at)}, 422
    )
    assert late.says("it needs a sign-in of just now")
    ben = browser_of("ben")
    page = ben.visit("/account/ways")
    phone = key_of(page)
    codes = ben.send(
        "/account/ways/app", {**page.form("/account/ways/app"), "code": phone.at(kit.at)}
    )
    assert codes.h1 == "Keep your recovery codes"
    assert ben.visit("/account/ways").says("10 of 10 are left")
    other = Browser(app.test_client())
    assert other.sign_in("ben").h1 == "Second step", "who has one is asked for it"


def test_who_keeps_accounts_resets_it_and_nobody_else_finds_the_page(
    careful: Kit, stranger: Browser, browser_of: BrowserOf
) -> None:
    set_up(careful, stranger)
    ben = browser_of("aud")
    assert ben.client.get("/people/ann/second-factor").status_code == 404
    lea = browser_of("lea")
    page = lea.visit("/people/ann/second-factor")
    assert page.says("A role demands it Yes")
    path = "/people/ann/second-factor/reset"
    done = lea.send(path, page.form(path))
    assert done.says("The second factor is reset")
    assert done.says("No mail can go to them: tell them yourself.")
    assert stranger.client.get("/account").status_code == 302, "their session ended"
    assert stranger.sign_in("ann").h1 == "Set up the second step"


def test_a_program_of_who_keeps_accounts_resets_it_and_takes_a_work_account_away(
    careful: Kit, app: Flask, stranger: Browser
) -> None:
    set_up(careful, stranger)
    secret, _ = tokens.make(careful.desk, SYSTEM, "lea", "it", careful.at, scope=["administer"])
    api = Client(app, secret)
    path = "/people/ann/second-factor"
    assert api.post(f"{path}/reset") == {"person": "ann", "mailed": False}
    assert stranger.client.get("/account").status_code == 302, "their session ended"
    api.post(f"{path}/reset", code=422)  # there is none any more
    known = {"issuer": "https://login.example.org", "subject": "s-1"}
    api.post(f"{path}/unlink", known, 404)
    with careful.store.writing() as unit:
        identity = identities.IdentityRow(
            known["issuer"], known["subject"], "ann", careful.at, "lea"
        )
        identities.add(unit, identity)
    assert api.post(f"{path}/unlink", known)["person"] == "ann"
    with careful.store.reading() as unit:
        assert not identities.of_person(unit, "ann")


def test_a_passkey_that_nobody_made_opens_nothing(careful: Kit, stranger: Browser) -> None:
    page = stranger.visit("/sign-in", base_url="http://localhost")
    given = page.form("/sign-in/passkey")
    junk = ['{"rawId": "AA", "response": {}}', "[]", "", "{}", '{"rawId": 7}', "\u0660", "null",
            '{"rawId":"AA","id":"AA","type":"public-key","response":7}']  # fmt: skip
    for answer in junk:
        assert (
            stranger.client.post(
                "/sign-in/passkey", data={**given, "answer": answer}, base_url="http://localhost"
            ).status_code
            == 422
        ), answer
