"""What stops stops alone, is listed with its reason, and goes on when a person says so."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text, update

from app.audit.verification import verify_case
from app.casework import accounts as people
from app.casework import views
from app.casework.access import CLOCK, SYSTEM, Person, Role
from app.casework.commands import (
    Assign,
    Cancel,
    CompleteTask,
    Done,
    ExcludePerson,
    MoveDeadline,
    RetryIncident,
    Suspend,
)
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.views import StoppedLine, StoppedPage
from app.engine.run.snapshot import FORM
from app.store import Busy, IncidentRow, Store, cases, queries, work
from app.store.chain import headers, history
from app.store.people import accounts, guests
from app.store.people.guests import GuestRow
from app.store.schema import case_key, instance
from tests.casework.test_cases import GROUPS, kinds
from tests.casework.test_successions import BEFORE, EAST, SINCE, SUCCEEDED
from tests.kit import KEK, PEOPLE, ROLES, START, Kit, diagram

#: one branch has no way on, the other reminds
FORKED = diagram(
    """start > and:fork > catch:hour1 > xor:which > task:high > end:a; which > task:low > end:b
    fork > catch:hour2 > task:remind > end:c; fork > task:mend > end:d""",
    hour1={"timer": "PT1H"},
    hour2={"timer": "PT2H"},
    high=GROUPS | {"condition": "=x > 3"},
    low=GROUPS | {"condition": "=x < 1"},
    remind=GROUPS,
    mend=GROUPS | {"out": "=5->x"},
    var={"x": "2"},
)
#: what a timer at a task leads to fails
AT_A_TASK = diagram(
    "start > task:check > end; boundary:late > xor:ask > task:yes > end:a; ask > task:no > end:b",
    check=GROUPS | {"due": "=working_days_after(today(), 2)"},
    late={"on": "check", "timer": "=due", "interrupting": "false"},
    yes=GROUPS | {"condition": "=flag.wrong"},
    no=GROUPS | {"condition": "default"},
    var={"flag": "1"},
)
#: the answer decides, and not every answer leads on
ANSWERED = diagram(
    "start > task:check > xor:which > task:yes > end:a; which > task:no > end:b",
    check=GROUPS,
    yes=GROUPS | {"condition": '=note = "yes"'},
    no=GROUPS | {"condition": '=note = "no"'},
    var={"note": "null"},
)
DEAF = diagram("start > and:fork > catch:ear > end; fork > task:check > end:b",
               ear={"signal": "alarm"}, check=GROUPS)  # fmt: skip


def page(kit: Kit, who: str = "lea") -> StoppedPage:
    return views.stopped_page(kit.desk, PEOPLE[who], kit.at)


def of_case(kit: Kit, case: str, who: str = "lea") -> tuple[StoppedLine, ...]:
    return views.case_page(kit.desk, PEOPLE[who], case, kit.at).stopped


def rows(kit: Kit, case: str) -> list[IncidentRow]:
    with kit.store.reading() as unit:
        return work.incidents.of_case(unit, case)


def held(kit: Kit, files: dict[str, bytes] = FORKED, **by: float) -> str:
    kit.deploy(files)
    case = kit.start("ann")
    kit.later(**(by or {"hours": 1}))
    kit.desk.wake_due(kit.at)
    return case


def test_a_fault_holds_its_own_timer_and_every_other_one_fires(both: Kit) -> None:
    case = held(both)
    (row,) = rows(both, case)
    assert (row.element, row.tries, row.next_at) == ("which", 1, both.at.replace(minute=1))
    both.later(hours=1)
    both.desk.wake_due(both.at)
    assert "remind" in both.open(case)
    assert verify_case(both.store, case).good


def test_a_case_that_went_on_meanwhile_holds_nothing_of_what_failed_before(kit: Kit) -> None:
    """Between the failure and the look that would hold its timer somebody gives an order."""
    kit.deploy(FORKED)
    case = kit.start("ann")
    task = kit.task(case, "mend")
    kit.later(hours=1)
    other = Kit(Store(kit.store.url.render_as_string(), KEK))
    orders = [CompleteTask(actor=PEOPLE["ben"], at=START, case=case, task=task, given={})]

    @event.listens_for(kit.store.engine, "checkin")
    def meanwhile(*_: Any) -> None:
        if orders:
            other.desk.do(orders.pop())

    assert kit.desk.wake(case, kit.at) == Done(case=case, reference="T-2026-0001", seq=2)
    assert rows(kit, case) == []
    kit.desk.wake(case, kit.at)
    assert "high" in kit.open(case)
    other.store.close()


def test_a_case_whose_files_are_lost_waits_as_a_whole_and_longer_each_time(kit: Kit) -> None:
    kit.deploy(FORKED)
    case = kit.start("ann")
    with kit.store.writing() as unit:
        unit.run(text("DELETE FROM deployment_file"))
    kit.desk = Desk(kit.store, kit.desk.settings)  # a process that has not read them yet
    at, waits = kit.later(hours=1), []
    for tries in range(1, 6):
        kit.desk.wake_due(at)
        with kit.store.reading() as unit:
            row = cases.find(unit, case)
        assert row is not None and row.attempts == tries
        waits.append(None if row.wake_at is None else (row.wake_at - at).total_seconds() / 60)
        at = row.wake_at or at
    assert waits == [1, 2, 4, 8, None]
    assert {line.sentence for line in rows(kit, case)} == {
        "The files this case runs on are no longer kept."
        " Nothing can be done in the case until they are put back."
    }


#: what became of what is stored → whether anything can still be written in the case
CLOSED = {
    "its state was changed": ("UPDATE instance SET state = x'00' WHERE case_id = :case", True),
    "its key was changed": ("UPDATE case_key SET wrapped = x'00' WHERE case_id = :case", False),
    "its key is lost": ("DELETE FROM case_key WHERE case_id = :case", False),
}


@pytest.mark.parametrize(("does", "told"), CLOSED.values(), ids=CLOSED)
def test_a_case_that_cannot_be_opened_keeps_no_other_one_from_firing(
    kit: Kit, does: str, told: bool
) -> None:
    kit.deploy(diagram("start > catch:hour > task:a > end", hour={"timer": "PT1H"}, a=GROUPS))
    closed, *others = [kit.start("lea") for _ in range(3)]
    with kit.store.writing() as unit:
        unit.run(text(does), {"case": closed})
    at = kit.later(hours=2)
    for _ in range(2):
        kit.desk.wake_due(at)
    assert [kit.open(case) for case in others] == [["a"], ["a"]]
    why = "This content cannot be opened: its key is missing or its bytes were changed."
    assert [(row.sentence, row.tries) for row in rows(kit, closed)] == [(why, 1)] * told
    assert [line.sentence for line in page(kit).incidents] == [why] * told
    assert not verify_case(kit.store, closed).good, "it stays found out"


def test_a_fault_of_the_program_itself_parks_the_case_and_is_named_by_its_kind(kit: Kit) -> None:
    case = held(kit, FORKED, minutes=1)
    with kit.store.writing() as unit:
        state = cases.key_of(unit, case).seal(b'{"form": %d}' % FORM, "state:1")
        unit.run(update(instance).where(instance.c.instance == "1").values(state=state))
    kit.desk.wake_due(kit.later(hours=1))
    (row,) = rows(kit, case)
    assert (row.sentence, row.element, row.tries) == (
        "The program itself failed (KeyError).", None, 1,
    )  # fmt: skip


@pytest.mark.postgres
def test_who_holds_a_case_for_too_long_makes_no_incident_of_it(postgres_store: Store) -> None:
    """It is free again when its timer would be held."""
    kit = Kit(postgres_store)
    kit.deploy(diagram("start > catch:hour > task:a > end", hour={"timer": "PT1H"}, a=GROUPS))
    case = kit.start("ann")
    kit.later(hours=1)

    @event.listens_for(kit.store.engine, "checkout")
    def impatient(raw: Any, *_: Any) -> None:
        raw.execute("SET lock_timeout = '50ms'")
        raw.commit()

    url = kit.store.url.render_as_string(hide_password=False)
    with psycopg.connect(url) as other:
        other.execute("SELECT id FROM cases FOR UPDATE")

        @event.listens_for(kit.store.engine, "handle_error")
        def freed(_: Any) -> None:
            other.rollback()

        with pytest.raises(Busy):
            kit.desk.wake(case, kit.at)
    assert rows(kit, case) == []
    kit.desk.wake(case, kit.at)
    assert kit.open(case) == ["a"]


def test_as_many_timers_fire_as_were_asked_for_and_the_clock_is_who_fires_them(kit: Kit) -> None:
    kit.deploy(diagram("start > catch:hour > task:a > end", hour={"timer": "PT1H"}, a=GROUPS))
    several = [kit.start("ann") for _ in range(3)]
    at = kit.later(hours=2)
    assert [done.case for done in kit.desk.wake_due(at, 2)] == several[:2]
    with kit.store.reading() as unit:
        *_, newest = history.rows(unit, several[0])
    assert headers.parsed(newest.header)["actor"] == CLOCK.id


def test_after_five_tries_it_waits_for_a_person_and_is_told_once(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    case = held(kit)
    with caplog.at_level(logging.ERROR):
        for _ in range(30):
            kit.desk.wake_due(kit.later(minutes=1))
    assert kinds(kit, case) == ["StartCase"] + ["incident"] * 5
    (row,) = rows(kit, case)
    assert (row.tries, row.next_at, row.at) == (5, None, START.replace(hour=11))
    (told,) = [line.getMessage() for line in caplog.records if line.levelno == logging.ERROR]
    assert case in told and "which" not in told.lower()
    with kit.store.reading() as unit:
        assert queries.stopped.counts(unit) == queries.stopped.Counts(1, 0, 0)
        case_row = cases.find(unit, case)
    assert case_row and case_row.wake_at == START.replace(hour=12) and case_row.attempts == 0


def test_tried_again_by_a_person_it_fires_once_the_cause_is_mended(both: Kit) -> None:
    case = held(both)
    for _ in range(5):
        both.desk.wake_due(both.later(minutes=9))
    retry: dict[str, Any] = {"case": case, "incident": rows(both, case)[0].seq}
    both.do(RetryIncident, "lea", **retry)
    both.desk.wake_due(both.at)
    (row,) = rows(both, case)
    assert (row.tries, row.next_at) == (6, None)  # in vain: it waits again
    both.complete("ben", case, "mend")
    both.do(RetryIncident, "lea", **retry)
    assert rows(both, case)[0].next_at == both.at
    both.desk.wake_due(both.at)
    assert "high" in both.open(case)
    assert rows(both, case)[0].resolved_at == both.at
    assert of_case(both, case) == () and page(both).incidents == ()
    assert verify_case(both.store, case).good
    with pytest.raises(Refused, match="goes on already"):
        both.do(RetryIncident, "lea", **retry)


def test_only_with_the_power_and_of_a_case_that_one_sees_is_it_tried_again(kit: Kit) -> None:
    case = held(kit)
    with pytest.raises(Refused, match="does not allow"):
        kit.do(RetryIncident, "ann", case=case, incident=2)
    with pytest.raises(NotFound):
        kit.do(RetryIncident, "pol", case=case, incident=2)
    with pytest.raises(Refused, match="Nothing has stopped there"):
        kit.do(RetryIncident, "lea", case=case, incident=99)
    assert of_case(kit, case)[0].incident == 2
    assert of_case(kit, case, "ann")[0].incident is None
    with pytest.raises(NotFound):
        page(kit, "ann")


def test_a_held_timer_goes_with_the_task_that_it_belongs_to(kit: Kit) -> None:
    case = held(kit, AT_A_TASK, days=4)
    assert page(kit).incidents[0].step == "Ask"
    kit.complete("ben", case, "check")
    assert rows(kit, case)[0].resolved_at == kit.at and page(kit).incidents == ()
    assert verify_case(kit.store, case).good


def test_a_held_timer_that_is_planned_anew_is_a_new_one(kit: Kit) -> None:
    case = held(kit, AT_A_TASK, days=4)
    move = {"task": kit.task(case, "check"), "due": kit.later(days=3), "reason": "More time"}
    kit.do(MoveDeadline, "lea", case=case, **move)
    assert page(kit).incidents == ()
    kit.desk.wake_due(kit.later(days=1))
    first, second = rows(kit, case)
    assert first.resolved_at and second.resolved_at is None and first.timer != second.timer
    assert verify_case(kit.store, case).good


def test_a_cancelled_case_holds_nothing(kit: Kit) -> None:
    case = held(kit)
    kit.do(Cancel, "lea", case=case, reason="Not needed")
    assert rows(kit, case)[0].resolved_at == kit.at and page(kit).incidents == ()


def test_the_line_says_where_since_when_what_it_holds_up_and_what_moves_it(kit: Kit) -> None:
    held(kit)
    (line,) = page(kit).incidents
    assert line.step == "Which" and line.behind == ("High", "Low") and line.since == kit.at
    assert "No condition after “Which” is true" in line.sentence and "tried again" in line.moves
    late = held(kit, AT_A_TASK, days=4)
    line = next(line for line in page(kit).incidents if line.step == "Ask")
    with kit.store.reading() as unit:
        (deadline,) = work.deadlines.of_case(unit, late)
    assert line.deadline == deadline.due


def test_answers_that_the_drawing_cannot_carry_are_refused_kept_and_told_while_the_task_is_open(
    both: Kit,
) -> None:
    both.deploy(ANSWERED)
    case = both.start("ann")
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            both.complete("ben", case, "check", note="perhaps")
        assert refusal.value.given == {"note": "perhaps"}
    (line,) = page(both).incidents
    assert (line.step, line.tries, line.incident) == ("Which", 2, None)
    assert of_case(both, case)[0].sentence == line.sentence
    with pytest.raises(Refused, match="send it again"):
        both.do(RetryIncident, "lea", case=case, incident=2)
    both.complete("ben", case, "check", note="yes")
    assert page(both).incidents == () and of_case(both, case) == ()
    assert verify_case(both.store, case).good


def test_an_order_that_was_only_wrong_is_no_incident(kit: Kit) -> None:
    kit.deploy(ANSWERED)
    case = kit.start("ann")
    with pytest.raises(NotFound):
        kit.do(CompleteTask, "ben", case=case, task="1-99", given={})
    with pytest.raises(Refused):
        kit.do(Cancel, "lea", case=case, reason="")
    assert rows(kit, case) == []


def test_a_case_that_stands_for_ever_is_told_from_the_order_on_that_left_it_so(both: Kit) -> None:
    both.deploy(DEAF)
    case = both.start("ann")
    since = both.at
    (line,) = page(both).stalls
    assert (line.step, line.since, line.tries) == ("Ear", since, 0)
    assert "the signal “alarm”, which no drawing throws" in line.sentence
    both.later(days=1)
    both.complete("ben", case, "check")
    assert page(both).stalls[0].since == since and of_case(both, case)[0].step == "Ear"
    both.do(Suspend, "lea", case=case, reason="Waits")
    assert page(both).stalls == ()
    with both.store.reading() as unit:
        assert queries.stopped.counts(unit).standing == 0


def test_a_case_that_nothing_moved_since_an_upgrade_is_looked_at_once(both: Kit) -> None:
    both.deploy(DEAF)
    case = both.start("ann")
    with both.store.writing() as unit:
        row = cases.find(unit, case)
        assert row is not None
        cases.save(unit, replace(row, stalls=None), was=row.seq)
    assert page(both).stalls == ()
    both.later(days=1)
    assert (both.desk.look_for_stalls(both.at), both.desk.look_for_stalls(both.at)) == (1, 0)
    assert page(both).stalls[0].since == both.at
    assert kinds(both, case) == ["StartCase"]


def test_a_case_whose_key_opens_no_more_keeps_no_other_one_from_being_looked_at(
    both: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    both.deploy(DEAF)
    shut, other = both.start("ann"), both.start("ann")
    with both.store.writing() as unit:
        for case in (shut, other):
            row = cases.find(unit, case)
            assert row is not None
            cases.save(unit, replace(row, stalls=None), was=row.seq)
        key = update(case_key).where(case_key.c.case_id == shut)
        unit.run(key.values(wrapped=b"of nobody, and long enough for a nonce"))
    both.desk.look_for_stalls(both.at)
    assert [line.case for line in page(both).stalls] == ["T-2026-0002"]
    assert f"not looked at: {shut}" in caplog.text


def disable(kit: Kit, *who: str) -> None:
    with kit.store.writing() as unit:
        for id in who:
            accounts.disable(unit, id)


def exclude(kit: Kit, case: str, *who: str) -> None:
    for id in who:
        kit.desk.do(
            ExcludePerson(actor=SYSTEM, at=kit.at, case=case, person=id, reason="A conflict")
        )


#: whom a task is for, what happens, and why there is nobody; "": there is somebody
FOR_WHOM: dict[str, tuple[dict[str, str], str, str]] = {
    "a group with people": ({"groups": "clerk"}, "", ""),
    "a group of which nobody holds the role": (
        {"groups": "agency:fire"}, "", "Nobody who can sign in stands for Agency (fire).",
    ),
    "two groups, one with people": ({"groups": "agency:fire,clerk"}, "", ""),
    "a person whose account is disabled": (
        {"users": "ben"}, "disable", "Nobody who can sign in stands for Ben Baker.",
    ),
    "a group of which one is disabled": ({"groups": "clerk"}, "disable", ""),
    "given to somebody whose account is disabled": (
        {"groups": "clerk"}, "assign", "It was given to Ben Baker, whose account is disabled.",
    ),
    "everybody shut out": (
        {"groups": "clerk"}, "exclude", "Everybody who stands for Clerk is shut out of the case.",
    ),
    "one shut out": ({"groups": "clerk"}, "exclude one", ""),
}  # fmt: skip


@pytest.mark.parametrize(("whom", "then", "why"), FOR_WHOM.values(), ids=FOR_WHOM.keys())
def test_a_task_for_which_there_is_nobody_is_told_by_whom_it_is_for(
    both: Kit, whom: dict[str, str], then: str, why: str
) -> None:
    both.deploy(diagram("start > and:f > task:check > end; f > task:other > end:b",
                        check=whom, other={"groups": "lead"}))  # fmt: skip
    for _ in range(2):
        case = both.start("lea")
        if then == "assign":
            both.do(Assign, "lea", case=case, task=both.task(case, "check"), to="ben")
        if then.startswith("exclude"):
            exclude(both, case, *(("ann", "ben") if then == "exclude" else ("ben",)))
    if then in ("disable", "assign"):
        disable(both, "ben")
    told = page(both).nobody
    assert [(each.why, each.tasks, each.cases) for each in told] == (
        [(why, 2, ("T-2026-0001", "T-2026-0002"))] if why else []
    )
    assert [(line.sentence, line.step) for line in of_case(both, case)] == (
        [(why, "Check")] if why else []
    )


def test_whoever_has_taken_the_place_of_a_group_is_somebody(sqlite_store: Store) -> None:
    kit = Kit(sqlite_store, at=BEFORE, successions=SUCCEEDED)
    about = {"at": kit.at, "attributes": dict(EAST.attributes), "email": "eve@example.org"}
    people.ensure(kit.desk, EAST.id, EAST.name, EAST.roles, **about)
    kit.deploy(diagram("start > and:f > task:check > end; f > task:other > end:b",
                       check={"groups": "agency:police"}, other={"groups": "lead"}))  # fmt: skip
    case = kit.start("lea")
    assert page(kit).nobody == ()
    disable(kit, "pol")
    assert len(page(kit).nobody) == len(of_case(kit, case)) == 1
    kit.at = SINCE
    assert page(kit).nobody == () and of_case(kit, case) == ()


def test_a_task_that_a_guest_is_asked_for_is_not_left(kit: Kit) -> None:
    kit.deploy(diagram("start > and:f > task:check > end; f > task:other > end:b",
                       check={"groups": "agency:fire"}, other={"groups": "lead"}))  # fmt: skip
    case = kit.start("lea")
    assert len(page(kit).nobody) == len(of_case(kit, case)) == 1
    guest = GuestRow(
        id="guest:1", case_id=case, task=kit.task(case, "check"), name="Jo", at=kit.at,
        print=b"", body=b"",
    )  # fmt: skip
    with kit.store.writing() as unit:
        guests.add(unit, guest)
    assert page(kit).nobody == () and of_case(kit, case) == ()
    with kit.store.writing() as unit:
        guests.end(unit, "guest:1", kit.at, "withdrawn")
    assert len(page(kit).nobody) == len(of_case(kit, case)) == 1


def test_who_is_shut_out_of_a_case_learns_nothing_of_it_and_who_sees_none_the_number(
    kit: Kit,
) -> None:
    kit.deploy(DEAF)
    exclude(kit, kit.start("ann"), "lea")
    assert (page(kit).stalls, page(kit).hidden) == ((), 0)
    keeper = Role("keeper", "Keeper", "none", frozenset({"mend"}))
    kit.desk.settings = replace(kit.desk.settings, roles={**ROLES, "keeper": keeper})
    kim = Person("kim", "Kim Keeper", frozenset({"keeper"}))
    found = views.stopped_page(kit.desk, kim, kit.at)
    assert (found.stalls, found.hidden) == ((), 1)
