"""The history in a real browser: slider, keyboard, the same without script, axe, narrow screens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.screens import resize
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser

ContextOf = Callable[..., BrowserContext]


def opened(site: Site, context: BrowserContext, query: str = "") -> Page:
    page = sign_in(context, site, "lea")
    page.goto(f"/cases/{site.late}/history{query}")
    return page


def test_the_slider_steps_by_keyboard_and_says_what_it_shows(
    site: Site, context_of: ContextOf
) -> None:
    page = opened(site, context_of())
    slider = page.locator("#replay-slider")
    expect(slider).to_be_visible()
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^1 of "))
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^2 of "))
    expect(page.locator("tr[aria-current=step]")).to_have_count(1)
    expect(page.locator("#replay-drawing svg")).to_have_count(1)


def test_play_goes_on_and_stops(site: Site, context_of: ContextOf) -> None:
    context = context_of()
    context.clock.install()
    page = opened(site, context)
    play = page.locator("#replay-play")
    expect(play).to_be_visible()
    context.clock.pause_at(datetime.now(UTC) + timedelta(minutes=10))  # its own clock stands
    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    context.clock.run_for(1500)
    expect(page.locator("#replay-now")).to_contain_text("2 of ")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "false")


def test_without_script_the_links_do_the_same(site: Site, context_of: ContextOf) -> None:
    page = opened(site, context_of(script=False), "?step=1")
    expect(page.locator("#replay-slider")).to_be_hidden()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("tr[aria-current=step]")).to_have_count(1)
    assert "step=1&" not in page.url
    expect(page.locator("#replay-drawing svg")).to_have_count(1)


def test_the_page_has_no_violation_and_fits_a_narrow_screen(
    site: Site, context_of: ContextOf
) -> None:
    page = opened(site, context_of(), "?check=yes")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.wait_for_load_state("networkidle")
    assert not violations(page)
    resize(page, 320, 800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not violations(page)
    assert not faults
