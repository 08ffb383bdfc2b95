"""Forty rows of a chronology in a real browser: how many actions that takes, and how it looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.screens import resize
from tests.browser.test_pages import violations
from tests.web.test_tables import HEAD

pytestmark = pytest.mark.browser

ContextOf = Callable[..., BrowserContext]
ROWS = [f"{n % 28 + 1}/1/25\tKey episode\tVisit {n}: seen at home\tChild" for n in range(40)]


class Counted:
    """What a person does on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def press(self, name: str) -> None:
        self.actions += 1
        self.page.get_by_role("button", name=name).click()

    def paste(self, label: str, text: str) -> None:
        self.actions += 1
        self.page.get_by_label(label).fill(text)


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_forty_rows_are_brought_in_by_five_actions_at_most(
    site: Site, context_of: ContextOf, script: bool
) -> None:
    case = site.kit.started("ann", "rows").reference
    page = sign_in(context_of(script=script, width=1000), site, "ann")
    page.goto(site.task(case, "tell"))
    person = Counted(page)
    person.press("Paste or bring in a table")
    looks_right(page, script)
    person.paste("Paste your table", "\n".join([HEAD, *ROWS, "31/2/25\tBad\tNo day\tAunt"]))
    person.press("Continue")
    expect(page.get_by_text("40 can stand as they are, 1 has something")).to_be_visible()
    looks_right(page, script)
    person.press("Bring in 41 rows")
    expect(page.get_by_text("Brought in and saved: 41 rows")).to_be_visible()
    assert person.actions <= 5, "39 pages for 40 rows, where each was added by a button"
    assert page.get_by_role("row").count() == 42
    assert page.get_by_label("What happened?, row 40").input_value() == "Visit 39: seen at home"
    looks_right(page, script)
    for link in page.locator(".govuk-error-summary").get_by_role("link").all():
        target = page.locator(f"[id='{str(link.get_attribute('href'))[1:]}']")
        assert target.evaluate("e => e.matches('input, select, textarea')")
    page.get_by_label("Date, row 41").fill("3/2/2025")
    page.get_by_label("What kind of event is it?, row 41").select_option("Information")
    page.get_by_label("“Aunt”: not one of the answers").uncheck()
    page.get_by_role("button", name="Complete this task").click()
    expect(page.get_by_text("The task is done")).to_be_visible()


def looks_right(page: Page, script: bool) -> None:
    """On a narrow screen and on a wide one: nothing is cut off, and axe has nothing to say."""
    page.wait_for_load_state()
    for width in (320, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        if script:
            resize(page, width, 900)
            assert not violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
