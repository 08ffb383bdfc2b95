"""Who can read what, for owners, auditors, spreadsheets and programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from app.casework.commands import Deploy
from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser
from tests.web.test_api import Client, api

__all__ = ["api"]

#: its class says that only who sees the whole case may read it
CLASSES = [
    {"value": "process", "label": "How the case goes", "ordinary": True},
    {"value": "health", "label": "Health", "readers": ["whole_case", "agency"]},
]


def files(**meet: str) -> dict[str, bytes]:
    """The clerk says what is known; an agency does a task."""
    settings: dict[str, Any] = {
        "roles": ["clerk", "lead", "agency"],
        "role_sight": {"clerk": "case", "agency": "own"},
        "classes": CLASSES,
    }
    return {
        **diagram(
            "start > task:tell > task:meet > end",
            tell={"groups": "clerk", "form": "tell"},
            meet={"groups": "agency:police", "form": "words", **meet},
        ),
        **form("tell", "harm", properties={"class": "health"}),
        **form("words", "plan"),
        "settings.json": json.dumps(settings).encode(),
    }


def propose(kit: Kit, files: dict[str, bytes]) -> str:
    done = kit.do(Deploy, "dra", files=files, note="Other", activate=False)
    return str(done.answer["digest"])


@pytest.fixture
def dra(browser_of: Callable[[str], Browser]) -> Browser:
    return browser_of("dra")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def downloaded(browser: Browser, path: str) -> str:
    answer = browser.client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def ways(lines: list[dict[str, str]]) -> set[tuple[str, str, str]]:
    return {(line["Question"], line["Reader"], line["Way"]) for line in lines}


@pytest.mark.parametrize("who", ["dra", "lea", "aud"])
def test_owners_and_auditors_see_it(
    who: str, kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    kit.deploy(files(shows="tell"))
    page = browser_of(who).visit("/readers")
    assert page.h1 == "Who can read what"
    assert page.says("Record shown on the task")
    assert page.says("Everybody who sees all of the case")


def test_nobody_else_does(kit: Kit, browser_of: Callable[[str], Browser]) -> None:
    kit.deploy(files())
    for address in ("/readers", "/readers/download.csv"):
        browser_of("ann").visit(address, 404)


def test_the_page_is_filtered_by_class_reader_and_form(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    kit.deploy(files(shows="tell"))
    page = browser_of("aud").visit("/readers?class=health&reader=agency&form=tell")
    assert page.says("1 way")
    assert page.words("//table[2]//tbody/tr") == (
        "Harm tell Health Agency Record shown on the task Meet"
    )
    assert browser_of("aud").visit("/readers?reader=nobody").says("Nothing fits")


def test_a_proposed_version_says_which_ways_come_and_which_go(
    kit: Kit, dra: Browser, api: Callable[[str], Client]
) -> None:
    kit.deploy(files(shows="tell"))
    proposed = propose(kit, files(label="=records.tell.harm"))
    lines = rows(downloaded(dra, f"/readers/{proposed}/download.csv?shows=changes"))
    told = {(line["Way"], line["Beside the active version"]) for line in lines}
    assert told == {("record", "goes"), ("label", "comes")}
    answer = api("dra").get(f"/readers?version={proposed}&shows=changes")
    assert {(one["way"], one["change"]) for one in answer["items"]} == told
    assert answer["beside"]


def test_the_file_and_the_api_say_the_same(
    kit: Kit, dra: Browser, api: Callable[[str], Client]
) -> None:
    kit.deploy(files(shows="tell", label="=if 1 = 1 then records.tell.harm else null"))
    lines = ways(rows(downloaded(dra, "/readers/download.csv")))
    items = api("aud").get("/readers?size=200")["items"]
    assert lines == {(one["question"], one["reader"], one["way"]) for one in items}
    assert ("harm", "agency", "label") in lines


def test_a_version_that_cannot_be_used_has_no_map(kit: Kit, dra: Browser) -> None:
    kit.deploy(files())
    proposed = propose(kit, files(form="nowhere"))
    assert dra.visit(f"/readers/{proposed}").says("Mend its files first")
