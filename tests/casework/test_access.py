"""Who may give which order and see which view: every person against every order, one table."""

from __future__ import annotations

from typing import Any

import pytest

from app.casework import views
from app.casework.access import Person, Role, Roles
from app.casework.commands import (
    Activate,
    AddMember,
    Assign,
    BreakGlass,
    Cancel,
    CaseCommand,
    Claim,
    CompleteTask,
    DeliverMessage,
    Deploy,
    EraseContent,
    ExcludePerson,
    KeepContent,
    LiftHold,
    LookAcross,
    MoveDeadline,
    Release,
    ReplanCase,
    SaveDraft,
    SetHold,
    StartCase,
    Suspend,
    TakeOverDraft,
)
from app.casework.errors import CaseworkError, NotFound
from app.casework.orders.table import ORDERS
from app.store import Store
from tests.kit import EVERYTHING, PEOPLE, Kit, diagram, form
from tests.kit import ROLES as kit_roles
from tests.rows import said

#: what an order says by this name, any other: a text; T: the open task, M: another case
VALUES = {
    "task": "T", "into": "M", "to": "ben", "person": "ben", "message": "m", "document": "note",
    "format": "docx", "given": {}, "due": None, "entry": 2,
}  # fmt: skip
#: what each order of a case says
MORE = {order: said(order, VALUES) for order in ORDERS if issubclass(order, CaseCommand)}
#: person → orders they may give in a case with a task for clerks; everything else is refused, and
#: for those who are in no row the case does not exist
MAY = {
    "ann": {Claim, SaveDraft, CompleteTask},  # started it, and is a clerk
    "ben": {Claim, SaveDraft, CompleteTask},  # a clerk
    "lea": {
        Assign, DeliverMessage, MoveDeadline, ReplanCase, Suspend, Cancel, AddMember, ExcludePerson,
        LookAcross,
    },  # was added, leads, is offered nothing
    "aud": set(),  # sees everything, may nothing
}  # fmt: skip


def fresh(kit: Kit) -> tuple[str, str]:
    case = kit.start("ann")
    kit.desk.do(AddMember(actor=system(), at=kit.at, case=case, person="lea", reason="leads"))
    return case, kit.task(case, "check")


def system() -> Person:
    from app.casework.access import SYSTEM

    return SYSTEM


@pytest.fixture
def kit_with_case(kit: Kit) -> Kit:
    kit.deploy(
        diagram(
            "start > task:check > catch:wait > end",
            check={"groups": "clerk", "due": "=today()"},
            wait={"message": "m"},
        )
    )
    return kit


def answer(kit: Kit, who: str, order: type[CaseCommand]) -> str:
    case, task = fresh(kit)
    more = {k: task if v == "T" else v for k, v in MORE[order].items()}
    if order is MoveDeadline:
        more["due"] = kit.at.date().replace(day=20)
    try:
        kit.do(order, who, case=case, **more)
    except CaseworkError as error:
        return type(error).__name__
    return "done"


@pytest.mark.parametrize("who", sorted(PEOPLE))
@pytest.mark.parametrize("order", MORE, ids=lambda one: one.__name__)
def test_every_person_against_every_order(
    kit_with_case: Kit, who: str, order: type[CaseCommand]
) -> None:
    found = answer(kit_with_case, who, order)
    if who not in MAY:
        assert found == "NotFound"
    elif order in MAY[who]:
        assert found == "done"
    else:
        row = f"tests/casework/test_access.py: MAY does not say that {who} may {order.__name__}."
        assert found in ("Refused", "NotFound"), row


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_only_some_may_deploy(kit_with_case: Kit, who: str) -> None:
    def tries(command: type, **more: Any) -> str:
        try:
            kit_with_case.do(command, who, **more)
        except CaseworkError as error:
            return type(error).__name__
        return "done"

    expected = "done" if who in ("dra", "lea") else "Refused"
    files = diagram("start > task:a > end", a={"groups": "clerk"})
    assert tries(Deploy, files=files) == expected
    other = "lea" if who == "dra" else "dra"
    kit_with_case.later(minutes=1)
    kit_with_case.do(Deploy, other, files=files | form("more", "word"))
    digest = views.deployments(kit_with_case.desk, PEOPLE["dra"])[0].digest
    assert tries(Activate, digest=digest) == expected


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_starting_needs_the_role_and_the_process(kit_with_case: Kit, who: str) -> None:
    expected = who in ("ann", "ben", "lea")
    command = StartCase(actor=PEOPLE[who], at=kit_with_case.at, process="p")
    if expected:
        assert kit_with_case.desk.do(command).case
    else:
        with pytest.raises(NotFound):
            kit_with_case.desk.do(command)


def test_an_unknown_case_and_one_that_is_hidden_answer_the_same(kit_with_case: Kit) -> None:
    case, _ = fresh(kit_with_case)
    answers = []
    for one in (case, "T-2026-0001", "T-2026-9999", "aaaaaaaaaaaaaaaa", "", "'; DROP TABLE x"):
        with pytest.raises(NotFound) as refusal:
            views.case_page(kit_with_case.desk, PEOPLE["gil"], one, kit_with_case.at)
        answers.append(refusal.value.sentence)
    assert len(set(answers)) == 1


ROLES = Roles(
    {
        "whole": Role("whole", "Whole", "case"),
        "part": Role("part", "Part", "own"),
        "every": Role("every", "Every", "all"),
        "blind": Role("blind", "Blind", "none"),
    }
)


