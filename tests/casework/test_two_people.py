"""A task that two different people have to give: what each may do, what is kept, what falls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.audit.narrative import tell
from app.audit.verification import verify_case
from app.casework import views
from app.casework.commands import (
    Assign,
    Cancel,
    Claim,
    CompleteTask,
    DeliverMessage,
    Done,
    ExcludePerson,
    Release,
    Resume,
    SaveDraft,
    Suspend,
)
from app.casework.errors import Conflict, NotFound, Refused
from app.casework.reading.answer_words import Answer
from app.casework.reading.case import entries
from app.casework.reading.look import look
from app.engine.events import TaskCompleted
from app.engine.feel import Calendar
from app.store import cases
from app.store.chain import history
from app.store.work import answers
from tests.casework.either_way import same_either_way
from tests.kit import PEOPLE, Kit, diagram, form, settings

DRAWN = diagram(
    "start > task:tell > task:close > end; boundary:gone > end",
    tell={
        "groups": "clerk,lead", "form": "f", "people": "2",
        "due": "=working_days_after(today(), 2)",
    },
    close={"groups": "clerk,lead", "form": "f", "not_done_by": "tell"},
    gone={"message": "gone", "on": "tell"},
)  # fmt: skip


@pytest.fixture
def case(both: Kit) -> str:
    both.deploy(DRAWN, form("f", "what"))
    return both.start("ann")


def give(kit: Kit, who: str, case: str, what: str, *, looked: bool = True, **more: Any) -> Done:
    """The person sends the form; `looked`: with the version that is shown now."""
    task = kit.task(case, "tell")
    version = kit.tasks(case)[0].version if looked else None
    return kit.do(
        CompleteTask, who, case=case, task=task, given={"what": what}, version=version, **more
    )


def page(kit: Kit, who: str, case: str, element: str = "tell") -> views.TaskPage:
    return views.task_page(kit.desk, PEOPLE[who], case, kit.task(case, element), kit.at)


def told(kit: Kit, case: str) -> list[str]:
    from app.audit.narrative import case_story

    with look(kit.desk, PEOPLE["lea"], case, kit.at, None) as seen:
        return [
            one.text for one in tell(case_story.told(seen).entries, case_story.told(seen).words)
        ]


def listed(kit: Kit, who: str) -> list[str]:
    return [row.element for row in views.work_list(kit.desk, PEOPLE[who], kit.at).rows]


def test_the_first_signature_is_kept_and_the_task_stays_open(both: Kit, case: str) -> None:
    before = both.tasks(case)[0]
    done = give(both, "ben", case, "told at ten")
    assert not any(isinstance(one, TaskCompleted) for one in done.events)
    (row,) = both.tasks(case)
    assert (row.element, row.due, row.assignee) == ("tell", before.due, None)
    assert (row.signed_by, row.signed_at, row.signed_seq) == ("ben", both.at, done.seq)
    assert "Ben Baker (Clerk) signed “Tell” first on Wednesday 4 March 2026 at 10am" in "\n".join(
        told(both, case)
    )


def test_the_first_ones_answers_are_sealed_with_the_cases_key(both: Kit, case: str) -> None:
    done = give(both, "ben", case, "a word nobody else says")
    with both.store.reading() as unit:
        (row,) = history.some(unit, case, [done.seq])
        assert row.kind == "signed" and b"nobody else" not in row.body + row.header.encode()
        assert b"nobody else" in history.content(row, cases.key_of(unit, case))


def test_the_second_person_sees_what_was_given_and_confirms_it(both: Kit, case: str) -> None:
    give(both, "ben", case, "told at ten")
    both.later(hours=3)
    shown = page(both, "ann", case)
    assert shown.signed is not None and shown.may_complete
    assert (shown.signed.by, shown.signed.given) == ("Ben Baker", {"what": "told at ten"})
    assert shown.signed.words == (("What", "told at ten"),)
    give(both, "ann", case, "told at ten")
    assert both.open(case) == ["close"]
    assert any(
        "Ben Baker (Clerk) and Ann Archer (Clerk) completed “Tell” on" in one
        for one in told(both, case)
    )
    (form_,) = views.recorded_page(both.desk, PEOPLE["lea"], case, both.at).forms
    assert (form_.by, form_.answers) == (
        "Ben Baker and Ann Archer",
        (Answer("What", "told at ten"),),
    )


def test_whoever_changes_an_answer_is_the_new_first_one(both: Kit, case: str) -> None:
    give(both, "ben", case, "at ten")
    done = give(both, "ann", case, "at eleven")
    assert done.answer == {"signed": True, "instead_of": "Ben Baker", "read": False}
    assert both.open(case) == ["tell"] and both.tasks(case)[0].signed_by == "ann"
    assert any("the signature of Ben Baker (Clerk) no longer stands" in t for t in told(both, case))
    give(both, "ben", case, "at eleven")  # the one whose signature fell may be the second now
    (form_,) = views.recorded_page(both.desk, PEOPLE["lea"], case, both.at).forms
    assert (form_.by, form_.answers) == ("Ann Archer and Ben Baker", (Answer("What", "at eleven"),))


def test_nobody_is_both(both: Kit, case: str) -> None:
    give(both, "ben", case, "at ten")
    shown = page(both, "ben", case)
    sentence = "You signed “Tell” first, so somebody else must sign it too."
    assert (shown.refusal, shown.may_complete, shown.may_claim) == (sentence, False, False)
    assert shown.explained.why is None, "it is not offered to them any more"
    for what in ("at ten", "at eleven"):
        with pytest.raises(Refused, match="somebody else must sign it too"):
            give(both, "ben", case, what)
    kinds = [one.kind for one in entries.history_entries(both.desk, PEOPLE["lea"], case, both.at)]
    assert kinds.count("refused") == 2, "both refusals are in the history"
    assert both.tasks(case)[0].signed_by == "ben"


def test_what_one_has_signed_is_offered_to_the_others_only(both: Kit, case: str) -> None:
    assert listed(both, "ben") == listed(both, "ann") == ["tell"]
    give(both, "ben", case, "at ten")
    assert (listed(both, "ben"), listed(both, "ann"), listed(both, "lea")) == (
        [], ["tell"], ["tell"],
    )  # fmt: skip
    same_either_way(both.desk, PEOPLE["ben"], both.at)
    counts = views.work_list(both.desk, PEOPLE["ben"], both.at).counts
    assert counts == {"mine": 0, "groups": 0, "all": 0, "late": 0}
    (row,) = views.work_list(both.desk, PEOPLE["ann"], both.at).rows
    assert row.signed_by == "Ben Baker"


def test_a_task_taken_on_is_free_again_for_the_second_person(both: Kit, case: str) -> None:
    task = both.task(case, "tell")
    both.do(Claim, "ben", case=case, task=task)
    give(both, "ben", case, "at ten")
    with pytest.raises(Refused, match="somebody else must take it on"):
        both.do(Claim, "ben", case=case, task=task)
    with pytest.raises(Refused, match="signed this task first"):
        both.do(Assign, "lea", case=case, task=task, to="ben")
    offered = [one.id for one in views.people_for(both.desk, PEOPLE["lea"], case, both.at, task)]
    assert "ben" not in offered and "ann" in offered
    both.do(Claim, "ann", case=case, task=task)
    with pytest.raises(Conflict, match="Ann Archer has taken"):
        give(both, "lea", case, "at ten")
    both.do(Release, "ann", case=case, task=task)
    give(both, "lea", case, "at ten")
    assert both.open(case) == ["close"]


def test_whoever_did_not_see_the_first_signature_is_told_and_keeps_every_word(
    both: Kit, case: str
) -> None:
    version = both.tasks(case)[0].version
    give(both, "ben", case, "at ten")
    task = both.task(case, "tell")
    for seen in (version, None):
        with pytest.raises(Conflict, match="Ben Baker has signed this task first") as conflict:
            both.do(CompleteTask, "ann", case=case, task=task, given={"what": "mine"}, version=seen)
        assert (conflict.value.by, conflict.value.when) == ("Ben Baker", both.at)
        assert conflict.value.still_open
    assert page(both, "ann", case).draft == {"what": "mine"}
    assert both.tasks(case)[0].signed_by == "ben"


def test_of_two_second_people_one_is_told_who_was_first(both: Kit, case: str) -> None:
    give(both, "ben", case, "at ten")
    task, version = both.task(case, "tell"), both.tasks(case)[0].version
    give(both, "ann", case, "at ten")
    with pytest.raises(Conflict, match="Ben Baker and Ann Archer have already completed"):
        both.do(CompleteTask, "lea", case=case, task=task, given={"what": "x"}, version=version)
    with pytest.raises(Conflict, match="You and Ann Archer have already completed"):
        views.task_page(both.desk, PEOPLE["ben"], case, task, both.at)


def test_the_same_key_gets_the_same_answer_from_both(both: Kit, case: str) -> None:
    first = give(both, "ben", case, "at ten", key="k")
    again = give(both, "ben", case, "at ten", key="k")
    assert (again.seq, again.replayed) == (first.seq, True)
    second = give(both, "ann", case, "at ten", key="k")
    assert any(isinstance(one, TaskCompleted) for one in second.events)


def test_answers_that_cannot_stand_are_no_signature(both: Kit, case: str) -> None:
    with pytest.raises(Refused) as refusal:
        give(both, "ben", case, " ")
    assert set(refusal.value.fields) == {"what"}
    assert both.tasks(case)[0].signed_by is None


def test_later_tasks_count_both_doers(both: Kit, case: str) -> None:
    give(both, "ben", case, "at ten")
    give(both, "ann", case, "at ten")
    for who in ("ben", "ann"):
        with pytest.raises(Refused, match="You did “Tell”, so somebody else must do “Close”"):
            both.complete(who, case, "close", what="x")
    both.complete("lea", case, "close", what="x")


def test_a_signature_counts_for_four_eyes_while_the_task_is_open(both: Kit) -> None:
    beside = diagram(
        "start > and:fork > task:tell > and:join > end; fork > task:close > join",
        tell={"groups": "clerk,lead", "form": "f", "people": "2"},
        close={"groups": "clerk,lead", "form": "f", "not_done_by": "tell"},
    )
    both.deploy(beside, form("f", "what"))
    case = both.start("ann")
    task = both.task(case, "tell")
    both.do(CompleteTask, "ben", case=case, task=task, given={"what": "x"})
    with pytest.raises(Refused, match="You did “Tell”"):
        both.complete("ben", case, "close", what="x")
    both.complete("ann", case, "close", what="x")


def test_a_suspended_case_takes_no_signature_and_keeps_the_one_it_has(both: Kit, case: str) -> None:
    give(both, "ben", case, "at ten")
    both.do(Suspend, "lea", case=case, reason="court")
    with pytest.raises(Refused, match="suspended"):
        give(both, "ann", case, "at ten")
    assert page(both, "ann", case).refusal == "This case is suspended."
    both.do(Resume, "lea", case=case, reason="over")
    give(both, "ann", case, "at ten")
    assert both.open(case) == ["close"]


def test_the_signature_of_somebody_excluded_falls(both: Kit, case: str) -> None:
    give(both, "ben", case, "at ten")
    version = both.tasks(case)[0].version
    both.do(ExcludePerson, "lea", case=case, person="ben", reason="related")
    (row,) = both.tasks(case)
    assert (row.signed_by, row.signed_at, row.signed_seq) == (None, None, None)
    assert any("Their signature of “Tell” no longer stands." in one for one in told(both, case))
    with pytest.raises(Conflict, match="was changed while you were working"):
        both.do(
            CompleteTask, "ann", case=case, task=row.task, given={"what": "at ten"},
            version=version,
        )  # fmt: skip
    give(both, "ann", case, "at ten")
    assert both.open(case) == ["tell"], "Ann is the first one now"
    with pytest.raises(NotFound):
        give(both, "ben", case, "at ten")
    give(both, "lea", case, "at ten")


@pytest.mark.parametrize("how", ["a message withdraws the task", "the case is cancelled"])
def test_the_signature_on_a_task_that_is_withdrawn_is_gone(both: Kit, case: str, how: str) -> None:
    give(both, "ben", case, "at ten")
    task = both.task(case, "tell")
    if how.startswith("a message"):
        both.do(DeliverMessage, "lea", case=case, message="gone")
    else:
        both.do(Cancel, "lea", case=case, reason="mistake")
    assert both.open(case) == []
    assert any("The signature of Ben Baker (Clerk) fell with it." in t for t in told(both, case))
    with both.store.reading() as unit:
        done = answers.find(unit, case, task)
    assert done is not None and (done.how, done.doers) == ("cancelled", (done.by,))
    assert views.recorded_page(both.desk, PEOPLE["lea"], case, both.at).forms == ()
    assert verify_case(both.store, case).good


def test_drafts_are_each_persons_own_and_never_the_others_answers(both: Kit, case: str) -> None:
    task = both.task(case, "tell")
    both.do(SaveDraft, "ann", case=case, task=task, given={"what": "half"})
    both.do(SaveDraft, "ben", case=case, task=task, given={"what": "b"})
    give(both, "ben", case, "at ten")
    assert page(both, "ann", case).draft == {"what": "half"}, "hers is kept beside his answers"
    assert page(both, "ben", case).draft is None, "his went with his signature"
    give(both, "ann", case, "at ten")
    with both.store.reading() as unit:
        assert answers.read_draft(unit, cases.key_of(unit, case), task, "ann") is None


def test_a_deadline_that_passes_between_the_two_is_missed(both: Kit, case: str) -> None:
    give(both, "ben", case, "at ten")
    both.later(days=10)
    give(both, "ann", case, "at ten")
    (line,) = [
        one
        for one in views.case_page(both.desk, PEOPLE["ann"], case, both.at).deadlines
        if one.element == "tell"
    ]
    assert line.late and line.how == "met"


def test_history_with_signatures_re_executes_and_verifies(both: Kit, case: str) -> None:
    give(both, "ben", case, "at ten")
    give(both, "ann", case, "at eleven")
    with pytest.raises(Refused):
        give(both, "ann", case, "at eleven")
    assert verify_case(both.store, case).good
    give(both, "lea", case, "at eleven")
    verdict = verify_case(both.store, case)
    assert verdict.good and verdict.replay is not None and verdict.replay.orders == 2


def test_a_signature_is_no_step_of_the_engine(both: Kit, case: str) -> None:
    """Planned again after a change of the calendar, and stopped, a case stays what it is."""
    with both.store.reading() as unit:
        before = cases.find(unit, case)
    give(both, "ben", case, "at ten")
    with both.store.reading() as unit:
        after = cases.find(unit, case)
    assert before is not None and after is not None
    assert (after.state, after.calendar, after.next_due) == (
        before.state, before.calendar, before.next_due,
    )  # fmt: skip


def test_each_of_several_tasks_has_its_own_signature(both: Kit) -> None:
    drawn = diagram(
        "start > task:tell > end",
        tell={"groups": "clerk", "form": "f", "people": "2", "over": '=["a", "b"]', "item": "one"},
    )
    both.deploy(drawn, form("f", "what"))
    case = both.start("ann")
    first, second = both.tasks(case)
    both.do(CompleteTask, "ben", case=case, task=first.task, given={"what": "x"})
    signed = {row.task: row.signed_by for row in both.tasks(case)}
    assert signed == {first.task: "ben", second.task: None}


def test_what_a_form_works_out_itself_may_differ(both: Kit) -> None:
    """A time that the form reads off the clock is no change of anybody's."""
    clock = form("f", "what", "seen", required=False)
    (content,) = clock.values()
    read_only = content.replace(
        b'"key": "seen"', b'"key": "seen", "readonly": true, "defaultValue": "=string(now())"'
    )
    both.deploy(
        diagram("start > task:tell > end", tell={"groups": "clerk", "form": "f", "people": "2"}),
        {"forms/f.form": read_only},
    )
    case = both.start("ann")
    give(both, "ben", case, "x")
    both.later(hours=1)
    give(both, "ann", case, "x")
    assert both.open(case) == []


def test_a_case_that_is_to_be_planned_again_still_is_after_a_signature(both: Kit) -> None:
    """A signature moves nothing, so it does not say that the new calendar has been used."""
    both.deploy(DRAWN, form("f", "what"))
    case = both.start("ann")
    closed = Calendar.of("england-and-wales", closed=[date(2026, 3, 5)])
    both.desk.installation = replace(both.desk.installation, settings=settings(calendar=closed))
    give(both, "ben", case, "at ten")
    with both.store.reading() as unit:
        assert cases.outdated(unit, closed.version) == [case]
    both.desk.replan_outdated(both.at)
    assert verify_case(both.store, case).good
