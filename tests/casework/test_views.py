"""Questions that pages ask, answered from a walking case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.casework import look, views
from app.casework.commands import Claim, SaveDraft
from app.casework.errors import Conflict, NotFound
from tests.kit import PEOPLE, Kit, diagram, form

DUE = {"groups": "clerk", "form": "f", "due": "=working_days_after(today(), 2)", "basis": "Act 1"}


@pytest.fixture
def case(both: Kit) -> str:
    both.deploy(
        diagram(
            "start > task:check > task:decide > end",
            check=DUE,
            decide={"groups": "agency:police", "form": "f"},
            var={"what": '"none"'},
        ),
        form("f", "what"),
    )
    return both.started("ann").reference


def test_a_task_offered_to_a_group_is_in_the_groups_list(both: Kit, case: str) -> None:
    page = views.work_list(both.desk, PEOPLE["ben"], both.at, "groups")
    assert [(row.case, row.name, row.late) for row in page.rows] == [(case, "Check", False)]
    assert page.counts == {"mine": 0, "groups": 1, "all": 1, "late": 0}
    assert page.rows[0].due == datetime(2026, 3, 6, 23, 59, 59, tzinfo=UTC)


def test_a_claimed_task_moves_to_the_list_of_whoever_took_it(both: Kit, case: str) -> None:
    both.do(Claim, "ben", case=case, task=both.task(case, "check"))
    assert views.work_list(both.desk, PEOPLE["ben"], both.at, "mine").total == 1
    assert views.work_list(both.desk, PEOPLE["ann"], both.at, "all").total == 0


def test_a_task_is_late_once_its_due_instant_has_passed(both: Kit, case: str) -> None:
    both.later(days=3)
    page = views.work_list(both.desk, PEOPLE["ben"], both.at, "late")
    assert page.total == 1 and page.rows[0].late


def test_the_task_page_has_form_sum_and_draft(both: Kit, case: str) -> None:
    task = both.task(case, "check")
    both.do(SaveDraft, "ben", case=case, task=task, given={"what": "half a thou"})
    page = views.task_page(both.desk, PEOPLE["ben"], case, task, both.at)
    assert page.asked.form is not None and page.asked.form.id == "f"
    assert page.draft == {"what": "half a thou"}
    assert page.deadline is not None and "2 working days after" in page.deadline.sum
    assert page.may_complete and page.may_claim and page.groups == ("Clerk",)
    assert page.asked.scope["what"] == "none"
    assert views.task_page(both.desk, PEOPLE["ann"], case, task, both.at).draft is None


def test_a_done_task_says_by_whom(both: Kit, case: str) -> None:
    task = both.task(case, "check")
    both.complete("ben", case, "check", what="x")
    with pytest.raises(Conflict) as conflict:
        views.task_page(both.desk, PEOPLE["ann"], case, task, both.at)
    assert conflict.value.by == "Ben Baker" and conflict.value.when == both.at


def test_the_case_page_shows_where_it_stands(both: Kit, case: str) -> None:
    both.complete("ben", case, "check", what="x")
    page = views.case_page(both.desk, PEOPLE["ann"], case, both.at)
    assert [row.name for row in page.tasks] == ["Decide"]
    assert [(row.how, row.late) for row in page.deadlines] == [("met", False)]
    (drawn,) = page.diagrams
    assert drawn.marks == {"start": "done", "check": "done", "decide": "active"}
    assert drawn.taken == {"start_check", "check_decide"}
    assert [(s.name, s.state) for s in drawn.steps][-1] == ("Decide", "open now")


def test_somebody_who_sees_their_own_part_sees_no_more(both: Kit, case: str) -> None:
    both.complete("ben", case, "check", what="x")
    page = views.case_page(both.desk, PEOPLE["pol"], case, both.at)
    assert [row.name for row in page.tasks] == ["Decide"]
    assert not (page.deadlines or page.diagrams or page.members or page.may)
    with pytest.raises(NotFound):
        views.history_entries(both.desk, PEOPLE["pol"], case, both.at)


@pytest.mark.parametrize("who", ["gil", "dra", "out"])
def test_a_case_one_may_not_see_does_not_exist(both: Kit, case: str, who: str) -> None:
    person = PEOPLE[who]
    with pytest.raises(NotFound):
        views.case_page(both.desk, person, case, both.at)
    with pytest.raises(NotFound):
        views.task_page(both.desk, person, case, both.task(case, "check"), both.at)
    assert views.case_list(both.desk, person, both.at).total == 0
    assert views.work_list(both.desk, person, both.at).total == 0


def test_each_read_is_in_the_history_once_in_a_while(both: Kit, case: str) -> None:
    for minutes in (0, 1, 30):
        both.later(minutes=minutes)
        views.case_page(both.desk, PEOPLE["aud"], case, both.at)
    entries = views.history_entries(both.desk, PEOPLE["aud"], case, both.at)
    reads = [(one.actor, one.said["view"]) for one in entries if one.kind == "read"]
    assert reads == [("aud", "case"), ("aud", "case")]


def test_a_read_of_each_person_case_and_view_is_an_entry_of_its_own(kit: Kit) -> None:
    kit.deploy(diagram("start > task:check > end", check=DUE), form("f", "what"))
    several = [kit.start("ann") for _ in range(2)]
    for id in several:
        for who in ("aud", "ann"):
            for view in ("case", "deadlines", "case"):
                with look(kit.desk, PEOPLE[who], id, kit.at, view):
                    pass
    for id in several:
        entries = views.history_entries(kit.desk, PEOPLE["aud"], id, kit.at)
        reads = [(one.actor, one.said["view"]) for one in entries if one.kind == "read"]
        assert len(set(reads)) == len(reads) == 4, reads


def test_startable_is_what_role_and_process_allow(both: Kit, case: str) -> None:
    assert [one.process for one in views.startable(both.desk, PEOPLE["ann"])] == ["p"]
    assert views.startable(both.desk, PEOPLE["pol"]) == []
    assert views.start_page(both.desk, PEOPLE["ann"], "p", both.at).name == "P"
    with pytest.raises(NotFound):
        views.start_page(both.desk, PEOPLE["pol"], "p", both.at)


def test_versions_list_their_cases(both: Kit, case: str) -> None:
    (version,) = views.deployments(both.desk, PEOPLE["dra"])
    assert (version.active, version.cases, version.open, version.by) == (True, 1, 1, "System")
    found = views.deployment(both.desk, PEOPLE["dra"], version.digest)
    assert "bpmn/p.bpmn" in found.files


def test_the_work_list_comes_in_pages_the_earliest_due_first(both: Kit) -> None:
    both.deploy(
        diagram("start > task:check > end", check=DUE | {"due": "=today()"}), form("f", "what")
    )
    due = []
    for day in (3, 1, 2, 0, 4):
        both.at = both.at.replace(day=10 + day)
        due.append((both.at.day, both.started("ann").reference))
    pages = [
        [row.case for row in views.work_list(both.desk, PEOPLE["ben"], both.at, "all", n, 2).rows]
        for n in (1, 2, 3, 4)
    ]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    listed = [one for page in pages for one in page]
    assert listed == [reference for _, reference in sorted(due)]


def test_the_case_list_comes_in_pages_and_tells_open_from_closed(both: Kit) -> None:
    both.deploy(diagram("start > task:check > end", check={"groups": "clerk"}))
    cases = [both.started("ann") for _ in range(3)]
    both.complete("ben", cases[0].case, "check")
    ann = PEOPLE["ann"]
    assert views.case_list(both.desk, ann, both.at, 1, 2).total == 3
    assert len(views.case_list(both.desk, ann, both.at, 2, 2).rows) == 1
    closed = views.case_list(both.desk, ann, both.at, state="closed")
    assert [one.case for one in closed.rows] == [cases[0].reference]
    assert views.case_list(both.desk, ann, both.at, state="open").total == 2


def test_running_deadlines_are_those_of_cases_seen_in_whole(both: Kit, case: str) -> None:
    for who, count in (("ben", 1), ("aud", 1), ("pol", 0), ("out", 0)):
        assert len(views.deadlines(both.desk, PEOPLE[who])) == count


def test_who_began_a_case_is_named_to_who_sees_all_of_it_and_to_themselves(kit: Kit) -> None:
    kit.deploy(
        diagram("start > task:check > end", start_groups="lead", check={"groups": "agency:gp"})
    )
    case = kit.start("lea")
    seen = {
        who: views.case_page(kit.desk, PEOPLE[who], case, kit.at).started_by
        for who in ("aud", "lea", "gil")
    }
    assert seen == {"aud": "Lea Lamb", "lea": "Lea Lamb", "gil": None}
