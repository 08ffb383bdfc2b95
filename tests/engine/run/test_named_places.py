"""Every fact about an element or a flow names the process that holds it: the called one in a call.

The called process here is a copy of its caller, so every id is there twice.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from app.engine import events as fact
from app.engine.errors import Fault
from app.engine.feel import codec

from .kit import (
    E,
    Play,
    S,
    boundary,
    call,
    catch,
    end,
    extension,
    gate,
    many,
    mapping,
    node,
    process,
    program,
    start,
    sub,
    throw,
    user,
)

PRINT = extension('<zeebe:taskDefinition type="print"/>')
DECIDE = extension('<zeebe:calledDecision decisionId="D1" resultVariable="made"/>')
TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t"
 namespace="urn:t"><decision id="D1" name="D1"><variable name="D1"/><literalExpression>
<text>1</text></literalExpression></decision></definitions>"""
BODY = (
    S + E
    + user("A", due='=date("2026-03-10")', inner="")
    + boundary("soon", "A", "timer PT1H", cancels=False) + end("reminded")
    + boundary("gone", "A", "message stop") + node("sendTask", "print", PRINT)
    + node("businessRuleTask", "decide", DECIDE)
    + gate("either", "event") + catch("noted", "message note") + catch("waited", "timer PT9H")
    + gate("on")
    + sub("inner", start("i_s") + user("B", inner=many("=[1, 2]", until="true"))
          + catch("never", "message go") + end("over", "terminate") + end("i_e"),
          "i_s->B; i_s->never; B->over; never->i_e")
    + throw("alarm", "signal alarm", ext=extension(mapping({"x": "=1"})))
    + throw("reply", "message reply", ext=extension(mapping({"x": "=1"})))
)  # fmt: skip
ARCS = (
    "s->A; A->on; soon->reminded; gone->print; print->decide; decide->either; either->noted;"
    " either->waited; noted->on; waited->on; on->inner; inner->alarm; alarm->reply; reply->"
)


def walked() -> Play:
    """The caller goes its whole way, then the called process does the same."""
    play = Play(
        program(
            process(BODY + call("c", "Q"), f"{ARCS}c; c->e", made="null"),
            process(BODY, f"{ARCS}e", id="Q", made="null"),
            files={"bpmn/t.dmn": TABLE},
        )
    ).start()
    for _ in range(2):
        (task,) = play.open_tasks()
        play.do("move_deadline", task.task, date(2026, 3, 12), "why not")
        play.advance(hours=2)
        play.message("stop")
        play.message("note")
        play.complete("B", item=1)
    return play


def placed(play: Play, process: str) -> Counter[tuple[str, str]]:
    """(kind of fact, element or flow) → how often, without what only the caller draws."""
    return Counter(
        (type(one).__name__, getattr(one, "element", None) or str(getattr(one, "flow", "")))
        for one in play.events
        if isinstance(one, fact.Placed) and one.process == process
    )


def test_facts_of_the_caller_and_of_its_copy_stay_apart() -> None:
    play = walked()
    assert play.ended == {"1": "completed"}
    ours, theirs = placed(play, "P"), placed(play, "Q")
    for one in ("ElementEntered", "ElementPassed"):
        del ours[one, "c"]
    plain = {key: n for key, n in ours.items() if key[0] not in ("FlowTaken", "VariablesSet")}
    copied = {key: n for key, n in theirs.items() if key[0] not in ("FlowTaken", "VariablesSet")}
    assert plain == copied
    flows = {flow for kind, flow in theirs if kind == "FlowTaken"}
    assert flows <= set(play.program.processes["Q"].flows)
    assert set(ours) | set(theirs) >= {("VariablesSet", "decide"), ("VariablesSet", "P")}


def test_every_kind_of_fact_that_has_a_place_was_told() -> None:
    kinds = {kind for kind, _ in placed(walked(), "Q")}
    all_ = {name for name, cls in fact.KINDS.items() if issubclass(cls, fact.Placed)}
    # those of incidents are test_holding's, two wait for bank holidays (test_undated_values), the
    # last for a step that says who a task is for (test_following)
    incidents = {"IncidentRaised", "IncidentRetried", "IncidentEnded"}
    assert all_ - kinds == incidents | {"DeadlineUnknown", "DecisionWaits", "TaskOffered"}


def test_a_fact_of_old_that_names_no_process_still_reads() -> None:
    stored = {"kind": "ElementPassed", "instance": "1", "element": "a"}
    old = fact.from_dict(codec.loads(codec.dumps(stored)))
    assert old == fact.ElementPassed(instance="1", process="", element="a")


FAULTS = {
    "a condition that is neither true nor false": (gate("A"), "A->e [1]; A->f [true]", end("f")),
    "a name nobody knows": (user("A", groups="=nobody"), "A->e", ""),
    "a collection that is no list": (user("A", inner=many("=1 + 1")), "A->e", ""),
    "a due date that is none": (user("A", due="=1 + 1"), "A->e", ""),
    "nothing that is true": (gate("A"), "A->e [false]; A->f [false]", end("f")),
    "a table that fails": (node("businessRuleTask", "A", DECIDE), "A->e", ""),
}


@pytest.mark.parametrize(("body", "arcs", "more"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_called_process_names_it(body: str, arcs: str, more: str) -> None:
    drawn = program(
        process(S + E + call("A", "Q"), "s->A; A->e"),
        process(S + E + body + more, f"s->A; {arcs}", id="Q"),
        files={"bpmn/t.dmn": TABLE.replace(b"<text>1<", b"<text>1 + nobody<")},
    )
    with pytest.raises(Fault) as caught:
        Play(drawn).start()
    assert (caught.value.process, caught.value.element_id) == ("Q", "A")
