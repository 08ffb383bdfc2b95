"""The page of a case's people lists, under headings that the drawings say, whom the case asked and
with whom it is in contact: what came of it and when, and what is still open."""

from __future__ import annotations

from collections.abc import Callable

from tests.kit import Kit, diagram
from tests.web.conftest import Browser


def test_what_was_asked_stands_under_its_heading_until_it_is_answered_and_then_with_the_answer(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    asked = {"groups": "clerk", "label": "Police", "people_part": "Who was asked"}
    kit.deploy(diagram(
        "start > task:ask > task:call > task:other > end", ask=asked, other={"groups": "clerk"},
        call={"groups": "clerk", "people_part": "Contact with the school"},
    ))  # fmt: skip
    case, ann = kit.start("ann"), browser_of("ann")
    page = ann.visit(f"/cases/{case}/people")
    assert page.says("Who was asked Ask (Police): open"), "nothing came of it yet"
    assert not page.says("Contact with the school"), "nothing of it was opened yet"
    kit.complete("ann", case, "ask", note="Nothing known here")
    page = ann.visit(f"/cases/{case}/people")
    assert page.says("Ask (Police): ") and page.says("by Ann Archer")
    assert page.says("Nothing known here") and page.says("Contact with the school Call: open")
    kit.complete("ann", case, "call", note="They wait for a date")
    page = ann.visit(f"/cases/{case}/people")
    headings = [" ".join(one.itertext()) for one in page.tree.xpath("//main//h2")]
    assert headings.index("Contact with the school") < headings.index("Who was asked")
    assert not page.says("Call: open") and not page.says("Other: ")
