"""A guest and the team in a real browser: with axe, without script, at 320 px."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app.casework import accounts
from app.store import Store
from tests.anyshire import PASSWORD, configuration
from tests.browser.test_pages import violations
from tests.guests import MAIL, asked, link_to
from tests.kit import KEK, Kit
from tests.limits import PATIENCE_S
from tests.templates import create_site

pytestmark = pytest.mark.browser


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    store = Store(f"sqlite:///{tmp_path / 'cases.db'}", KEK)
    store.migrate()
    yield Kit(store)
    store.close()


@pytest.fixture
def address(kit: Kit, tmp_path: Path) -> Iterator[str]:
    config = replace(configuration(tmp_path), mail=MAIL)
    ann = next(one for one in config.people if one.id == "ann")
    accounts.ensure(kit.desk, ann.id, ann.name, ann.roles, kit.at, password=PASSWORD)
    app = create_site(kit.desk, config, lambda: kit.at)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


def fits(page: Page, script: bool) -> None:
    """Asked once all of it is there: a click comes back when its page begins. axe needs scripts."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if script:
        assert not violations(page)


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_guest_answers_with_a_code_that_the_team_reads_out(
    browser: Browser, kit: Kit, address: str, script: bool
) -> None:
    case = asked(kit)
    secret, task = link_to(kit, case), kit.task(case, "reply")
    narrow = {"width": 320, "height": 800}
    context = browser.new_context(
        base_url=address, java_script_enabled=script, viewport={"width": 320, "height": 800}
    )
    context.set_default_timeout(PATIENCE_S * 1000)
    guest = context.new_page()
    guest.goto(f"/guest-link/{secret}")
    fits(guest, script)
    office = browser.new_context(base_url=address, java_script_enabled=script)
    signed = accounts.sign_in(kit.desk, "ann", PASSWORD, kit.at, "127.0.0.1")
    office.add_cookies([{"name": "session", "value": signed.token, "url": address}])
    team = office.new_page()
    team.set_viewport_size(narrow)  # type: ignore[arg-type]
    team.goto(f"/cases/T-2026-0001/tasks/{task}")
    team.get_by_role("link", name="Who is asked by a link").click()
    fits(team, script)
    team.get_by_role("button", name="Read out a code to Jo Bright on 01306555123").click()
    fits(team, script)
    code = team.locator(".govuk-panel__title").inner_text()
    guest.get_by_label("Code").fill("1")
    guest.get_by_role("button", name="Continue").click()
    fits(guest, script)
    assert script == guest.get_by_text("The page goes on by itself").is_visible()
    guest.get_by_label("Code").fill(code)
    if not script:  # with scripts nothing has to be pressed, as the hint has said
        guest.get_by_role("button", name="Continue").click()
    guest.wait_for_url("**/guest")
    assert guest.url == f"{address}/guest"
    fits(guest, script)
    guest.get_by_label("Known").fill("We knew nobody")
    guest.get_by_role("button", name="Send", exact=True).last.click()
    guest.get_by_role("heading", name="Your answers were sent").wait_for()
    fits(guest, script)
    guest.goto(f"/guest-link/{secret}")
    fits(guest, script)
    context.close()
    office.close()
