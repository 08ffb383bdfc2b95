"""Absence cover, "X for Y": what X sees and may do while it runs, and what they may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.audit.narrative import case_story
from app.casework import accounts, views
from app.casework.access import SYSTEM, Person
from app.casework.commands import (
    AddMember,
    AgreeCover,
    Assign,
    CaseCommand,
    Claim,
    CompleteTask,
    Done,
    EndCover,
    ExcludePerson,
    Merge,
    Release,
    SetCover,
    Unmerge,
)
from app.casework.errors import CaseworkError, Conflict, NotFound, Refused
from app.casework.orders.signing import FourEyes
from app.casework.reading.look import look
from app.store.chain import headers, history
from app.store.people import accounts as store_accounts
from tests.casework.either_way import same_either_way
from tests.kit import PEOPLE, Kit, diagram

#: the kit stands on Wednesday 4 March 2026
TODAY = date(2026, 3, 4)
UNTIL = date(2026, 3, 6)
FILES = diagram(
    "start > task:draft > task:approve > end",
    draft={"groups": "clerk,agency:gp"},
    approve={"groups": "lead,agency:gp", "not_done_by": "draft"},
)


def now(kit: Kit, who: str) -> Person:
    """The person as a request made now would have them."""
    with kit.store.reading() as unit:
        return accounts.present(kit.desk, unit, PEOPLE[who], kit.at)


def cover(kit: Kit, away: str = "lea", by: str = "pol", who: str = "lea", **more: Any) -> str:
    days: Mapping[str, Any] = {"first": TODAY, "last": UNTIL, "reason": "Leave"} | more
    id = str(kit.do(SetCover, who, person=away, by=by, **days).answer["cover"])
    if who != away:
        kit.do(AgreeCover, away, cover=id)
    return id


def do(kit: Kit, command: type[CaseCommand], who: str, case: str, **more: Any) -> Done:
    return kit.desk.do(command(actor=now(kit, who), at=kit.at, case=case, **more))


def complete(kit: Kit, who: str, case: str, element: str) -> Done:
    return do(kit, CompleteTask, who, case, task=kit.task(case, element), given={})


def names(kit: Kit, who: str, which: str = "all") -> list[tuple[str, str | None]]:
    same_either_way(kit.desk, now(kit, who), kit.at)
    rows = views.work_list(kit.desk, now(kit, who), kit.at, which).rows
    return [(row.element, row.covering) for row in rows]


def sentences(kit: Kit, case: str) -> list[str]:
    with look(kit.desk, PEOPLE["aud"], case, kit.at, None) as seen:
        return [one.text for one in case_story.told(seen).sentences]


@pytest.fixture
def case(both: Kit) -> str:
    """A case of ann's in which `approve` waits for a lead; pol has nothing to do with it."""
    both.deploy(FILES)
    case = both.start("ann")
    both.complete("ann", case, "draft")
    return case


def test_without_cover_the_case_does_not_exist_for_them(both: Kit, case: str) -> None:
    assert names(both, "pol") == []
    with pytest.raises(NotFound):
        views.case_page(both.desk, now(both, "pol"), case, both.at)


def test_who_covers_sees_and_does_what_is_offered_to_the_other(both: Kit, case: str) -> None:
    cover(both)
    pol = now(both, "pol")
    assert names(both, "pol") == names(both, "pol", "groups") == [("approve", "Lea Lamb")]
    assert [one.case for one in views.case_list(both.desk, pol, both.at).rows] == ["T-2026-0001"]
    page = views.case_page(both.desk, pol, case, both.at)
    assert page.whole and [row.covering for row in page.tasks] == ["Lea Lamb"]
    task = views.task_page(both.desk, pol, case, both.task(case, "approve"), both.at)
    assert task.may_complete and task.covering is not None
    assert (task.covering.person.name, task.covering.until) == ("Lea Lamb", UNTIL)
    complete(both, "pol", case, "approve")
    assert both.open(case) == []


def test_a_task_the_other_has_taken_is_covered_too(both: Kit, case: str) -> None:
    task = both.task(case, "approve")
    both.do(Claim, "lea", case=case, task=task)
    cover(both)
    assert names(both, "pol", "mine") == [("approve", "Lea Lamb")]
    complete(both, "pol", case, "approve")


