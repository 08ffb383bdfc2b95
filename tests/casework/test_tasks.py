"""What may be ordered about a task, by whom, and what the loser of a race keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.casework import views
from app.casework.access import SYSTEM
from app.casework.commands import Assign, Claim, CompleteTask, ExcludePerson, Release, SaveDraft
from app.casework.errors import Conflict, NotFound, Refused
from app.engine.events import TaskCompleted
from app.store import cases
from app.store.chain import history
from app.store.work import answers, tasks
from tests.kit import PEOPLE, Kit, diagram, form

FILES = diagram(
    "start > task:check > task:decide > end",
    check={"groups": "clerk", "form": "f"},
    decide={"groups": "clerk,lead", "form": "f", "not_done_by": "check"},
)


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(FILES, form("f", "what"))
    return kit.start("ann")


def rows(kit: Kit, case: str) -> int:
    with kit.store.reading() as unit:
        return len(list(history.rows(unit, case)))


def belong(kit: Kit, case: str, who: str) -> None:
    """`who` joins the case before anybody's task would bring them in."""
    with kit.store.writing() as unit:
        cases.put_members(unit, case, [f"p:{who}"], 1)


def test_an_answer_that_cannot_stand_is_refused_by_field_and_kept(kit: Kit, case: str) -> None:
    with pytest.raises(Refused) as refusal:
        kit.complete("ben", case, "check", what=" ")
    assert set(refusal.value.fields) == {"what"} and refusal.value.given == {"what": " "}
    assert kit.open(case) == ["check"] and rows(kit, case) == 1


def test_the_same_key_and_request_get_the_first_answer(both: Kit) -> None:
    both.deploy(FILES, form("f", "what"))
    case = both.start("ann")
    task = both.task(case, "check")

    def send(what: str) -> Any:
        return both.desk.do(
            CompleteTask(
                actor=PEOPLE["ben"], at=both.later(seconds=1), case=case, task=task,
                given={"what": what}, key="k1",
            )
        )  # fmt: skip

    first = send("yes")
    again = send("yes")
    assert (again.seq, again.events, again.replayed) == (first.seq, first.events, True)
    with pytest.raises(Refused, match="already sent"):
        send("no")
    assert rows(both, case) == 2


def test_a_key_belongs_to_the_person_who_used_it(kit: Kit, case: str) -> None:
    kit.complete("ben", case, "check", what="x", key="k")
    done = kit.complete("ann", case, "decide", what="x", key="k")
    assert not done.replayed


def test_starting_twice_with_one_key_makes_one_case(both: Kit) -> None:
    from app.casework.commands import StartCase

    both.deploy(FILES, form("f", "what"))
    command = StartCase(actor=PEOPLE["ann"], at=both.at, process="p", key="k")
    first, again = both.desk.do(command), both.desk.do(command)
    assert first.case == again.case and again.replayed
    assert views.case_list(both.desk, PEOPLE["ann"], both.at).total == 1


