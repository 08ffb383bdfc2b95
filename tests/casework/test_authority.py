"""Attacks on authority: each is somebody who reaches further than they may, and is stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.casework import accounts, views
from app.casework.access import DATA_OWNER, GLASS, SYSTEM, Person, Role
from app.casework.commands import (
    Activate,
    AddMember,
    AgreeCover,
    Assign,
    BreakGlass,
    Claim,
    CompleteTask,
    DeliverMessage,
    Deploy,
    EndConflict,
    ExcludePerson,
    LiftExclusion,
    Merge,
    RecordConflict,
    Release,
    SetCover,
)
from app.casework.errors import Conflict, NotFound, Refused
from app.casework.people import changes
from app.store import Store, cases, people
from app.store.chain import history
from app.store.people.authority.notices import NoticeRow
from app.store.work import letters
from tests.casework.either_way import same_either_way
from tests.kit import PEOPLE, Kit, diagram, form
from tests.kit import ROLES as KIT_ROLES

TODAY, UNTIL = date(2026, 3, 4), date(2026, 3, 6)
#: a second lead, who owns the data; a colleague of no case; another who may say who covers
MORE = {
    "max": Person("max", "Max Marsh", frozenset({"lead", "owner"})),
    "eva": Person("eva", "Eva Early", frozenset({"warden"})),
    "pia": Person("pia", "Pia Prior", frozenset({"agency"}), {"agency": "police"}),
}
EVERYBODY = {**PEOPLE, **MORE}
ROLES = {
    **KIT_ROLES,
    "owner": Role("owner", "Owner of the data", "none", frozenset({DATA_OWNER})),
    "warden": Role("warden", "Warden", "case", frozenset({"cover", GLASS, "assign"})),
}
FILES = diagram(
    "start > task:draft > task:approve > catch:wait > end",
    draft={"groups": "clerk"},
    approve={"groups": "agency:police"},
    wait={"message": "reply"},
)


@pytest.fixture
def kit(sqlite_store: Store) -> Kit:
    made = Kit(sqlite_store, roles=ROLES)
    for who, person in MORE.items():
        accounts.ensure(
            made.desk, who, person.name, person.roles, made.at,
            attributes=person.attributes, email=f"{who}@example.org",
        )  # fmt: skip
    made.deploy(FILES)
    return made


@pytest.fixture
def case(kit: Kit) -> str:
    """Ann began it; lea was added."""
    case = kit.start("ann")
    add(kit, case, "lea")
    return case


def add(kit: Kit, case: str, who: str) -> None:
    kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person=who, reason="needed"))


def now(kit: Kit, who: str) -> Person:
    with kit.store.reading() as unit:
        return accounts.present(kit.desk, unit, EVERYBODY[who], kit.at)


def do(kit: Kit, command: type, who: str, **more: Any) -> Any:
    return kit.desk.do(command(actor=now(kit, who), at=kit.at, **more))


def sees(kit: Kit, who: str, case: str) -> bool:
    """By the page, and by the list: which must agree."""
    person = now(kit, who)
    try:
        page = views.case_page(kit.desk, person, case, kit.at)
    except NotFound:
        page = None
    listed = {row.case for row in views.case_list(kit.desk, person, kit.at).rows}
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
    assert row is not None
    assert (page is not None) is (row.reference in listed)
    return page is not None


def told(kit: Kit, who: str) -> list[NoticeRow]:
    with kit.store.reading() as unit:
        rows = letters.in_state(unit, (letters.WAITING,), 100)
        named = [row.source for row in rows if (row.kind, row.person) == (letters.NOTICE, who)]
        found = [people.notices.find(unit, id) for id in reversed(named)]
    return [row for row in found if row is not None]


def kinds(kit: Kit, case: str) -> list[str]:
    with kit.store.reading() as unit:
        return [row.kind for row in history.rows(unit, case)]


# messages


def test_a_message_that_only_a_drawing_sends_is_refused_to_people(kit: Kit, case: str) -> None:
    for message in ("reply ", "case_merged", "made_up", ""):
        with pytest.raises(Refused):
            do(kit, DeliverMessage, "lea", case=case, message=message)
    assert "DeliverMessage" not in kinds(kit, case)


def test_a_message_with_a_payload_without_bounds_is_refused(kit: Kit, case: str) -> None:
    for given in (
        {"x": "y" * 1_500_000},
        {f"k{n}": "v" for n in range(1000)},
        {"x": {"deep": ["er"] * 50_000}},
    ):
        with pytest.raises(Refused):
            do(kit, DeliverMessage, "lea", case=case, message="reply", given=given)


# assigning


def test_assigning_to_somebody_who_may_not_see_the_case_is_refused(kit: Kit, case: str) -> None:
    task = kit.task(case, "draft")
    for stranger in ("eva", "gil", "dra", "max"):
        with pytest.raises(Refused):
            do(kit, Assign, "lea", case=case, task=task, to=stranger)
        assert not sees(kit, stranger, case)
        assert not views.work_list(kit.desk, now(kit, stranger), kit.at).total


def test_assigning_to_somebody_of_another_role_or_agency_is_refused(kit: Kit, case: str) -> None:
    kit.complete("ann", case, "draft")
    task = kit.task(case, "approve")
    add(kit, case, "gil")
    for misfit in ("gil", "ann", "lea"):  # they all see the case
        assert sees(kit, misfit, case)
        with pytest.raises(Refused, match="role and agency"):
            do(kit, Assign, "lea", case=case, task=task, to=misfit)
    people = views.people_for(kit.desk, PEOPLE["lea"], case, kit.at, task)
    assert {row.id for row in people} == {"pol", "pia"}


def test_assigning_gives_the_task_and_no_membership(kit: Kit, case: str) -> None:
    task = kit.task(case, "draft")
    with kit.store.reading() as unit:
        before = dict(cases.members(unit, case))
    do(kit, Assign, "lea", case=case, task=task, to="ben")
    with kit.store.reading() as unit:
        assert dict(cases.members(unit, case)) == before
    do(kit, Release, "lea", case=case, task=task)
    with kit.store.reading() as unit:
        assert dict(cases.members(unit, case)) == before


def test_a_task_that_a_drawing_gives_to_somebody_who_sees_no_case_is_in_no_list(kit: Kit) -> None:
    kit.deploy(
        diagram("start > task:check > end", check={"assignee": "dra", "label": '="Kim Carter"'})
    )
    case = kit.start("ann")
    assert not sees(kit, "dra", case)
    same_either_way(kit.desk, now(kit, "dra"), kit.at)
    listed = views.work_list(kit.desk, now(kit, "dra"), kit.at)
    assert (listed.total, listed.rows, set(listed.counts.values())) == (0, (), {0})


def test_a_task_stays_in_nobodys_list_whose_way_into_the_case_was_taken(
    kit: Kit, case: str
) -> None:
    add(kit, case, "max")
    task = kit.task(case, "draft")
    with kit.store.writing() as unit:  # however it came about
        cases.drop_members(unit, case, ["p:max"])
        from app.store.work import tasks

        tasks.assign(unit, case, task, "max")
    assert not sees(kit, "max", case)
    assert views.work_list(kit.desk, now(kit, "max"), kit.at).total == 0


# cover


def cover(kit: Kit, who: str, away: str, by: str) -> str:
    days = {"first": TODAY, "last": UNTIL, "reason": "leave"}
    return str(do(kit, SetCover, who, person=away, by=by, **days).answer["cover"])


def test_who_may_say_who_covers_gives_themselves_nobodys_sight(kit: Kit, case: str) -> None:
    id = cover(kit, "eva", "lea", "eva")
    assert not sees(kit, "eva", case)
    with pytest.raises(Refused, match="Somebody else must agree"):
        do(kit, AgreeCover, "eva", cover=id)
    assert not sees(kit, "eva", case)


def test_who_may_say_who_covers_gives_a_third_person_nothing_alone(kit: Kit, case: str) -> None:
    id = cover(kit, "eva", "lea", "pol")
    assert not sees(kit, "pol", case)
    for alone in ("eva", "pol"):  # who proposed it; who would gain by it
        with pytest.raises((Refused, NotFound)):
            do(kit, AgreeCover, alone, cover=id)
    assert not sees(kit, "pol", case)


def test_a_second_holder_agrees_to_no_cover_by_which_they_gain(kit: Kit, case: str) -> None:
    id = cover(kit, "eva", "lea", "max")
    with pytest.raises(Refused, match="Somebody else must agree"):
        do(kit, AgreeCover, "max", cover=id)
    assert not sees(kit, "max", case)


@pytest.mark.parametrize("agrees", ["lea", "max"])
def test_a_cover_counts_once_the_covered_person_or_a_second_holder_agrees(
    kit: Kit, case: str, agrees: str
) -> None:
    id = cover(kit, "eva", "lea", "pol")
    kit.later(minutes=5)
    do(kit, AgreeCover, agrees, cover=id)
    assert sees(kit, "pol", case)
    with pytest.raises(Refused, match="agreed already"):
        do(kit, AgreeCover, "lea", cover=id)


def test_a_cover_gives_no_sight_of_the_time_before_somebody_agreed(kit: Kit, case: str) -> None:
    id = cover(kit, "eva", "lea", "pol")
    before = kit.at
    kit.later(minutes=5)
    do(kit, AgreeCover, "lea", cover=id)
    kit.at = before + timedelta(minutes=4)
    assert not sees(kit, "pol", case)


def test_one_says_for_oneself_who_covers_and_both_are_told(kit: Kit, case: str) -> None:
    cover(kit, "lea", "lea", "pol")
    assert sees(kit, "pol", case)
    assert len(told(kit, "lea")) == len(told(kit, "pol")) == 1
    assert "leave" not in told(kit, "pol")[0].text, "the reason may be about health"


def test_both_are_told_when_a_cover_is_proposed_and_agreed(kit: Kit, case: str) -> None:
    id = cover(kit, "eva", "lea", "pol")
    kit.later(minutes=1)
    do(kit, AgreeCover, "max", cover=id)
    for who in ("lea", "pol"):
        assert ["proposes" in told(kit, who)[0].text, "agreed" in told(kit, who)[1].text] == [
            True, True,
        ]  # fmt: skip


def test_a_cover_of_others_cannot_be_found_out_by_agreeing(kit: Kit) -> None:
    id = cover(kit, "eva", "lea", "pol")
    for made_up in (id, "aaaaaaaaaaaaaaaa"):
        with pytest.raises(NotFound):
            do(kit, AgreeCover, "ann", cover=made_up)


# exclusions


def test_an_auditor_cannot_be_shut_out_by_those_they_audit(kit: Kit, case: str) -> None:
    with pytest.raises(Refused, match="audits every case"):
        do(kit, ExcludePerson, "lea", case=case, person="aud", reason="r")
    assert sees(kit, "aud", case)


def test_an_exclusion_is_lifted_by_two_people_and_by_nobody_alone(kit: Kit, case: str) -> None:
    add(kit, case, "max")
    do(kit, ExcludePerson, "lea", case=case, person="ben", reason="r")
    assert not sees(kit, "ben", case)
    do(kit, LiftExclusion, "lea", case=case, person="ben", reason="not close")
    assert not sees(kit, "ben", case)
    with pytest.raises(Conflict, match="Somebody else must agree"):
        do(kit, LiftExclusion, "lea", case=case, person="ben", reason="not close")
    assert not sees(kit, "ben", case)
    do(kit, LiftExclusion, "max", case=case, person="ben", reason="not close")
    assert sees(kit, "ben", case)
    assert kinds(kit, case).count("LiftExclusion") == 2


def test_an_old_request_to_lift_an_exclusion_does_not_count_for_a_new_one(
    kit: Kit, case: str
) -> None:
    add(kit, case, "max")
    do(kit, ExcludePerson, "max", case=case, person="ben", reason="r")
    do(kit, LiftExclusion, "lea", case=case, person="ben", reason="r")
    with kit.store.writing() as unit:  # as undoing a merge does it
        cases.drop_members(unit, case, ["p:ben"])
    do(kit, ExcludePerson, "max", case=case, person="ben", reason="r")
    do(kit, LiftExclusion, "max", case=case, person="ben", reason="r")
    assert not sees(kit, "ben", case), "one alone has asked since"


def test_lifting_an_exclusion_gives_no_more_than_was_taken(kit: Kit, case: str) -> None:
    add(kit, case, "max")
    do(kit, ExcludePerson, "lea", case=case, person="eva", reason="r")
    for who in ("lea", "max"):
        do(kit, LiftExclusion, who, case=case, person="eva", reason="r")
    assert not sees(kit, "eva", case), "she never belonged to it"


def test_nobody_adds_themselves_to_a_case(kit: Kit, case: str) -> None:
    with pytest.raises(Refused, match="themselves"):
        do(kit, AddMember, "lea", case=case, person="lea", reason="r")


# two people for what goes live


def changed(*keys: str) -> dict[str, bytes]:
    return FILES | form("more", *keys)


def active(kit: Kit) -> str | None:
    from app.store import deployments

    with kit.store.reading() as unit:
        return deployments.active(unit)


def test_nobody_makes_their_own_files_count(kit: Kit) -> None:
    before = active(kit)
    done = do(kit, Deploy, "dra", files=changed("a"), activate=True)
    assert active(kit) == before
    with pytest.raises(Refused, match="somebody else must"):
        do(kit, Activate, "dra", digest=done.answer["digest"])
    do(kit, Deploy, "lea", files=changed("a"))  # the same files brought again stay dra's
    with pytest.raises(Refused, match="somebody else must"):
        do(kit, Activate, "dra", digest=done.answer["digest"])
    assert active(kit) == before
    do(kit, Activate, "lea", digest=done.answer["digest"])
    assert active(kit) == done.answer["digest"]


def test_only_the_first_version_of_an_installation_counts_at_once(sqlite_store: Store) -> None:
    kit = Kit(sqlite_store)
    first = do(kit, Deploy, "dra", files=FILES, activate=True).answer
    assert first["active"] and active(kit) == first["digest"]
    second = do(kit, Deploy, "dra", files=changed("a"), activate=True).answer
    assert not second["active"] and active(kit) == first["digest"]


def test_a_version_says_what_it_would_take_back_of_others(kit: Kit) -> None:
    base = str(active(kit))
    fixed = do(kit, Deploy, "dra", files=FILES | form("tick", "note", "fix"), base=base)
    do(kit, Activate, "lea", digest=fixed.answer["digest"])
    late = do(kit, Deploy, "lea", files=changed("a"), base=base).answer["digest"]
    version = views.deployment(kit.desk, PEOPLE["dra"], late)
    assert (version.older, version.takes_back) == (base, ("forms/tick.form",))
    assert version.differs == ("forms/more.form", "forms/tick.form")
    assert (version.by, version.own) == ("Lea Lamb", False)
    mine = views.deployment(kit.desk, PEOPLE["lea"], late)
    assert mine.own


# breaking the glass


def test_the_glass_is_broken_only_by_a_role_that_may(kit: Kit, case: str) -> None:
    for who in ("ben", "gil", "dra", "aud"):
        with pytest.raises((NotFound, Refused)):
            do(kit, BreakGlass, who, case=case, reason="r")
    for unknown in ("T-2026-9999", case):
        with pytest.raises(NotFound):
            do(kit, BreakGlass, "gil", case=unknown, reason="r")
    assert "BreakGlass" not in kinds(kit, case)


def test_broken_glass_lasts_an_hour_and_is_written_down_before_the_first_look(
    kit: Kit, case: str
) -> None:
    assert not sees(kit, "eva", case)
    with pytest.raises(Refused):
        do(kit, BreakGlass, "eva", case=case, reason="  ")
    do(kit, BreakGlass, "eva", case=case, reason="A child is at risk tonight")
    assert kinds(kit, case)[-1] == "BreakGlass"
    assert sees(kit, "eva", case)
    kit.later(minutes=59)
    assert sees(kit, "eva", case)
    kit.later(minutes=1)
    assert not sees(kit, "eva", case)


def test_the_owner_of_the_data_is_told_that_the_glass_was_broken(kit: Kit, case: str) -> None:
    do(kit, BreakGlass, "eva", case=case, reason="Kim is at risk")
    (mail,) = told(kit, "max")
    assert "Eva Early" in mail.text and "Kim" not in mail.text
    assert "T-2026" not in mail.text, "max sees nothing of this case"


def test_without_an_owner_of_the_data_the_glass_stays_whole(kit: Kit, case: str) -> None:
    changes.disable(kit.desk, SYSTEM, "max", kit.at)
    with pytest.raises(Refused, match="answers for the data"):
        do(kit, BreakGlass, "eva", case=case, reason="r")
    assert not sees(kit, "eva", case)


def test_the_glass_is_never_broken_by_somebody_who_is_shut_out(kit: Kit, case: str) -> None:
    do(kit, ExcludePerson, "lea", case=case, person="eva", reason="r")
    with pytest.raises(NotFound):
        do(kit, BreakGlass, "eva", case=case, reason="r")


def test_who_is_shut_out_after_breaking_the_glass_sees_nothing_at_once(kit: Kit, case: str) -> None:
    do(kit, BreakGlass, "eva", case=case, reason="r")
    do(kit, ExcludePerson, "lea", case=case, person="eva", reason="r")
    assert not sees(kit, "eva", case)


def test_broken_glass_opens_that_case_only_and_gives_nobody_who_covers_anything(
    kit: Kit, case: str
) -> None:
    other = kit.start("ann")
    do(kit, BreakGlass, "eva", case=case, reason="r")
    assert not sees(kit, "eva", other)
    cover(kit, "eva", "eva", "pol")
    assert not sees(kit, "pol", case)


# conflicts


def test_the_register_of_conflicts_is_read_by_nobody_else(kit: Kit) -> None:
    do(kit, RecordConflict, "ann", person="ann", about="The Carter family")
    assert len(views.conflict_page(kit.desk, now(kit, "ann")).lines) == 1
    assert len(views.conflict_page(kit.desk, now(kit, "lea")).lines) == 1
    assert len(views.conflict_page(kit.desk, now(kit, "aud")).lines) == 1
    for who in ("ben", "gil", "dra", "eva"):
        assert views.conflict_page(kit.desk, now(kit, who)).lines == ()
    with pytest.raises(Refused):
        do(kit, RecordConflict, "ann", person="ben", about="x")


def test_whoever_assigns_is_told_of_a_conflict_but_not_with_whom_of_other_cases(
    kit: Kit, case: str
) -> None:
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
    assert row is not None
    do(kit, RecordConflict, "ann", person="ann", about=f"Case {row.reference}")
    do(kit, RecordConflict, "ben", person="ben", about="The Carter family")
    task = kit.task(case, "draft")
    people = views.people_for(kit.desk, PEOPLE["lea"], case, kit.at, task)
    close = views.conflicts_among(kit.desk, PEOPLE["lea"], case, people)
    assert close == {"ann": (f"Case {row.reference}",), "ben": ()}


def test_what_others_recorded_of_a_conflict_they_end_and_not_whose_it_is(kit: Kit) -> None:
    id = do(kit, RecordConflict, "lea", person="ann", about="x").answer["id"]
    with pytest.raises(Refused):
        do(kit, EndConflict, "ann", conflict=id)
    for made_up in (id, "aaaaaaaaaaaaaaaa"):
        with pytest.raises(NotFound):
            do(kit, EndConflict, "ben", conflict=made_up)
    do(kit, EndConflict, "lea", conflict=id)


# what is told of other cases


def test_a_refused_merge_names_no_case_that_one_may_not_see(kit: Kit, case: str) -> None:
    second, third = kit.started("ann"), kit.started("ann")
    for id in (second.case, third.case):
        add(kit, id, "max")
    add(kit, second.case, "lea")
    kit.desk.do(Merge(
        actor=EVERYBODY["max"], at=kit.at, case=second.case, into=third.reference, reason="r",
    ))  # fmt: skip
    with kit.store.writing() as unit:
        cases.drop_members(unit, third.case, ["p:lea"])
    with pytest.raises(Refused) as refused:
        do(kit, Merge, "lea", case=case, into=second.reference, reason="r")
    said = refused.value.sentence + "".join(refused.value.fields.values())
    assert third.reference not in said


def test_a_person_is_what_their_account_says_now(kit: Kit, case: str) -> None:
    """Who claims to have broken the glass, or to cover, has done neither."""
    made_up = replace(PEOPLE["ann"], id="eva")
    with kit.store.reading() as unit:
        assert accounts.present(kit.desk, unit, EVERYBODY["eva"], kit.at).opened == frozenset()
    assert made_up.opened == frozenset()
    for order in (Claim, CompleteTask):
        more = {"given": {}} if order is CompleteTask else {}
        with pytest.raises(NotFound):
            do(kit, order, "eva", case=case, task=kit.task(case, "draft"), **more)
