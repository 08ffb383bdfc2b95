"""The form of an event that is recorded: saved, saved by itself, and kept from another window."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.casework.commands import Resume, Suspend
from app.store.schema import draft
from tests.anyshire import PASSWORD
from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser, Page, own_form

FILES = {
    **diagram("start > task:check > end", check={"groups": "clerk"}),
    **diagram(
        "start:died > task:report > end",
        process="death",
        start_groups=None,
        died={"message": "died", "recorded_by": "death_told"},
        report={"groups": "clerk"},
    ),
    **form("death_told", "who", "where"),
}


@pytest.fixture
def at(lea: Browser, kit: Kit) -> str:
    kit.deploy(FILES)
    return f"/cases/{kit.started('lea').reference}/orders/message/died"


def kept(browser: Browser, at: str) -> tuple[str, str]:
    typed = own_form(browser.visit(at))
    return str(typed["who"]), str(typed["where"])


def test_what_is_typed_of_an_event_is_kept_for_its_person_until_it_is_recorded(
    lea: Browser, ann: Browser, kit: Kit, at: str
) -> None:
    typed = {**own_form(lea.visit(at)), "who": "Child 1", "_action": "autosave"}
    quiet = lea.client.post(f"{at}?quiet=yes", data=typed)
    assert quiet.get_json()["words"].startswith("Saved at ")
    assert kept(lea, at) == ("Child 1", "")
    with kit.desk.store.reading() as unit:
        (row,) = unit.rows(select(draft.c.body))
    assert b"Child 1" not in row[0]
    refused = lea.send(at, {**own_form(lea.visit(at)), "_action": "complete"}, 422)
    sent = {**own_form(refused), "where": "Mill Lane", "_action": "draft"}
    assert lea.send(at, sent).says("Nothing is recorded yet")
    assert kept(lea, at) == ("Child 1", "Mill Lane")
    checked = lea.send(at, {**own_form(lea.visit(at)), "_action": "complete"})
    lea.send(at, {**own_form(checked), "_action": "record"})
    assert kept(lea, at) == ("", "")


def test_two_windows_of_one_event_lose_no_word_and_nothing_is_recorded_past_another(
    lea: Browser, at: str
) -> None:
    first, second = own_form(lea.visit(at)), own_form(lea.visit(at))
    lea.send(at, {**first, "who": "Child 1", "where": "Mill Lane", "_action": "draft"})
    page = lea.send(at, {**second, "who": "Child 2", "where": "", "_action": "complete"}, 409)
    assert page.says("You have two answers to “Who”") and page.says("Child 1")
    assert own_form(page)["where"] == "Mill Lane"
    chosen = {**own_form(page), "_chosen.who": "", "_action": "complete"}
    assert lea.send(at, chosen).says("Child 2")


def test_a_session_that_ended_gives_the_words_back_to_the_same_person(
    lea: Browser, at: str
) -> None:
    typed = {**own_form(lea.visit(at)), "who": "Child 1", "_action": "draft"}
    lea.client.delete_cookie("session")
    page = Page(lea.client.post(at, data=typed))
    assert page.code == 401
    again = lea.send("/sign-in", {**page.form("/sign-in"), "name": "lea", "password": PASSWORD})
    shown = lea.send(at, again.form(at))
    assert own_form(shown)["who"] == "Child 1"


def test_what_the_case_does_not_take_just_now_is_kept_until_it_does(
    lea: Browser, kit: Kit, at: str
) -> None:
    typed = {**own_form(lea.visit(at)), "who": "Child 1", "where": "x", "_action": "complete"}
    case = at.split("/")[2]
    kit.do(Suspend, "lea", case=case, reason="r")
    assert lea.send(at, typed, 409).says("What you typed is kept for you")
    kit.do(Resume, "lea", case=case, reason="r")
    assert kept(lea, at) == ("Child 1", "x")


def test_saved_for_later_in_two_windows_both_answers_are_shown(lea: Browser, at: str) -> None:
    first, second = own_form(lea.visit(at)), own_form(lea.visit(at))
    lea.send(at, {**first, "who": "Child 1", "_action": "draft"})
    page = lea.send(at, {**second, "who": "Child 2", "_action": "draft"})
    assert page.says("You have two answers to “Who”")
    assert page.says("Child 1") and page.says("Child 2")


def test_what_was_given_back_or_refused_is_kept_at_once(lea: Browser, at: str) -> None:
    typed = {**own_form(lea.visit(at)), "who": "Child 1", "_action": "show"}
    lea.send(at, typed)
    assert kept(lea, at) == ("Child 1", "")
    typed = {**own_form(lea.visit(at)), "who": "", "where": "Mill Lane", "_action": "complete"}
    lea.send(at, typed, 422)
    assert kept(lea, at) == ("", "Mill Lane")