def test_the_loser_is_told_who_and_when_and_keeps_every_word(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    kit.complete("ben", case, "check", what="mine")
    when = kit.at
    kit.later(minutes=1)
    with pytest.raises(Conflict) as conflict:
        kit.do(CompleteTask, "ann", case=case, task=task, given={"what": "my words"})
    assert (conflict.value.by, conflict.value.when) == ("Ben Baker", when)
    assert conflict.value.given == {"what": "my words"}
    with kit.store.reading() as unit:
        key = cases.key_of(unit, case)
        draft = answers.read_draft(unit, key, task, "ann")
        assert draft is not None and b"my words" in draft[1]


def test_a_task_somebody_took_is_theirs_until_released(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    kit.do(Claim, "ben", case=case, task=task)
    for command, more in ((Claim, {}), (CompleteTask, {"given": {"what": "x"}})):
        with pytest.raises(Conflict, match="Ben Baker has taken"):
            kit.do(command, "ann", case=case, task=task, **more)
    with pytest.raises(Refused):
        kit.do(Release, "ann", case=case, task=task)
    kit.do(Release, "ben", case=case, task=task)
    kit.complete("ann", case, "check", what="x")


def test_assigning_gives_the_task_to_somebody_who_fits_it(kit: Kit, case: str) -> None:
    kit.complete("ben", case, "check", what="x")
    task = kit.task(case, "decide")
    with pytest.raises(Refused, match="role"):
        kit.do(Assign, "ann", case=case, task=task, to="lea")
    with pytest.raises(Refused, match="may not see this case"):
        kit.do(Assign, "lea", case=case, task=task, to="gil")
    kit.do(Assign, "lea", case=case, task=task, to="lea")
    assert views.work_list(kit.desk, PEOPLE["lea"], kit.at, "mine").total == 1
    kit.complete("lea", case, "decide", what="x")
    assert kit.open(case) == []


def test_whoever_did_the_checked_task_may_not_do_the_checking_one(kit: Kit, case: str) -> None:
    kit.complete("ben", case, "check", what="x")
    before = rows(kit, case)
    with pytest.raises(Refused, match="somebody else must do"):
        kit.complete("ben", case, "decide", what="x")
    assert rows(kit, case) == before + 1, "the refusal is in the history"
    page = views.task_page(kit.desk, PEOPLE["ben"], case, kit.task(case, "decide"), kit.at)
    assert not page.may_complete and page.refusal and "You did" in page.refusal
    kit.complete("ann", case, "decide", what="x")


def test_a_draft_is_the_persons_own_and_gone_after_completion(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    kit.do(SaveDraft, "ben", case=case, task=task, given={"what": "b"})
    kit.do(SaveDraft, "ben", case=case, task=task, given={"what": "bb"})
    kit.complete("ben", case, "check", what="final")
    with kit.store.reading() as unit:
        assert answers.read_draft(unit, cases.key_of(unit, case), task, "ben") is None


def test_exclusion_overrides_everything(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    kit.do(Claim, "ben", case=case, task=task)
    belong(kit, case, "lea")
    for person in ("ben", "aud"):
        who = SYSTEM if person == "aud" else PEOPLE["lea"]  # nobody else shuts an auditor out
        order = {"case": case, "person": person, "reason": "related"}
        kit.desk.do(ExcludePerson(actor=who, at=kit.at, **order))
        with pytest.raises(NotFound):
            views.case_page(kit.desk, PEOPLE[person], case, kit.at)
        assert views.case_list(kit.desk, PEOPLE[person], kit.at).total == 0
    with pytest.raises(NotFound):
        kit.do(CompleteTask, "ben", case=case, task=task, given={"what": "x"})
    kit.complete("ann", case, "check", what="x")  # what Ben had taken went back to the group


@pytest.mark.parametrize(
    ("who", "error"),
    [
        pytest.param("ann", Conflict, id="who sees the case is told who did it"),
        pytest.param("pol", NotFound, id="who sees only their own part is told nothing"),
        pytest.param("gil", NotFound, id="who sees nothing is told nothing"),
    ],
)
def test_who_is_told_that_a_task_was_completed(kit: Kit, who: str, error: type[Exception]) -> None:
    kit.deploy(
        diagram(
            "start > and:fork; fork > task:check > end; fork > task:reply > end:replied",
            check={"groups": "clerk"},
            reply={"groups": "agency:police"},
        )
    )
    case = kit.start("ann")
    done = kit.task(case, "check")
    kit.complete("ben", case, "check")
    with pytest.raises(error):
        kit.do(CompleteTask, who, case=case, task=done, given={})


def test_no_task_is_given_to_somebody_who_is_excluded(kit: Kit, case: str) -> None:
    task = kit.task(case, "check")
    belong(kit, case, "lea")
    kit.do(ExcludePerson, "lea", case=case, person="ben", reason="related")
    with pytest.raises(Refused, match="excluded from the case") as refusal:
        kit.do(Assign, "lea", case=case, task=task, to="ben")
    assert set(refusal.value.fields) == {"to"}
    assert [row.assignee for row in kit.tasks(case)] == [None]
    kit.do(Assign, "lea", case=case, task=task, to="ann")
    assert [row.assignee for row in kit.tasks(case)] == ["ann"]


@pytest.mark.parametrize(
    ("excluded", "assignee"), [("ben", None), ("gil", "ben")], ids=["excluded", "another is"]
)
def test_a_task_drawn_for_somebody_who_is_excluded_is_nobodys(
    kit: Kit, excluded: str, assignee: str | None
) -> None:
    kit.deploy(
        diagram(
            "start > task:check > task:decide > end",
            check={"groups": "clerk"},
            decide={"groups": "clerk", "assignee": "ben"},
        )
    )
    case = kit.start("ann")
    belong(kit, case, "lea")
    kit.do(ExcludePerson, "lea", case=case, person=excluded, reason="related")
    kit.complete("ann", case, "check")
    (row,) = kit.tasks(case)
    assert (row.element, row.assignee) == ("decide", assignee)
    page = views.work_list(kit.desk, PEOPLE["ann"], kit.at)
    assert page.total == (1 if assignee is None else 0)


def test_answers_given_before_are_records_for_later_forms(kit: Kit) -> None:
    later = form("g", "again", defaultValue="=records.check.what + records.p.topic")
    kit.deploy(
        diagram(
            "start > task:check > task:decide > end",
            start={"form": "s"},
            check={"groups": "clerk", "form": "f"},
            decide={"groups": "clerk", "form": "g"},
        ),
        form("f", "what"),
        form("s", "topic"),
        later,
    )
    case = kit.start("ann", topic="of it")
    kit.complete("ben", case, "check", what="sense")
    page = views.task_page(kit.desk, PEOPLE["ben"], case, kit.task(case, "decide"), kit.at)
    assert page.asked.scope["records"]["check"] == {"what": "sense"}
    assert page.asked.scope["records"]["p"] == {"topic": "of it"}


def test_every_answer_of_a_multi_instance_task_is_in_its_all_record(kit: Kit) -> None:
    kit.deploy(
        diagram(
            "start > task:check > task:decide > end",
            check={
                "groups": '="agency:" + agency', "form": "f", "over": '=["police", "gp"]',
                "item": "agency",
            },
            decide={"groups": "clerk", "form": "g"},
        ),
        form("f", "what"),
        form("g", "x", defaultValue="=string(count(records.check_all))"),
    )  # fmt: skip
    case = kit.start("ann")
    assert views.work_list(kit.desk, PEOPLE["pol"], kit.at).total == 1
    for who in ("gil", "pol"):
        (row,) = views.work_list(kit.desk, PEOPLE[who], kit.at).rows
        kit.do(CompleteTask, who, case=case, task=row.task, given={"what": who})
    page = views.task_page(kit.desk, PEOPLE["ben"], case, kit.task(case, "decide"), kit.at)
    assert page.asked.scope["records"]["check_all"] == [
        {"agency": "gp", "what": "gil"},
        {"agency": "police", "what": "pol"},
    ]


def test_one_agency_cannot_see_or_do_what_another_was_asked(kit: Kit) -> None:
    kit.deploy(
        diagram(
            "start > task:check > end",
            check={"groups": '="agency:" + a', "over": '=["police", "gp"]', "item": "a"},
        )
    )
    case = kit.start("ann")
    (theirs,) = views.work_list(kit.desk, PEOPLE["pol"], kit.at).rows
    for command in (Claim, Release):
        with pytest.raises(NotFound):
            kit.do(command, "gil", case=case, task=theirs.task)
    with pytest.raises(NotFound):
        views.task_page(kit.desk, PEOPLE["gil"], case, theirs.task, kit.at)


def test_events_of_a_completion_name_the_task(kit: Kit, case: str) -> None:
    done = kit.complete("ben", case, "check", what="x")
    assert any(isinstance(event, TaskCompleted) for event in done.events)


def asked(*, hides: bool) -> dict[str, bytes]:
    """A form whose second question is shown only when the first is answered with "yes"."""
    both = json.loads(form("ask", "more", "what", required=False)["forms/ask.form"])
    if hides:
        both["components"][1]["conditional"] = {"hide": '=more != "yes"'}
    return {"forms/ask.form": json.dumps(both).encode()}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param({"more": "no"}, "as it was", id="hidden: left alone"),
        pytest.param({"more": "no", "what": "sneaked in"}, "as it was", id="hidden, but sent"),
        pytest.param({"more": "yes", "what": ""}, None, id="shown and left empty"),
        pytest.param({"more": "yes", "what": "new"}, "new", id="shown and answered"),
    ],
)
@pytest.mark.parametrize("mapped", [True, False], ids=["mapping", "by its name"])
def test_a_hidden_question_does_not_wipe_a_variable(
    kit: Kit, given: dict[str, str], kept: str | None, mapped: bool
) -> None:
    facts = {"groups": "clerk", "form": "ask", **({"out": "=what -> what"} if mapped else {})}
    drawn = diagram(
        "start > task:check > task:decide > end",
        var={"what": '="as it was"'},
        check=facts,
        decide={"groups": "clerk", "label": "=string(what)"},
    )
    kit.deploy(drawn, asked(hides=True))
    case = kit.start("ann")
    kit.complete("ann", case, "check", **given)
    with kit.store.reading() as unit:
        row = next(one for one in tasks.of_case(unit, case) if one.element == "decide")
    assert row.label == kept
