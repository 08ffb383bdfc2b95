"""Searching in the page: what is typed is in no address, and a reference leads to its case."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.casework.access import SYSTEM
from app.casework.cases import history
from app.casework.people import tokens
from app.store.chain.log import entries
from tests.casework.test_likeness import ZOE, told
from tests.kit import Kit, diagram
from tests.web.conftest import Browser, Page
from tests.web.test_api import Client
from tests.web.test_persons import naming


def search(browser: Browser, typed: str, begun: str = "/search", code: int = 200) -> Page:
    form = browser.visit(begun).form("/search")
    return browser.send("/search", form | {"words": typed}, code)


@pytest.fixture
def kit_with_cases(kit: Kit) -> Kit:
    kit.deploy(
        diagram("start > task:tell > task:check > end", tell={"groups": "clerk", "form": "report"},
                check={"groups": "clerk"}),
        naming("report"),
    )  # fmt: skip
    told(kit, ZOE)
    kit.start("ann")
    return kit


@pytest.mark.usefixtures("kit_with_cases")
@pytest.mark.parametrize("begun", ["/tasks", "/cases", "/search"])
def test_a_name_is_searched_for_from_each_list_and_stands_in_no_address(
    ann: Browser, begun: str
) -> None:
    answer = search(ann, "Zoë O’Neill", begun)
    address = answer.answer.request.full_path
    assert address.startswith("/search?typed=") and "Zo" not in address and "Neill" not in address
    assert answer.says("Searched for the name Zoë and the name O’Neill.")
    assert answer.links()["T-2026-0001"] == "/cases/T-2026-0001"
    assert "T-2026-0002" not in answer.text
    again = ann.visit(address)
    assert again.says("1 case"), "one can go back to it"


@pytest.mark.usefixtures("kit_with_cases")
def test_a_reference_leads_to_its_case_at_once(ann: Browser) -> None:
    page = search(ann, "2026-2")
    assert page.answer.request.path == "/cases/T-2026-0002"


@pytest.mark.usefixtures("kit_with_cases")
def test_what_is_not_found_is_said_with_what_to_do(ann: Browser) -> None:
    page = search(ann, "Nobody")
    assert page.says("0 cases") and page.says("check the spelling")


@pytest.mark.usefixtures("kit_with_cases")
@pytest.mark.parametrize("typed", ["", "K", "?"])
def test_nothing_to_search_for_is_an_error_at_its_field(ann: Browser, typed: str) -> None:
    page = search(ann, typed, code=422)
    assert page.title.startswith("Error: ")
    assert page.says("Enter a reference, a name, a date of birth or a number")


@pytest.mark.usefixtures("kit_with_cases")
def test_what_somebody_else_searched_for_is_not_opened(ann: Browser, lea: Browser) -> None:
    page = search(ann, "Zoë")
    other = lea.visit(page.answer.request.full_path)
    assert "Zo" not in other.words() and not other.says("Searched for")


@pytest.fixture
def program(kit_with_cases: Kit, app: Flask) -> Client:
    """Reads only."""
    kit = kit_with_cases
    secret, _ = tokens.make(kit.desk, SYSTEM, "ann", "finds", kit.at)
    return Client(app, secret)


def test_a_program_searches_by_what_it_sends(program: Client) -> None:
    found = program.post("/search", {"words": "Zoë O’Neill"})
    assert found["understood"] == ["the name Zoë", "the name O’Neill"]
    assert [one["case"] for one in found["items"]] == ["T-2026-0001"]
    assert program.post("/search", {"words": "2026-2"})["items"][0]["case"] == "T-2026-0002"
    assert program.post("/search", {"words": "Nobody"})["items"] == []


def test_each_search_of_a_program_is_an_entry_of_the_log(
    program: Client, kit_with_cases: Kit
) -> None:
    def kept() -> tuple[int, dict[str, Any]]:
        with kit_with_cases.store.reading() as unit:
            newest = entries.head(unit)
            assert newest is not None
            return newest.seq, history.order_of(unit, entries.key_of(unit), newest.seq)

    program.post("/search", {"words": "Zoë"}, key="the same")
    first, said = kept()
    assert said["shown"] == ["T-2026-0001"] and "zo" not in str(said).casefold()
    program.post("/search", {"words": "Zoë"}, key="the same")
    assert kept()[0] == first + 1, "a key does not hide that it was asked again"


REFUSED: dict[str, tuple[Any, int, str | None]] = {
    "nothing": ({"words": " "}, 422, "#/words"),
    "far too much": ({"words": "x" * 5000}, 422, "#/words"),
    "no text": ({"words": 5}, 400, None),
    "without a body": (None, 400, None),
    "in the address": ({"words": "Zoe", "page": 2}, 400, None),
}


@pytest.mark.parametrize(("body", "code", "at"), REFUSED.values(), ids=REFUSED)
def test_what_a_program_cannot_search_for_is_a_problem(
    program: Client, body: Any, code: int, at: str | None
) -> None:
    problem = program.post("/search", body, code)
    assert [one["pointer"] for one in problem.get("errors", [])] == ([at] if at else [])


def test_a_program_cannot_search_by_an_address(program: Client) -> None:
    program.get("/search?words=Zoe", 405)
