"""Who takes an old role's or organisation's place from a day on holds what the old one held."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.audit.narrative import case_story
from app.casework import accounts, views
from app.casework.access import Person, Role, Roles
from app.casework.commands import AgreeCover, Claim, CompleteTask, ProduceDocument, SetCover
from app.casework.errors import NotFound, Refused
from app.casework.orders import ORDERS
from app.casework.reading.look import look
from app.casework.successions import Succession, Successions
from app.scheduler.letters import recipients
from app.store import Store, cases
from tests.kit import PEOPLE, ROLES, Kit, diagram, form
from tests.word_documents import document, lines, word

DAY = date(2027, 4, 1)
BEFORE = datetime(2027, 3, 31, 22, 59, tzinfo=UTC)
#: midnight in London, in summer time
SINCE = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
SUCCEEDED = Successions(
    [
        Succession(DAY, "police", ("police_east", "police_west")),
        Succession(DAY, "lead", ("head",)),
        Succession(date(2028, 4, 1), "police_east", ("police_new",)),
    ],
    {"police": "The police", "police_east": "Police East"},
)
POLICE = "Agency (The police, since 1 April 2027 Police East and police west)"
HEAD = Role("head", "Head", "case", frozenset({"assign"}))
EAST = Person("eve", "Eve East", frozenset({"agency"}), {"agency": "police_east"})
WEST = Person("wes", "Wes West", frozenset({"agency"}), {"agency": "police_west"})
NEW = Person("ned", "Ned New", frozenset({"agency"}), {"agency": "police_new"})
HIND = Person("hal", "Hal Head", frozenset({"head"}))
FILES = diagram(
    "start > task:ask > task:lead_on > task:ask_again > end",
    ask={"groups": "agency:police", "due": '=working_days_after(@"2027-03-25", 5)'},
    lead_on={"groups": "lead"},
    ask_again={"groups": "agency:police"},
)


@pytest.fixture
def kit(store: Store) -> Iterator[Kit]:
    """A case with a task for the police, opened before they were succeeded."""
    kit = Kit(store, at=BEFORE, successions=SUCCEEDED, roles={**ROLES, "head": HEAD})
    for one in (EAST, WEST, NEW, HIND):
        about = dict(one.attributes)
        mail = f"{one.id}@example.org"
        accounts.ensure(kit.desk, one.id, one.name, one.roles, kit.at, attributes=about, email=mail)
    kit.deploy(FILES)
    yield kit


def now(kit: Kit, person: Person) -> Person:
    with kit.store.reading() as unit:
        return accounts.present(kit.desk, unit, person, kit.at)


def names(kit: Kit, person: Person) -> list[str]:
    here = now(kit, person)
    return [row.element for row in views.work_list(kit.desk, here, kit.at).rows]


def complete(kit: Kit, person: Person, case: str) -> None:
    (row,) = kit.tasks(case)
    kit.desk.do(CompleteTask(actor=now(kit, person), at=kit.at, case=case, task=row.task, given={}))


def test_running_tasks_and_old_cases_go_over_at_midnight_in_london(kit: Kit) -> None:
    case = kit.start("ann")
    assert names(kit, EAST) == []
    with pytest.raises(NotFound):
        views.case_page(kit.desk, now(kit, EAST), case, kit.at)
    due = kit.tasks(case)[0].due
    kit.at = SINCE
    for one in (EAST, WEST, PEOPLE["pol"]):
        assert names(kit, one) == ["ask"], one.id
        assert [row.case for row in views.case_list(kit.desk, now(kit, one), kit.at).rows]
        views.case_page(kit.desk, now(kit, one), case, kit.at)
    assert names(kit, PEOPLE["gil"]) == names(kit, NEW) == []
    assert kit.tasks(case)[0].due == due, "the clock runs on as it was"
    complete(kit, EAST, case)
    assert kit.open(case) == ["lead_on"]


def test_tasks_that_a_diagram_still_offers_under_the_old_name_are_theirs(kit: Kit) -> None:
    case = kit.start("ann")
    kit.at = SINCE
    complete(kit, WEST, case)
    assert names(kit, HIND) == ["lead_on"]
    assert views.case_page(kit.desk, now(kit, HIND), case, kit.at).whole
    complete(kit, HIND, case)
    assert names(kit, WEST) == ["ask_again"]
    complete(kit, WEST, case)


def test_who_still_holds_only_the_old_one_loses_nothing(kit: Kit) -> None:
    case = kit.start("ann")
    kit.at = SINCE
    complete(kit, PEOPLE["pol"], case)
    complete(kit, PEOPLE["lea"], case)
    complete(kit, PEOPLE["pol"], case)


def test_a_successor_of_a_successor_holds_it_too_from_its_own_day(kit: Kit) -> None:
    kit.start("ann")
    kit.at = datetime(2028, 3, 31, 22, 59, tzinfo=UTC)
    assert names(kit, NEW) == []
    kit.at = datetime(2028, 3, 31, 23, 0, tzinfo=UTC)
    assert names(kit, NEW) == ["ask"]


def test_nothing_of_a_case_is_rewritten(kit: Kit) -> None:
    case = kit.start("ann")
    with kit.store.reading() as unit:
        before = cases.members(unit, case)
    kit.at = SINCE
    kit.desk.do(Claim(actor=now(kit, EAST), at=kit.at, case=case, task=kit.tasks(case)[0].task))
    with kit.store.reading() as unit:
        assert cases.members(unit, case) == before
    assert case_story.verified(kit.desk, case).good


def test_powers_stay_those_of_the_account(kit: Kit) -> None:
    """A lead may cancel, a head may not, whatever they succeed to."""
    case = kit.start("ann")
    kit.at = SINCE
    complete(kit, EAST, case)
    may = views.case_page(kit.desk, now(kit, HIND), case, kit.at).may
    named = [order for order in ORDERS.values() if order.word and order.fits(frozenset())]
    assert may == {order.word for order in named if order.power in (None, "assign")}
    assert "assign" in may and "cancel" not in may


def test_who_may_start_under_the_old_name_may_start_under_the_new(kit: Kit) -> None:
    kit.at = SINCE
    head = Role("head", "Head", "case", frozenset({"start"}))
    kit.desk.settings = type(kit.desk.settings)(
        calendar=kit.desk.settings.calendar, roles={**ROLES, "head": head}, reference="T",
        successions=SUCCEEDED,
    )  # fmt: skip
    assert [one.process for one in views.startable(kit.desk, now(kit, HIND))] == ["p"]


def test_sessions_and_tokens_do_not_keep_yesterdays(kit: Kit) -> None:
    accounts.ensure(
        kit.desk, "eve", "Eve", ["agency"], kit.at,
        attributes={"agency": "police_east"}, password="a long password",
    )  # fmt: skip
    signed = accounts.sign_in(kit.desk, "eve", "a long password", kit.at, "here")
    token = accounts.new_token(kit.desk, signed.person, "t", kit.at)
    assert "agency:police" not in signed.person.groups
    kit.at = SINCE
    for found in (
        accounts.person_of(kit.desk, signed.token, kit.at),
        accounts.person_of_token(kit.desk, token, kit.at),
    ):
        assert found is not None and "agency:police" in found.groups


def test_mails_to_the_old_name_reach_its_successors_too(kit: Kit) -> None:
    case = kit.start("ann")
    with kit.store.writing() as unit:
        cases.put_members(unit, case, ["g:agency:police"], 1)

    def reached(at: datetime) -> list[str]:
        with kit.store.reading() as unit:
            row = cases.find(unit, case)
            assert row is not None
            found = recipients(unit, row, "agency:police", kit.desk.installation, at)
        return sorted(one.id for one in found)

    assert reached(BEFORE) == ["pol"]
    assert reached(SINCE) == ["eve", "pol", "wes"]


@pytest.mark.parametrize(
    ("group", "at", "name"),
    [
        ("agency:police", BEFORE, "Agency (The police)"),
        ("agency:police", SINCE, POLICE),
        ("lead", BEFORE, "Lead"),
        ("lead", SINCE, "Lead (since 1 April 2027 Head)"),
        ("agency:gp", SINCE, "Agency (gp)"),
        ("lead", None, "Lead"),
    ],
)  # fmt: skip
def test_an_old_name_is_shown_with_its_successors(
    group: str, at: datetime | None, name: str
) -> None:
    assert Roles({**ROLES, "head": HEAD}, SUCCEEDED).name(group, at) == name


def test_pages_and_history_show_the_successors(kit: Kit) -> None:
    case = kit.start("ann")
    kit.at = SINCE
    page = views.case_page(kit.desk, now(kit, EAST), case, kit.at)
    assert page.tasks[0].groups == (POLICE,)
    complete(kit, EAST, case)
    task = views.task_page(kit.desk, now(kit, HIND), case, kit.tasks(case)[0].task, kit.at)
    assert task.groups == ("Lead (since 1 April 2027 Head)",)
    with look(kit.desk, PEOPLE["aud"], case, kit.at, None) as seen:
        members = {one.name for one in views.member_lines(seen)}
        assert {POLICE, "Lead (since 1 April 2027 Head)"} <= members
        told = [one.text for one in case_story.told(seen).sentences]
    assert "Task opened: “Ask”, for Agency (The police)." in told, "as it was then"
    assert "Task opened: “Lead on”, for Lead (since 1 April 2027 Head)." in told


def test_a_cover_is_for_what_the_other_holds_that_day(kit: Kit) -> None:
    kit.start("ann")
    order: dict[str, Any] = {"first": date(2027, 3, 31), "last": date(2027, 4, 2), "reason": "r"}
    cover = kit.do(SetCover, "lea", person="eve", by="gil", **order).answer["cover"]
    eve = Person("eve", "Eve")
    kit.desk.do(AgreeCover(actor=eve, at=kit.at, cover=cover))
    assert names(kit, PEOPLE["gil"]) == []
    kit.at = SINCE
    assert names(kit, PEOPLE["gil"]) == ["ask"]


def test_somebody_without_succession_stays_the_same_value() -> None:
    roles = Roles(ROLES, SUCCEEDED)
    assert roles.present(PEOPLE["ann"], SINCE) is PEOPLE["ann"]


OFFICES = [
    {"value": "old", "label": "Old Office", "until": "2027-03-31"},
    {"value": "new", "label": "New Office", "from": "2027-04-01"},
]


def test_what_was_chosen_keeps_its_name_when_it_is_no_longer_offered(kit: Kit) -> None:
    kit.deploy(
        diagram("start > task:pick > end", pick={"groups": "clerk", "form": "pick"}),
        form("pick", "office", kind="radio", valuesExpression="=in_force(settings.offices)"),
        document("choice", word("«=told.pick.office»"), more="needs: [pick]"),
        {"settings.json": json.dumps({"offices": OFFICES}).encode()},
    )
    case = kit.start("ann")
    with pytest.raises(Refused):
        kit.complete("ann", case, "pick", office="new")
    kit.complete("ann", case, "pick", office="old")
    other = kit.start("ann")
    kit.at = SINCE
    with pytest.raises(Refused):
        kit.complete("ann", other, "pick", office="old")
    recorded = views.recorded_page(kit.desk, PEOPLE["aud"], case, kit.at)
    (answer,) = recorded.forms[0].answers
    assert (answer.question, answer.words) == ("Office", "Old Office")
    kit.do(ProduceDocument, "ann", case=case, document="choice", format="docx")
    made = views.kept_document(kit.desk, PEOPLE["ann"], case, "choice", 1, kit.at)
    assert lines(made.content) == ["Old Office"]
