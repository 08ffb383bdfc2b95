"""In which states of a case an order may be given: pages offer that, and the case takes no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.casework import commands as c
from app.casework import views
from app.casework.access import Roles
from app.casework.errors import CaseworkError, NotFound
from app.casework.orders import whole_case
from app.casework.orders.order import Order
from app.casework.orders.table import ORDERS
from app.casework.policy import PART, WHOLE, Rule
from tests.kit import PEOPLE, ROLES, Kit, diagram
from tests.rows import need_rows, said

REASON = {"reason": "r"}
#: what an order says by this name, any other: a text; T: the open task, M: another case
VALUES = {"task": "T", "into": "M", "to": "ben", "person": "pol", "message": "m"}
#: what each order says that a page of a case offers
SAID = {kind: said(kind, VALUES) for kind, order in ORDERS.items() if order.word is not None}


def nothing(kit: Kit, case: str, other: str) -> None:
    """The case stays open."""


def suspended(kit: Kit, case: str, other: str) -> None:
    kit.do(c.Suspend, "lea", case=case, **REASON)


def merged(kit: Kit, case: str, other: str) -> None:
    kit.do(c.Merge, "lea", case=case, into=other, **REASON)


def ended(kit: Kit, case: str, other: str) -> None:
    kit.do(c.Cancel, "lea", case=case, **REASON)


def both_at_once(kit: Kit, case: str, other: str) -> None:
    suspended(kit, case, other)
    ended(kit, case, other)


#: how it comes to the state, and the words of the orders that a lead may give in it
STATES: dict[str, tuple[Callable[[Kit, str, str], None], set[str]]] = {
    "open": (
        nothing,
        {
            "assign",
            "message",
            "move_deadline",
            "suspend",
            "cancel",
            "members",
            "merge",
            "look_across",
        },
    ),
    "suspended": (suspended, {"resume", "cancel", "members"}),
    "merged": (merged, {"unmerge", "members"}),
    "ended": (ended, {"message", "members"}),
    "suspended, then ended": (both_at_once, {"members"}),
}


@pytest.fixture
def made(kit: Kit) -> Kit:
    kit.deploy(
        diagram(
            "start > task:check > catch:wait > end",
            check={"groups": "clerk,lead", "due": "=today()"},
            wait={"message": "m"},
        )
    )
    return kit


def in_state(kit: Kit, state: str) -> tuple[str, str, str]:
    """The case, its task, and the other case."""
    case, other = kit.start("lea"), kit.start("lea")
    task = kit.task(case, "check")
    STATES[state][0](kit, case, other)
    return case, task, other


def test_every_order_that_a_page_of_a_case_offers_is_here() -> None:
    words = {word for _, offered in STATES.values() for word in offered}
    need_rows(__file__, "STATES", (str(ORDERS[kind].word) for kind in SAID), words)


@pytest.mark.parametrize("state", STATES)
def test_a_page_offers_what_fits_the_state(made: Kit, state: str) -> None:
    case, _, _ = in_state(made, state)
    assert views.case_page(made.desk, PEOPLE["lea"], case, made.at).may == STATES[state][1]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.__name__)
def test_a_case_takes_what_its_page_offers_and_no_more(
    made: Kit, kind: type[c.Command], state: str
) -> None:
    case, task, other = in_state(made, state)
    offered = ORDERS[kind].word in STATES[state][1]
    known = {"T": task, "M": other}
    more = {key: known.get(value, value) for key, value in SAID[kind].items()}
    if kind is c.LiftExclusion:
        made.do(c.ExcludePerson, "lea", case=case, person="pol", **REASON)
    if kind is c.MoveDeadline:
        more["due"] = made.at.date().replace(day=20)
    try:
        made.do(kind, "lea", case=case, **more)
    except CaseworkError:
        assert not offered
    else:
        assert offered


@pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.__name__)
def test_a_page_asks_only_what_the_case_would_take(made: Kit, kind: type[c.Command]) -> None:
    for state, (_, words) in STATES.items():
        if state.endswith("ended") and "task" in SAID[kind]:
            continue  # there is no task that a page could be about
        case, task, _ = in_state(made, state)
        about = task if "task" in SAID[kind] else None
        refused = views.refusal_of(made.desk, PEOPLE["lea"], case, kind, about)
        assert (refused is None) == (ORDERS[kind].word in words), state


@pytest.mark.parametrize(
    ("state", "claim", "release", "words"),
    [
        pytest.param("open", True, True, {"assign", "move_deadline"}, id="open"),
        pytest.param("suspended", False, False, set(), id="suspended"),
        pytest.param("merged", False, False, set(), id="merged: it rests"),
    ],
)
def test_the_page_of_a_task_offers_what_fits_the_state(
    made: Kit, state: str, claim: bool, release: bool, words: set[str]
) -> None:
    case, task, _ = in_state(made, "open")
    other = made.start("lea")
    STATES[state][0](made, case, other)
    page = views.task_page(made.desk, PEOPLE["lea"], case, task, made.at)
    assert (page.may_claim, page.may & {"assign", "move_deadline"}) == (claim, words)
    case, task, other = in_state(made, "open")
    made.do(c.Claim, "lea", case=case, task=task)
    STATES[state][0](made, case, other)
    assert views.task_page(made.desk, PEOPLE["lea"], case, task, made.at).may_release == release


def test_who_may_not_give_an_order_is_told_so_whatever_the_state(made: Kit) -> None:
    for state in STATES:
        case, _, _ = in_state(made, state)
        with pytest.raises(CaseworkError, match="Your role does not allow this"):
            made.do(c.Suspend, "ann", case=case, **REASON)


@pytest.mark.parametrize(
    ("power", "who", "whole", "own", "asked"),
    [
        pytest.param("suspend", "lea", True, False, True, id="with the power"),
        pytest.param("suspend", "ann", True, False, False, id="without the power"),
        pytest.param(None, "ann", True, False, True, id="it needs no power"),
        pytest.param(None, "pol", False, False, False, id="who sees only a part"),
        pytest.param(None, "pol", False, True, True, id="who sees a part that it is for"),
        pytest.param("suspend", "pol", False, True, False, id="a part, without the power"),
    ],
)
def test_who_is_asked_follows_from_power_and_sight(
    power: str | None, who: str, whole: bool, own: bool, asked: bool
) -> None:
    """Whom a page leads to an order finds the page that asks it, and nobody else does."""
    rule = Rule(what="", power=power, sees=PART if own else WHOLE)
    order = Order(handle=whole_case.suspend, rule=rule, again=None)
    roles, person = Roles(ROLES), PEOPLE[who]
    assert order.offers(roles, person, frozenset(), whole=whole) == asked
    try:
        order.open_page(roles, person, whole=whole)
    except NotFound:
        assert not asked
    else:
        assert asked
