"""Passkeys in a real browser with an authenticator that Chromium plays: made, used, removed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import waitress
from argon2 import PasswordHasher

from app.audit.verification import verify_installation
from app.casework import accounts
from app.casework.people import passwords
from app.store import Store
from app.store.chain.log import entries
from tests.anyshire import PASSWORD, configuration
from tests.kit import Kit
from tests.templates import create_site

pytestmark = pytest.mark.browser


@pytest.fixture
def kit(sqlite_store: Store) -> Kit:
    return Kit(sqlite_store)


@pytest.fixture
def address(kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))
    passwords.decoy.cache_clear()
    config = configuration(tmp_path)
    accounts.ensure(kit.desk, "ann", "Ann Archer", ["clerk"], kit.at, password=PASSWORD)
    server = waitress.create_server(
        create_site(kit.desk, config, lambda: kit.at), host="127.0.0.1", port=0, threads=4
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://localhost:{server.effective_port}"
    server.close()
    thread.join(5)


def authenticator(page: Any) -> tuple[Any, str]:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, made["authenticatorId"]


def by_password(page: Any, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("Email address or user name").fill("ann")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Any) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")


def h1(page: Any) -> str:
    return str(page.locator("h1").inner_text())


def test_a_passkey_is_made_named_used_both_ways_and_removed(
    kit: Kit, address: str, page: Any
) -> None:
    devtools, device = authenticator(page)
    by_password(page, address)
    page.goto(f"{address}/account/ways")
    page.get_by_label("Name of a new passkey").fill("Work phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is kept.").wait_for()
    assert page.locator("td", has_text="Work phone").count() >= 1
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/tasks")
    sign_out(page)

    by_password(page, address)
    page.get_by_role("heading", name="Second step").wait_for()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/tasks")
    sign_out(page)

    # the device no longer makes sure of who holds it: that is not enough instead of a password
    verified = {"authenticatorId": device, "isUserVerified": False}
    devtools.send("WebAuthn.setUserVerified", verified)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("No passkey was used.").wait_for()
    devtools.send("WebAuthn.setUserVerified", verified | {"isUserVerified": True})

    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/tasks")
    page.goto(f"{address}/account/ways")
    page.get_by_role("button", name="Remove Work phone").click()
    page.get_by_text("opens nothing here any more").wait_for()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("This passkey is not known here").first.wait_for()
    verdict = verify_installation(kit.store)
    assert verdict is not None and verdict.good
    with kit.store.reading() as unit:
        told = [row.kind for row in entries.page(unit, entries.Asked(person="ann"), 0, 50)]
    assert [kind for kind in told[::-1] if "Passkey" in kind] == ["AddPasskey", "RemovePasskey"]


def test_an_answer_of_a_passkey_serves_once(kit: Kit, address: str, page: Any) -> None:
    authenticator(page)
    by_password(page, address)
    page.goto(f"{address}/account/ways")
    page.get_by_label("Name of a new passkey").fill("Laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is kept.").wait_for()
    sign_out(page)
    sent: list[str] = []

    def note(request: Any) -> None:
        if request.url.endswith("/sign-in/passkey"):
            sent.append(request.post_data)

    page.on("request", note)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/tasks")
    token = page.locator("input[name=csrf_token]").first.input_value()
    form = dict(parse_qsl(sent[0])) | {"csrf_token": token}
    again = page.request.post(f"{address}/sign-in/passkey", form=form, max_redirects=0)
    assert again.status == 422 and "This took too long. Try again." in again.text()
