"""Headers on every answer, forms from elsewhere, sizes, and error pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.web.arriving import ANSWER_BYTES, FORM_BYTES
from app.web.headers import ALWAYS, PAGES
from tests.anyshire import PASSWORD
from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser

BrowserOf = Callable[[str], Browser]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/sign-in", "GET"),
        ("/tasks", "GET"),
        ("/nothing", "GET"),
        ("/sign-in", "POST"),
        ("/tasks", "DELETE"),
        ("/static/app.css", "GET"),
        ("/static/nothing", "GET"),
        ("/healthz", "GET"),
        ("/static/../app.py", "GET"),
        ("/tasks/", "GET"),
    ],
)
def test_every_answer_carries_the_security_headers(app: Flask, path: str, method: str) -> None:
    answer = app.test_client().open(path, method=method)
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value
    assert answer.headers["Content-Security-Policy"] == PAGES
    if not path.startswith("/static/app.css"):
        assert answer.headers["Cache-Control"] == "no-store"


def test_scripts_may_only_come_from_us() -> None:
    assert "script-src 'self';" in PAGES
    assert "unsafe" not in PAGES


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="another origin"),
        pytest.param({"Origin": "null"}, id="no origin to name"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a neighbour"),
    ],
)
def test_a_form_from_elsewhere_is_refused(stranger: Browser, headers: dict[str, str]) -> None:
    form_ = stranger.visit("/sign-in").form("/sign-in")
    given = {**form_, "name": "ann", "password": PASSWORD}
    assert stranger.send("/sign-in", given, 400, headers=headers).h1 == "Send this form again"
    assert stranger.send("/sign-in", given, 200, headers={"Origin": "http://localhost"}).code == 200
    assert stranger.client.get("/tasks", headers=headers).status_code == 200, "a link is followed"


def test_a_null_character_goes_and_a_question_named_with_one_is_refused(stranger: Browser) -> None:
    form_ = stranger.visit("/sign-in").form("/sign-in")
    given = {**form_, "name": "a\0nn", "password": PASSWORD}
    assert stranger.client.post("/sign-in", data={**given, "odd\0": "x"}).status_code == 400
    assert stranger.send("/sign-in", given).h1 == "My tasks"


def test_a_form_without_token_is_refused_and_its_words_are_given_back(
    ann: Browser, kit: Kit
) -> None:
    kit.deploy(
        diagram("start > task:check > end", check={"groups": "clerk", "form": "check"}),
        form("check", "what"),
    )
    case = kit.started("ann").reference
    task = ann.visit("/tasks").links()["Check"]
    page = ann.send(task, {"what": "Typed for long", "_action": "complete"}, 400)
    assert page.says("Typed for long")
    assert kit.open(case) == ["check"]


def test_passwords_are_never_given_back(stranger: Browser) -> None:
    page = stranger.send("/sign-in", {"name": "ann", "password": "hunter2 hunter2"}, 400)
    assert "hunter2" not in page.text


@pytest.mark.parametrize(
    ("path", "code", "h1"),
    [
        ("/nothing", 404, "Page not found"),
        ("/cases/T-2026-4711", 404, "Page not found"),
        ("/cases/T-2026-4711/tasks/1-1", 404, "Page not found"),
        ("/processes", 404, "Page not found"),
        ("/processes/check", 404, "Page not found"),
        ("/processes/0123", 404, "Page not found"),
        ("/start/nothing", 404, "Page not found"),
        ("/cases/x/orders/suspend", 404, "Page not found"),
        ("/cases/x/orders/explode", 404, "Page not found"),
        ("/sign-out", 405, "This page does not work like that"),
    ],
)
def test_errors_are_pages_too(ann: Browser, kit: Kit, path: str, code: int, h1: str) -> None:
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk"}))
    assert ann.visit(path, code).h1 == h1


def test_too_much_is_refused(ann: Browser) -> None:
    for path, most in (("/cases/x/members", FORM_BYTES), ("/cases/x/tasks/1", ANSWER_BYTES)):
        page = ann.send(path, {"what": "x" * (most + 1)}, 413)
        assert page.h1 == "That was too large"


@pytest.mark.parametrize(
    ("path", "taken"),
    [("/processes/check", True), ("/cases/x/tasks/1", True), ("/cases/x/members", False)],
    ids=["an upload", "answers", "any other form"],
)
def test_only_uploads_and_answers_are_longer_than_a_form(
    ann: Browser, path: str, taken: bool
) -> None:
    sent = ann.client.post(path, data={"what": "x" * (FORM_BYTES + 1)})
    assert (sent.status_code != 413) is taken


def test_a_fault_of_ours_is_a_plain_page_without_particulars(
    app: Flask, ann: Browser, kit: Kit
) -> None:
    def fail() -> str:
        raise RuntimeError("secret particulars")

    app.view_functions["tasks.work_list"] = fail
    page = ann.visit("/tasks", 500)
    assert page.h1 == "Sorry, there is a problem"
    assert "secret" not in page.text


def test_a_database_that_does_not_answer_is_not_our_fault(app: Flask, ann: Browser) -> None:
    from app.store import Unreachable

    def fail() -> str:
        raise Unreachable()

    app.view_functions["tasks.work_list"] = fail
    assert ann.visit("/tasks", 503).h1 == "Sorry, this is not available just now"


def test_the_key_of_the_forms_is_made_once_for_the_owner_alone(app: Flask, kit: Kit) -> None:
    key = app.extensions["rapid-review"].config.secrets_dir / "web.key"
    assert key.stat().st_mode & 0o077 == 0
    assert app.secret_key == key.read_bytes()
    assert [each.name for each in key.parent.glob("web.key*")] == ["web.key"]


def test_strangers_learn_only_that_it_is_up(stranger: Browser) -> None:
    answer = stranger.client.get("/healthz")
    assert answer.json == {"status": "ok"}


def test_the_accessibility_statement_is_for_everybody(stranger: Browser) -> None:
    assert stranger.visit("/accessibility").h1 == "Accessibility statement"
