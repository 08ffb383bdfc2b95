"""Two windows of one person lose no word; what a page saves by itself is no sign of life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.casework import views
from app.store import cases
from tests.anyshire import PASSWORD
from tests.kit import PEOPLE, Kit, diagram, form
from tests.web.conftest import Browser, own_form

LATER, SEND, QUIET = {"_action": "draft"}, {"_action": "complete"}, {"_action": "autosave"}


@pytest.fixture
def task(kit: Kit) -> str:
    kit.deploy(
        diagram("start > task:check > end", check={"groups": "clerk", "form": "check"}),
        form("check", "what", "why"),
    )
    case = kit.started("ann")
    return f"/cases/{case.reference}/tasks/{kit.task(case.case, 'check')}"


def seq(kit: Kit, case: str) -> int:
    """How many entries the history of the case has."""
    with kit.desk.store.reading() as unit:
        row = cases.find(unit, case)
    assert row is not None
    return row.seq


def quietly(browser: Browser, task: str, given: dict[str, str]) -> dict[str, str]:
    """What a page is told that saves by itself."""
    told: dict[str, str] | None = browser.client.post(f"{task}?quiet=yes", data=given).json
    assert told is not None
    return told


def test_a_save_from_an_older_page_keeps_what_another_window_saved(ann: Browser, task: str) -> None:
    first, second = own_form(ann.visit(task)), own_form(ann.visit(task))
    ann.send(task, {**first, **LATER, "what": "A fall"})
    ann.send(task, {**second, **LATER, "why": "Ice"})
    kept = own_form(ann.visit(task))
    assert (kept["what"], kept["why"]) == ("A fall", "Ice")


def test_a_question_that_both_windows_answered_is_shown_with_both_answers(
    ann: Browser, task: str
) -> None:
    first, second = own_form(ann.visit(task)), own_form(ann.visit(task))
    ann.send(task, {**first, **LATER, "what": "A fall", "why": "Ice"})
    page = ann.send(task, {**second, **LATER, "what": "A fire"})
    assert page.says("You have two answers to “What”. Which one counts?")
    assert page.says("A fall") and page.says("A fire") and page.says("You, in another window")
    values = [each.get("value") for each in page.tree.iter("input") if each.name == "_chosen.what"]
    (other,) = filter(None, values)
    unchosen = ann.send(task, {**own_form(page), **SEND}, code=409)
    assert unchosen.says("You have two answers to “What”")
    done = ann.send(task, {**own_form(unchosen), **SEND, "_chosen.what": other})
    assert done.says("The task is done")
    sent = ann.visit(f"/cases/{task.split('/')[2]}/recorded")
    assert sent.says("A fall") and sent.says("Ice") and not sent.says("A fire")


def test_taking_a_task_on_keeps_what_was_typed(ann: Browser, task: str) -> None:
    page = ann.send(task, {**own_form(ann.visit(task)), "_action": "claim", "what": "A fall"})
    assert page.says("Give this back to the group") and own_form(page)["what"] == "A fall"


def test_taking_an_untouched_task_on_begins_no_draft(ann: Browser, kit: Kit, task: str) -> None:
    ann.send(task, {**own_form(ann.visit(task)), "_action": "claim"})
    _, _, case, _, id = task.split("/")
    assert views.task_page(kit.desk, PEOPLE["ann"], case, id, kit.at).kept is None


def test_what_a_page_saves_by_itself_goes_on_from_there(ann: Browser, task: str) -> None:
    """A page saves several times; each save of its own takes the place of the one before."""
    first, second = own_form(ann.visit(task)), own_form(ann.visit(task))
    told = quietly(ann, task, {**first, **QUIET, "what": "A fa"})
    assert told["words"] == "Saved at 10am."
    ann.client.post(f"{task}?quiet=yes", data={**second, **QUIET, "why": "Ice"})
    again = {**first, **QUIET, "what": "A fall", "_stood": told["stood"]}
    assert quietly(ann, task, again)["words"] == "Saved at 10am."
    kept = own_form(ann.visit(task))
    assert (kept["what"], kept["why"]) == ("A fall", "Ice")


def test_what_a_page_saves_by_itself_leaves_no_entry_and_is_no_sign_of_life(
    ann: Browser, kit: Kit, task: str
) -> None:
    form, case = own_form(ann.visit(task)), task.split("/")[2]
    entries = seq(kit, case)
    for _ in range(3):
        kit.at += timedelta(minutes=8)
        answer = ann.client.post(f"{task}?quiet=yes", data={**form, **QUIET, "what": f"{kit.at}"})
        assert answer.status_code == 200
    kit.at += timedelta(minutes=7)
    late = ann.client.post(f"{task}?quiet=yes", data={**form, **QUIET, "what": "A fall"})
    assert late.status_code == 401, "the session ended half an hour after the page was opened"
    assert seq(kit, case) == entries


def test_who_was_signed_out_on_another_page_gets_back_what_they_typed(
    ann: Browser, task: str
) -> None:
    form = {**own_form(ann.visit(task)), **SEND, "what": "A fall"}
    ann.client.delete_cookie("session")
    ann.client.delete_cookie("form")
    page = ann.send(task, form, code=401)
    assert page.h1 == "Sign in"
    back = ann.send("/sign-in", {**page.form("/sign-in"), "name": "ann", "password": PASSWORD})
    assert back.h1 == "You are signed in again"
    again = ann.send(task, {**back.form(task), "_action": "show"})
    assert own_form(again)["what"] == "A fall"
    assert own_form(ann.visit(task))["what"] == "A fall", "it is not only on the page"


def test_what_was_sent_and_refused_is_kept_as_a_draft(ann: Browser, task: str) -> None:
    ann.send(task, {**own_form(ann.visit(task)), **SEND, "what": "A fall"}, code=422)
    assert own_form(ann.visit(task))["what"] == "A fall"


def test_what_somebody_else_typed_on_this_browser_is_not_shown(
    ann: Browser, lea: Browser, task: str
) -> None:
    form = {**own_form(ann.visit(task)), **SEND, "what": "A fall"}
    page = lea.send(task, form, code=403)
    assert page.h1 == "Somebody else is signed in" and not page.says("A fall")


def test_who_comes_second_is_told_where_their_answers_differ_in_the_words_of_the_form(
    browser_of: Callable[[str], Browser], task: str
) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    late = own_form(ben.visit(task))
    ann.fill(task, {"what": "A fall", "why": "Ice"})
    page = ben.send(task, {**late, **SEND, "what": "A fire", "why": "Ice"}, code=409)
    differs = page.words("//h2[.='Where yours differs']/following-sibling::dl[1]")
    assert differs == "What You: A fire Ann Archer: A fall"


def test_no_page_names_a_question_by_what_programs_call_it(ann: Browser, task: str) -> None:
    form = {**own_form(ann.visit(task)), **SEND, "what": "A fall", "no_such_key": "Ice"}
    page = ann.send(task, {**form, "csrf_token": "other", "_by": ""}, code=400)
    assert page.says("What A fall") and not page.says("No such key")


def test_who_types_while_a_colleague_takes_the_task_is_told_so_and_keeps_the_words(
    browser_of: Callable[[str], Browser], task: str
) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    form = own_form(ann.visit(task))
    ben.send(task, {**own_form(ben.visit(task)), "_action": "claim"})
    words = quietly(ann, task, {**form, **QUIET, "what": "A fall"})["words"]
    assert words.startswith("Saved at 10am. Ben Baker has taken this task, so you cannot send it")
    assert ann.send(task, {**form, **LATER, "what": "A fall"}).says("Ben Baker has taken this task")
    assert ben.visit(task).says("Go on from the answers of Ann Archer")
    assert ann.visit(task).says("A fall"), "who typed it finds it, although they cannot send it"


def test_what_another_person_sends_on_this_browser_is_kept_for_who_typed_it(
    ann: Browser, lea: Browser, task: str
) -> None:
    form = {**own_form(ann.visit(task)), **SEND, "what": "A fall"}
    page = lea.send(task, form, code=403)
    assert page.says("kept as the draft of who typed it") and not page.says("A fall")
    assert own_form(ann.visit(task))["what"] == "A fall"


def test_what_another_person_sends_takes_the_place_of_nothing(
    ann: Browser, lea: Browser, task: str
) -> None:
    form = own_form(ann.visit(task))
    quietly(ann, task, {**form, **QUIET, "what": "A fire"})
    lea.send(task, {**form, **SEND, "what": "A fall"}, code=403)
    page = ann.visit(task)
    assert page.says("You have two answers to “What”")
    assert page.says("A fall") and page.says("A fire")


def test_a_page_that_says_of_nobody_for_whom_it_was_made_keeps_nothing(
    ann: Browser, lea: Browser, task: str
) -> None:
    form = {**own_form(ann.visit(task)), **SEND, "what": "A fall", "_by": "forged"}
    lea.send(task, {**form, "csrf_token": "other"}, code=400)
    assert not ann.visit(task).says("A fall")


def test_who_signs_in_in_the_place_of_another_leaves_them_their_words(
    ann: Browser, lea: Browser, task: str
) -> None:
    form = {**own_form(ann.visit(task)), **SEND, "what": "A fall"}
    session = ann.client.get_cookie("session")
    assert session is not None
    for name in ("session", "form"):
        ann.client.delete_cookie(name)
    asked = ann.send(task, form, code=401).form("/sign-in")
    page = ann.send("/sign-in", {**asked, "name": "lea", "password": PASSWORD})
    assert page.says("kept as the draft of who typed it") and not page.says("A fall")
    ann.client.set_cookie("session", session.value)
    assert own_form(ann.visit(task))["what"] == "A fall"


def test_what_was_saved_of_a_task_that_a_colleague_sent_is_still_there_to_be_read(
    browser_of: Callable[[str], Browser], task: str
) -> None:
    ann, ben = browser_of("ann"), browser_of("ben")
    ann.send(task, {**own_form(ann.visit(task)), **LATER, "what": "A fall"})
    late = own_form(ann.visit(task))
    ben.fill(task, {"what": "A fire", "why": "Ice"})
    page = ann.visit(task, 410)
    assert page.says("What you had saved") and page.says("A fall")
    told = ann.send(task, {**late, **LATER, "why": "Snow"}, code=409)
    assert told.says("A fall") and told.says("Snow")
    assert not ben.visit(task, 410).says("A fall")
