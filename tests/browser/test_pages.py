"""What people meet in a real browser: keyboard, scripts on and off, narrow screens, axe."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from app.casework import SYSTEM
from app.casework.people import links
from tests.browser.conftest import ANSWERS, BEGUN, Site, sign_in, signed_by_ben
from tests.browser.screens import resize

pytestmark = pytest.mark.browser

ContextOf = Callable[..., BrowserContext]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pages(site: Site) -> dict[str, tuple[str, str]]:
    """Every kind of page: name → who looks, address."""
    version = f"/processes/{site.active}"
    return {
        "tasks": ("ann", "/tasks"),
        "late tasks": ("ann", "/tasks?show=late"),
        "done lately": ("ann", "/tasks/done"),
        "tasks, narrowed": ("ann", "/tasks?begun=nobody"),
        "search": ("ann", "/search"),
        "published learning": ("ann", "/learning"),
        "calendar": ("lea", "/calendar"),
        "task": ("ann", site.task(site.fresh)),
        "sections": ("ann", site.task(site.long, "answer")),
        "section": ("ann", site.task(site.long, "answer") + "/sections/2"),
        "answers to check": ("ann", site.task(site.long, "answer") + "/check"),
        "signed task, second": ("ann", site.task(site.signed, "sign")),
        "signed task, first": ("ben", site.task(site.signed, "sign")),
        "cases": ("ann", "/cases"),
        "board": ("lea", "/board"),
        "case": ("lea", f"/cases/{site.late}"),
        "tasks and deadlines": ("lea", f"/cases/{site.late}/deadlines"),
        "people of a case": ("lea", f"/cases/{site.late}/people"),
        "drawings of a case": ("lea", f"/cases/{site.late}/drawings"),
        "what is followed": ("lea", f"/cases/{site.late}/followed"),
        "meetings of a case": ("lea", f"/cases/{site.late}/meetings"),
        "documents": ("ann", f"/cases/{site.fresh}/documents"),
        "before it leaves": ("ann", f"/cases/{site.fresh}/documents/notice/before-it-leaves"),
        "started case": ("ann", f"/cases/{site.fresh}?started=yes"),
        "move a deadline": ("lea", site.task(site.fresh) + "/orders/deadline"),
        "give a task": ("lea", site.task(site.fresh) + "/orders/assign"),
        "suspend": ("lea", f"/cases/{site.fresh}/orders/suspend"),
        "message": ("lea", f"/cases/{site.fresh}/orders/message"),
        "cover": ("lea", "/cover"),
        "own cover": ("ann", "/cover"),
        "conflicts": ("lea", "/conflicts"),
        "own conflicts": ("ann", "/conflicts"),
        "break the glass": ("lea", "/break-glass"),
        "retention": ("lea", "/retention"),
        "retention of a case": ("lea", f"/retention/{site.fresh}"),
        "hold a case": ("lea", f"/retention/{site.fresh}/hold"),
        "tasks for another": ("pol", "/tasks"),
        "task for another": ("pol", site.task(site.fresh)),
        "what can be started": ("ann", "/start"),
        "start form": ("ann", "/start/p"),
        "begun form": ("ann", f"/start/p?begun={BEGUN}"),
        "throw away what was begun": ("ann", f"/start/begun/{BEGUN}/throw-away"),
        "versions": ("dra", "/processes"),
        "check": ("dra", "/processes/check"),
        "readers": ("dra", "/readers"),
        "version": ("dra", version),
        "drawing": ("dra", f"{version}/drawing/bpmn/p.bpmn"),
        "editor": ("dra", f"{version}/edit/bpmn/p.bpmn"),
        "stopped": ("lea", "/stopped"),
        "timeliness": ("lea", "/figures?years=reporting"),
        "answers over the years": ("lea", "/figures/over-the-years"),
        "timeliness by month": ("lea", "/figures/by-month?years=reporting"),
        "your account": ("ann", "/account"),
        "accounts": ("ada", "/people"),
        "make an account": ("ada", "/people/new"),
        "account": ("ada", "/people/ann"),
        "change an account": ("ada", "/people/gil/change"),
        "disable an account": ("ada", "/people/gil/disable"),
        "second factor of an account": ("ada", "/people/ann/second-factor"),
        "log": ("aud", "/log"),
        "mail": ("lea", "/mail?show=all"),
        "mail of a case": ("lea", f"/cases/{site.late}/mail"),
        "accessibility": ("ann", "/accessibility"),
        "not found": ("ann", "/nothing"),
    }


KINDS = (
    "tasks", "late tasks", "task", "sections", "section", "answers to check",
    "signed task, second", "signed task, first",
    "cases", "case", "tasks and deadlines", "people of a case", "drawings of a case",
    "what is followed", "meetings of a case", "calendar", "published learning",
    "documents", "before it leaves", "started case", "move a deadline",
    "give a task", "suspend", "message", "cover", "own cover", "conflicts", "own conflicts",
    "break the glass", "retention", "retention of a case", "hold a case", "tasks for another",
    "task for another", "what can be started", "start form", "begun form",
    "throw away what was begun", "versions", "check", "readers",
    "version", "drawing", "editor", "stopped", "timeliness", "timeliness by month", "your account",
    "accounts", "answers over the years",
    "make an account", "account", "change an account", "disable an account",
    "second factor of an account", "log",
    "mail", "mail of a case",
    "accessibility", "not found",
)  # fmt: skip


def violations(page: Page) -> list[str]:
    """What axe finds, without the one attribute the Design System sets on purpose.

    Its script marks radio buttons that open questions with aria-expanded; screen readers announce
    it, the standard does not allow it (alphagov/govuk-frontend issue 979).
    """
    options = {"runOnly": {"type": "tag", "values": STANDARDS}}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        for node in one["nodes"]
        if not (
            one["id"] == "aria-allowed-attr"
            and "govuk-radios__input" in node["html"]
            and "aria-expanded" in node["html"]
        )
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_no_violation_and_fits_a_narrow_screen(
    site: Site, context_of: ContextOf, kind: str
) -> None:
    who, address = pages(site)[kind]
    page = sign_in(context_of(), site, who)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    answer = page.goto(address)
    assert answer is not None and answer.status == (404 if kind == "not found" else 200)
    page.wait_for_load_state("networkidle")
    if kind == "editor":
        page.wait_for_selector("body[data-editor=ready]")
    assert not violations(page)
    resize(page, 320, 800)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not violations(page)
    assert not [one for one in faults if "404" not in one], faults


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_the_drawing_of_a_case_is_seen_within_three_screens_and_fits_paper(
    site: Site, context_of: ContextOf, script: bool
) -> None:
    page = sign_in(context_of(script=script), site, "lea")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/cases/{site.late}")
    drawing = page.locator(".app-diagram svg" if script else ".app-diagram img")
    expect(drawing).to_be_visible()
    place = drawing.bounding_box()
    assert place is not None and place["y"] <= 3 * 800 and place["height"] > 100
    page.set_viewport_size({"width": 700, "height": 800})
    page.emulate_media(media="print")
    place = drawing.bounding_box()
    assert place is not None and place["x"] + place["width"] <= 700
    for hidden in (".app-contents", ".govuk-service-navigation", "#actions"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_a_task_fits_paper_with_its_choices_as_boxes_and_nothing_to_press(
    site: Site, context_of: ContextOf
) -> None:
    page = sign_in(context_of(), site, "ann")
    page.goto(site.task(site.fresh))
    paper = page.locator(".app-form .app-paper").filter(has_text="Filled in by:")
    expect(paper).to_be_hidden()
    expect(page.locator("main .govuk-button:visible").first).to_be_visible()
    page.set_viewport_size({"width": 680, "height": 800})  # of A4 between its margins
    page.emulate_media(media="print")
    expect(paper).to_be_visible()
    expect(page.locator("main .govuk-button:visible, main select:visible")).to_have_count(0)
    for select in page.locator("main select").all():
        options = select.locator("option").all_inner_texts()[1:]
        boxes = select.locator("xpath=following::ul[contains(@class, 'app-paper__boxes')][1]")
        assert [one[2:] for one in boxes.locator("li").all_inner_texts()] == options
    assert page.evaluate("document.documentElement.scrollWidth") <= 680


def test_a_history_fits_paper_without_what_only_a_screen_needs(
    site: Site, context_of: ContextOf
) -> None:
    page = sign_in(context_of(), site, "lea")
    page.goto(f"/cases/{site.late}/history")
    expect(page.locator(".replay__bar")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(media="print")
    place = page.locator("#replay-drawing svg").bounding_box()
    assert place is not None and place["x"] + place["width"] <= 320
    for hidden in (".replay__bar", ".replay__filter"):
        expect(page.locator(hidden)).to_be_hidden()


def test_the_way_in_has_no_violation(context_of: ContextOf, site: Site) -> None:
    page = context_of().new_page()
    page.goto("/tasks")
    assert not violations(page)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("Error: ")
    assert not violations(page)


def test_a_link_to_a_password_has_no_violation(context_of: ContextOf, site: Site) -> None:
    secret, _ = links.issue(site.kit.desk, SYSTEM, "out", site.kit.at)
    page = context_of(width=320).new_page()
    page.goto(f"/set-password/{secret}")
    assert not violations(page)
    page.get_by_role("button").last.click()
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("Error: ")
    assert not violations(page)


def _fill_in(page: Page) -> None:
    page.get_by_label("Which agency are you replying for?").select_option("gp")
    page.get_by_role("radio", name="Yes").check()
    when = page.get_by_role("group", name="When did you hear")
    for name, value in (("Day", "2"), ("Month", "3"), ("Year", "2026"), ("Time", "09:30")):
        when.get_by_label(name).fill(value)
    row = page.get_by_role("group", name="Event 1")
    for name, value in (("Day", "1"), ("Month", "3"), ("Year", "2026")):
        row.get_by_label(name).fill(value)
    row.get_by_label("What happened").fill("Something happened")
    page.get_by_label("Your name").fill("A")
    page.get_by_label("Work email address").fill("a@example.org")
    page.get_by_label("I have checked this").check()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_task_can_be_completed(site: Site, context_of: ContextOf, script: bool) -> None:
    case = site.kit.started("ann", **ANSWERS).reference
    page = sign_in(context_of(script=script), site, "ann")
    page.goto(site.task(case))
    page.get_by_role("button", name="Add another event").click()
    page.get_by_role("button", name="Remove event 2").click()
    _fill_in(page)
    page.get_by_role("button", name="Complete this task").click()
    expect(page.get_by_text("The task is done")).to_be_visible()
    assert site.kit.open(case) == ["agree"]


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_cover_is_set_and_ended(site: Site, context_of: ContextOf, script: bool) -> None:
    page = sign_in(context_of(script=script, width=320), site, "lea")
    page.goto("/cover")
    page.get_by_label("Who is away").select_option("gil")
    page.get_by_role("button", name="Set this cover").click()
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Who is away").input_value() == "gil"
    if script:
        assert not violations(page)
    page.get_by_label("Who covers for them").select_option("pol")
    for name in ("First day", "Last day"):
        group = page.get_by_role("group", name=name)
        day = site.kit.at.date()
        for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(part).fill(str(value))
    page.get_by_label("Reason").fill("Leave")
    page.get_by_role("button", name="Set this cover").click()
    expect(page.get_by_text("The cover is proposed.")).to_be_visible()
    page.get_by_role("button", name=re.compile("End now.*Pol Police for Gil Gp")).click()
    expect(page.get_by_text("The cover has ended.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_errors_are_listed_and_lead_to_their_questions(
    site: Site, context_of: ContextOf, script: bool
) -> None:
    page = sign_in(context_of(script=script), site, "ann")
    page.goto(site.task(site.fresh))
    page.get_by_label("Hours spent").fill("900")
    page.get_by_role("button", name="Complete this task").click()
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Hours spent").input_value() == "900"
    summary = page.locator(".govuk-error-summary")
    if script:
        expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        target = page.locator(f"[id='{str(link.get_attribute('href'))[1:]}']")
        assert target.count() == 1
        assert target.evaluate("e => e.matches('input, select, textarea, fieldset, [tabindex]')")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Which agency are you replying for?")).to_be_in_viewport()
    if script:
        expect(page.get_by_label("Which agency are you replying for?")).to_be_focused()
        assert not violations(page)


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_what_the_first_gave_is_confirmed_by_sending_it_as_it_stands(
    site: Site, context_of: ContextOf, script: bool
) -> None:
    """Every kind of question comes back from the page as the same answer."""
    case = signed_by_ben(site.kit)
    page = sign_in(context_of(script=script), site, "ann")
    page.goto(site.task(case, "sign"))
    expect(page.get_by_role("heading", name="Ben Baker has signed this first")).to_be_visible()
    page.get_by_role("button", name="Sign this task").click()
    expect(page.get_by_text("The task is done")).to_be_visible()
    assert site.kit.open(case) == []


def test_a_changed_answer_is_a_new_first_signature(site: Site, context_of: ContextOf) -> None:
    case = signed_by_ben(site.kit)
    page = sign_in(context_of(), site, "ann")
    page.goto(site.task(case, "sign"))
    page.get_by_label("Your name").fill("Somebody else")
    page.get_by_role("button", name="Sign this task").click()
    expect(page.get_by_text("the signature of Ben Baker no longer stands")).to_be_visible()
    assert site.kit.open(case) == ["sign"]


def test_a_question_opens_under_its_choice(site: Site, context_of: ContextOf) -> None:
    page = sign_in(context_of(), site, "ann")
    page.goto(site.task(site.fresh))
    expect(page.get_by_label("Where did you search?")).to_be_hidden()
    page.get_by_role("radio", name="No", exact=True).check()
    expect(page.get_by_label("Where did you search?")).to_be_visible()


def test_questions_that_answers_open_are_shown_before_they_are_missed(
    site: Site, context_of: ContextOf
) -> None:
    page = sign_in(context_of(script=False), site, "ann")
    page.goto(site.task(site.fresh))
    _fill_in(page)
    page.get_by_label("Which agency are you replying for?").select_option("police")
    page.get_by_role("button", name="Complete this task").click()
    expect(page.get_by_text("Your answers have opened another question")).to_be_visible()
    expect(page.get_by_label("Police reference")).to_be_visible()
    assert not page.title().startswith("Error")


def test_everything_in_a_form_is_reached_by_keyboard(site: Site, context_of: ContextOf) -> None:
    page = sign_in(context_of(), site, "ann")
    page.goto(site.task(site.fresh))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    reached: set[str] = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || ''"))
    wanted = {"agency", "known", "when-day", "when-time", "events.0.what", "author.name", "ok"}
    assert wanted <= reached


def test_the_editor_writes_the_diagram_and_sends_it_to_the_check(
    site: Site, context_of: ContextOf
) -> None:
    page = sign_in(context_of(), site, "dra")
    page.goto(f"/processes/{site.active}/edit/bpmn/p.bpmn")
    page.wait_for_selector("body[data-editor=ready]")
    page.get_by_role("button", name="Check this diagram").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").inner_text().startswith(("Version", "These files"))
