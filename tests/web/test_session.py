"""Signing in and out, and what happens to words typed when a session has ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.anyshire import PASSWORD
from tests.audit.test_installation_log import said
from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser

BrowserOf = Callable[[str], Browser]
WORDS = "Long words & <b>bold</b>"


@pytest.mark.parametrize("path", ["/", "/tasks", "/cases", "/start", "/processes", "/cases/T-1"])
def test_nobody_gets_in_without_signing_in(stranger: Browser, path: str) -> None:
    assert stranger.visit(path).h1 == "Sign in"


@pytest.mark.parametrize("name", ["ann", "ann@example.org", " ann "])
def test_people_sign_in_by_id_or_address(stranger: Browser, name: str) -> None:
    assert stranger.sign_in(name).h1 == "My tasks"


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_and_an_unknown_name_look_the_same(
    stranger: Browser, name: str, password: str
) -> None:
    form_ = stranger.visit("/sign-in").form("/sign-in")
    page = stranger.send("/sign-in", {**form_, "name": name, "password": password}, 422)
    assert page.title.startswith("Error: ")
    assert page.says("The name or the password is not right.")
    assert "wrong" not in page.text


def test_too_many_tries_have_to_wait(stranger: Browser) -> None:
    form_ = stranger.visit("/sign-in").form("/sign-in")
    wrong = {**form_, "name": "ann", "password": "wrong"}
    codes = {stranger.client.post("/sign-in", data=wrong).status_code for _ in range(8)}
    page = stranger.send("/sign-in", {**wrong, "password": PASSWORD}, 429)
    assert codes == {422, 429}
    assert page.says("Please wait")


def test_people_come_back_to_the_page_they_wanted(stranger: Browser) -> None:
    asked = stranger.visit("/cases?page=1").form("/sign-in")
    page = stranger.send("/sign-in", {**asked, "name": "ann", "password": PASSWORD})
    assert page.h1 == "Cases"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "\\\\e", "/\t/e",
     "evil.example", "/tasks\\evil"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(stranger: Browser, target: str) -> None:
    form_ = stranger.visit("/sign-in").form("/sign-in")
    given = {**form_, "next": target, "name": "ann", "password": PASSWORD}
    assert stranger.client.post("/sign-in", data=given).headers["Location"] == "/"


def test_signing_out_ends_the_session_for_good(ann: Browser) -> None:
    cookie = ann.client.get_cookie("session")
    assert cookie is not None
    token = ann.visit("/tasks").tree.xpath("//header//input[@name='csrf_token']/@value")[0]
    page = ann.send("/sign-out", {"csrf_token": token})
    assert page.says("You have signed out")
    ann.client.set_cookie("session", cookie.value)
    assert ann.visit("/tasks").h1 == "Sign in"


@pytest.mark.parametrize(("minutes", "h1"), [(29, "My tasks"), (31, "Sign in")])
def test_a_session_ends_when_nothing_happens(ann: Browser, kit: Kit, minutes: int, h1: str) -> None:
    kit.later(minutes=minutes)
    assert ann.visit("/tasks").h1 == h1


def test_a_session_ends_after_a_working_day_whatever_happens(ann: Browser, kit: Kit) -> None:
    for _ in range(23):
        kit.later(minutes=20)
        assert ann.visit("/tasks").h1 == "My tasks"
    kit.later(minutes=21)
    assert ann.visit("/tasks").h1 == "Sign in"


def test_the_cookie_is_hidden_from_scripts_and_other_sites(stranger: Browser) -> None:
    form_ = stranger.visit("/sign-in").form("/sign-in")
    given = {**form_, "name": "ann", "password": PASSWORD}
    cookies = stranger.client.post("/sign-in", data=given).headers.getlist("Set-Cookie")
    (session,) = [one for one in cookies if one.startswith("session=")]
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "Secure" not in session
    (known,) = [one for one in cookies if one.startswith("browser=")]
    assert "HttpOnly" in known and "Max-Age=31536000" in known
    assert "Max-Age" not in session, "it ends with the browser"


def test_the_log_says_from_where_somebody_signed_in(stranger: Browser, kit: Kit) -> None:
    given = {**stranger.visit("/sign-in").form("/sign-in"), "name": "ann", "password": PASSWORD}
    stranger.client.post("/sign-in", data=given, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    told = [entry for kind, _, entry in said(kit.store) if kind == "SignIn"]
    assert [(entry["address"], entry["way"]) for entry in told] == [("192.0.2.9", "password")]


def test_over_https_cookies_are_bound_to_the_host(app: Flask) -> None:
    browser = Browser(app.test_client())
    over = {"base_url": "https://cases.example"}
    form_ = browser.visit("/sign-in", **over).form("/sign-in")
    given = {**form_, "name": "ann", "password": PASSWORD}
    answer = browser.client.post("/sign-in", data=given, **over)
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(one.startswith("__Host-session=") and "Secure" in one for one in cookies)
    assert all("Path=/" in one and "Domain" not in one for one in cookies)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.fixture
def typed(ann: Browser, kit: Kit) -> tuple[str, dict[str, str]]:
    """A task's address, and its form as Ann has filled it in and not sent."""
    kit.deploy(
        diagram("start > task:check > end", check={"groups": "clerk,lead", "form": "check"}),
        form("check", "what", kind="textarea"),
    )
    kit.started("ann")
    task = ann.visit("/tasks").links()["Check"]
    (form_,) = ann.visit(task).tree.xpath("//form[contains(@class, 'app-form')]")
    return task, {**dict(form_.form_values()), "_action": "complete", "what": WORDS,
                  "_why.what": "It changed"}  # fmt: skip


