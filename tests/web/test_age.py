"""Reading does not grow with age: what a look at an old case costs, counted in work done.

Counted are entries opened, rows fetched and functions called, never seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from app.store import Unit
from app.store.chain import history
from tests.kit import Kit, diagram, form
from tests.web.conftest import Browser

YOUNG, OLD, MOST = 30, 600, 1.5
FILES = diagram(
    "start > xor:merge > task:ask > task:answer > xor:again > end;"
    " again > throw:round > merge",
    ask={"groups": "clerk,lead", "form": "ask", "due": "=working_days_after(today(), 1)"},
    answer={"groups": "clerk", "due": "=working_days_after(today(), 2)"},
    end={"condition": '=wanted = "stop"'}, round={"condition": '=wanted = "more"'},
) | form("ask", "wanted")  # fmt: skip


@dataclass
class Work:
    opened: int = 0
    rows: int = 0
    calls: int = 0


@contextmanager
def counted() -> Iterator[Work]:
    work = Work()

    def note(frame: FrameType, event: str, given: Any) -> None:
        work.calls += event == "call"
        if frame.f_code is history.unpacked.__code__:
            work.opened += event == "call"
        elif frame.f_code is Unit.rows.__code__ and event == "return":
            work.rows += len(given or ())

    sys.setprofile(note)
    try:
        yield work
    finally:
        sys.setprofile(None)


def grown(kit: Kit, entries: int) -> str:
    """The reference of a case with about so many entries."""
    case = kit.started("ann")
    for number in range(entries - 1):
        kit.later(minutes=10)
        task = "answer" if number % 2 else "ask"
        kit.complete("ann", case.case, task, **({} if number % 2 else {"wanted": "more"}))
    return case.reference


LOOKS = {
    "case page": "",
    "newest page of the history": "/history",
    "oldest page of the history": "/history?order=oldest",
    "early step of the replay": "/history/step.json?step=60",
    "newest step of the replay": "/history/step.json",
}


def test_a_look_at_an_old_case_costs_as_much_as_one_at_a_young_case(
    browser_of: Callable[[str], Browser], kit: Kit
) -> None:
    kit.deploy(FILES)
    aged = {entries: grown(kit, entries) for entries in (YOUNG, OLD)}
    ann = browser_of("ann")
    dear: dict[str, dict[int, Work]] = {}
    for name, path in LOOKS.items():
        cost: dict[int, Work] = {}
        for entries, case in aged.items():
            ann.client.get(f"/cases/{case}{path}")  # the first look makes the checkpoints
            with counted() as work:
                assert ann.client.get(f"/cases/{case}{path}").status_code == 200
            cost[entries] = work
        young, old = cost[YOUNG], cost[OLD]
        assert young.opened
        pairs = [(old.opened, young.opened), (old.rows, young.rows), (old.calls, young.calls)]
        if any(much > MOST * little for much, little in pairs):
            dear[name] = cost
    assert not dear
    page = ann.client.get(f"/cases/{aged[OLD]}").data
    assert len(page) < 80_000, "no proxy makes a page smaller"


def test_of_many_ended_deadlines_the_last_are_shown_and_all_on_demand(
    browser_of: Callable[[str], Browser], kit: Kit
) -> None:
    kit.deploy(FILES)
    case = grown(kit, YOUNG)
    ended = "//table[.//caption[contains(., 'have ended')]]/tbody/tr"
    assert browser_of("ann").visit(f"/cases/{case}").says("29 ended deadlines")
    page = browser_of("ann").visit(f"/cases/{case}/deadlines")
    assert page.says("Deadlines that have ended: 29")
    assert len(page.tree.xpath(ended)) == 20
    page = browser_of("ann").visit(page.links()["Show all 29"].partition("#")[0])
    assert len(page.tree.xpath(ended)) == 29
    assert "Show all 29" not in page.links()
