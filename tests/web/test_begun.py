"""A form that starts a case waits for whoever began it, and for nobody else, until they send it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.casework.commands import StartCase
from app.casework.people import begun
from app.store import leftovers
from app.store.people.tables import start_draft
from tests.kit import PEOPLE, Kit, diagram, form
from tests.web.conftest import Browser, own_form

BrowserOf = Callable[[str], Browser]
DRAWN = diagram("start > task:check > end", start={"form": "begin"}, check={"groups": "clerk"})
GO_ON = "Go on with “P”"
LATER = {"_action": "draft"}


@pytest.fixture(autouse=True)
def process(kit: Kit) -> None:
    kit.deploy(DRAWN, form("begin", "reason", "child"))


def save(browser: Browser, path: str = "/start/p", **given: str) -> None:
    browser.send("/start/p", {**own_form(browser.visit(path)), **LATER, **given})


def test_what_is_saved_stands_in_my_tasks_and_comes_back_for_its_person_alone(
    ann: Browser, lea: Browser, kit: Kit
) -> None:
    save(ann, reason="A fall on Mill Lane")
    listed = ann.visit("/tasks")
    assert listed.says("Begun, not sent") and listed.says("kept until Friday 3 April 2026")
    address = listed.links()[GO_ON]
    assert ann.visit("/start").links()[GO_ON] == address
    assert own_form(ann.visit(address))["reason"] == "A fall on Mill Lane"
    assert not lea.visit("/tasks").says("Begun, not sent")
    lea.visit(address, code=404)
    with kit.desk.store.reading() as unit:
        (row,) = unit.rows(select(start_draft))
    assert not any(b"Mill Lane" in (part if isinstance(part, bytes) else str(part).encode())
                   for part in row)  # fmt: skip


def test_sending_it_takes_it_away_in_the_same_transaction(ann: Browser, kit: Kit) -> None:
    save(ann, reason="Because")
    page = ann.visit(ann.visit("/tasks").links()[GO_ON])
    refused = ann.send("/start/p", {**own_form(page), "_action": "complete"}, code=422)
    assert begun.lines(kit.desk, PEOPLE["ann"])
    sent = {**own_form(refused), "_action": "complete", "child": "Zoe"}
    assert ann.send("/start/p", sent).says("The case has begun")
    late = ann.send("/start/p", {**sent, **LATER}, code=422)
    assert late.says("You have sent this form already"), "a save that was under way comes behind"
    assert not begun.lines(kit.desk, PEOPLE["ann"])


def test_what_was_sent_too_early_stands_in_my_tasks(ann: Browser, kit: Kit) -> None:
    form = own_form(ann.visit("/start/p"))
    ann.send("/start/p", {**form, "_action": "complete", "child": "Zoe"}, code=422)
    assert own_form(ann.visit(ann.visit("/tasks").links()[GO_ON]))["child"] == "Zoe"


def test_it_is_thrown_away_only_after_a_second_question(ann: Browser, kit: Kit) -> None:
    save(ann, reason="Because")
    link = next(
        href for text, href in ann.visit("/tasks").links().items() if text.startswith("Throw away")
    )
    asked = ann.visit(link)
    assert asked.says("nobody can bring it back") and begun.lines(kit.desk, PEOPLE["ann"])
    assert ann.send(link, asked.form()).says("thrown away")
    assert not begun.lines(kit.desk, PEOPLE["ann"])


def test_it_goes_on_the_day_that_the_page_said(ann: Browser, kit: Kit) -> None:
    save(ann, reason="Because")
    kit.later(days=30)
    leftovers.sweep(kit.desk.store, kit.at)
    (line,) = begun.lines(kit.desk, PEOPLE["ann"])
    assert line.until == kit.at
    kit.later(seconds=1)
    leftovers.sweep(kit.desk.store, kit.at)
    assert not begun.lines(kit.desk, PEOPLE["ann"])


def test_two_forms_that_somebody_begins_stay_two(ann: Browser, kit: Kit) -> None:
    save(ann, reason="First")
    save(ann, reason="Second")
    assert ann.visit("/start/p").says("You have begun this form before and not sent it")
    assert len(begun.lines(kit.desk, PEOPLE["ann"])) == 2


def test_what_was_typed_for_a_question_that_a_new_version_does_not_ask_is_shown(
    ann: Browser, kit: Kit
) -> None:
    save(ann, reason="A fall", child="Zoe")
    kit.deploy(DRAWN, form("begin", "child", "where"))
    page = ann.visit(ann.visit("/tasks").links()[GO_ON])
    assert page.says("The form was changed after you saved your answers")
    assert page.says("Reason") and page.says("A fall") and own_form(page)["child"] == "Zoe"


def test_what_nobody_can_send_any_more_is_shown_to_be_copied(ann: Browser, kit: Kit) -> None:
    save(ann, reason="A fall")
    kit.deploy(diagram("start > task:check > end", start_groups="lead", check={"groups": "clerk"}))
    page = ann.visit(ann.visit("/tasks").links()[GO_ON])
    assert page.h1 == "This form can no longer be sent"
    assert page.says("Reason") and page.says("A fall")


def test_what_was_typed_in_another_window_is_not_sent_past(ann: Browser, kit: Kit) -> None:
    save(ann, reason="A fall")
    address = ann.visit("/tasks").links()[GO_ON]
    first, second = own_form(ann.visit(address)), own_form(ann.visit(address))
    ann.send("/start/p", {**first, **LATER, "child": "Zoe"})
    page = ann.send("/start/p", {**second, "_action": "complete", "child": "", "reason": "A fire"},
                    code=409)  # fmt: skip
    assert page.says("You have typed more for this form in another window")
    form = own_form(page)
    assert (form["child"], form["reason"]) == ("Zoe", "A fire")
    assert ann.send("/start/p", {**form, "_action": "complete"}).says("The case has begun")


def test_nobody_keeps_more_than_their_share(ann: Browser, kit: Kit,
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(begun, "MOST", 1)
    save(ann, reason="First")
    form = own_form(ann.visit("/start/p"))
    page = ann.send("/start/p", {**form, **LATER, "reason": "Second"}, code=422)
    assert page.says("throw it away") and own_form(page)["reason"] == "Second"


def test_a_program_starts_a_case_past_what_somebody_has_begun(ann: Browser, kit: Kit) -> None:
    """Without a page nothing says which form it was; what was begun stays."""
    save(ann, reason="A fall")
    given = {"reason": "A fire", "child": "Zoe"}
    kit.desk.do(StartCase(actor=PEOPLE["ann"], at=kit.at, process="p", given=given))
    assert len(begun.lines(kit.desk, PEOPLE["ann"])) == 1


def test_what_a_page_asked_that_the_form_asks_no_more_is_still_there(
    ann: Browser, kit: Kit
) -> None:
    page = own_form(ann.visit("/start/p"))
    kit.deploy(DRAWN, form("begin", "reason"))
    ann.send("/start/p", {**page, **LATER, "reason": "Because", "child": "Zoe"})
    again = ann.visit(ann.visit("/tasks").links()[GO_ON])
    assert own_form(again)["reason"] == "Because" and again.says("Zoe")
    assert again.says("What you typed for questions that are gone")
