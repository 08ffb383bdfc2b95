"""Orders about a case: asked first, done once, written down with their reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.kit import Kit, diagram
from tests.web.conftest import Browser, own_form

BrowserOf = Callable[[str], Browser]


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(
        diagram(
            "start > task:check > catch:wait > end",
            check={"groups": "clerk,lead", "due": "=working_days_after(today(), 5)"},
            wait={"message": "reply_received"},
        )
    )
    return kit.started("ann").reference


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("suspend", "The case is suspended"),
        ("cancel", "The case was cancelled"),
    ],
)
def test_an_order_wants_a_reason(lea: Browser, case: str, name: str, says: str) -> None:
    path = f"/cases/{case}/orders/{name}"
    refused = lea.fill(path, {"reason": " "}, 422)
    assert refused.says("Enter a reason")
    assert lea.fill(path, {"reason": "Because"}).says(says)


def test_a_suspended_case_can_be_resumed(lea: Browser, case: str) -> None:
    page = lea.fill(f"/cases/{case}/orders/suspend", {"reason": "Police ask"})
    assert "Suspend this case" not in page.links()
    assert page.tree.xpath("//h1//strong[contains(., 'Suspended')]")
    page = lea.fill(page.links()["Resume this case"], {"reason": "Done"})
    assert page.says("The case goes on")


def test_a_page_asks_nothing_that_the_case_would_not_take(lea: Browser, case: str) -> None:
    page = lea.visit(f"/cases/{case}/orders/resume")
    assert page.says("This case is not suspended.") and not page.tree.xpath("//main//form")
    task = lea.visit("/tasks").links()["Check"]
    lea.fill(f"/cases/{case}/orders/suspend", {"reason": "Police ask"})
    for name in ("suspend", "message"):
        page = lea.visit(f"/cases/{case}/orders/{name}")
        assert page.says("Nothing can be done in it until it is resumed.")
        assert not page.tree.xpath("//main//form")
    shown = lea.visit(task).links()
    assert not {"Give this to somebody", "Move the deadline"} & set(shown)


def test_a_deadline_moves_with_its_reason(lea: Browser, case: str, kit: Kit) -> None:
    task = lea.visit("/tasks").links()["Check"]
    form = lea.visit(task).links()["Move the deadline"]
    refused = lea.fill(form, {"due-day": "31", "due-month": "2", "due-year": "2026"}, 422)
    assert refused.says("must be a real date")
    given = {"due-day": "13", "due-month": "3", "due-year": "2026", "reason": "Late records"}
    assert lea.fill(form, given).says("The deadline was moved")
    assert lea.visit(f"/cases/{case}").says("Friday 13 March 2026")


def test_a_deadline_is_not_moved_to_an_hour_that_the_clocks_skip(lea: Browser, case: str) -> None:
    """As a form's date and time: on 29 March 2026 London went from 1am to 2am at once."""
    task = lea.visit("/tasks").links()["Check"]
    form = lea.visit(task).links()["Move the deadline"]
    day = {"due-day": "29", "due-month": "3", "due-year": "2026", "reason": "Late records"}
    refused = lea.fill(form, {**day, "at": "01:30"}, 422)
    assert refused.says("the clocks went forward on 29 March 2026")
    assert lea.fill(form, {**day, "at": "02:30"}).says("The deadline was moved")


def test_null_in_a_text_goes_like_other_control_characters(lea: Browser, case: str) -> None:
    """A browser's script can put one there; the rest of what was typed counts."""
    assert lea.fill(f"/cases/{case}/orders/suspend", {"reason": "\0"}, 422).says("Enter a reason")
    assert lea.fill(f"/cases/{case}/orders/suspend", {"reason": "Po\0lice"}).says("Police")


def test_every_running_deadline_can_be_moved_from_the_case(lea: Browser, case: str) -> None:
    links = lea.visit(f"/cases/{case}/deadlines").links()
    page = lea.visit(links["Move the deadline of Check"])
    assert page.says("Wednesday 11 March 2026")
    lea.visit(f"/cases/{case}/tasks/9-9/orders/deadline", 404)


def test_a_task_is_given_to_somebody(lea: Browser, browser_of: BrowserOf, case: str) -> None:
    task = lea.visit("/tasks").links()["Check"]
    form = lea.visit(task).links()["Give this to somebody"]
    assert lea.fill(form, {"to": ""}, 422).says("Select who should do it")
    assert lea.fill(form, {"to": "ben"}).says("The task was given to them")
    assert browser_of("ben").visit("/tasks?show=mine").says("Check")


def test_what_has_happened_reaches_the_case(lea: Browser, case: str, kit: Kit) -> None:
    kit.complete("ann", case, "check")
    path = lea.visit(f"/cases/{case}").links()["Record that something has happened"]
    path = next(p for p in lea.visit(path).links().values() if p.endswith("/reply_received"))
    check = lea.fill(path, {"_action": "complete"})
    assert check.says("What will follow")
    assert kit.open(case) == []
    page = lea.fill(path, {"_action": "record"})
    assert page.says("It was recorded")
    assert page.says("No task is open")


