"""Other cases about the same people: how many at first, which only once the look is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from app.casework.access import SYSTEM
from app.casework.commands import AddMember
from tests.kit import Kit, diagram
from tests.web.conftest import Browser, own_form
from tests.web.test_persons import naming

ZOE: dict[str, Any] = {"name": "Zoë Kaya", "dob": "2019-05-01"}


@pytest.fixture
def two(kit: Kit) -> tuple[str, str]:
    """References of two cases about one child, spelt in two ways; the lead sees both."""
    kit.deploy(
        diagram("start > task:tell > task:check > end", tell={"groups": "clerk", "form": "report"},
                check={"groups": "clerk,lead", "look_for_persons": "true"}),
        naming("report"),
    )  # fmt: skip
    references = []
    for child in (ZOE, {**ZOE, "name": "Zoe Kaya"}):
        done = kit.started("ann")
        kit.complete("ann", done.case, "tell", children=[child])
        lea = AddMember(actor=SYSTEM, at=kit.at, case=done.case, person="lea", reason="leads")
        kit.desk.do(lea)
        references.append(done.reference)
    return references[0], references[1]


def test_the_task_says_how_many_and_a_button_shows_which(
    lea: Browser, two: tuple[str, str], kit: Kit
) -> None:
    first, second = two
    page = lea.visit(f"/cases/{second}/tasks/{kit.task(second, 'check')}")
    assert page.says("1 other case may be about the same people")
    assert first not in page.text
    path = f"/cases/{second}/orders/alike"
    shown = lea.send(path, {**page.form(path), "_action": "complete"})
    assert shown.says("Same name and date of birth")
    assert {first, f"Compare and merge with {first}"} <= set(shown.links())
    assert "Zo" not in shown.words("//table"), "names come only with the case itself"
    history = lea.visit(f"/cases/{second}/history?show=all").words()
    assert "Lea Lamb (Lead) looked which other cases may be about the same people" in history
    assert f"Shown: {first}" in history


def test_to_open_the_page_shows_none_of_them(lea: Browser, two: tuple[str, str]) -> None:
    first, second = two
    page = lea.visit(f"/cases/{second}/orders/alike")
    assert page.says("1 other case may be about the same people")
    assert first not in page.text


def test_both_cases_are_seen_with_their_people_before_they_are_merged(
    lea: Browser, two: tuple[str, str]
) -> None:
    first, second = two
    path = f"/cases/{second}/orders/merge"
    page = lea.visit(f"{path}?into={first}")
    form = own_form(page)
    assert form["into"] == first
    assert page.says("1 other case may be about the same people")
    beside = lea.send(path, {**form, "reason": "The same child", "_action": "complete"})
    words = beside.words("//table")
    assert "Zoë Kaya" in words and "Zoe Kaya" in words
    assert beside.says("Both share: same name and date of birth.")
    kept = own_form(beside)
    assert (kept["into"], kept["reason"]) == (first, "The same child")
    for case, said in ((second, f"looked at this case beside {first}"),
                       (first, "looked at the case (beside another case)")):  # fmt: skip
        assert said in lea.visit(f"/cases/{case}/history?show=all").words()
    assert lea.send(path, {**kept, "_action": "complete"}).says("The case was merged")


def test_another_reference_than_the_one_shown_is_shown_first_too(
    lea: Browser, two: tuple[str, str], kit: Kit
) -> None:
    first, second = two
    path = f"/cases/{second}/orders/merge"
    other = kit.started("ann").reference
    kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=other, person="lea", reason="leads"))
    beside = lea.fill(path, {"into": first, "reason": "The same child"})
    again = lea.send(path, {**own_form(beside), "into": other, "_action": "complete"})
    assert again.says("They share no name, number or reference that is looked for.")
    assert not lea.visit(f"/cases/{second}").says("was merged into")
