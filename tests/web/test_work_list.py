"""My tasks: everything that is somebody's to do in one list, whose it is and who has begun it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.casework.commands import Cancel, Claim, ExcludePerson, SaveDraft
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
    told = {"groups": "clerk", "form": "first"}
    drawn = diagram("start > task:tell > task:amend > end", tell=told, amend={"groups": "clerk"})
    kit.deploy(drawn, asking("first"))
    case = kit.start("ann")
    kit.complete("ann", case, "tell", children=[ZOE], event="near")
    for path in ("/tasks", "/cases"):
        page = ann.visit(path)
        assert "Z.K., child, born 2019" in page.text, path
        assert "A near miss" in page.text, path
        assert "Kaya" not in page.text, path
        assert "Z.K." not in page.tree.findtext(".//title"), path


def test_what_somebody_did_lately_is_theirs_to_look_up(
    kit: Kit, case: str, browser_of: Callable[[str], Browser]
) -> None:
    def told(who: str) -> list[str]:
        rows = browser_of(who).visit("/tasks/done").tree.xpath("//main//tbody/tr/td[1]")
        return [" ".join("".join(cell.itertext()).split()) for cell in rows]

    kit.later(hours=1)
    kit.complete("ann", case, "reply")
    assert told("ann") == ["Reply", "P"]
    assert told("lea") == told("ben") == []
    kit.later(days=89, hours=23, minutes=30)
    assert told("ann") == ["Reply"], "the beginning is ninety days ago"
    kit.later(hours=2)
    assert told("ann") == []


def test_what_somebody_did_in_a_case_that_they_are_shut_out_of_is_not_told(
    kit: Kit, case: str, ann: Browser
) -> None:
    kit.complete("ann", case, "reply")
    assert case_links(ann.visit("/tasks/done")) == {"T-2026-0001"}
    kit.do(ExcludePerson, "lea", case=case, person="ann", reason="A relative")
    assert case_links(ann.visit("/tasks/done")) == set()


def case_links(page: Page) -> set[str]:
    return {link.text for link in page.tree.xpath("//main//tbody//a")}


@pytest.mark.parametrize(
    ("show", "seen"),
    [("open", [1, 2]), ("mine", [1]), ("closed", [3]), ("all", [1, 2, 3]), ("odd", [1, 2])],
)
def test_cases_are_listed_as_they_stand_and_by_who_has_to_do_with_them(
    kit: Kit, lea: Browser, show: str, seen: list[int]
) -> None:
    kit.deploy(diagram("start > task:agree > end", agree={"groups": "lead"}))
    mine, _, over = (kit.start("ann") for _ in range(3))
    kit.do(Claim, "lea", case=mine, task=kit.task(mine, "agree"))
    kit.do(Cancel, "lea", case=over, reason="Begun by mistake")
    page = lea.visit(f"/cases?show={show}")
    listed = [int(link.text[-1]) for link in page.tree.xpath("//main//tbody//td[1]//a")]
    assert sorted(listed) == seen


def test_each_limit_stands_with_how_it_is_counted(kit: Kit, case: str, lea: Browser) -> None:
    page = lea.visit("/tasks")
    sums = [each.text_content() for each in page.tree.xpath("//main//*[@class='app-sum']")]
    assert sums == [
        "1 working day after Wednesday 4 March 2026",
        "2 working days after Wednesday 4 March 2026",
    ]
