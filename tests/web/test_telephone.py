"""Whom to telephone stands with each task and each error, where somebody answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Config
from app.config.telephone import Line
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
