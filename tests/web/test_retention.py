"""The pages of retention: what is held, due and destroyed, and what is left of a destroyed case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.casework import accounts
from app.casework.commands import EraseContent, KeepContent, LiftHold
from app.casework.errors import Refused
from tests.casework.test_retention import KEPT, MAX, ended
from tests.kit import PEOPLE, Kit, diagram
from tests.web.conftest import Browser


@pytest.fixture
def case(kit: Kit) -> str:
    kit.desk.settings = replace(kit.desk.settings, retention=KEPT)
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk,lead"}))
    accounts.ensure(kit.desk, "max", "Max Moor", ("lead",), kit.at)
    return ended(kit)


def test_a_hold_is_set_shown_and_asked_to_be_lifted(
    lea: Browser, ann: Browser, case: str, kit: Kit
) -> None:
    held = lea.fill(f"/retention/{case}/hold", {"kind": "trial", "reason": "At the Crown Court"})
    assert held.says("The case is held.") and held.says("At the Crown Court")
    assert lea.visit("/retention").says("At the Crown Court")
    assert "Destroy its content" not in held.links()
    page = ann.visit(f"/cases/{case}")
    assert page.says(
        "Held: A trial. Nothing of this case is destroyed until two people have lifted"
    )
    assert page.says("Set by Lea Lamb")
    page = lea.fill(f"/retention/{case}/erase", {"cause": "court", "reason": "r"}, code=422)
    assert page.says("The case is held: “A trial”. Nothing of it can be destroyed.")
    asked = lea.visit(f"/retention/{case}/lift")
    (number,) = asked.tree.xpath("//input[@name='hold']/@value | //option[@value!='']/@value")
    lea.fill(f"/retention/{case}/lift", {"hold": number, "reason": "It is over"})
    assert lea.visit("/retention").says("Lea Lamb asked for it")
    kit.desk.do(LiftHold(actor=MAX, at=kit.at, case=case, hold=number, reason="It is over"))
    assert lea.visit("/retention").says("No case is held.")
    assert not ann.visit(f"/cases/{case}").says("Held:")


def test_what_was_asked_for_is_taken_back_by_either_while_nobody_has_agreed(
    lea: Browser, case: str, kit: Kit
) -> None:
    for asks, keeps in ((MAX, "Max Moor"), (PEOPLE["lea"], "You")):
        kit.desk.do(EraseContent(actor=asks, at=kit.at, case=case, cause="court", reason="r"))
        shown = lea.visit(f"/retention/{case}")
        assert shown.says(f"{keeps} asked on"), "lea sees it, whoever asked"
        done = lea.fill(shown.links()[KEEP], {"reason": "The wrong case"})
        assert done.says("The content is kept.") and KEEP not in done.links()
    history = lea.visit(f"/cases/{case}/history")
    assert history.says("took back that the content of the case be destroyed")
    assert history.says("Reason: The wrong case")
    again = lea.fill(f"/retention/{case}/keep", {"reason": "Once more"}, code=422)
    assert again.says("Nobody has asked that its content be destroyed.")
    with pytest.raises(Refused):
        kit.desk.do(KeepContent(actor=MAX, at=kit.at, case=case, reason="r"))


KEEP = "Keep its content: take back what was asked for"
PAGES = [
    "/cases/{}",
    "/cases/{}/people",
    "/cases/{}/history",
    "/cases/{}/documents",
    "/retention/{}",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_a_destroyed_case_says_who_destroyed_it(
    lea: Browser, ann: Browser, case: str, kit: Kit, path: str
) -> None:
    kit.desk.do(EraseContent(actor=MAX, at=kit.at, case=case, cause="court", reason="r"))
    assert lea.visit("/retention").says("a second person must agree")
    asks = lea.visit(f"/retention/{case}/erase")
    assert asks.says("with your click the key of the case is destroyed at once")
    given = {"cause": "court", "reason": "The order"}
    unsure = lea.fill(f"/retention/{case}/erase", given, code=422)
    assert unsure.says("Confirm that you know that nobody can undo it")
    page = lea.fill(f"/retention/{case}/erase", given | {"sure": "true"})
    assert page.h1 == "Retention" and page.says("Max Moor and Lea Lamb")
    who = lea if "retention" in path else ann
    left = who.visit(path.format(case), 410)
    assert "was destroyed" in left.h1 and left.says("A court ordered it") and left.says("Six years")
    assert ann.visit("/cases?show=closed").says("Content destroyed")
    assert lea.visit("/figures").says("1 case whose content was destroyed is not counted.")


def test_for_who_lacks_the_power_there_is_no_such_page(ann: Browser, case: str) -> None:
    ann.visit("/retention", 404)
    ann.visit(f"/retention/{case}", 404)