@pytest.mark.parametrize(
    ("roles", "members", "sight"),
    [
        ({"whole"}, {}, "none"),
        ({"whole"}, {"g:whole": False}, "case"),
        ({"whole"}, {"g:whole": True}, "none"),
        ({"part"}, {"g:part": False}, "own"),
        ({"part"}, {"g:part:x": False}, "own"),
        ({"part"}, {"g:part:y": False}, "none"),
        ({"whole", "part"}, {"g:part": False}, "own"),
        ({"whole", "part"}, {"p:me": False}, "case"),
        ({"every"}, {}, "all"),
        ({"every"}, {"p:me": True}, "none"),
        ({"whole"}, {"g:whole": False, "p:me": True}, "none"),
        ({"blind"}, {"p:me": False}, "none"),
        ({"unknown"}, {"p:me": False, "g:unknown": False}, "none"),
        (set(), {"p:me": False}, "none"),
    ],
)
def test_how_much_somebody_sees(roles: set[str], members: dict[str, bool], sight: str) -> None:
    person = Person("me", "Me", frozenset(roles), {"team": "x"})
    assert ROLES.sight(person, members) == sight


@pytest.mark.parametrize(
    ("roles", "hands"),
    [
        pytest.param({"whole"}, {"g:whole", "g:whole:x", "p:me"}, id="whole cases"),
        pytest.param({"part"}, {"g:part", "g:part:x", "p:me"}, id="their own part"),
        pytest.param({"every"}, {"g:every", "g:every:x", "p:me"}, id="every case"),
        pytest.param({"blind"}, set(), id="no case: nothing, not even by name"),
        pytest.param({"blind", "part"}, {"g:part", "g:part:x", "p:me"}, id="no case and a part"),
        pytest.param({"unknown"}, set(), id="a role nobody knows"),
        pytest.param(set(), set(), id="no role"),
    ],
)
def test_as_whom_somebody_is_offered_tasks(roles: set[str], hands: set[str]) -> None:
    person = Person("me", "Me", frozenset(roles), {"team": "x"})
    assert set(ROLES.hands(person)) == hands


def test_a_task_for_a_role_that_sees_no_case_is_in_nobodys_list(kit: Kit) -> None:
    kit.deploy(diagram("start > task:check > end", check={"groups": "drawer,clerk"}))
    kit.start("ann")
    found = {who: views.work_list(kit.desk, PEOPLE[who], kit.at).total for who in PEOPLE}
    assert {who for who, total in found.items() if total} == {"ann", "ben"}


#: sees only their own part of a case, and has every power
PAM = Person("pam", "Pam Partner", frozenset({"partner"}))
OWN_PART = {
    Claim: "done", SaveDraft: "done", CompleteTask: "done", Release: "Refused",
    TakeOverDraft: "Refused",  # nobody has begun it
    BreakGlass: "Refused",  # they see the case already
    # who may hold and destroy reaches every case by its reference; this one is open
    SetHold: "Refused", LiftHold: "Refused", EraseContent: "Refused",
    KeepContent: "Refused",
}  # fmt: skip


@pytest.mark.parametrize("order", MORE, ids=lambda one: one.__name__)
def test_who_sees_only_their_own_part_gives_no_order_about_the_case(
    sqlite_store: Store, order: type[CaseCommand]
) -> None:
    partner = Role("partner", "Partner", "own", EVERYTHING)
    kit = Kit(sqlite_store, roles={**kit_roles, "partner": partner})
    kit.deploy(diagram("start > task:check > end", check={"groups": "partner", "due": "=today()"}))
    case = kit.start("ann")
    task = kit.task(case, "check")
    more = {k: task if v == "T" else v for k, v in MORE[order].items()}
    if order is MoveDeadline:
        more["due"] = kit.at.date().replace(day=20)
    try:
        kit.desk.do(order(actor=PAM, at=kit.at, case=case, **more))
        found = "done"
    except CaseworkError as error:
        found = type(error).__name__
    assert found == OWN_PART.get(order, "NotFound")


def test_groups_are_roles_and_roles_with_attributes() -> None:
    person = Person("me", "Me", frozenset({"part"}), {"team": "x"})
    assert person.groups == {"part", "part:x"}
    assert ROLES.name("part:x_y") == "Part (x y)"


def test_nobody_is_the_system_by_being_called_so(kit_with_case: Kit) -> None:
    case, _ = fresh(kit_with_case)
    false = Person("system", "The system")
    with pytest.raises(NotFound):
        views.case_page(kit_with_case.desk, false, case, kit_with_case.at)


@pytest.mark.parametrize(
    ("to", "who"),
    [
        pytest.param("agency:police", "pol", id="a group"),
        pytest.param("gil", "gil", id="a person"),
        pytest.param("agency:police, gil", "gil", id="one of several"),
        pytest.param('=["agency:police", "gil"]', "pol", id="a list that is worked out"),
    ],
)
def test_whoever_is_told_by_mail_can_open_what_it_links_to(both: Kit, to: str, who: str) -> None:
    both.deploy(
        diagram(
            "start > send:tell > task:a > end",
            tell={"effect": "mail", "to": to, "template": "due"},
            a={"groups": "clerk"},
        )
        | {"forms/mail/due.txt": b"Subject: {reference}\n\n{link}"}
    )
    case = both.start("ann")
    assert views.case_page(both.desk, PEOPLE[who], case, both.at)
    with pytest.raises(NotFound):
        views.case_page(both.desk, PEOPLE["out"], case, both.at)