def test_a_task_taken_for_the_other_stays_theirs_when_the_cover_ends(both: Kit, case: str) -> None:
    set_up = cover(both)
    task = both.task(case, "approve")
    do(both, Claim, "pol", case, task=task)
    assert both.tasks(case)[0].assignee == "lea"
    assert names(both, "pol", "mine") == [("approve", "Lea Lamb")]
    do(both, Release, "pol", case, task=task)
    assert both.tasks(case)[0].assignee is None
    do(both, Claim, "pol", case, task=task)
    both.do(EndCover, "lea", cover=set_up)
    assert names(both, "pol") == []
    assert names(both, "lea", "mine") == [("approve", None)]


def test_with_the_others_role_goes_what_was_covered(both: Kit, case: str) -> None:
    both.do(Claim, "lea", case=case, task=both.task(case, "approve"))
    cover(both)
    accounts.ensure(both.desk, "lea", "Lea Lamb", [], both.at)
    assert names(both, "pol") == []
    with pytest.raises(NotFound):
        complete(both, "pol", case, "approve")


def test_what_they_can_do_as_themselves_is_not_for_the_other(both: Kit) -> None:
    both.deploy(FILES)
    case = both.start("ann")
    cover(both, "ann", "ben", "ann")
    assert names(both, "ben") == [("draft", None)]
    complete(both, "ben", case, "draft")
    assert not [text for text in sentences(both, case) if " for Ann" in text]


def test_a_task_the_other_has_taken_is_for_them_though_both_are_offered_it(both: Kit) -> None:
    both.deploy(FILES)
    case = both.start("ann")
    both.do(Claim, "ann", case=case, task=both.task(case, "draft"))
    with pytest.raises(Conflict):
        complete(both, "ben", case, "draft")
    cover(both, "ann", "ben", "ann")
    assert names(both, "ben", "mine") == [("draft", "Ann Archer")]
    complete(both, "ben", case, "draft")
    assert any("Ben Baker (Clerk) for Ann Archer completed" in one for one in sentences(both, case))


def test_the_history_says_for_whom_and_the_actor_stays(both: Kit, case: str) -> None:
    cover(both)
    done = complete(both, "pol", case, "approve")
    views.case_page(both.desk, now(both, "pol"), case, both.at)
    told = sentences(both, case)
    assert any("Pol Police (Agency) for Lea Lamb completed “Approve”" in one for one in told)
    assert any("Pol Police (Agency) for Lea Lamb looked at the case" in one for one in told)
    with look(both.desk, PEOPLE["aud"], case, both.at, None) as seen:
        entry = case_story.told(seen).entries[done.seq - 1]
        (row,) = history.some(seen.unit, case, [done.seq])
    assert (entry.actor, entry.command["for"]) == ("pol", "lea")
    assert headers.parsed(row.header)["on_behalf"] == "lea"
    assert case_story.verified(both.desk, case).good


def test_what_was_recorded_says_for_whom(both: Kit, case: str) -> None:
    cover(both)
    task = both.task(case, "approve")
    do(both, CompleteTask, "pol", case, task=task, given={"note": "Seen"})
    recorded = views.recorded_page(both.desk, PEOPLE["aud"], case, both.at)
    assert recorded.forms[0].by == "Pol Police for Lea Lamb"


def test_nobody_checks_the_work_of_the_one_they_cover_for(both: Kit) -> None:
    """Gil drafts and is among those who may approve; pol, who covers for gil, may not either."""
    both.deploy(FILES)
    case = both.start("ann")
    both.complete("gil", case, "draft")
    cover(both, "gil", "pol", "gil")
    with pytest.raises(FourEyes, match="Gil Gp did “Draft”"):
        complete(both, "pol", case, "approve")
    page = views.task_page(both.desk, now(both, "pol"), case, both.task(case, "approve"), both.at)
    assert not page.may_complete and "Gil Gp did" in str(page.refusal)
    assert any("Pol Police (Agency) for Gil Gp was refused" in one for one in sentences(both, case))
    both.complete("lea", case, "approve")


def test_nobody_checks_their_own_work_for_another(both: Kit) -> None:
    both.deploy(FILES)
    case = both.start("ann")
    both.complete("ben", case, "draft")
    cover(both, "lea", "ben")
    with pytest.raises(FourEyes, match="You did “Draft”"):
        complete(both, "ben", case, "approve")
    told = sentences(both, case)
    assert any("Ben Baker (Clerk) for Lea Lamb was refused" in one for one in told)


def test_what_was_done_for_the_other_counts_as_done_by_the_one_who_did_it(both: Kit) -> None:
    both.deploy(FILES)
    case = both.start("ann")
    cover(both, "ann", "lea")
    complete(both, "lea", case, "draft")
    with pytest.raises(FourEyes):
        complete(both, "lea", case, "approve")