def test_people_record_what_no_diagram_sends_under_the_name_of_its_event(
    lea: Browser, kit: Kit
) -> None:
    kit.deploy(
        diagram(
            "start > task:check > throw:tell > end",
            check={"groups": "clerk,lead"},
            tell={"message": "checked"},
        ),
        diagram(
            "start:a_letter_came > task:read > end",
            process="letters",
            start_groups=None,
            a_letter_came={"message": "letter"},
            read={"groups": "lead"},
        ),
        diagram(
            "start:all_checked > task:file > end",
            process="filing",
            start_groups=None,
            all_checked={"message": "checked"},
            file={"groups": "lead"},
        ),
    )
    page = lea.visit(f"/cases/{kit.started('lea').reference}/orders/message")
    offered = {
        path.rpartition("/")[2]: name
        for name, path in page.links().items()
        if "/orders/message/" in path
    }
    assert offered == {"letter": "A letter came"}


def test_somebody_shut_out_sees_nothing_more(
    lea: Browser, browser_of: BrowserOf, case: str
) -> None:
    ben = browser_of("ben")
    assert ben.visit(f"/cases/{case}").h1 == f"Case {case}"
    path = lea.visit(f"/cases/{case}").links()["Shut a person out"]
    page = lea.fill(path, {"person": "ben", "reason": "Is related"})
    assert page.says("The person was shut out")
    ben.visit(f"/cases/{case}", 404)


@pytest.mark.parametrize("name", ["suspend", "cancel", "message", "add", "exclude"])
def test_orders_beyond_ones_role_do_not_exist(ann: Browser, case: str, name: str) -> None:
    ann.visit(f"/cases/{case}/orders/{name}", 404)


def test_the_same_order_twice_is_one_order(lea: Browser, case: str, kit: Kit) -> None:
    path = f"/cases/{case}/orders/suspend"
    (form,) = lea.visit(path).tree.xpath("//form[contains(@class, 'app-form')]")
    given = {**dict(form.form_values()), "_action": "complete", "reason": "Once"}
    assert lea.send(path, given).code == 200
    assert lea.send(path, given).code == 200


def test_a_case_is_merged_from_its_page_and_both_pages_lead_to_each_other(
    lea: Browser, browser_of: BrowserOf, case: str, kit: Kit
) -> None:
    other = kit.started("ann").reference
    task = browser_of("ann").visit(f"/cases/{case}").links()["Check"]
    path = lea.visit(f"/cases/{case}").links()["Merge into another case"]
    assert lea.fill(path, {"into": "", "reason": "r"}, 422).says("Enter the reference of the other")
    refused = lea.fill(path, {"into": "T-2026-0999", "reason": "Twice reported"}, 422)
    assert refused.says("Enter the reference of a case that you can see")
    beside = lea.fill(path, {"into": f" {other.lower()} ", "reason": "Twice reported"})
    assert beside.says("Both cases") and beside.says("Twice reported")
    page = lea.send(path, {**own_form(beside), "_action": "complete"})
    assert page.says("The case was merged") and page.says(f"This case was merged into {other}")
    assert page.links()[other] == f"/cases/{other}"
    assert page.tree.xpath("//h1//strong[contains(., 'Merged')]")
    assert not {"Merge into another case", "Suspend this case"} & set(page.links())
    assert lea.visit(f"/cases/{other}").links()[case] == f"/cases/{case}"
    rests = browser_of("ann").visit(task)
    assert rests.says("It can only be read") and rests.links()[f"Go on in case {other}"]
    assert not browser_of("ann").visit("/tasks").says(case)
    page = lea.fill(page.links()["Undo the merge"], {"reason": "Another child"})
    assert page.says("The merge was undone") and "Check" in page.links()
    assert not lea.visit(f"/cases/{other}").says("Merged into this case")


def test_who_was_typing_while_the_case_was_merged_loses_no_word(
    lea: Browser, browser_of: BrowserOf, case: str, kit: Kit
) -> None:
    other = kit.started("ann").reference
    ann = browser_of("ann")
    task = ann.visit(f"/cases/{case}").links()["Check"]
    form = own_form(ann.visit(task))
    path = f"/cases/{case}/orders/merge"
    beside = lea.fill(path, {"into": other, "reason": "Twice reported"})
    lea.send(path, {**own_form(beside), "_action": "complete"})
    page = ann.send(task, {**form, "_action": "complete", "note": "what I saw"}, 409)
    assert page.says("This task rests") and page.says("what I saw")
    assert page.links()[f"Go on in case {other}"] == f"/cases/{other}"
