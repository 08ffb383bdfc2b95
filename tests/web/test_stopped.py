"""What has stopped, as people see it in one list and on the case, and as programs read it."""

from __future__ import annotations

from collections.abc import Callable

from tests.casework.test_stopped import AT_A_TASK, DEAF, FORKED, disable, held
from tests.kit import Kit, diagram
from tests.web.conftest import Browser
from tests.web.test_api import Client, api

__all__ = ["api"]
TROUBLE = "//*[contains(@class, 'app-trouble')]"
AGAIN = "/cases/T-2026-0001/incidents/2/retry"


def test_the_list_says_what_where_since_when_and_what_would_move_it(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    page = browser_of("lea").visit("/stopped")
    for said in ("Nothing has failed.", "No case stands for ever.", "there is somebody."):
        assert page.says(said)
    held(kit)
    kit.deploy(DEAF)
    kit.start("ann")
    kit.deploy(
        diagram(
            "start > and:f > task:check > end; f > task:other > end:b",
            check={"users": "ben"},
            other={"groups": "lead"},
        )
    )
    kit.start("ann")
    disable(kit, "ben")
    page = browser_of("lea").visit("/stopped")
    for said in (
        "No condition after “Which” is true", "High, Low", "1 try; next",
        "the signal “alarm”, which no drawing throws", "Correct the drawing",
        "Nobody who can sign in stands for Ben Baker.", "T-2026-0003",
    ):  # fmt: skip
        assert page.says(said), said
    assert page.links()["Case T-2026-0001"] == "/cases/T-2026-0001#diagram"
    assert "Ann" not in page.words()


def test_it_is_tried_again_from_the_list_and_from_the_case(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    case = held(kit)
    for _ in range(5):
        kit.desk.wake_due(kit.later(minutes=9))
    lea = browser_of("lea")
    assert lea.visit("/stopped").says("5 tries; waits for a person")
    page = lea.send(AGAIN, lea.visit("/stopped").form(AGAIN))
    assert page.h1 == "What has stopped" and page.says("It is tried again now.")
    kit.complete("ben", case, "mend")
    page = lea.visit("/cases/T-2026-0001")
    assert page.says("Stopped at “Which” since") and "stopped" in page.text
    asked = page.form(AGAIN)
    page = lea.send(AGAIN, asked)
    assert page.h1.startswith("Case T-2026-0001")
    kit.desk.wake_due(kit.at)
    assert not lea.visit("/cases/T-2026-0001").says("Stopped at")
    page = lea.send(AGAIN, asked | {"back": "list"}, 422)
    assert page.says("This goes on already.")


def test_five_tries_are_one_banner_and_what_goes_on_has_none(
    kit: Kit, browser_of: Callable[[str], Browser]
) -> None:
    case = held(kit, AT_A_TASK, days=4)
    for _ in range(6):
        kit.desk.wake_due(kit.later(minutes=9))
    ann = browser_of("ann")
    page = ann.visit(f"/cases/{case}")
    assert len(page.tree.xpath(TROUBLE)) == 1 and page.says("5 tries")
    assert not page.tree.xpath("//button[contains(., 'Try again')]")
    kit.complete("ben", case, "check")
    assert not ann.visit(f"/cases/{case}").tree.xpath(TROUBLE)


def test_without_the_power_there_is_no_such_page(kit: Kit, ann: Browser, lea: Browser) -> None:
    ann.visit("/stopped", 404)
    assert "Stopped" in lea.visit("/cases").links() and "Stopped" not in ann.visit("/cases").links()


def test_programs_read_the_same_and_have_it_tried_again(
    kit: Kit, api: Callable[[str], Client]
) -> None:
    held(kit, FORKED)
    client = api("lea")
    (one,) = client.get("/stopped")["incidents"]
    assert (one["case"], one["element"], one["tries"], one["behind"]) == (
        "T-2026-0001", "which", 1, ["High", "Low"],
    )  # fmt: skip
    client.post(f"/cases/{one['case']}/incidents/{one['incident']}/retry", {})
    kit.desk.wake_due(kit.at)
    assert client.get("/stopped")["incidents"][0]["tries"] == 2
    api("ann").get("/stopped", 404)