def test_who_was_stood_for_at_the_first_signature_is_not_the_second(both: Kit) -> None:
    both.deploy(diagram("start > task:tell > end", tell={"groups": "clerk", "people": "2"}))
    case = both.start("ann")
    cover(both, away="ann")
    complete(both, "pol", case, "tell")
    (row,) = both.tasks(case)
    assert row.signed_by == "pol"
    send = {"task": row.task, "given": {}, "version": row.version}
    with pytest.raises(Refused, match="You signed “Tell” first"):
        do(both, CompleteTask, "ann", case, **send)
    assert both.open(case) == ["tell"]
    do(both, CompleteTask, "ben", case, **send)
    assert both.open(case) == []


def test_cover_gives_nobody_the_task_as_their_own(both: Kit, case: str) -> None:
    """Else the rule of four eyes would no longer look at the one who is away."""
    cover(both, "ann", "lea")
    other = both.start("ann")
    task = both.task(other, "draft")
    with pytest.raises(Refused, match="only for somebody else"):
        do(both, Assign, "lea", other, task=task, to="lea")
    do(both, Assign, "lea", other, task=task, to="ben")


def test_their_own_exclusion_blocks_what_they_see_for_another(both: Kit, case: str) -> None:
    cover(both)
    both.do(ExcludePerson, "lea", case=case, person="pol", reason="Conflict of interest")
    assert names(both, "pol") == []
    assert views.case_list(both.desk, now(both, "pol"), both.at).total == 0
    with pytest.raises(NotFound):
        complete(both, "pol", case, "approve")


def test_the_others_exclusion_blocks_what_is_seen_as_them(both: Kit) -> None:
    both.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    case = both.start("ann")
    cover(both, "ben", "pol", "ben")
    assert names(both, "pol") == [("a", "Ben Baker")]
    both.desk.do(ExcludePerson(actor=SYSTEM, at=both.at, case=case, person="ben", reason="r"))
    assert names(both, "pol") == []
    assert views.case_list(both.desk, now(both, "pol"), both.at).total == 0
    with pytest.raises(NotFound):
        complete(both, "pol", case, "a")
    cover(both, "ann", "pol", "ann")
    assert names(both, "pol") == [("a", "Ann Archer")], "ann is not excluded"


def test_an_excluded_persons_own_task_is_not_done_for_them(both: Kit) -> None:
    """Though the one who covers for them sees the case for somebody else."""
    both.deploy(diagram("start > task:a > end", a={"users": "ben"}))
    case = both.start("ann")
    cover(both, "ann", "pol", "ann")
    cover(both, "ben", "pol", "ben")
    assert names(both, "pol") == [("a", "Ben Baker")]
    both.desk.do(ExcludePerson(actor=SYSTEM, at=both.at, case=case, person="ben", reason="r"))
    assert names(both, "pol") == []
    page = views.case_page(both.desk, now(both, "pol"), case, both.at)
    assert [row.mine for row in page.tasks] == [False]
    with pytest.raises(Refused, match="offered to others"):
        complete(both, "pol", case, "a")


def test_cover_lets_nobody_add_themselves_to_a_case(both: Kit, case: str) -> None:
    cover(both, "ann", "lea")
    order = AddMember(actor=now(both, "lea"), at=both.at, case=case, person="lea", reason="r")
    other = both.start("ann")
    for each in (case, other):  # in the first lea is a member herself
        with pytest.raises(Refused, match="Nobody can add themselves"):
            both.desk.do(replace(order, case=each))


def test_cover_is_not_passed_on(both: Kit, case: str) -> None:
    cover(both, "lea", "ben", "lea")
    cover(both, "ben", "pol", "ben")
    assert [one.person.id for one in now(both, "pol").covers] == ["ben"]
    assert now(both, "pol").covers[0].person.covers == ()
    assert names(both, "pol") == []
    with pytest.raises(Refused, match="offered to others"):
        complete(both, "pol", case, "approve")


def test_who_covers_for_an_auditor_does_not_see_every_case(both: Kit, case: str) -> None:
    cover(both, "aud", "pol")
    assert views.case_list(both.desk, now(both, "pol"), both.at).total == 0
    with pytest.raises(NotFound):
        views.case_page(both.desk, now(both, "pol"), case, both.at)


def test_powers_are_not_covered(both: Kit, case: str) -> None:
    cover(both)
    with pytest.raises(CaseworkError):
        do(both, ExcludePerson, "pol", case, person="ben", reason="r")
    assert "members" not in views.case_page(both.desk, now(both, "pol"), case, both.at).may


