"""Two cases about one thing: merged, read-only, undone; both histories tell it and run again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.audit.verification import verify_case
from app.casework import views
from app.casework.access import SYSTEM
from app.casework.commands import (
    AddMember,
    Assign,
    Claim,
    CompleteTask,
    DeliverMessage,
    Done,
    ExcludePerson,
    Merge,
    MoveDeadline,
    ProduceDocument,
    ReplanCase,
    Resume,
    SaveDraft,
    Suspend,
    Unmerge,
)
from app.casework.errors import Conflict, NotFound, Refused
from app.engine.events import DeadlineMoved, MessageBuffered, MessageReceived, TimerFired
from app.store import Store, cases
from app.store.chain import history
from tests.casework.test_together import at_once
from tests.kit import KEK, PEOPLE, Kit, diagram

EARLIEST = "=min([known_at, processes[1].variables.known_at])"
#: one who waits for news of a merge, beside a task whose deadline counts from `known_at`
FACTS = {
    "check": {"groups": "clerk", "due": "=working_days_after(known_at, 5)"},
    "send": {"groups": "clerk", "seals_merges": "true"},
    "late": {"on": "check", "timer": "=days_after(due, 1)", "interrupting": "false"},
    "remind": {"groups": "clerk"},
    "told": {
        "on": "check", "message": "case_merged", "interrupting": "false",
        "out": f"{EARLIEST} -> known_at", "replan": "true",
    },
    "parted": {
        "on": "check", "message": "case_unmerged", "interrupting": "false",
        "out": "=own_at -> known_at", "replan": "true",
    },
}  # fmt: skip
FILES = diagram(
    "start > and:fork; fork > task:check > end:checked; fork > task:send > end:sent;"
    " boundary:late > task:remind > end:reminded;"
    " boundary:told > end:moved; boundary:parted > end:back",
    var={"known_at": "now()", "own_at": "now()"},
    **FACTS,
)


@pytest.fixture
def drawn(both: Kit) -> Kit:
    both.deploy(FILES)
    return both


def two(kit: Kit, *, lead: bool = True) -> tuple[str, str]:
    """The duplicate, known two days earlier, and the case that goes on. The lead is in both."""
    copy = kit.start("ann")
    kit.later(days=2)
    main = kit.start("ben")
    for case in (copy, main) if lead else ():
        kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="lea", reason="leads"))
    return copy, main


def reference(kit: Kit, case: str) -> str:
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
    assert row is not None
    return row.reference


def merged(kit: Kit, copy: str, main: str, **more: Any) -> Done:
    return kit.do(Merge, "lea", case=copy, into=reference(kit, main), reason="the same", **more)


def unmerged(kit: Kit, copy: str, **more: Any) -> Done:
    return kit.do(Unmerge, "lea", case=copy, reason="not the same", **more)


def entries(kit: Kit, case: str) -> list[tuple[str, dict[str, Any], tuple[Any, ...]]]:
    found = views.history_entries(kit.desk, PEOPLE["aud"], case, kit.at)
    return [(one.kind, dict(one.said), one.events) for one in found if one.kind != "read"]


def due(kit: Kit, case: str) -> datetime | None:
    return next(row.due for row in kit.tasks(case) if row.element == "check")


def proved(kit: Kit, *which: str) -> None:
    for case in which:
        verdict = verify_case(kit.store, case)
        assert verdict.good, verdict.lines()


def test_both_histories_name_the_other_case_and_both_run_again(drawn: Kit) -> None:
    copy, main = two(drawn)
    merged(drawn, copy, main)
    kind, said, _ = entries(drawn, copy)[-1]
    assert (kind, said["into"]) == ("Merge", "T-2026-0002")
    kind, said, events = entries(drawn, main)[-1]
    assert (kind, said["reference"]) == ("CaseMerged", "T-2026-0001")
    assert any(isinstance(one, MessageReceived) for one in events)
    unmerged(drawn, copy)
    assert [kind for kind, *_ in entries(drawn, copy)][-2:] == ["Merge", "Unmerge"]
    assert [kind for kind, *_ in entries(drawn, main)][-2:] == ["CaseMerged", "CaseUnmerged"]
    proved(drawn, copy, main)


def test_the_diagram_decides_what_a_merge_means_and_the_deadline_follows_at_once(
    drawn: Kit,
) -> None:
    copy, main = two(drawn)
    before = due(drawn, main)
    merged(drawn, copy, main)
    *_, events = entries(drawn, main)[-1]
    (moved,) = [one for one in events if isinstance(one, DeadlineMoved)]
    assert moved.old == before and moved.new == due(drawn, main) == due(drawn, copy)
    unmerged(drawn, copy)
    assert due(drawn, main) == before
    proved(drawn, copy, main)


def test_what_nobody_waits_for_is_no_dead_letter(both: Kit) -> None:
    both.deploy(diagram("start > task:check > end", check={"groups": "clerk"}))
    copy, main = two(both)
    merged(both, copy, main)
    *_, events = entries(both, main)[-1]
    assert not [one for one in events if isinstance(one, MessageBuffered)]
    assert views.case_page(both.desk, PEOPLE["lea"], main, both.at).inbox == ()


ORDERS: dict[str, Callable[[Kit, str, str], Any]] = {
    "complete": lambda kit, case, task: kit.do(CompleteTask, "ann", case=case, task=task, given={}),
    "save": lambda kit, case, task: kit.do(SaveDraft, "ann", case=case, task=task, given={}),
    "claim": lambda kit, case, task: kit.do(Claim, "ann", case=case, task=task),
    "assign": lambda kit, case, task: kit.do(Assign, "lea", case=case, task=task, to="ben"),
    "move": lambda kit, case, task: kit.do(
        MoveDeadline, "lea", case=case, task=task, due=kit.at.date(), reason="r"),
    "message": lambda kit, case, task: kit.do(DeliverMessage, "lea", case=case, message="m"),
    "suspend": lambda kit, case, task: kit.do(Suspend, "lea", case=case, reason="r"),
    "resume": lambda kit, case, task: kit.do(Resume, "lea", case=case, reason="r"),
    "document": lambda kit, case, task: kit.do(
        ProduceDocument, "lea", case=case, document="d", format="docx"),
}  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
def test_a_merged_case_can_only_be_read(kit: Kit, order: str) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    task = kit.task(copy, "check")
    merged(kit, copy, main)
    before = entries(kit, copy)
    with pytest.raises((Refused, Conflict), match="merged into T-2026-0002"):
        ORDERS[order](kit, copy, task)
    assert entries(kit, copy) == before


def test_what_was_typed_into_a_task_that_rests_is_kept_and_drafts_stay(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    task = kit.task(copy, "check")
    kit.do(SaveDraft, "ben", case=copy, task=task, given={"note": "older"})
    merged(kit, copy, main)
    with pytest.raises(Conflict) as refused:
        kit.do(CompleteTask, "ann", case=copy, task=task, given={"note": "mine"})
    assert refused.value.instead == "T-2026-0002"
    unmerged(kit, copy)
    for who, words in (("ann", "mine"), ("ben", "older")):
        assert views.task_page(kit.desk, PEOPLE[who], copy, task, kit.at).draft == {"note": words}


def test_the_timers_of_a_merged_case_stop_and_fire_in_order_when_it_goes_on(drawn: Kit) -> None:
    copy, main = two(drawn)
    merged(drawn, copy, main)
    drawn.later(days=20)
    drawn.desk.wake_due(drawn.at)
    assert drawn.open(copy) == ["check", "send"] and "remind" in drawn.open(main)
    unmerged(drawn, copy)
    woken = [one for one in drawn.desk.wake_due(drawn.at) if one.case == copy]
    fired = [e for one in woken for e in one.events if isinstance(e, TimerFired)]
    assert [one.element for one in fired] == ["late"]
    assert sorted(drawn.open(copy)) == ["check", "remind", "send"]
    proved(drawn, copy, main)


def test_a_changed_calendar_does_not_wake_a_merged_case(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    merged(kit, copy, main)
    kit.desk.do(ReplanCase(actor=SYSTEM, at=kit.at, case=copy))
    with kit.store.reading() as unit:
        row = cases.find(unit, copy)
    assert row is not None and row.wake_at is None
    proved(kit, copy)


def test_tasks_that_rest_are_in_no_work_list_and_no_list_of_deadlines(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    merged(kit, copy, main)
    page = views.work_list(kit.desk, PEOPLE["ann"], kit.at)
    assert {row.case for row in page.rows} == {"T-2026-0002"} and page.total == 2
    assert {ref for _, ref in views.deadlines(kit.desk, PEOPLE["lea"])} == {"T-2026-0002"}
    (line,) = [
        row
        for row in views.case_list(kit.desk, PEOPLE["lea"], kit.at).rows
        if row.case == "T-2026-0001"
    ]
    assert (line.status, line.open_tasks, line.due) == ("Merged into T-2026-0002", 0, None)
    unmerged(kit, copy)
    assert views.work_list(kit.desk, PEOPLE["ann"], kit.at).total == 4


def test_the_pages_of_both_cases_lead_to_each_other(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    merged(kit, copy, main)
    one = views.case_page(kit.desk, PEOPLE["lea"], copy, kit.at)
    assert (one.status, one.merged_into) == ("Merged into T-2026-0002", "T-2026-0002")
    assert one.may == {"unmerge", "members"} and one.tasks == () and one.resting == 2
    assert views.case_page(kit.desk, PEOPLE["lea"], main, kit.at).merged_here == ("T-2026-0001",)
    unmerged(kit, copy)
    assert views.case_page(kit.desk, PEOPLE["lea"], main, kit.at).merged_here == ()


def test_what_is_due_in_either_case_fires_before_they_are_merged(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.later(days=20)
    merged(kit, copy, main)
    for case, last in ((copy, "Merge"), (main, "CaseMerged")):
        assert [kind for kind, *_ in entries(kit, case)][-2:] == ["WakeCase", last]


# what goes on all the same

OUTLIVES = {
    path: content.replace(
        b'<zeebe:property name="start_groups"',
        b'<zeebe:property name="goes_on_when_merged" value="true"/>'
        b'<zeebe:property name="start_groups"',
    )
    for path, content in diagram(
        "start > task:look > catch:word > end; boundary:late > task:remind > end:reminded",
        look={"groups": "clerk", "due": "=working_days_after(today(), 1)"},
        late={"on": "look", "timer": "PT1H", "interrupting": "false"},
        remind={"groups": "clerk"},
        word={"message": "word"},
    ).items()
}


def test_a_process_drawn_to_go_on_when_merged_goes_on(drawn: Kit) -> None:
    drawn.deploy(OUTLIVES)
    copy, main = two(drawn)
    merged(drawn, copy, main)
    drawn.desk.wake_due(drawn.later(hours=2))
    assert drawn.open(copy) == ["look", "remind"]
    page = views.work_list(drawn.desk, PEOPLE["ann"], drawn.at)
    assert [(row.case, row.status) for row in page.rows if row.case == "T-2026-0001"] == [
        ("T-2026-0001", "Merged into T-2026-0002")
    ] * 2
    assert len(views.case_page(drawn.desk, PEOPLE["lea"], copy, drawn.at).deadlines) == 1
    drawn.complete("ann", copy, "look")
    with pytest.raises(Refused):
        drawn.do(DeliverMessage, "lea", case=copy, message="other")
    drawn.do(DeliverMessage, "lea", case=copy, message="word")
    drawn.complete("ann", copy, "remind")
    unmerged(drawn, copy)
    proved(drawn, copy, main)


def test_the_deadline_of_an_activity_that_nobody_does_is_not_moved_while_it_rests(
    kit: Kit,
) -> None:
    kit.deploy(
        diagram(
            "start > call:visit > end",
            visit={"process": "visiting", "deadline": "=working_days_after(today(), 5)"},
        ),
        diagram("start > task:go > end", process="visiting", go={"groups": "clerk"}),
    )
    copy, main = two(kit)
    (line,) = views.case_page(kit.desk, PEOPLE["lea"], copy, kit.at).deadlines
    moved = {"task": line.task, "due": kit.at.date(), "reason": "r"}
    kit.do(MoveDeadline, "lea", case=copy, **moved)
    merged(kit, copy, main)
    assert views.case_page(kit.desk, PEOPLE["lea"], copy, kit.at).deadlines == ()
    with pytest.raises(Refused, match="merged into T-2026-0002"):
        kit.do(MoveDeadline, "lea", case=copy, **moved)


# who sees what


def members(kit: Kit, case: str) -> dict[str, bool]:
    with kit.store.reading() as unit:
        return cases.members(unit, case)


def test_members_of_the_duplicate_see_the_other_case_as_far_as_their_roles_allow(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.do(AddMember, "lea", case=copy, person="pol", reason="asked")
    merged(kit, copy, main)
    seen = views.case_page(kit.desk, PEOPLE["pol"], main, kit.at)
    assert not seen.whole and seen.tasks == ()  # an agency sees its own part only
    unmerged(kit, copy)
    with pytest.raises(NotFound):
        views.case_page(kit.desk, PEOPLE["pol"], main, kit.at)


def test_who_has_had_a_part_since_stays_when_the_merge_is_undone(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.do(AddMember, "lea", case=copy, person="ben", reason="asked")
    merged(kit, copy, main)
    kit.do(Assign, "lea", case=main, task=kit.task(main, "check"), to="ben")
    unmerged(kit, copy)
    assert members(kit, main)["p:ben"] is False


def test_who_was_shut_out_since_stays_so_when_the_merge_is_undone(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.do(AddMember, "lea", case=copy, person="pol", reason="asked")
    merged(kit, copy, main)
    kit.do(ExcludePerson, "lea", case=main, person="pol", reason="a relative")
    unmerged(kit, copy)
    assert members(kit, main)["p:pol"] is True


def test_who_is_shut_out_of_either_case_is_shut_out_of_the_one_that_goes_on(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.do(Claim, "ben", case=main, task=kit.task(main, "check"))
    kit.do(ExcludePerson, "lea", case=copy, person="ben", reason="a relative")
    merged(kit, copy, main)
    with pytest.raises(NotFound):
        views.case_page(kit.desk, PEOPLE["ben"], main, kit.at)
    assert kit.tasks(main)[0].assignee is None
    unmerged(kit, copy)
    assert members(kit, main)["p:ben"] is False and members(kit, copy)["p:ben"] is True


def test_who_was_shut_out_of_the_one_that_goes_on_does_not_come_in_by_a_merge(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.do(ExcludePerson, "lea", case=main, person="ann", reason="a relative")
    merged(kit, copy, main)
    with pytest.raises(NotFound):
        views.case_page(kit.desk, PEOPLE["ann"], main, kit.at)
    page = views.case_page(kit.desk, PEOPLE["ann"], copy, kit.at)
    assert (page.status, page.merged_into) == ("Merged into another case", None)
    task = kit.task(copy, "check")
    with pytest.raises(Conflict) as refused:
        kit.do(CompleteTask, "ann", case=copy, task=task, given={})
    sentence = "This case was merged into another case and can only be read."
    assert (refused.value.sentence, refused.value.instead) == (sentence, None)


def test_shutting_somebody_out_of_a_merged_case_counts_in_the_other_one_too(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    merged(kit, copy, main)
    kit.do(ExcludePerson, "lea", case=copy, person="ben", reason="a relative")
    for case in (copy, main):
        assert members(kit, case)["p:ben"] is True
        assert entries(kit, case)[-1][0] == "ExcludePerson"


# what is refused


def said(kit: Kit, case: str, into: str, who: str = "lea") -> str:
    with pytest.raises(Refused) as refused:
        kit.do(Merge, who, case=case, into=into, reason="r")
    return refused.value.sentence


def test_what_cannot_be_merged_is_refused_with_a_sentence(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    third, _ = two(kit)
    assert "into itself" in said(kit, copy, copy)
    assert "no case with this reference" in said(kit, copy, "T-2026-9999")
    merged(kit, copy, main)
    assert "merged into T-2026-0002 already" in said(kit, copy, third)
    assert "Merge this case into T-2026-0002 instead" in said(kit, third, copy)
    assert "must be the one that goes on" in said(kit, main, third)
    with pytest.raises(Refused, match="Say why"):
        kit.do(Merge, "lea", case=third, into=main, reason=" ")
    with pytest.raises(Refused, match="not merged"):
        unmerged(kit, third)


def test_a_case_that_the_person_may_not_see_is_not_there_to_merge_into(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit, lead=False)
    kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=copy, person="lea", reason="leads"))
    absent = said(kit, copy, "T-2026-9999")
    assert said(kit, copy, reference(kit, main)) == absent
    with pytest.raises(NotFound):
        kit.do(Merge, "lea", case=main, into=copy, reason="r")


def test_an_ended_or_suspended_case_is_refused(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.do(Suspend, "lea", case=main, reason="r")
    assert "suspended" in said(kit, copy, main)
    kit.do(Resume, "lea", case=main, reason="r")
    for task in ("send", "check"):
        kit.complete("ben", main, task)
    assert "has ended" in said(kit, copy, main)
    assert "has ended" in said(kit, main, copy)


def test_a_merge_cannot_be_undone_once_a_sealing_task_was_done(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    merged(kit, copy, main)
    kit.complete("ben", main, "send")
    with pytest.raises(Refused, match="“Send” was done in T-2026-0002 on 6 March 2026 at 10am"):
        unmerged(kit, copy)


def test_a_case_in_which_a_sealing_task_was_done_must_be_the_one_that_goes_on(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.complete("ann", copy, "send")
    assert "Merge T-2026-0002 into this case instead" in said(kit, copy, main)


def test_nobody_delivers_by_hand_what_a_merge_says(kit: Kit) -> None:
    kit.deploy(FILES)
    _, main = two(kit)
    with pytest.raises(Refused, match="Only a merge"):
        kit.do(DeliverMessage, "lea", case=main, message="case_merged")
    assert views.recordable(kit.desk, PEOPLE["lea"], main, kit.at).lines == ()


def test_a_fault_in_the_diagram_of_the_other_case_leaves_both_as_they_were(drawn: Kit) -> None:
    broken = {k: v.replace(b"processes[1].variables.known_at", b"processes[1].gone + 1")
              for k, v in FILES.items()}  # fmt: skip
    copy = drawn.start("ann")
    drawn.deploy(broken)
    main = drawn.start("ben")
    for case in (copy, main):
        add = AddMember(actor=SYSTEM, at=drawn.at, case=case, person="lea", reason="r")
        drawn.desk.do(add)
    before = entries(drawn, copy), entries(drawn, main), members(drawn, main)
    with pytest.raises(Refused):
        merged(drawn, copy, main)
    assert before == (entries(drawn, copy), entries(drawn, main), members(drawn, main))
    assert views.work_list(drawn.desk, PEOPLE["ann"], drawn.at).total == 4
    proved(drawn, copy, main)


# the same key, the same moment, the same crash


def test_the_same_key_merges_once_and_unmerges_once(drawn: Kit) -> None:
    copy, main = two(drawn)
    first, again = merged(drawn, copy, main, key="k"), merged(drawn, copy, main, key="k")
    assert (first.seq, again.seq, again.replayed) == (again.seq, first.seq, True)
    first, again = unmerged(drawn, copy, key="u"), unmerged(drawn, copy, key="u")
    assert (first.seq, again.replayed) == (again.seq, True)
    assert [kind for kind, *_ in entries(drawn, main)].count("CaseMerged") == 1


def test_two_merges_that_cross_at_the_same_moment_end_with_one(drawn: Kit) -> None:
    for _ in range(6):
        one, other = two(drawn)
        orders = [
            lambda a=a, b=b: drawn.do(Merge, "lea", case=a, into=b, reason="r")
            for a, b in ((one, other), (other, one)) * 2
        ]
        found = at_once(orders)
        assert sum(isinstance(each, Done) for each in found) == 1, found
        assert all(isinstance(each, Done | Refused | Conflict) for each in found), found
        proved(drawn, one, other)


def all_at_once(kit: Kit, copy: str, main: str) -> list[Any]:
    task, other, at = kit.task(copy, "check"), kit.task(main, "check"), kit.later(days=10)
    return at_once([
        lambda: merged(kit, copy, main),
        lambda: kit.do(CompleteTask, "ann", case=copy, task=task, given={}),
        lambda: kit.do(CompleteTask, "ben", case=main, task=other, given={}),
        lambda: kit.desk.wake_due(at),
    ])  # fmt: skip


def test_a_case_merged_elsewhere_between_look_and_lock_is_looked_at_again(
    postgres_store: Store,
) -> None:
    kit = Kit(postgres_store)
    kit.deploy(FILES)
    copy, main = two(kit)
    other, _ = two(kit)
    merged(kit, copy, main)
    meanwhile = Store(kit.store.engine.url.render_as_string(hide_password=False), KEK)
    elsewhere = Kit(meanwhile, at=kit.at)
    left = [lambda: unmerged(elsewhere, copy), lambda: merged(elsewhere, copy, other)]

    def before(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if "FOR UPDATE" in statement:
            while left:
                left.pop(0)()

    event.listen(kit.store.engine, "before_cursor_execute", before)
    with pytest.raises(Conflict, match="Look again"):
        unmerged(kit, copy)
    event.remove(kit.store.engine, "before_cursor_execute", before)
    meanwhile.close()
    assert not left
    with kit.store.reading() as unit:
        row = cases.find(unit, copy)
    assert row is not None and row.merged_into == reference(kit, other)
    proved(kit, copy, main, other)


def test_merges_tasks_and_timers_at_the_same_moment_leave_whole_cases(drawn: Kit) -> None:
    for _ in range(4):
        copy, main = two(drawn)
        found = all_at_once(drawn, copy, main)
        assert all(isinstance(one, Done | list | Refused | Conflict) for one in found), found
        proved(drawn, copy, main)


def test_members_added_while_merging_do_not_deadlock(drawn: Kit) -> None:
    copy, main = two(drawn)
    found = at_once([
        lambda: merged(drawn, copy, main),
        *(lambda case=case: drawn.do(ExcludePerson, "lea", case=case, person="gil", reason="r")
          for case in (copy, main) * 3),
    ])  # fmt: skip
    assert all(isinstance(one, Done | Conflict) for one in found), found
    proved(drawn, copy, main)


def test_time_of_either_case_never_goes_back(kit: Kit) -> None:
    kit.deploy(FILES)
    copy, main = two(kit)
    kit.later(days=1)
    kit.do(Claim, "ben", case=main, task=kit.task(main, "check"))
    kit.at -= timedelta(days=1)
    merged(kit, copy, main)
    with kit.store.reading() as unit:
        instants = [row.at for row in history.rows(unit, main)]
    assert instants == sorted(instants)


def test_a_store_opened_again_knows_of_the_merge(drawn: Kit) -> None:
    copy, main = two(drawn)
    merged(drawn, copy, main)
    again = Store(drawn.store.url.render_as_string(hide_password=False), KEK)
    try:
        verdict = verify_case(again, copy)
        assert verdict.good, verdict.lines()
    finally:
        again.close()
