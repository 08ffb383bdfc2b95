"""The board: open cases that one sees in whole, the nearest limit first, and what waits in them."""

from __future__ import annotations

import pytest

from app.casework.commands import Cancel, Claim, EndCover, SetCover
from app.casework.reading.board import BoardPage, board
from app.store.people import covers
from tests.kit import PEOPLE, Kit, diagram
from tests.web.conftest import Browser


@pytest.fixture
def cases(both: Kit) -> list[str]:
    """Three: the second has a national limit, the third is over."""
    both.deploy(
        diagram(
            "start > and:fork; fork > task:check > join; fork > task:reply > and:join > end",
            check={"groups": "lead,clerk", "due": "=working_days_after(today(), 3)"},
            reply={"groups": "agency:police"},
        ),
        diagram(
            "start > task:limited > end", process="q",
            limited={"groups": "lead", "due": "=working_days_after(today(), 4)",
                     "backstop": "=working_days_after(today(), 5)"},
        ),
    )  # fmt: skip
    started = [both.start("ann"), both.started("ann", process="q").case, both.start("ann")]
    both.do(Cancel, "lea", case=started[2], reason="Begun twice")
    return started


def seen(kit: Kit, who: str = "lea") -> BoardPage:
    return board(kit.desk, PEOPLE[who], kit.at)


def told(kit: Kit, number: int) -> list[str]:
    """Of one case: what waits, whose it is."""
    return [f"{one.name}: {one.whose}" for one in seen(kit).rows[number].tasks]


def test_the_case_with_the_nearest_national_limit_stands_first(both: Kit, cases: list[str]) -> None:
    assert [row.case[-1] for row in seen(both).rows] == ["2", "1"]
    assert seen(both).total == 2, "what is over stands on no board"
    assert [row.limit is not None for row in seen(both).rows] == [True, False]


def test_of_each_task_is_said_for_whom_it_waits_and_what_is_due_stands_first(
    both: Kit, cases: list[str]
) -> None:
    assert told(both, 1) == ["Check: Clerk, Lead", "Reply: Agency (police)"]
    both.do(Claim, "lea", case=cases[0], task=both.task(cases[0], "check"))
    assert told(both, 1)[0] == "Check: Lea Lamb"


def test_late_and_a_breach_are_told_apart(both: Kit, cases: list[str]) -> None:
    both.later(days=8)
    first, second = seen(both).rows
    assert (first.breach, first.late) == (True, 1)
    assert (second.breach, second.late) == (False, 1)


def test_who_is_away_is_said_with_who_covers(both: Kit, cases: list[str]) -> None:
    both.do(Claim, "lea", case=cases[0], task=both.task(cases[0], "check"))
    today = both.at.date()
    both.do(SetCover, "lea", person="lea", by="ben", first=today, last=today, reason="Leave")
    (task, _) = seen(both).rows[1].tasks
    assert task.away is not None
    assert (task.away.cover, task.away.until) == ("Ben Baker", today)
    both.later(days=1)
    assert seen(both).rows[1].tasks[0].away is None


def test_a_cover_that_was_ended_today_is_not_said(both: Kit, cases: list[str]) -> None:
    both.do(Claim, "lea", case=cases[0], task=both.task(cases[0], "check"))
    today = both.at.date()
    both.do(SetCover, "lea", person="lea", by="ben", first=today, last=today, reason="Leave")
    with both.store.reading() as unit:
        (cover,) = covers.everything(unit)
    both.later(minutes=5)
    both.do(EndCover, "lea", cover=cover.id)
    assert seen(both).rows[1].tasks[0].away is None


def test_nobody_sees_a_case_on_it_that_they_do_not_see_in_whole(
    both: Kit, cases: list[str]
) -> None:
    assert seen(both, "pol").rows == ()
    assert seen(both, "pol").total == 0
    assert seen(both, "out").rows == ()


def test_the_page_leads_to_each_task_and_to_giving_it_away(
    kit: Kit, lea: Browser, ann: Browser
) -> None:
    kit.deploy(diagram("start > task:check > end", check={"groups": "lead,clerk"}))
    case = kit.started("ann")
    task = f"/cases/{case.reference}/tasks/{kit.task(case.case, 'check')}"
    links = lea.visit("/board").links()
    assert links["Check"] == task
    assert f"{task}/orders/assign" in links.values()
    assert f"{task}/orders/assign" not in ann.visit("/board").links().values()
    assert lea.visit("/cases").links()["Board: all open cases with what waits for whom"] == "/board"
