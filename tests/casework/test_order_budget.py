"""One order has a budget of steps and time: beyond it is an incident, and the lock is free."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from app.audit.entries import of_case
from app.audit.narrative import tell
from app.audit.narrative.names import Words
from app.casework import views
from app.casework.commands import Claim
from app.casework.errors import Refused
from app.engine import limits
from app.engine.feel import World, compile_expression
from app.store import IncidentRow, work
from tests.kit import PEOPLE, Kit, diagram

Files = dict[str, bytes]
#: each within the budget of one expression
HEAVY = "=count(for a in 1..300, b in 1..160 return a * b * n)"
TOO_MUCH = "more work than one order may take"


def heavy(chain: str, times: int, kind: str = "userTask", **facts: dict[str, str]) -> Files:
    """The process with `times` such outputs of its task `work`."""
    outputs = "".join(f'<zeebe:output source="{HEAVY}" target="v{n}"/>' for n in range(times))
    named = {"n": "=1"} | {f"v{n}": "=null" for n in range(times)}
    files = diagram(chain, var=named, work={"groups": "clerk"}, **facts)
    drawn = files["bpmn/p.bpmn"]
    place = drawn.index(b"<zeebe:assignmentDefinition", drawn.index(b'id="work"'))
    mapped = f"<zeebe:ioMapping>{outputs}</zeebe:ioMapping>".encode()
    drawn = drawn[:place] + mapped + drawn[place:]
    return files | {"bpmn/p.bpmn": drawn.replace(b"userTask", kind.encode())}


def incidents(kit: Kit, case: str) -> list[IncidentRow]:
    with kit.store.reading() as unit:
        return work.incidents.of_case(unit, case)


def test_an_order_that_takes_more_steps_than_its_budget_changes_nothing_and_is_an_incident(
    both: Kit,
) -> None:
    both.deploy(heavy("start > task:work > task:after > end", 200, after={"groups": "clerk"}))
    case = both.start()
    with pytest.raises(Refused, match=TOO_MUCH) as refusal:
        both.complete("ann", case, "work", note="every word of it")
    assert refusal.value.given == {"note": "every word of it"}
    assert both.open(case) == ["work"]
    (incident,) = incidents(both, case)
    assert TOO_MUCH in incident.sentence
    assert incident.element == "work"
    both.do(Claim, "ann", case=case, task=both.task(case, "work"))  # the lock is free
    page = views.case_page(both.desk, PEOPLE["ann"], case, both.later(days=2))
    assert len(page.stopped) == 1 and page.incidents == (), "it stands while the task is open"
    with both.store.reading() as unit:
        told = tell(list(of_case(unit, page.id)), Words())
    (said,) = [one.text for one in told if one.topic == "trouble"]
    assert said.startswith("An order of Ann") and TOO_MUCH in said


def test_the_same_order_within_the_budget_goes_through(kit: Kit) -> None:
    kit.deploy(heavy("start > task:work > end", 8))
    case = kit.start()
    kit.complete("ann", case, "work")
    assert kit.open(case) == [] and incidents(kit, case) == []


def test_a_start_over_its_budget_leaves_no_case(kit: Kit) -> None:
    kit.deploy(heavy("start > task:work > end", 200, "task"))
    with pytest.raises(Refused, match=TOO_MUCH):
        kit.start()
    with kit.store.reading() as unit:
        assert unit.value(text("select count(*) from cases")) == 0


def test_a_timer_over_its_budget_is_parked_like_every_fault_of_the_clock(kit: Kit) -> None:
    drawn = "start > catch:later > task:work > end"
    kit.deploy(heavy(drawn, 200, "task", later={"timer": "PT1H"}))
    case = kit.start()
    kit.desk.wake_due(kit.later(hours=1))
    (incident,) = incidents(kit, case)
    assert TOO_MUCH in incident.sentence
    assert kit.desk.wake_due(kit.at) == []


def test_time_is_a_budget_too(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit.deploy(heavy("start > task:work > end", 100))
    case = kit.start()
    monkeypatch.setattr(limits, "MOST_STEPS", 10**9)
    monkeypatch.setattr(limits, "MOST_SECONDS", 0.2)
    with pytest.raises(Refused, match=TOO_MUCH):
        kit.complete("ann", case, "work")
    assert kit.open(case) == ["work"]


BUSY = "The computer is very busy"


def test_a_busy_machine_lets_the_lock_go_by_the_clock_and_the_case_keeps_no_incident(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.deploy(heavy("start > task:work > end", 2))
    case = kit.start()
    monkeypatch.setattr(limits, "MOST_BY_CLOCK", 0.0)
    with pytest.raises(Refused, match=BUSY) as refusal:
        kit.complete("ann", case, "work", note="every word of it")
    assert refusal.value.given == {"note": "every word of it"}
    assert kit.open(case) == ["work"] and incidents(kit, case) == []


@pytest.mark.parametrize("clock", ["monotonic", "thread_time"])
def test_an_order_on_a_machine_that_stood_still_is_tried_once_more(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    kit.deploy(heavy("start > task:work > end", 2))
    case = kit.start()
    real, looks = getattr(limits, clock), iter(range(10**6))
    monkeypatch.setattr(limits, clock, lambda: real() + 1000 * (next(looks) >= 2))
    kit.complete("ann", case, "work")
    assert kit.open(case) == [] and incidents(kit, case) == []


def test_a_loop_without_expressions_meets_the_budget_of_time(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.deploy(
        diagram(
            "start > task:ask > xor:again > throw:a > again > end",
            ask={"groups": "clerk"}, a={"condition": "=true", "signal": "s"},
            end={"condition": "=false"},
        )
    )  # fmt: skip
    case = kit.start()
    monkeypatch.setattr(limits, "MOST_SECONDS", 0.1)
    with pytest.raises(Refused, match=TOO_MUCH):
        kit.complete("ann", case, "ask")


def test_what_was_spent_cannot_be_swallowed_on_the_way() -> None:
    """A part that goes on without what it could not work out must not be kept."""
    with pytest.raises(limits.Spent), limits.budget(steps=10):
        with pytest.raises(limits.Spent):
            limits.take(11)
        limits.take()


def test_a_budget_is_that_of_its_own_thread() -> None:
    seen: list[int] = []
    with limits.budget(steps=10):
        other = threading.Thread(target=lambda: seen.append(limits.left(500)))
        other.start()
        other.join()
        assert limits.left(500) == 10
    assert seen == [500] and limits.left(500) == 500


def test_an_expression_that_fails_has_taken_what_it_took() -> None:
    expression = compile_expression("count(for i in 1..n return i) + nowhere")
    with limits.budget(steps=5_000):
        for _ in range(2):
            with pytest.raises(Exception, match="nowhere"):
                expression.evaluate({"n": 1_000}, World())
        assert limits.left(10**6) < 3_000


X = "(for i in 1..n return i)"
#: expressions that walk a long list again and again: every walk is counted
WALKS = {
    "a list in a list of lists": "count(for i in 1..m return [1] in [x, x, x])",
    "a list of lists in one": "count(for i in 1..m return [x] in [x, x])",
    "an index from behind": "count(for i in 1..m return x[-1])",
    "an index that is worked out": "count(for i in 1..m return x[m - m + 1])",
    "the type of a list": "count(for i in 1..m return x instance of list<number>)",
    "the type of a list of lists": "count(for i in 1..m return [x] instance of list<list<number>>)",
    "a parameter with a type": "count(for i in 1..m return f(x))",
    "an entry that only the last item has": "count(for i in 1..m return y[a = 1])",
}


@pytest.mark.parametrize("name", WALKS)
def test_the_steps_of_an_expression_are_what_it_costs(name: str) -> None:
    """100,000 steps are less than a second's work: processor time within ten times of that."""
    scope = {
        "m": 90_000,
        "x": list(range(20_000)),
        "y": [{"k": 1}] * 20_000 + [{"a": 1}],
    }
    source = f"{{f: function(a: list<number>) 1, r: {WALKS[name]}}}.r"
    with limits.budget(steps=10**9, seconds=8):
        try:
            compile_expression(source).evaluate(scope, World())
        except limits.Spent:
            pytest.fail("it took eight seconds of work within the steps of one expression")
        except Exception as fault:
            assert "100,000 steps" in str(fault)