def test_what_was_typed_into_an_ended_session_comes_back(
    ann: Browser, kit: Kit, typed: tuple[str, dict[str, str]]
) -> None:
    task, answers = typed
    case = task.split("/")[2]
    kit.later(minutes=31)
    ended = ann.send(task, answers, 401)
    assert ended.says("What you typed is kept")
    assert kit.open(case) == ["check"]
    kept = ann.send("/sign-in", {**ended.form("/sign-in"), "name": "ann", "password": PASSWORD})
    assert kept.h1 == "You are signed in again"
    assert kept.form(task)["_why.what"] == "It changed"
    back = ann.send(task, {**kept.form(task), "_action": "show"})
    assert back.tree.get_element_by_id("f-what").text.strip() == WORDS
    (form_,) = back.tree.xpath("//form[contains(@class, 'app-form')]")
    ann.send(task, {**dict(form_.form_values()), "_action": "complete"})
    assert kit.open(case) == []


def test_what_one_person_typed_is_not_given_to_the_next_who_signs_in(
    ann: Browser, lea: Browser, kit: Kit, typed: tuple[str, dict[str, str]]
) -> None:
    task, answers = typed
    kit.later(minutes=31)
    ended = ann.send(task, answers, 401)
    other = {**ended.form("/sign-in"), "name": "lea", "password": PASSWORD}
    page = ann.send("/sign-in", other)
    assert not page.says("Long words")
    assert page.says("was not typed by you")


def test_a_form_whose_token_is_out_of_date_is_given_back_in_its_own_words(
    ann: Browser, typed: tuple[str, dict[str, str]]
) -> None:
    task, answers = typed
    page = ann.send(task, {**answers, "csrf_token": "stale"}, 400)
    assert page.h1 == "Send this form again"
    back = ann.send(task, {**page.form(task), "_action": "show"})
    assert back.tree.get_element_by_id("f-what").text.strip() == WORDS


@pytest.mark.parametrize("writer", ["", "forged"])
def test_a_form_that_nobody_of_this_site_filled_in_is_not_given_back(
    ann: Browser, typed: tuple[str, dict[str, str]], writer: str
) -> None:
    task, answers = typed
    page = ann.send(task, {**answers, "csrf_token": "stale", "_by": writer}, 400)
    assert not page.tree.xpath(f"//form[@action='{task}']")


def test_the_demonstration_names_its_people(stranger: Browser) -> None:
    page = stranger.visit("/sign-in")
    assert page.says("This is a demonstration. Do not enter real people’s details.")
    assert page.says("Ann Archer")
    assert page.says("Agency (police)")
