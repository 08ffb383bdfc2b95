"""My tasks: everything that is somebody's to do in one list, whose it is and who has begun it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.casework.commands import Claim, SaveDraft
from tests.casework.test_in_lists import ZOE, asking
from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser, Page


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(
        diagram(
            "start > and:fork; fork > task:check > join; fork > task:agree > join;"
            " fork > task:reply > and:join > end",
            check={"groups": "clerk,lead", "form": "words",
                   "due": "=working_days_after(today(), 2)"},
            agree={"groups": "lead", "due": "=working_days_after(today(), 1)"},
            reply={"groups": "clerk"},
        ),
        form("words", "reason"),
    )  # fmt: skip
    return kit.start("ann")


def rows(page: Page) -> dict[str, str]:
    """Task → what its row says of whose it is, in the order of the list."""
    return {
        " ".join("".join(row.xpath("td[1]//a")[0].itertext()).split()): " ".join(
            " ".join(row.xpath("td[@data-label='Whose']")[0].itertext()).split()
        )
        for row in page.tree.xpath("//main//tbody/tr")
    }


def test_the_first_list_is_all_that_is_theirs_the_earliest_due_first(
    kit: Kit, case: str, lea: Browser, ann: Browser
) -> None:
    kit.do(Claim, "lea", case=case, task=kit.task(case, "check"))
    page = lea.visit("/tasks")
    assert page.tree.xpath("//nav//a[@aria-current='page']")[-1].text.strip() == "All"
    assert rows(page) == {"Agree": "Nobody yet For Lead", "Check": "You took it on For Lead"}
    assert rows(ann.visit("/tasks")) == {"Reply": "Nobody yet For Clerk"}


def test_who_has_begun_is_told_to_those_it_is_offered_to(
    kit: Kit, case: str, browser_of: Callable[[str], Browser], ann: Browser
) -> None:
    task = kit.task(case, "check")
    kit.do(SaveDraft, "ann", case=case, task=task, given={"reason": "Half a word"})
    page = browser_of("ben").visit("/tasks")
    assert rows(page)["Check"] == "Nobody yet For Clerk Ann Archer began it, 4 March 2026"
    assert "Half a word" not in page.text
    assert rows(ann.visit("/tasks"))["Check"].endswith("You began it, 4 March 2026")


def test_a_case_is_told_from_others_in_each_list_and_never_in_its_title(
    kit: Kit, ann: Browser
) -> None:
    drawn = diagram("start > task:tell > task:amend > end",
                    tell={"groups": "clerk", "form": "first"}, amend={"groups": "clerk"})  # fmt: skip
    kit.deploy(drawn, asking("first"))
    case = kit.start("ann")
    kit.complete("ann", case, "tell", children=[ZOE], event="near")
    for path in ("/tasks", "/cases"):
        page = ann.visit(path)
        assert "Z.K., child, born 2019" in page.text, path
        assert "A near miss" in page.text, path
        assert "Kaya" not in page.text, path
        assert "Z.K." not in page.tree.findtext(".//title"), path