@pytest.mark.parametrize(
    ("hours", "runs"),
    [(-1, True), (14, True), (61.98, True), (62, False)],
    ids=["from the moment it is set", "midnight passes", "last minute of the last day", "the end"],
)
def test_cover_runs_to_the_end_of_its_last_day_in_london(
    both: Kit, case: str, hours: float, runs: bool
) -> None:
    both.at -= timedelta(hours=1)
    cover(both)
    both.at += timedelta(hours=1 + hours)
    assert bool(names(both, "pol")) is runs


def test_cover_begins_at_midnight_in_london_of_its_first_day(both: Kit, case: str) -> None:
    cover(both, first=date(2026, 3, 5))
    both.at += timedelta(hours=13, minutes=59)
    assert names(both, "pol") == []
    both.at += timedelta(minutes=1)
    assert names(both, "pol") == [("approve", "Lea Lamb")]


def test_a_running_session_and_a_token_know_at_once(both: Kit, case: str) -> None:
    accounts.ensure(both.desk, "pol", "Pol", ["agency"], both.at, password="a long password")
    signed = accounts.sign_in(both.desk, "pol", "a long password", both.at, "here")
    token = accounts.new_token(both.desk, signed.person, "t", both.at)

    def covered() -> list[bool]:
        found = (
            accounts.person_of(both.desk, signed.token, both.at),
            accounts.person_of_token(both.desk, token, both.at),
        )
        return [bool(one and one.covers) for one in found]

    assert covered() == [False, False]
    set_up = cover(both)
    assert covered() == [True, True]
    both.do(EndCover, "lea", cover=set_up)
    assert covered() == [False, False]


