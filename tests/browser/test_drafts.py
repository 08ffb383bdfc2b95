"""A form that saves itself, in two windows of a real browser; nothing of it stays on the device."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, sign_in

pytestmark = pytest.mark.browser

ContextOf = Callable[..., BrowserContext]


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("body[data-autosave=ready]")
    return page


def out_of_sight(page: Page) -> None:
    """As a phone that falls asleep, or a tab that is closed."""
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")


def test_a_form_saves_itself_and_two_windows_lose_no_word(
    site: Site, context_of: ContextOf
) -> None:
    context = context_of()
    sign_in(context, site, "ben").close()
    first = opened(context, "/start/p")
    first.locator("[name='author.name']").fill("R-1")
    out_of_sight(first)
    expect(first.locator(".app-saved")).to_have_text("Saved at 10am.")
    listed = context.new_page()
    listed.goto("/tasks")
    address = listed.get_by_role("link", name="Go on with “P”").get_attribute("href") or ""
    second = opened(context, address)
    second.locator("#f-hours").fill("7")
    out_of_sight(second)
    expect(second.locator(".app-saved")).to_have_text("Saved at 10am.")
    first.locator("[name='author.name']").fill("R-12")
    first.get_by_role("button", name="Save and come back later").click()
    expect(first.get_by_text("Your answers are saved for you until")).to_be_visible()
    second.goto(address)
    expect(second.locator("[name='author.name']")).to_have_value("R-12")
    expect(second.locator("#f-hours")).to_have_value("7")
    kept = second.evaluate("[localStorage.length, sessionStorage.length]")
    assert kept == [0, 0]
    context.clear_cookies()
    second.locator("#f-hours").fill("8")
    out_of_sight(second)
    expect(second.locator(".app-saved")).to_contain_text("you are no longer signed in")
    expect(second.locator("#f-hours")).to_have_value("8")


def test_where_the_site_is_away_no_button_takes_the_page_and_its_words_away(
    site: Site, context_of: ContextOf
) -> None:
    context = context_of()
    sign_in(context, site, "ben").close()
    page = opened(context, "/start/p")
    page.locator("#f-hours").fill("7")
    page.get_by_role("button", name="Add another event").click()
    page.wait_for_selector("body[data-autosave=ready]")
    out_of_sight(page)
    expect(page.locator(".app-saved")).to_have_text("Saved at 10am.")
    context.set_offline(True)
    page.locator("#f-hours").fill("8")
    out_of_sight(page)
    expect(page.locator(".app-saved")).to_contain_text("this device has no connection")
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.locator("#f-hours")).to_have_value("8")
    context.set_offline(False)
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_text("Your answers are saved for you until")).to_be_visible()
