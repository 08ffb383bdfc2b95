"""Where a succession is divided, a case falls to one of them, by what is recorded in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from app.audit.narrative import case_story
from app.casework import accounts, views
from app.casework.access import Person
from app.casework.commands import AgreeCover, Claim, CompleteTask, SetCover
from app.casework.errors import NotFound
from app.casework.indexing import index_anew
from app.casework.reading.look import look
from app.casework.successions import Succession, Successions
from app.scheduler.letters import recipients
from app.store import Store, cases
from tests.casework.either_way import same_either_way
from tests.kit import PEOPLE, Kit, diagram, form

DAY = date(2027, 4, 1)
BEFORE = datetime(2027, 3, 31, 22, 59, tzinfo=UTC)
#: midnight in London, in summer time
SINCE = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
PARTS = {"hill": ("east",), "vale": ("west",), "": ("desk",)}
SUCCEEDED = Successions(
    [
        Succession(DAY, "police", ("east", "west"), PARTS),
        Succession(date(2028, 4, 1), "west", ("coast",)),
    ],
    {"police": "The police", "east": "Police East", "west": "Police West"},
    [("place", "town")],
)
PEOPLE_OF = {
    value: Person(f"of_{value}", f"Of {value}", frozenset({"agency"}), {"agency": value})
    for value in ("east", "west", "desk", "coast")
}
FILES = diagram(
    "start > task:place > task:ask > task:lead_on > end",
    place={"groups": "clerk", "form": "place"},
    ask={"groups": "agency:police"},
    lead_on={"groups": "lead"},
)
FORMS = [form("place", "town", required=False)]


@pytest.fixture
def kit(store: Store) -> Iterator[Kit]:
    kit = Kit(store, at=BEFORE, successions=SUCCEEDED)
    for one in PEOPLE_OF.values():
        about, mail = dict(one.attributes), f"{one.id}@example.org"
        accounts.ensure(kit.desk, one.id, one.name, one.roles, kit.at, attributes=about, email=mail)
    kit.deploy(FILES, *FORMS)
    yield kit


def now(kit: Kit, person: Person) -> Person:
    with kit.store.reading() as unit:
        return accounts.present(kit.desk, unit, person, kit.at)


def asked(kit: Kit, town: str | None) -> str:
    case = kit.start("ann")
    kit.complete("ann", case, "place", **({"town": town} if town else {}))
    return case


def who(kit: Kit, case: str) -> set[str]:
    """Those of the successors who see the case, asked on each way on which it could be told."""
    seeing = set()
    for value, person in PEOPLE_OF.items():
        here = now(kit, person)
        same_either_way(kit.desk, here, kit.at)
        listed = {row.case for row in views.case_list(kit.desk, here, kit.at).rows}
        mine = {row.case for row in views.work_list(kit.desk, here, kit.at).rows}
        counted = views.work_list(kit.desk, here, kit.at).counts["groups"]
        try:
            reference = views.case_page(kit.desk, here, case, kit.at).case
        except NotFound:
            assert case not in {*listed, *mine}
            continue
        assert reference in listed and reference in mine and counted
        seeing.add(value)
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
        assert row is not None
        told = recipients(unit, row, "agency:police", kit.desk.installation, kit.at)
    assert {f"of_{value}" for value in seeing} == {one.id for one in told} - {"pol"}
    return seeing


@pytest.mark.parametrize(
    ("town", "heir"), [("hill", "east"), ("vale", "west"), (None, "desk"), ("elsewhere", "desk")]
)
def test_a_case_falls_to_one_of_them_alone(kit: Kit, town: str | None, heir: str) -> None:
    case = asked(kit, town)
    assert who(kit, case) == set(), "the minute before"
    kit.at = SINCE
    assert who(kit, case) == {heir}
    (row,) = kit.tasks(case)
    for value in {"east", "west", "desk"} - {heir}:
        with pytest.raises(NotFound):
            order = {"at": kit.at, "case": case, "task": row.task}
            kit.desk.do(Claim(actor=now(kit, PEOPLE_OF[value]), **order))
    actor = now(kit, PEOPLE_OF[heir])
    kit.desk.do(CompleteTask(actor=actor, at=kit.at, case=case, task=row.task, given={}))
    assert kit.open(case) == ["lead_on"]


def test_with_the_record_it_moves_and_who_had_it_sees_nothing_more(kit: Kit) -> None:
    case = kit.start("ann")
    kit.complete("ann", case, "place")
    kit.at = SINCE
    assert who(kit, case) == {"desk"}
    with kit.store.writing() as unit:
        cases.put_part(unit, case, "vale")
    assert who(kit, case) == {"west"}
    assert index_anew(kit.desk) == (1, 0), "worked out from the answers: none named a town"
    assert who(kit, case) == {"desk"}


def test_who_has_it_until_it_is_recorded_is_told_why(kit: Kit) -> None:
    kit.at = SINCE
    for town, heir, words in [
        (None, "desk", "nobody has recorded to which of them this case falls"),
        ("vale", "west", "It is offered to you because you have the role Agency"),
    ]:
        case = asked(kit, town)
        (row,) = kit.tasks(case)
        page = views.task_page(kit.desk, now(kit, PEOPLE_OF[heir]), case, row.task, kit.at)
        assert words in (page.explained.why or "")


def test_a_successor_of_one_of_them_holds_its_part_alone(kit: Kit) -> None:
    hill, vale = asked(kit, "hill"), asked(kit, "vale")
    kit.at = datetime(2028, 4, 1, tzinfo=UTC)
    assert who(kit, hill) == {"east"}
    assert who(kit, vale) == {"west", "coast"}


def test_pages_and_history_name_only_the_one(kit: Kit) -> None:
    kit.at = SINCE
    case = asked(kit, "vale")
    name = "Agency (The police, since 1 April 2027 Police West)"
    page = views.case_page(kit.desk, now(kit, PEOPLE_OF["west"]), case, kit.at)
    assert page.tasks[0].groups == (name,)
    with look(kit.desk, PEOPLE["aud"], case, kit.at, None) as seen:
        assert name in {one.name for one in views.member_lines(seen)}
        told = [one.text for one in case_story.told(seen).sentences]
    assert f"Task opened: “Ask”, for {name}." in told


def test_who_covers_for_one_of_them_sees_its_cases_alone(kit: Kit) -> None:
    hill, vale = asked(kit, "hill"), asked(kit, "vale")
    order = {"first": date(2027, 3, 31), "last": date(2027, 4, 2), "reason": "r"}
    cover = kit.do(SetCover, "lea", person="of_west", by="gil", **order).answer["cover"]
    kit.desk.do(AgreeCover(actor=PEOPLE_OF["west"], at=kit.at, cover=cover))
    kit.at = SINCE
    here = now(kit, PEOPLE["gil"])
    (row,) = views.work_list(kit.desk, here, kit.at).rows
    assert row.case == views.case_page(kit.desk, here, vale, kit.at).case
    assert len(views.case_list(kit.desk, here, kit.at).rows) == 1
    with pytest.raises(NotFound):
        views.case_page(kit.desk, here, hill, kit.at)