def test_a_cover_is_never_changed_only_ended_beside(both: Kit) -> None:
    set_up = cover(both)
    both.later(hours=1)
    both.do(EndCover, "lea", cover=set_up)
    (line,) = views.cover_page(both.desk, PEOPLE["lea"], both.at).lines
    assert (line.state, line.first, line.last) == ("ended", TODAY, UNTIL)
    assert (line.set_by, line.ended_by, line.reason) == ("Lea Lamb", "Lea Lamb", "Leave")
    assert line.ended_at is not None and line.ended_at - line.set_at == timedelta(hours=1)
    with pytest.raises(Refused, match="ended already"):
        both.do(EndCover, "lea", cover=set_up)


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"by": "lea"}, {"by"}),
        ({"by": "nobody"}, {"by"}),
        ({"by": "dra"}, {"by"}),
        ({"by": "aud"}, {"by"}),
        ({"away": "nobody"}, {"for"}),
        ({"first": date(2026, 3, 3)}, {"from"}),
        ({"last": date(2026, 3, 3)}, {"until"}),
        ({"last": date(2027, 3, 6)}, {"until"}),
        ({"reason": "  "}, {"reason"}),
        ({"reason": "x" * 501}, {"reason"}),
        ({"by": "lea", "reason": ""}, {"by", "reason"}),
    ],
    ids=lambda one: " and ".join(sorted(one)) if isinstance(one, set) else str(one)[:40],
)
def test_what_is_wrong_with_a_cover_is_said_for_each_answer(
    both: Kit, more: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        cover(both, **more)
    assert set(refusal.value.fields) == fields
    assert views.cover_page(both.desk, PEOPLE["lea"], both.at).lines == ()


def test_somebody_who_cannot_sign_in_covers_for_nobody(both: Kit) -> None:
    with both.store.writing() as unit:
        store_accounts.disable(unit, "pol")
    with pytest.raises(Refused) as refusal:
        cover(both)
    assert "cannot sign in" in refusal.value.fields["by"]


def test_the_same_cover_twice_is_refused_and_one_key_is_one_cover(both: Kit) -> None:
    first = both.do(
        SetCover, "lea", person="lea", by="pol", first=TODAY, last=UNTIL, reason="r", key="k"
    )
    again = both.do(
        SetCover, "lea", person="lea", by="pol", first=TODAY, last=UNTIL, reason="r", key="k"
    )
    assert again.replayed and again.answer == first.answer
    with pytest.raises(Refused, match="other answers"):
        cover(both, reason="another", key="k")
    with pytest.raises(Refused) as refusal:
        cover(both, first=UNTIL, last=UNTIL)
    assert "already cover" in refusal.value.fields["by"]
    cover(both, first=date(2026, 3, 7), last=date(2026, 3, 8))


@pytest.mark.parametrize(
    ("who", "away", "may"),
    [
        ("lea", "ben", True),  # has the power
        ("ben", "ben", True),  # for themselves
        ("ben", "ann", False),
        ("dra", "dra", False),  # works on no case
        ("aud", "ann", False),
    ],
)
def test_who_may_say_who_covers(both: Kit, who: str, away: str, may: bool) -> None:
    if may:
        assert cover(both, away, "pol", who)
    else:
        with pytest.raises(Refused):
            cover(both, away, "pol", who)


@pytest.mark.parametrize(
    ("who", "error"),
    [("lea", None), ("ben", None), ("pol", Refused), ("ann", NotFound), ("aud", NotFound)],
    ids=["with the power", "who is away", "who covers", "somebody else", "an auditor"],
)
def test_who_may_end_a_cover(both: Kit, who: str, error: type[Exception] | None) -> None:
    set_up = cover(both, "ben", "pol", "ben")
    if error is None:
        both.do(EndCover, who, cover=set_up)
    else:
        with pytest.raises(error):
            both.do(EndCover, who, cover=set_up)


@pytest.mark.parametrize(
    ("who", "lines", "people"),
    [("lea", 1, True), ("ben", 1, False), ("pol", 1, False), ("aud", 1, False), ("ann", 0, False)],
)
def test_who_reads_of_a_cover(both: Kit, who: str, lines: int, people: bool) -> None:
    cover(both, "ben", "pol", "ben")
    page = views.cover_page(both.desk, PEOPLE[who], both.at)
    assert (len(page.lines), page.for_anybody) == (lines, people)


def test_lists_count_each_task_once_with_several_covers(both: Kit, case: str) -> None:
    cover(both, "lea", "pol")
    cover(both, "ann", "pol")
    cover(both, "ben", "pol")
    other = both.start("ann")
    same_either_way(both.desk, now(both, "pol"), both.at)
    found = views.work_list(both.desk, now(both, "pol"), both.at)
    assert found.counts == {"mine": 0, "groups": 2, "all": 2, "late": 0}
    assert sorted(row.element for row in found.rows) == ["approve", "draft"]
    assert views.case_list(both.desk, now(both, "pol"), both.at).total == 2
    complete(both, "pol", other, "draft")


def test_what_rests_in_a_merged_case_is_in_no_list_of_who_covers(both: Kit, case: str) -> None:
    copy = both.start("ann")
    both.complete("ann", copy, "draft")
    cover(both)
    assert names(both, "pol") == [("approve", "Lea Lamb")] * 2
    with look(both.desk, PEOPLE["aud"], case, both.at, None) as seen:
        into = seen.row.reference
    both.do(Merge, "lea", case=copy, into=into, reason="the same")
    assert names(both, "pol") == [("approve", "Lea Lamb")]
    rows = views.case_list(both.desk, now(both, "pol"), both.at).rows
    assert {row.status for row in rows} == {None, f"Merged into {into}"}


def test_who_merges_two_cases_for_somebody_is_told_so_in_both(both: Kit) -> None:
    both.deploy(FILES)
    copy, main = both.start("ann"), both.start("ann")
    with look(both.desk, PEOPLE["aud"], main, both.at, None) as seen:
        into = seen.row.reference
    with pytest.raises(NotFound):
        do(both, Merge, "lea", copy, into=into, reason="the same")
    cover(both, "ann", "lea", "ann")
    do(both, Merge, "lea", copy, into=into, reason="the same")
    do(both, Unmerge, "lea", copy, reason="not the same")
    for one in (copy, main):
        told = [text for text in sentences(both, one) if "Lea Lamb (Lead) for Ann Archer" in text]
        assert len(told) >= 2, told


def test_who_is_in_the_duplicate_as_themselves_merged_for_the_one_of_the_other_case(
    both: Kit,
) -> None:
    """By the merge they become a member of the other case; that does not change who did it."""
    both.deploy(FILES)
    copy, main = both.start("ann"), both.start("ann")
    both.complete("ann", copy, "draft")
    with look(both.desk, PEOPLE["aud"], main, both.at, None) as seen:
        into = seen.row.reference
    cover(both, "ann", "lea", "ann")
    do(both, Merge, "lea", copy, into=into, reason="the same")
    assert any("Lea Lamb (Lead) for Ann Archer merged" in text for text in sentences(both, main))
    assert any("Lea Lamb (Lead) merged" in text for text in sentences(both, copy))
