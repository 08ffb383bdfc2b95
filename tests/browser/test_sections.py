"""A form in sections in a real browser: by keyboard without scripts, and what scripts add to it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.screens import resize
from tests.browser.test_pages import ContextOf, violations

#: the screens of a desk and of a telephone
SCREENS = ((1280, 800), (390, 844))
BOTTOM = "element => Math.round(element.getBoundingClientRect().bottom)"


def begun(site: Site, page: Page) -> str:
    """Address of a task of which nothing is answered yet; the page stands there."""
    at = site.task(site.kit.started("ann", "long").reference, "answer")
    page.goto(at)
    return at


def enters(page: Page, link: str) -> None:
    page.get_by_role("link", name=link, exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_without_scripts_a_keyboard_is_enough_from_the_list_to_the_end(
    site: Site, context_of: ContextOf
) -> None:
    page = sign_in(context_of(script=False), site, "ann")
    begun(site, page)
    enters(page, "The place")
    page.get_by_label("Where was it?").focus()
    page.keyboard.type("In the kitchen")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The harm")
    page.get_by_role("radio", name="Yes").focus()
    page.keyboard.press("Space")
    page.get_by_label("Who saw it?").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^More questions: The harm"))
    expect(page.get_by_role("link", name="What harm?")).to_be_visible()
    assert page.evaluate("document.activeElement.className").startswith("govuk-notification")
    enters(page, "What harm?")
    assert page.evaluate("document.activeElement.id") == "f-harm"
    page.keyboard.type("A fall")
    page.get_by_role("button", name="Save and go on").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers before sending")
    expect(page.get_by_text("In the kitchen")).to_be_visible()
    page.get_by_role("button", name="Complete this task").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The task is done.")).to_be_visible()


def test_with_scripts_an_answer_opens_its_questions_at_once_and_focus_stays(
    site: Site, context_of: ContextOf
) -> None:
    page = sign_in(context_of(), site, "ann")
    at = begun(site, page)
    page.goto(f"{at}/sections/2")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Who saw it?").fill("A neighbour")
    page.get_by_role("radio", name="Yes").check()
    harm = page.get_by_label("What harm?")
    expect(harm).to_be_visible()
    expect(page.locator(".app-opened")).to_have_text("Your answer has opened: What harm?.")
    assert page.evaluate("document.activeElement.value") == "yes"
    expect(page.get_by_label("Who saw it?")).to_have_value("A neighbour")
    assert not violations(page)
    harm.fill("A fall")
    page.get_by_role("radio", name="No").check()
    expect(harm).to_have_count(0)
    page.get_by_role("radio", name="Yes").check()
    expect(harm).to_have_value("A fall")
    page.get_by_role("button", name="Save and go on").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers before sending")
    expect(page.get_by_text("A fall")).to_be_visible()


@pytest.mark.parametrize(
    ("page_of", "first"),
    [("", ".govuk-task-list__item"), ("?questions=all", "#answers label")],
    ids=["a form in sections", "a form on one page"],
)
def test_what_is_asked_first_is_seen_before_anybody_scrolls(
    site: Site, context_of: ContextOf, page_of: str, first: str
) -> None:
    page = sign_in(context_of(), site, "ann")
    page.goto(site.task(site.long, "answer") + page_of)
    for width, height in SCREENS:
        resize(page, width, height)
        assert page.locator(first).first.evaluate(BOTTOM) <= height
