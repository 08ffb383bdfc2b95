"""My tasks, narrowed and sorted: what is counted is what is shown; a saved list holds wishes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.casework.commands import Claim
from tests.casework.test_narrowing import two_cases
from tests.kit import Kit
from tests.web.conftest import Browser, Page


@pytest.fixture
def kit_(kit: Kit) -> Kit:
    return two_cases(kit)


def saving(browser: Browser, path: str, code: int = 200, **given: str) -> Page:
    """Opens a list and saves it, as it stands or with what is `given`."""
    form = browser.visit(path).form("/tasks/saved")
    return browser.send("/tasks/saved", {**form, **given}, code)


def listed(page: Page) -> list[str]:
    """“Check 1”: what is to be done, and the case's number."""
    rows = page.tree.xpath("//main//tbody/tr")
    return [
        f"{''.join(row.xpath('td[1]//a')[0].itertext()).strip()}"
        f" {row.xpath('td[2]')[0].text_content().strip()[-1]}"
        for row in rows
    ]


def counted(page: Page) -> list[int]:
    """On the tabs: all, mine, the groups', late."""
    return [int(each.text_content()) for each in page.tree.xpath("//nav//*[@class='app-count']")]


def test_the_lists_are_counted_as_they_are_narrowed(kit_: Kit, lea: Browser) -> None:
    case = "T-2026-0001"
    kit_.do(Claim, "lea", case=case, task=kit_.task(case, "agree"))
    assert counted(lea.visit("/tasks")) == [6, 1, 5, 0]
    assert counted(lea.visit("/tasks?name=Agree")) == [2, 1, 1, 0]
    page = lea.visit("/tasks?name=Agree")
    mine = page.tree.xpath("//nav//a[contains(., 'Mine')]/@href")[0]
    assert listed(lea.visit(mine)) == ["Agree 1"], "what is wished stays from list to list"


def test_late_and_a_passed_national_limit_are_told_apart(
    kit_: Kit, browser_of: Callable[[str], Browser]
) -> None:
    kit_.later(days=10)
    assert listed(browser_of("lea").visit("/tasks?due=late")) == ["Check 1", "Check 2"]
    assert listed(browser_of("lea").visit("/tasks?due=breach")) == [], "no other limit is behind it"


def test_a_list_is_saved_for_its_group_and_each_sees_in_it_what_they_may(
    kit_: Kit, lea: Browser, ann: Browser
) -> None:
    path = "/tasks?show=groups&name=Check"
    page = saving(lea, path, called="  What to  check ", shared="g:lead")
    assert "The list “What to check” is saved." in page.text
    assert listed(page) == ["Check 1", "Check 2"]
    assert "What to check" not in ann.visit("/tasks").text, "she is not in that group"
    saving(ann, "/tasks?name=Check", called="Mine", shared="g:clerk")
    assert "Mine" in ann.visit("/tasks").links()
    link = lea.visit("/tasks").links()["What to check"]
    assert listed(lea.visit(link)) == ["Check 1", "Check 2"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({"called": "  "}, "Enter a name for the list", id="no name"),
        pytest.param({"called": "x" * 61}, "must be 60 characters or fewer", id="too long"),
        pytest.param({"called": "A", "shared": "g:clerk"}, "Choose one of your groups",
                     id="another's group"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_saved_list_is_told_and_the_wish_stays(
    kit_: Kit, lea: Browser, given: dict[str, str], sentence: str
) -> None:
    page = saving(lea, "/tasks?name=Agree", 422, **given)
    assert sentence in page.text
    assert listed(page) == ["Agree 1", "Agree 2"]


def test_a_saved_list_is_removed_by_who_saved_it_and_by_nobody_else(
    kit_: Kit, ann: Browser, browser_of: Callable[[str], Browser]
) -> None:
    saving(ann, "/tasks?name=Check", called="Checks", shared="g:clerk")
    ben = browser_of("ben")
    assert "Checks" in ben.visit("/tasks").links()
    token = ben.visit("/tasks?name=Check").form("/tasks/saved")
    ben.send("/tasks/saved/remove", {**token, "called": "Checks"})
    assert "Checks" in ann.visit("/tasks").links()
    form = ann.visit("/tasks?narrow=yes").form("/tasks/saved/remove")
    ann.send("/tasks/saved/remove", form)
    assert "Checks" not in ben.visit("/tasks").links()


def test_nobody_saves_more_lists_than_can_be_read_through(kit_: Kit, lea: Browser) -> None:
    for number in range(20):
        saving(lea, "/tasks?name=Agree", called=f"List {number}")
    page = saving(lea, "/tasks?name=Agree", 422, called="One more")
    assert "You have 20 saved lists" in page.text
    saving(lea, "/tasks?name=Check", called="List 3")
