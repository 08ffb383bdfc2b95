"""A form in sections: one a page, what is done, all answers to read, and what is still missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.kit import Kit, diagram
from tests.web.conftest import Browser, Page, own_form
from tests.web.test_known_answers import fields, text
from tests.web.test_tables import COLUMNS, ROWS_FIELD

BrowserOf = Callable[[str], Browser]


def needed(key: str, section: str | None = None, **more: Any) -> dict[str, Any]:
    properties = {"section": section} if section else {}
    label = key.replace("_", " ").capitalize()
    asked = {"type": "textfield", "key": key, "label": label, "properties": properties}
    return {**asked, "validate": {"required": True}, **more}


def choice(key: str, section: str) -> dict[str, Any]:
    options = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]
    return {
        "type": "radio", "key": key, "label": key.capitalize(), "values": options,
        "properties": {"section": section}, "validate": {"required": True},
    }  # fmt: skip


FORM = fields(
    "check",
    {"type": "text", "text": "# Check"},
    {"type": "text", "text": "Use roles instead of names."},
    needed("place", "Where it was"),
    text("room"),
    {"type": "textarea", "key": "story", "label": "Story"},
    choice("harmed", "Who was harmed"),
    {
        "type": "group", "label": "The harm", "properties": {"section": "The harm"},
        "conditional": {"hide": '=harmed != "yes"'},
        "components": [{**needed("harm"), "id": "harm"}, {**text("doctor"), "id": "doctor"}],
    },
    needed("name", "Known already", properties={
        "section": "Known already", "prefill": "=records.draft.name", "correction_reason": "true",
    }),
)  # fmt: skip
FILES = (
    diagram(
        "start > task:draft > task:check > task:after > end",
        draft={"groups": "clerk", "form": "draft"},
        check={"groups": "clerk", "form": "check"},
        after={"groups": "lead"},
    )
    | fields("draft", text("name"))
    | FORM
)


def opened(kit: Kit, files: dict[str, bytes] = FILES) -> str:
    kit.deploy(files)
    case = kit.started("ann")
    kit.complete("ann", case.case, "draft", name="Zoë")
    return f"/cases/{case.reference}/tasks/{kit.task(case.case, 'check')}"


@pytest.fixture
def at(ann: Browser, kit: Kit) -> str:
    return opened(kit)


def states(page: Page) -> dict[str, str]:
    """Title of each section in the list → how far it is."""
    items = page.tree.xpath("//li[contains(@class, 'govuk-task-list__item')]")
    words = [[" ".join(part.text_content().split()) for part in item] for item in items]
    return dict(words)


def goes_on(browser: Browser, at: str, number: int, code: int = 200, **given: str) -> Page:
    """A section filled in, and “Save and go on”."""
    path = f"{at}/sections/{number}"
    form = {name: value for name, value in own_form(browser.visit(path)).items() if value}
    return browser.send(path, {**form, **given, "_action": "next"}, code)


def sends(browser: Browser, at: str, code: int = 200, **given: str) -> Page:
    form = {name: value for name, value in own_form(browser.visit(f"{at}/check")).items() if value}
    return browser.send(f"{at}/check", {**form, **given, "_action": "complete"}, code)


def test_rows_of_a_table_are_checked_as_a_table_with_one_way_to_change_them(
    ann: Browser, kit: Kit
) -> None:
    begins = {**COLUMNS[0], "properties": {"section": "What happened"}}
    rows = {**ROWS_FIELD, "properties": {**ROWS_FIELD["properties"], "section": "Chronology"}}
    content = {"type": "default", "id": "f", "components": [begins, rows]}
    process = diagram("start > task:a > end", a={"groups": "clerk", "form": "f"})
    kit.deploy({**process, "forms/f.form": json.dumps(content).encode()})
    case = kit.started("ann")
    at = f"/cases/{case.reference}/tasks/{kit.task(case.case, 'a')}"
    typed = {"rows.0.day": "3/4/2025", "rows.0.what": "A visit", "rows.0.kind": "key"}
    goes_on(ann, at, 2, **typed)
    page = ann.visit(f"{at}/check")
    assert page.words("//table//tbody/tr") == "1 Thursday 3 April 2025 A visit Key episode"
    changes = page.words("//main//a[starts-with(normalize-space(), 'Change')]")
    assert changes == "Change “Date” Change “Chronology”"


def test_the_tasks_page_lists_the_sections_that_have_something_to_answer(
    ann: Browser, at: str
) -> None:
    page = ann.visit(at)
    assert states(page) == {
        "Where it was": "Not started",
        "Who was harmed": "Not started",
        "Known already": "Not started",
        "Check your answers before sending": "Something is still to be answered",
    }
    assert page.says("0 of 3 sections done")
    assert page.says("Use roles instead of names.")


def test_a_section_is_a_page_of_its_own_and_leads_to_the_next(ann: Browser, at: str) -> None:
    page = ann.visit(f"{at}/sections/1")
    assert page.h1 == "Where it was"
    assert set(own_form(page)) >= {"place", "room"}
    assert "harmed" not in own_form(page)
    assert goes_on(ann, at, 1, place="Kitchen").h1 == "Who was harmed"
    assert states(ann.visit(at))["Where it was"] == "Done"


def test_what_cannot_stand_is_told_at_its_question_and_every_word_is_kept(
    ann: Browser, at: str
) -> None:
    page = goes_on(ann, at, 1, code=422, place="", room="12")
    assert page.title.startswith("Error: Where it was")
    assert "#f-place" in page.links().values()
    assert not page.says("Select"), "another section's message"
    assert states(ann.visit(at))["Where it was"] == "In progress"
    assert own_form(ann.visit(f"{at}/sections/1"))["room"] == "12"


def test_an_answer_opens_a_section_and_another_closes_it_again(ann: Browser, at: str) -> None:
    goes_on(ann, at, 2, harmed="yes")
    assert states(ann.visit(at))["The harm"] == "Not started"
    goes_on(ann, at, 3, harm="A fall")
    goes_on(ann, at, 2, harmed="no")
    assert "The harm" not in states(ann.visit(at))
    assert ann.visit(f"{at}/sections/3").h1 == "Check"
    goes_on(ann, at, 2, harmed="yes")
    assert own_form(ann.visit(f"{at}/sections/3"))["harm"] == "A fall"


def test_all_answers_are_read_before_they_are_sent_with_what_is_missing(
    ann: Browser, at: str
) -> None:
    goes_on(ann, at, 1, place="Kitchen")
    page = ann.visit(f"{at}/check")
    assert page.h1 == "Check your answers before sending"
    assert page.says("Kitchen") and page.says("Zoë") and page.says("From “Draft”")
    assert not page.title.startswith("Error")
    (missing,) = page.tree.xpath("//*[contains(@class, 'govuk-inset-text')]//a/@href")
    assert missing == f"{at}/sections/2?check=yes#f-harmed"
    assert f"{at}/sections/1?check=yes#f-place" in page.links().values()
    wrong = ann.visit(missing)
    assert wrong.title.startswith("Error") and wrong.h1 == "Who was harmed"


def test_sent_too_early_nothing_is_done_and_each_reason_leads_to_its_question(
    ann: Browser, at: str
) -> None:
    page = sends(ann, at, code=422)
    assert page.title.startswith("Error: Check your answers")
    told = page.tree.xpath("//*[contains(@class, 'govuk-error-summary')]//a/@href")
    assert told == [
        f"{at}/sections/1?check=yes#f-place", f"{at}/sections/2?check=yes#f-harmed", "#confirmed",
    ]  # fmt: skip


def test_a_question_that_was_changed_leads_back_to_the_check(ann: Browser, at: str) -> None:
    path = f"{at}/sections/1?check=yes"
    page = ann.send(path, {**own_form(ann.visit(path)), "place": "Hall", "_action": "next"})
    assert page.h1 == "Check your answers before sending"


def test_gone_through_checked_and_confirmed_it_is_done(ann: Browser, at: str, kit: Kit) -> None:
    goes_on(ann, at, 1, place="Kitchen")
    goes_on(ann, at, 2, harmed="no")
    goes_on(ann, at, 4)
    assert states(ann.visit(at))["Check your answers before sending"] == ""
    assert sends(ann, at, code=422).says("Confirm that it is right, or correct it")
    assert sends(ann, at, _confirmed="yes").says("The task is done.")


def test_why_a_known_answer_was_corrected_is_kept_with_its_section(ann: Browser, at: str) -> None:
    goes_on(ann, at, 1, place="Kitchen")
    goes_on(ann, at, 2, harmed="no")
    path = f"{at}/sections/4"
    page = ann.send(path, {**own_form(ann.visit(path)), "_action": "correct:name"})
    sent = {**own_form(page), "name": "Zoe", "_action": "next"}
    assert ann.send(path, sent, code=422).says("Enter why you correct “Name”")
    page = ann.send(path, {**sent, "_why.name": "She spells it so"})
    assert page.h1 == "Check your answers before sending"
    assert page.says("Corrected: She spells it so")
    assert sends(ann, at).says("The task is done.")


def test_answers_that_changed_since_they_were_read_are_read_again(ann: Browser, at: str) -> None:
    for number, given in ((1, {"place": "Kitchen"}), (2, {"harmed": "no"}), (4, {})):
        goes_on(ann, at, number, **given)
    before = own_form(ann.visit(f"{at}/check"))
    goes_on(ann, at, 1, place="Hall")
    page = ann.send(f"{at}/check", {**before, "_confirmed": "yes", "_action": "complete"})
    assert page.says("Your answers changed after this page was made") and page.says("Hall")
    sent = {**own_form(page), "_confirmed": "yes", "_action": "complete"}
    assert ann.send(f"{at}/check", sent).says("The task is done.")


def test_two_windows_at_two_sections_lose_nothing(ann: Browser, at: str) -> None:
    first, second = (own_form(ann.visit(f"{at}/sections/{number}")) for number in (1, 2))
    ann.send(f"{at}/sections/2", {**second, "harmed": "no", "_action": "draft"})
    ann.send(f"{at}/sections/1", {**first, "place": "Kitchen", "_action": "draft"})
    page = ann.visit(f"{at}/check")
    assert page.says("Kitchen") and page.says("No")


def test_all_of_it_can_be_answered_on_one_page_too(ann: Browser, at: str) -> None:
    goes_on(ann, at, 1, place="Kitchen")
    page = ann.visit(f"{at}?questions=all")
    assert own_form(page)["place"] == "Kitchen"
    sent = {**own_form(page), "harmed": "no", "_confirmed": "yes", "_action": "complete"}
    assert ann.send(at, sent).says("The task is done.")


def test_the_second_of_two_people_finds_every_section_done_and_signs_what_was_read(
    ann: Browser, browser_of: BrowserOf, kit: Kit
) -> None:
    lea = browser_of("lea")
    twice = diagram(
        "start > task:draft > task:check > end",
        draft={"groups": "clerk", "form": "draft"},
        check={"groups": "clerk,lead", "form": "check", "people": "2"},
    )
    at = opened(kit, {**FILES, **twice})
    for number, given in ((1, {"place": "Kitchen"}), (2, {"harmed": "no"}), (4, {})):
        goes_on(ann, at, number, **given)
    assert sends(ann, at, _confirmed="yes").says("You have signed first")
    assert states(lea.visit(at))["Where it was"] == "Done"
    assert sends(lea, at, _confirmed="yes").says("The task is done.")


def test_a_form_without_sections_stays_one_page(ann: Browser, kit: Kit) -> None:
    kit.deploy(FILES)
    case = kit.started("ann")
    page = ann.visit(f"/cases/{case.reference}/tasks/{kit.task(case.case, 'draft')}")
    assert not states(page) and "name" in own_form(page)


@pytest.mark.parametrize("path", ["/sections/9", "/sections/3", "/sections/9?check=yes"])
def test_a_section_that_is_not_shown_leads_to_the_list(ann: Browser, at: str, path: str) -> None:
    assert ann.visit(at + path).h1 == "Check"


BEGIN = diagram("start > task:check > end", start={"form": "begin"}, check={"groups": "clerk"}) | (
    fields(
        "begin",
        {"type": "text", "text": "**In danger, call 999 first.**"},
        needed("place", "Where it was"),
        choice("harmed", "Who was harmed"),
        needed("harm", "The harm", conditional={"hide": '=harmed != "yes"'}),
    )
)


def test_a_case_is_begun_section_by_section_and_kept_from_the_first_on(
    ann: Browser, kit: Kit
) -> None:
    kit.deploy(BEGIN)
    page = ann.visit("/start/p")
    assert page.says("In danger, call 999 first.")
    assert list(states(page)) == [
        "Where it was", "Who was harmed", "Check your answers before sending",
    ]  # fmt: skip
    first = page.links()["Where it was"]
    page = ann.send(first, {**own_form(ann.visit(first)), "place": "Hall", "_action": "next"})
    assert page.h1 == "Who was harmed"
    assert ann.visit("/tasks").says("P")
    second = first.replace("/sections/1", "/sections/2")
    sent = {**own_form(ann.visit(second)), "harmed": "no", "_action": "next"}
    page = ann.send(second, sent)
    assert page.h1 == "Check your answers before sending" and page.says("Hall")
    check = first.replace("/sections/1", "/check")
    page = ann.send(check, {**own_form(page), "_action": "complete"})
    assert page.says("T-2026-0001")
    assert not ann.visit("/tasks").says("Go on with")


def test_what_is_given_back_of_a_begun_case_can_be_saved(ann: Browser, kit: Kit) -> None:
    kit.deploy(BEGIN)
    first = ann.visit("/start/p").links()["Where it was"]
    stale = {
        **own_form(ann.visit(first)),
        "place": "Hall",
        "csrf_token": "stale",
        "_action": "next",
    }
    back = ann.send(first, stale, code=400)
    page = ann.send(first, {**back.form(first), "_action": "show"})
    ann.send(first, {**own_form(page), "_action": "draft"})
    assert own_form(ann.visit(first))["place"] == "Hall"


def test_two_windows_at_one_section_keep_both_words_until_somebody_chooses(
    ann: Browser, kit: Kit
) -> None:
    kit.deploy(BEGIN)
    first = ann.visit("/start/p").links()["Where it was"]
    ann.send(first, {**own_form(ann.visit(first)), "place": "Hall", "_action": "draft"})
    one, other = own_form(ann.visit(first)), own_form(ann.visit(first))
    ann.send(first, {**one, "place": "Kitchen", "_action": "draft"})
    page = ann.send(first, {**other, "place": "Garden", "_action": "next"}, code=422)
    assert page.says("You have two answers to “Place”") and page.says("Kitchen")
    second, check = (first.replace("/sections/1", at) for at in ("/sections/2", "/check"))
    ann.send(second, {**own_form(ann.visit(second)), "harmed": "no", "_action": "draft"})
    sent = {**own_form(ann.visit(check)), "_action": "complete"}
    assert ann.send(check, sent, code=422).says("You have two answers to “Place”. Choose one")
    chosen = {**own_form(page), "_chosen.place": "", "_action": "next"}
    assert ann.send(first, chosen).h1 == "Who was harmed"
    assert not ann.visit(check).says("two answers")


def test_taking_a_task_on_from_its_list_keeps_what_was_answered(ann: Browser, at: str) -> None:
    goes_on(ann, at, 1, place="Kitchen")
    page = ann.visit(at)
    page = ann.send(at, {**page.form(), "_action": "claim"})
    assert page.says("Give this back to the group")
    assert own_form(ann.visit(f"{at}/sections/1"))["place"] == "Kitchen"


def test_what_is_given_back_of_a_section_is_kept_at_once(ann: Browser, at: str) -> None:
    first = f"{at}/sections/1"
    stale = {**own_form(ann.visit(first)), "place": "Hall", "csrf_token": "stale"}
    back = ann.send(first, {**stale, "_action": "next"}, code=400)
    page = ann.send(first, {**back.form(first), "_action": "show"})
    assert page.says("What you typed is back")
    assert own_form(page)["place"] == own_form(ann.visit(first))["place"] == "Hall"


def test_saved_for_later_in_two_windows_both_answers_are_shown(ann: Browser, at: str) -> None:
    first = f"{at}/sections/1"
    one, other = own_form(ann.visit(first)), own_form(ann.visit(first))
    ann.send(first, {**one, "place": "Kitchen", "_action": "draft"})
    page = ann.send(first, {**other, "place": "Garden", "_action": "draft"})
    assert page.h1 == "Where it was" and page.says("You have two answers to “Place”")
    assert page.says("Kitchen") and page.says("Garden")


def test_a_long_answer_folds_where_it_is_read_and_no_word_of_it_is_left_out(
    ann: Browser, at: str
) -> None:
    long = "A sentence of some words. " * 200 + "The end"
    goes_on(ann, at, 1, place="Kitchen", room="12")
    page = ann.visit(f"{at}/check")
    assert not page.tree.xpath("//details[contains(@class, 'app-rest')]")
    path = f"{at}?questions=all"
    ann.send(path, {**own_form(ann.visit(path)), "story": long, "_action": "draft"})
    page = ann.visit(f"{at}/check")
    (fold,) = page.tree.xpath("//details[contains(@class, 'app-rest')]")
    begins, rest = fold.getparent().text, fold.getnext()
    assert begins + rest.text == long and len(begins) <= 300
    assert rest.get("class") == "app-rest__text" and fold.text_content().startswith(
        "Read all of it"
    )


def test_what_a_sections_page_asked_that_it_asks_no_more_is_kept(ann: Browser, at: str) -> None:
    first = f"{at}/sections/1"
    form = own_form(ann.visit(first))
    ann.send(first, {**form, "place": "Hall", "gone": "Words", "_action": "draft"})
    page = ann.visit(at)
    assert page.says("What you typed for questions that are gone") and page.says("Words")
    assert own_form(ann.visit(first))["place"] == "Hall"
