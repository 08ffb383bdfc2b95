"""The page of a case's meetings is where they are called, moved and called off, by what drawings
let people record; what a meeting named for somebody to do stands beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.casework.commands import DeliverMessage
from tests.kit import Kit, diagram, form
from tests.scheduler.test_invitations import TEMPLATE, clock, header
from tests.web.conftest import Browser


def files() -> dict[str, bytes]:
    """A case in which meetings are called beside its own step; each can move while it is ahead."""
    drawn = diagram("start > task:work > end", work={"groups": "clerk,lead"})
    mail = {"effect": "mail", "to": "clerk", "template": "meeting"}
    called = diagram(
        "start > send:call > catch:moves > send:again > end",
        process="m", start_groups=None, call=mail, again=mail, var={"day": "null"},
        start={"message": "called", "recorded_by": "when", "out": "=day -> day"},
        moves={"message": "moved", "recorded_by": "when", "out": "=day -> day"},
    )  # fmt: skip
    said = header("meeting_id", "m") + header("meeting_name", "Meeting")
    said += header("meeting_at", "=day") + header("meeting_steps", "start, moves, p.work")
    template = header("template", "meeting")
    text = called["bpmn/m.bpmn"].replace(template, template + said)
    when = form("when", "day", kind="datetime", subtype="datetime", required=False)
    return drawn | called | when | {"bpmn/m.bpmn": text, "forms/mail/meeting.txt": TEMPLATE}


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(files())
    return kit.start("ann")


def record(kit: Kit, case: str, message: str, day: dict[str, str]) -> None:
    kit.do(DeliverMessage, "lea", case=case, message=message, given={"day": day})


def calls(browser: Browser, case: str) -> list[str]:
    links = browser.visit(f"/cases/{case}/meetings").links().values()
    return [link.rpartition("/")[2] for link in links if "/orders/message/" in link]


def test_a_meeting_is_called_from_its_page_and_moved_while_it_is_ahead(
    kit: Kit, case: str, browser_of: Callable[[str], Browser]
) -> None:
    lea = browser_of("lea")
    assert calls(lea, case) == ["called"], "nothing waits for the news that one moved"
    record(kit, case, "called", clock(30, 3, "10:00"))
    assert sorted(calls(lea, case)) == ["called", "moved"]
    record(kit, case, "moved", clock(31, 3, "14:00"))
    assert calls(lea, case) == ["called"]
    page = lea.visit(f"/cases/{case}/meetings")
    assert page.says("Tuesday 31 March 2026 at 2pm Moved 1 time")


def test_who_only_reads_is_offered_none(case: str, browser_of: Callable[[str], Browser]) -> None:
    assert calls(browser_of("aud"), case) == []


def test_a_step_of_another_process_belongs_to_the_meeting_that_names_it(
    kit: Kit, case: str, browser_of: Callable[[str], Browser]
) -> None:
    page = browser_of("lea").visit(f"/cases/{case}/meetings")
    assert page.links()["Work"].endswith(kit.task(case, "work"))
