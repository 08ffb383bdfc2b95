"""A business rule task asks its decision: what it tells, and what stops the case there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.engine.errors import Fault
from app.engine.events import DecisionMade, TaskOpened
from app.engine.run import Case
from tests.engine.dmn.test_graph import diamond
from tests.engine.run.kit import (
    CALENDAR,
    MONDAY,
    E,
    Play,
    S,
    extension,
    gate,
    many,
    node,
    process,
    program,
    user,
)  # fmt: skip

CASES = Path(__file__).parents[1] / "dmn" / "public_decisions"


def public(name: str) -> dict[str, bytes]:
    return {"bpmn/d.dmn": (CASES / f"{name}.dmn").read_bytes()}


def asks(decision: str = "dec") -> str:
    called = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="result"/>'
    return node("businessRuleTask", "B", extension(called))


def by_result(name: str) -> Any:
    return program(
        process(
            S + asks() + gate("x", default="d") + user("A") + user("C") + E,
            's->B; B->x; x->A [result = "A"]; x->C {d}; A->e; C->e',
        ),
        files=public(name),
    )


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        pytest.param(
            "112-no-match",
            {"t": "zzz"},
            "Decision “dec”: No rule applies, and the table has no default output.",
            id="no rule applies",
        ),
        pytest.param(
            "104-date-time-compare",
            {"d": date(2026, 6, 15)},
            "Decision “dec”: Column “d” holds the date 15 June 2026",
            id="a day is no moment",
        ),
    ],
)
def test_a_decision_without_a_result_stops_the_case_at_its_task(
    name: str, given: dict[str, Any], says: str
) -> None:
    with pytest.raises(Fault) as caught:
        Play(by_result(name)).start(**given)
    assert caught.value.sentence.startswith(says)
    assert caught.value.element_id == "B"


def test_a_decision_with_a_result_goes_on() -> None:
    play = Play(by_result("112-no-match")).start(t="a")
    assert [one.element for one in play.open_tasks()] == ["A"]


def test_an_old_case_goes_on_with_nothing_as_it_did() -> None:
    case = Case(by_result("112-no-match"), case_id="c", calendar=CALENDAR, meaning=1)
    told = case.start("P", {"t": "zzz"}, MONDAY)
    (made,) = (one for one in told if isinstance(one, DecisionMade))
    assert (made.output, made.rules) == (None, ())
    assert [one.element for one in told if isinstance(one, TaskOpened)] == ["C"]


def test_repeating_over_nothing_collected_stops_the_case() -> None:
    made = program(
        process(S + asks() + user("A", inner=many("=result", "x")) + E, "s->B; B->A; A->e"),
        files=public("108-collect-list-empty"),
    )
    with pytest.raises(Fault) as caught:
        Play(made).start(a=0)
    assert caught.value.element_id == "A"
    assert len(Play(made).start(a=5).open_tasks()) == 2


def test_each_decision_that_others_share_is_told_once() -> None:
    made = program(
        process(S + asks("d7_0") + user("A") + E, "s->B; B->A; A->e"),
        files={"bpmn/d.dmn": diamond(8)},
    )
    told = [one.decision for one in Play(made).start(n=1).told(DecisionMade)]
    assert len(told) == len(set(told)) == 15
    assert told[-1] == "d7_0"
