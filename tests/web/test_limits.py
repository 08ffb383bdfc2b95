"""The head of a case: its day, its limits and what is due next; by which day a step was done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.kit import Kit, diagram
from tests.measured import london, when
from tests.web.conftest import Browser


def drawn(**more: str) -> dict[str, bytes]:
    check = {
        "groups": "clerk", "due": "=working_days_after(aware, 3)",
        "backstop": "=working_days_after(aware, 5)", "clock": "Review",
        "clock_day": "=working_days_between(aware, today()) + 1", "clock_days": "=5",
    } | more  # fmt: skip
    return diagram("start > task:check > end", var={"aware": "today()"}, check=check)


@pytest.mark.parametrize(
    ("now", "head", "tag"),
    [
        ("2026-03-05 09:00", "Review: Day 2 of 5", "Due soon"),
        ("2026-03-07 09:00", "Review: Day 3 of 5", "Due soon"),
        ("2026-03-10 09:00", "Review: Day 5 of 5", "Behind the local target"),
        ("2026-03-12 00:01", "Review: Day 7 of 5", "Breach of the national limit"),
    ],
    ids=["the next day", "a Saturday", "behind the local target", "the national limit broken"],
)
def test_the_page_begins_with_the_day_and_the_limits(
    kit: Kit, browser_of: Callable[[str], Browser], now: str, head: str, tag: str
) -> None:
    kit.deploy(drawn())
    case = kit.started("ann").reference
    kit.at = london(now)
    page = browser_of("aud").visit(f"/cases/{case}")
    words = page.words("//div[@class='app-clock']")
    assert words.startswith(f"{head} Due first: Check, Monday 9 March 2026 ")
    assert "National limit: Wednesday 11 March 2026 " in words
    tags = page.tree.xpath("//div[@class='app-clock']//strong[contains(@class, 'govuk-tag')]")
    assert {one.text_content().strip() for one in tags} == {tag}
    before = page.tree.xpath("//div[@class='app-clock']/preceding::h2")
    assert not [one for one in before if one.getparent().tag == "section"]


@pytest.mark.parametrize("day", ["=null", '="no day"', "=-3", "=nothing"])
def test_a_clock_that_says_no_day_is_not_shown(
    kit: Kit, browser_of: Callable[[str], Browser], day: str
) -> None:
    kit.deploy(drawn(clock_day=day if day != "=nothing" else "=aware.month.day"))
    case = kit.started("ann").reference
    assert "of 5" not in browser_of("aud").visit(f"/cases/{case}").words()


@pytest.mark.parametrize(
    ("stated", "state", "told"),
    [
        ("2026-03-06T12:00", "Met", "Deadline met: “Send”."),
        ("2026-03-10T12:00", "Done behind the local target", "done 1 working day late"),
        ("2026-03-12T12:00", "Done after the national limit", "done 3 working days late"),
        (None, "Done after the national limit", "done 6 working days late"),
    ],
    ids=["in time", "behind the target", "after the limit", "nothing stated"],
)
def test_a_step_recorded_later_is_judged_by_the_day_it_was_done(
    kit: Kit, browser_of: Callable[[str], Browser], stated: str | None, state: str, told: str
) -> None:
    send = {
        "groups": "clerk", "form": "sent", "due": "=working_days_after(today(), 3)",
        "backstop": "=working_days_after(today(), 5)", "happened": "=sent_at",
    }  # fmt: skip
    kit.deploy(diagram("start > task:send > end", send=send) | when("sent_at", "sent"))
    done = kit.started("ann")  # Wednesday 4 March: due on Monday 9, at the latest Wednesday 11
    kit.at = london("2026-03-17 10:00")
    kit.complete("ann", done.case, "send", **({"sent_at": stated} if stated else {}))
    lea = browser_of("aud")
    page = lea.visit(f"/cases/{done.reference}/deadlines?ended=all")
    assert state in page.words("//table[.//caption[contains(., 'have ended')]]")
    assert told in lea.visit(f"/cases/{done.reference}/history").words()
