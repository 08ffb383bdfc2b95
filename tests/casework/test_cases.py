"""Orders about whole cases: deadlines, suspension, cancelling, messages, members, incidents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.audit.verification import verify_case
from app.casework import views
from app.casework.access import SYSTEM
from app.casework.commands import (
    AddMember,
    Cancel,
    CompleteTask,
    DeliverMessage,
    ExcludePerson,
    MoveDeadline,
    Resume,
    SaveDraft,
    Suspend,
    WakeCase,
)
from app.casework.errors import Conflict, NotFound, Refused
from app.engine.events import TimerFired
from app.engine.feel import Calendar
from app.store import cases
from app.store.chain import history
from app.store.work import deadlines, messages
from tests.kit import PEOPLE, Kit, diagram, settings

GROUPS = {"groups": "clerk,lead"}


def timed() -> dict[str, bytes]:
    return diagram(
        "start > task:check > end; boundary:late > task:remind > end:done",
        check=GROUPS | {"due": "=working_days_after(today(), 2)"},
        late={"on": "check", "timer": "=due", "interrupting": "false"},
        remind=GROUPS,
    )


def kinds(kit: Kit, case: str) -> list[str]:
    with kit.store.reading() as unit:
        return [row.kind for row in history.rows(unit, case)]


def deadline(kit: Kit, case: str, element: str = "check") -> Any:
    with kit.store.reading() as unit:
        return next(one for one in deadlines.of_case(unit, case) if one.element == element)


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(timed())
    return kit.start("ann")


def test_what_is_due_fires_before_the_order_as_a_command_of_its_own(kit: Kit, case: str) -> None:
    kit.later(days=4)
    kit.complete("ben", case, "check")
    assert kinds(kit, case) == ["StartCase", "WakeCase", "CompleteTask"]
    assert kit.open(case) == ["remind"]


def test_a_task_done_after_its_due_instant_stays_late_for_ever(kit: Kit, case: str) -> None:
    kit.later(days=4)
    kit.complete("ben", case, "check")
    found = deadline(kit, case)
    assert found.how == "met" and found.late(kit.later(days=99))


def test_moving_a_deadline_moves_its_timer_and_says_why(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    move = {"case": case, "task": task, "due": date(2026, 3, 20)}
    with pytest.raises(Refused):
        kit.do(MoveDeadline, "lea", reason=" ", **move)
    with pytest.raises(Refused, match="role"):
        kit.do(MoveDeadline, "ann", reason="ill", **move)
    kit.do(MoveDeadline, "lea", reason="ill", **move)
    found = deadline(kit, case)
    assert found.due == datetime(2026, 3, 20, 23, 59, 59, tzinfo=UTC) and found.moved == 1
    assert not found.was_late
    (row,) = views.work_list(kit.desk, PEOPLE["ben"], kit.at).rows
    assert row.due == found.due
    assert kit.desk.wake_due(kit.later(days=10)) == []
    assert len(kit.desk.wake_due(kit.later(days=10))) == 1


def test_a_deadline_moved_when_it_had_passed_stays_late(kit: Kit, case: str) -> None:
    kit.later(days=5)
    task = kit.task(case, "check")
    move = {"case": case, "task": task, "due": date(2026, 4, 20), "reason": "ill"}
    kit.do(MoveDeadline, "lea", **move)
    kit.complete("ben", case, "check")
    assert deadline(kit, case).was_late


def test_a_suspended_case_refuses_orders_and_its_timers_wait(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    kit.do(Suspend, "lea", case=case, reason="court")
    kit.later(days=4)
    assert kit.desk.wake_due(kit.at) == []
    with pytest.raises(Refused, match="suspended"):
        kit.complete("ben", case, "check")
    kit.do(SaveDraft, "ben", case=case, task=task, given={"note": "keep"})
    with pytest.raises(Refused, match="role"):
        kit.do(Resume, "ann", case=case, reason="")
    kit.do(Resume, "lea", case=case, reason="done")
    assert len(kit.desk.wake_due(kit.at)) == 1


@pytest.mark.parametrize("away", ["suspended", "outage"])
def test_a_repeating_timer_makes_up_for_nothing(kit: Kit, away: str) -> None:
    """Ten days without the clock: once for all that was missed, then at its own time again."""
    kit.deploy(
        diagram(
            "start > task:check > end; boundary:daily > task:remind > end:told",
            check={"groups": "clerk,lead"},
            daily={"timer": "R/P1D", "on": "check", "interrupting": "false"},
            remind={"groups": "clerk"},
        )
    )
    case, began = kit.start("ann"), kit.at
    if away == "suspended":
        kit.do(Suspend, "lea", case=case, reason="court")
    kit.later(days=10, hours=1)
    if away == "suspended":
        assert kit.desk.wake_due(kit.at) == []
        kit.do(Resume, "lea", case=case, reason="done")
    kit.desk.wake_due(kit.at)
    assert kit.open(case) == ["check", "remind"]
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
    assert row is not None
    assert row.wake_at == began + timedelta(days=11)


def test_a_cancelled_case_has_no_tasks_and_says_so(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    kit.do(Cancel, "lea", case=case, reason="mistake")
    assert kit.open(case) == []
    page = views.case_page(kit.desk, PEOPLE["ann"], case, kit.at)
    assert page.ended == kit.at and page.deadlines[0].how == "dropped"
    with pytest.raises(Conflict, match="no longer needed"):
        kit.do(CompleteTask, "ben", case=case, task=task, given={})
    with pytest.raises(Refused, match="ended"):
        kit.do(Cancel, "lea", case=case, reason="again")


def test_members_and_exclusion_are_orders_with_reasons(kit: Kit, case: str) -> None:
    with pytest.raises(NotFound):
        views.case_page(kit.desk, PEOPLE["pol"], case, kit.at)
    kit.do(AddMember, "lea", case=case, person="pol", reason="knows the family")
    assert views.case_page(kit.desk, PEOPLE["pol"], case, kit.at).case
    kit.do(ExcludePerson, "lea", case=case, person="pol", reason="related")
    with pytest.raises(NotFound):
        views.case_page(kit.desk, PEOPLE["pol"], case, kit.at)
    with pytest.raises(Refused, match="no such person"):
        kit.do(AddMember, "lea", case=case, person="nobody", reason="x")


def test_only_the_clock_wakes_a_case(kit: Kit, case: str) -> None:
    with pytest.raises(Refused, match="clock"):
        kit.do(WakeCase, "lea", case=case)


MESSAGED = diagram(
    "start > task:check > catch:wait > task:read > end",
    check=GROUPS,
    wait={"message": "reply", "out": "=on -> day"},
    read=GROUPS,
    var={"day": "null"},
)


def test_a_message_is_kept_until_somebody_waits_for_it(both: Kit) -> None:
    both.deploy(MESSAGED)
    case = both.start("ann")
    with both.store.writing() as unit:
        cases.put_members(unit, case, ["p:lea"], 1)
    both.do(DeliverMessage, "lea", case=case, message="reply", given={"on": "2026-03-09"})
    with both.store.reading() as unit:
        assert [(one.message, one.state) for one in messages.of_case(unit, case)] == [
            ("reply", "waiting")
        ]
    both.complete("ben", case, "check")
    assert both.open(case) == ["read"]
    page = views.task_page(both.desk, PEOPLE["ben"], case, both.task(case, "read"), both.at)
    assert page.asked.scope["day"] == date(2026, 3, 9)
    with both.store.reading() as unit:
        assert messages.of_case(unit, case) == []


def test_a_message_nobody_will_ever_want_is_a_visible_dead_letter(kit: Kit) -> None:
    kit.deploy(MESSAGED)
    case = kit.start("ann")
    with pytest.raises(Refused, match="nothing that people record"):
        kit.do(DeliverMessage, "lea", case=case, message="other", given={})
    kit.desk.do(DeliverMessage(actor=SYSTEM, at=kit.at, case=case, message="other"))
    kit.do(DeliverMessage, "lea", case=case, message="reply", given={"on": "2026-03-09"})
    for element in ("check", "read"):
        kit.complete("ben", case, element)
    dead = views.inbox(kit.desk, PEOPLE["lea"])
    assert [one.message for one in dead] == ["other"]
    kit.do(ExcludePerson, "lea", case=case, person="lea", reason="related")
    assert views.inbox(kit.desk, PEOPLE["lea"]) == []
    kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="lea", reason="a mistake"))
    kit.do(DeliverMessage, "lea", case=case, message="reply", given={})
    assert len(views.inbox(kit.desk, PEOPLE["lea"])) == 2


BROKEN = diagram(
    "start > task:check > end; boundary:late > xor:ask > task:yes > end:a; ask > task:no > end:b",
    check=GROUPS,
    late={"on": "check", "timer": "PT1H", "interrupting": "false"},
    yes=GROUPS | {"condition": "=flag.wrong"},
    no=GROUPS | {"condition": "default"},
    var={"flag": "1"},
)


def test_what_fails_in_one_case_waits_for_a_person_and_others_go_on(kit: Kit) -> None:
    kit.deploy(timed())
    good = kit.start("ann")
    kit.deploy(BROKEN)
    bad = kit.start("ann")
    kit.later(days=5)
    kit.desk.wake_due(kit.at)
    assert "remind" in kit.open(good)
    for _ in range(9):
        kit.desk.wake_due(kit.later(hours=1))
    assert kinds(kit, bad) == ["StartCase"] + ["incident"] * 5
    (line,) = views.case_page(kit.desk, PEOPLE["ann"], bad, kit.at).stopped
    assert (line.element, line.tries, line.next_at) == ("ask", 5, None)
    kit.complete("ben", bad, "check")  # people may go on
    assert views.case_page(kit.desk, PEOPLE["ann"], bad, kit.at).stopped == ()


def test_a_case_stays_on_the_deployment_it_began_on(kit: Kit, case: str) -> None:
    kit.deploy(diagram("start > task:other > end", other=GROUPS))
    assert kit.open(kit.start("ann")) == ["other"]
    kit.complete("ben", case, "check")
    assert kit.open(case) == []


def test_a_changed_calendar_plans_open_cases_again(kit: Kit, case: str) -> None:
    before = deadline(kit, case).due
    closed = Calendar.of("england-and-wales", closed=[date(2026, 3, 5)])
    kit.desk.installation = replace(kit.desk.installation, settings=settings(calendar=closed))
    assert len(kit.desk.replan_outdated(kit.at)) == 1
    assert deadline(kit, case).due - before == timedelta(days=3)
    assert kit.desk.replan_outdated(kit.at) == []


def test_a_case_that_cannot_be_opened_keeps_no_other_one_from_being_planned_again(
    kit: Kit, case: str
) -> None:
    others = [kit.start("ann"), kit.start("ann")]
    with kit.store.writing() as unit:
        unit.run(text("UPDATE instance SET state = x'00' WHERE case_id = :case"), {"case": case})
        change = "UPDATE case_key SET wrapped = x'00' WHERE case_id = :case"
        unit.run(text(change), {"case": others[0]})
    closed = Calendar.of("england-and-wales", closed=[date(2026, 3, 5)])
    kit.desk.installation = replace(kit.desk.installation, settings=settings(calendar=closed))
    for planned in ([others[1]], []):
        assert [done.case for done in kit.desk.replan_outdated(kit.at)] == planned


def test_a_case_says_which_decision_waits_for_bank_holidays_and_goes_on_when_they_are_known(
    kit: Kit,
) -> None:
    table = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        b'namespace="urn:t"><decision id="due_by" name="Due by"><variable id="v" name="due_by"/>'
        b'<literalExpression id="l"><text>working_days_after(today(), 5)</text></literalExpression>'
        b"</decision></definitions>"
    )
    drawn = diagram("start > decide:when > task:ask > end", when={"decision": "due_by"}, ask=GROUPS)
    kit.deploy({**drawn, "bpmn/due_by.dmn": table})
    known = Calendar.of("england-and-wales")
    short = Calendar.from_dict({**known.to_dict(), "last": "2026-03-06"})
    kit.desk.installation = replace(kit.desk.installation, settings=settings(calendar=short))
    case = kit.start("ann")
    (says,) = views.case_page(kit.desk, PEOPLE["ann"], case, kit.at).undecided
    assert says.startswith("“Due by” cannot be worked out yet") and kit.open(case) == []
    kit.desk.installation = replace(kit.desk.installation, settings=settings(calendar=known))
    kit.later(days=1)
    kit.desk.replan_outdated(kit.at)
    assert kit.open(case) == ["ask"] and verify_case(kit.store, case).good
    assert views.case_page(kit.desk, PEOPLE["ann"], case, kit.at).undecided == ()


def test_a_step_under_a_changed_calendar_does_not_hide_older_deadlines_from_planning(
    both: Kit,
) -> None:
    both.deploy(
        diagram(
            "start > and:both > task:quick > end; both > task:slow > end:later",
            quick=GROUPS,
            slow={**GROUPS, "due": "=working_days_after(today(), 5)"},
        )
    )
    case = both.start("ann")
    before = deadline(both, case, "slow").due
    closed = Calendar.of("england-and-wales", closed=[date(2026, 3, 5)])
    both.desk.settings = settings(calendar=closed)
    both.complete("ben", case, "quick")
    assert deadline(both, case, "slow").due == before
    assert len(both.desk.replan_outdated(both.at)) == 1
    assert deadline(both, case, "slow").due > before
    assert verify_case(both.store, case).good


def test_a_reference_serves_where_an_id_does(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    kit.do(CompleteTask, "ben", case="T-2026-0001", task=task, given={})
    with pytest.raises(NotFound):
        kit.do(CompleteTask, "ben", case="T-2026-0002", task=task, given={})


def test_time_in_a_case_never_goes_back(kit: Kit, case: str) -> None:
    first = kit.at
    kit.later(hours=-5)
    kit.complete("ben", case, "check")
    with kit.store.reading() as unit:
        assert [row.at for row in history.rows(unit, case)] == [first, first]


def test_a_timer_never_fires_early(kit: Kit, case: str) -> None:
    with kit.store.reading() as unit:
        found = cases.find(unit, case)
    assert found is not None and found.next_due is not None
    due = found.next_due
    assert kit.desk.wake_due(due - timedelta(microseconds=1)) == []
    (done,) = kit.desk.wake_due(due)
    assert [event.due for event in done.events if isinstance(event, TimerFired)] == [due]
