"""Whom to telephone stands with each task and each error, where somebody answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    MethodNotAllowed,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from app.casework import Conflict, NotFound, Overloaded, Refused, Throttled
from app.config import Config
from app.config.telephone import Line
from app.store import Sealed, Unreachable
from tests.anyshire import configuration
from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser


@pytest.fixture
def config(tmp_path: Path) -> Config:
    day = ((9 * 60, 17 * 60),)
    lines = (Line("Desk", "01234 567", working=day, other=()), Line("Weekend", "01234 9", (), day))
    return replace(configuration(tmp_path), telephone=lines)


@pytest.fixture
def pages(kit: Kit) -> list[str]:
    """A task, a form that starts a case, a page that is not there, a task that is over."""
    tell = {"groups": "clerk", "form": "words"}
    drawn = diagram(
        "start > task:tell > task:more > end",
        start={"form": "words"}, tell=tell, more={"groups": "clerk"},
    )  # fmt: skip
    kit.deploy(drawn, form("words", "reason"))
    case = kit.start("ann", reason="Something")
    over = kit.task(case, "tell")
    kit.complete("ann", case, "tell", reason="Something")
    task = kit.task(case, "more")
    return [f"/cases/{case}/tasks/{task}", "/start/p", "/cases/T-1", f"/cases/{case}/tasks/{over}"]


def test_the_line_that_is_answered_now_stands_with_each_task_and_error(
    kit: Kit, pages: list[str], ann: Browser
) -> None:
    for path, code in zip(pages, (200, 200, 404, 410), strict=True):
        page = ann.visit(path, code)
        assert page.says("Desk: 01234 567 , answered until 5pm"), path
        assert not page.says("Weekend"), path
        assert page.links()["01234 567"] == "tel:01234567"


def test_where_nobody_answers_no_number_is_told(kit: Kit, pages: list[str], ann: Browser) -> None:
    kit.later(hours=12)
    page = ann.sign_in("ann") and ann.visit(pages[0])
    assert "Telephone" not in page.text


#: what may go wrong, as it comes up inside, and what the browser is told
ERRORS: dict[str, tuple[Exception, int]] = {
    "what cannot be read": (BadRequest(), 400),
    "a form that is too old": (CSRFError("old"), 400),
    "what somebody may not": (Forbidden(), 404),
    "what is not there": (NotFound(), 404),
    "an address that does not work like that": (MethodNotAllowed(["POST"]), 405),
    "what somebody else did first": (Conflict("It is done."), 410),
    "too much": (RequestEntityTooLarge(), 413),
    "another kind of content": (UnsupportedMediaType(), 415),
    "what is refused": (Refused("Not now."), 422),
    "what cannot be opened": (Sealed(), 422),
    "too many tries": (Throttled("Wait."), 429),
    "a fault of ours": (ValueError("secret"), 500),
    "a database that is away": (Unreachable(), 503),
    "a house that is full": (Overloaded("Wait."), 503),
}
NOW = "tel:01234567"


@pytest.mark.parametrize(("error", "code"), ERRORS.values(), ids=ERRORS)
def test_the_line_that_is_answered_now_stands_with_every_error(
    app: Flask, ann: Browser, error: Exception, code: int
) -> None:
    def fail() -> str:
        raise error

    app.view_functions["tasks.work_list"] = fail
    page = ann.visit("/tasks", code)
    assert page.text.count(NOW) == 1 and page.says("Desk: 01234 567 , answered until 5pm")


def test_the_line_stands_where_nobody_is_signed_in(stranger: Browser) -> None:
    sign_in = stranger.visit("/tasks").form("/sign-in")
    pages = {
        "sign-in": stranger.visit("/sign-in"),
        "a wrong password": stranger.send("/sign-in", {**sign_in, "password": "x"}, 422),
        "a link that opens nothing": stranger.visit("/guest-link/" + "x" * 43, 410),
        "a page that is not there": stranger.visit("/set-password/nothing", 410),
    }
    assert {name: page.text.count(NOW) for name, page in pages.items()} == dict.fromkeys(pages, 1)


def test_the_line_stands_with_what_is_recorded_and_with_an_order(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    drawn = diagram(
        "start:news_came > task:read > end", process="news", start_groups=None,
        news_came={"message": "news"}, read={"groups": "lead"},
    )  # fmt: skip
    kit.deploy(diagram("start > task:tell > end", tell={"groups": "clerk,lead"}), drawn)
    case, lea = kit.started("ann").reference, browser_of("lea")
    for path in ("orders/suspend", "orders/message/news"):
        assert lea.visit(f"/cases/{case}/{path}").text.count(NOW) == 1, path
