"""A task that a colleague has begun: it is said who and when, and one can go on from their answers;
never from those of another organisation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.casework import views
from app.casework.commands import SaveDraft, TakeOverDraft
from app.casework.errors import Refused
from tests.kit import PEOPLE, Kit, diagram, form
from tests.web.conftest import Browser, own_form

BrowserOf = Callable[[str], Browser]


@pytest.fixture
def task(kit: Kit) -> tuple[str, str]:
    """Case and task, of a step for clerks and for agencies."""
    kit.deploy(
        diagram("start > task:check > end", check={"groups": "clerk,agency", "form": "check"}),
        form("check", "what", "why"),
    )
    case = kit.started("ann")
    return case.reference, kit.task(case.case, "check")


def test_who_has_begun_it_is_said_and_their_answers_come_into_ones_own(
    browser_of: BrowserOf, kit: Kit, task: tuple[str, str]
) -> None:
    ann, ben, address = browser_of("ann"), browser_of("ben"), "/cases/{}/tasks/{}".format(*task)
    page = ann.visit(address)
    ann.send(address, {**own_form(page), "_action": "draft", "what": "A fall", "why": "Ice"})
    kit.later(minutes=2)
    assert ben.visit(address).says("Ann Archer is writing now: saved at 10am")
    kit.later(minutes=2)
    page = ben.visit(address)
    assert page.says("Ann Archer has begun this form, saved on Wednesday 4 March 2026 at 10am")
    taken = ben.send(address, {**own_form(page), "_action": "take:ann", "why": "Rain"})
    assert taken.says("You have two answers to “Why”") and taken.says("Ann Archer, saved on")
    assert (own_form(taken)["what"], own_form(taken)["why"]) == ("A fall", "Rain")
    hers = ann.visit(address)
    assert hers.says("Ben Baker went on with your answers") and own_form(hers)["why"] == "Ice"
    history = ann.visit(f"/cases/{task[0]}/history")
    assert history.says("Ben Baker (Clerk) went on with what Ann Archer had begun of “Check”")


#: who saved, who looks → whether they may go on from those answers
ROWS = {
    "both see the whole case": ("ann", "ben", True),
    "of another organisation": ("pol", "gil", False),
    "an agency, of who sees the case": ("ann", "pol", False),
    "who sees the case, of an agency": ("pol", "ann", False),
    "their own": ("ann", "ann", False),
}


@pytest.mark.parametrize(("writer", "reader", "may"), ROWS.values(), ids=ROWS.keys())
def test_words_that_nobody_has_sent_are_read_by_colleagues_alone(
    kit: Kit, task: tuple[str, str], writer: str, reader: str, may: bool
) -> None:
    case, id = task
    kit.do(SaveDraft, writer, case=case, task=id, given={"what": "A fall"})
    shown = views.task_page(kit.desk, PEOPLE[reader], case, id, kit.at).colleagues
    assert [each.id for each in shown] == [writer] * may
    order = {"case": case, "task": id, "person": writer}
    if may:
        kit.do(TakeOverDraft, reader, **order)
    else:
        with pytest.raises(Refused, match="nothing begun that you can go on with"):
            kit.do(TakeOverDraft, reader, **order)
