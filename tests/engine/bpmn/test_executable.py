"""What runs of a drawing, as values; what is put in has the id that stored cases name."""

from __future__ import annotations

import pytest

from app.engine.bpmn.executable import executable
from app.engine.bpmn.model import Element, Process, Trigger
from app.validation import deployment
from tests.engine.tiny import (
    END,
    FORMAL,
    START,
    diagram,
    document,
    node,
    process,
    task,
    user,
)

SIGNAL = '<signal id="s1" name="alarm"/>'
MESSAGE = '<message id="m1" name="note"/>'
THROWS_BOTH = '<messageEventDefinition messageRef="m1"/><signalEventDefinition signalRef="s1"/>'


def runs(content: bytes, id: str = "p") -> Process:
    checked = deployment.check({"bpmn/t.bpmn": content})
    assert checked.program is not None, [one.sentence for one in checked.findings]
    return executable(checked.program.processes[id])


def arrows(made: Process) -> list[str]:
    """Every flow that runs: its id, and its two ends."""
    return [f"{flow.id}: {flow.source}>{flow.target}" for flow in made.flows.values()]


def kinds(made: Process) -> dict[str, str]:
    return {element.id: element.kind for element in made.elements.values()}


def test_a_plain_drawing_runs_as_it_is_drawn() -> None:
    content = diagram(user("a"), task("b"), flows="start>a a>b b>end")
    made = runs(content)
    assert arrows(made) == ["start_a: start>a", "a_b: a>b", "b_end: b>end"]
    assert kinds(made) == {"start": "startEvent", "a": "userTask", "b": "task", "end": "endEvent"}


@pytest.mark.parametrize(
    ("flows", "gateway", "conditions"),
    [
        pytest.param("a>b a>c", "parallelGateway", [None, None], id="none conditional"),
        pytest.param("a>b:=x a>c:=y", "inclusiveGateway", ["x", "y"], id="all conditional"),
        pytest.param("a>b:=x a>c", "inclusiveGateway", ["x", "true"], id="mixed"),
        pytest.param("a>b:=x", "inclusiveGateway", ["x"], id="a lone one"),
    ],
)
def test_several_flows_out_of_an_activity_are_a_gateway(
    flows: str, gateway: str, conditions: list[str | None]
) -> None:
    rest = "b>end c>end" if "a>c" in flows else "b>end"
    made = runs(diagram(user("a"), task("b"), *([task("c")] if "c" in rest else []),
                        flows=f"start>a {flows} {rest}"))  # fmt: skip
    assert kinds(made)["a__split"] == gateway
    leaving = [flow for flow in made.flows.values() if flow.source == "a__split"]
    assert [flow.id for flow in leaving] == ["a_b", "a_c"][: len(conditions)]
    assert [flow.condition for flow in leaving] == conditions
    assert arrows(made)[-1] == "a__out: a>a__split"


def test_the_default_of_an_activity_is_the_default_of_its_gateway() -> None:
    content = diagram(
        user("a", default="a_c"), task("b"), task("c"), flows="start>a a>b:=x a>c b>end c>end"
    )
    made = runs(content)
    assert [(f.condition, f.default) for f in made.flows.values() if f.source == "a__split"] == [
        ("x", False), (None, True),
    ]  # fmt: skip


def test_where_no_flow_is_conditional_a_default_is_one_of_them() -> None:
    content = diagram(
        user("a", default="a_c"), task("b"), task("c"), flows="start>a a>b a>c b>end c>end"
    )
    made = runs(content)
    assert kinds(made)["a__split"] == "parallelGateway"
    assert not any(flow.default for flow in made.flows.values())


def test_several_flows_out_of_a_start_event_split() -> None:
    made = runs(diagram(task("a"), task("b"), flows="start>a start>b a>end b>end"))
    assert arrows(made) == [
        "start_a: start__split>a", "start_b: start__split>b", "a_end: a>end", "b_end: b>end",
        "start__out: start>start__split",
    ]  # fmt: skip


def test_what_is_put_in_lies_in_the_scope_of_what_it_follows() -> None:
    inner = (
        '<startEvent id="s2"/>' + task("b") + task("c") + '<endEvent id="e2"/>'
        '<sequenceFlow id="f1" sourceRef="s2" targetRef="b"/>'
        '<sequenceFlow id="f2" sourceRef="s2" targetRef="c"/>'
        '<sequenceFlow id="f3" sourceRef="b" targetRef="e2"/>'
        '<sequenceFlow id="f4" sourceRef="c" targetRef="e2"/>'
    )
    made = runs(diagram(node("subProcess", "sub", inner), flows="start>sub sub>end"))
    assert made.elements["s2__split"] == Element("s2__split", "parallelGateway", "p", scope="sub")


def test_an_inserted_id_never_takes_a_drawn_one() -> None:
    content = diagram(
        task("a"), task("a__split"), task("a__out"),
        flows="start>a a>a__split a>a__out a__split>end a__out>end",
    )  # fmt: skip
    made = runs(content)
    assert kinds(made)["a__split"] == kinds(made)["a__out"] == "task"
    assert kinds(made)["a__split_2"] == "parallelGateway"
    assert arrows(made)[-1] == "a__out_2: a>a__split_2"


def test_a_signal_end_event_throws_and_then_ends() -> None:
    held = '<signalEventDefinition signalRef="s1"/>'
    content = document(SIGNAL, process(START, node("endEvent", "stop", held), flows="start>stop"))
    made = runs(content)
    assert kinds(made) == {
        "start": "startEvent", "stop": "intermediateThrowEvent", "stop__end": "endEvent",
    }  # fmt: skip
    assert made.elements["stop"].triggers == (Trigger("signal", "alarm"),)
    assert arrows(made) == ["start_stop: start>stop", "stop__end__in: stop>stop__end"]


def test_link_events_become_the_flow_they_stand_for() -> None:
    link = '<linkEventDefinition name="L"/>'
    content = diagram(
        node("intermediateThrowEvent", "out", link),
        node("intermediateThrowEvent", "out2", link),
        node("intermediateCatchEvent", "into", link),
        task("a"),
        flows="start>a a>out start>out2 into>end",
    )
    made = runs(content)
    assert {"out__link: out>into", "out2__link: out2>into"} <= set(arrows(made))
    assert not [e for e in made.elements.values() if e.triggers]
    assert kinds(made)["into"] == "intermediateThrowEvent"


def test_links_of_one_name_in_two_scopes_are_two() -> None:
    link = '<linkEventDefinition name="L"/>'
    inner = (
        '<startEvent id="s2"/><endEvent id="e2"/>'
        + node("intermediateThrowEvent", "from2", link)
        + node("intermediateCatchEvent", "to2", link)
        + '<sequenceFlow id="f1" sourceRef="s2" targetRef="from2"/>'
        '<sequenceFlow id="f2" sourceRef="to2" targetRef="e2"/>'
    )
    content = diagram(
        node("intermediateThrowEvent", "from", link), node("intermediateCatchEvent", "to", link),
        node("subProcess", "sub", inner), flows="start>sub sub>from to>end",
    )  # fmt: skip
    assert {"from__link: from>to", "from2__link: from2>to2"} <= set(arrows(runs(content)))


def test_a_throw_of_several_things_throws_one_after_the_other() -> None:
    content = document(
        MESSAGE, SIGNAL,
        process(START, node("intermediateThrowEvent", "t", THROWS_BOTH), END,
                flows="start>t t>end"),
    )  # fmt: skip
    made = runs(content)
    assert arrows(made) == ["start_t: start>t", "t_end: t__2>end", "t__2__in: t>t__2"]
    assert made.elements["t"].triggers == (Trigger("message", "note"),)
    assert made.elements["t__2"].triggers == (Trigger("signal", "alarm"),)


def test_an_end_of_several_things_terminates_last() -> None:
    held = "<terminateEventDefinition/>" + THROWS_BOTH
    content = document(MESSAGE, SIGNAL, process(START, node("endEvent", "stop", held),
                                                flows="start>stop"))  # fmt: skip
    made = runs(content)
    assert [(e.id, e.kind, [t.kind for t in e.triggers]) for e in made.elements.values()][1:] == [
        ("stop", "intermediateThrowEvent", ["message"]),
        ("stop__2", "intermediateThrowEvent", ["signal"]),
        ("stop__3", "endEvent", ["terminate"]),
    ]


def test_a_receive_task_that_starts_the_process_is_a_start_event() -> None:
    receive = node("receiveTask", "r", instantiate="true", messageRef="m1")
    made = runs(document(MESSAGE, process(receive, END, flows="r>end")))
    assert kinds(made)["r"] == "startEvent"
    assert made.elements["r"].triggers == (Trigger("message", "note"),)


def test_events_behind_a_gateway_that_starts_the_process_are_start_events() -> None:
    content = document(
        MESSAGE, SIGNAL,
        process(
            node("eventBasedGateway", "gateway", instantiate="true"),
            node("intermediateCatchEvent", "c", '<signalEventDefinition signalRef="s1"/>'),
            node("receiveTask", "r", messageRef="m1"), END,
            flows="gateway>c gateway>r c>end r>end",
        ),
    )  # fmt: skip
    made = runs(content)
    assert kinds(made) == {"c": "startEvent", "r": "startEvent", "end": "endEvent"}
    assert arrows(made) == ["c_end: c>end", "r_end: r>end"]


def test_conditions_run_as_bare_feel() -> None:
    held = f"<activationCondition {FORMAL}>=activationCount &gt; 1</activationCondition>"
    loop = (
        f"<standardLoopCharacteristics><loopCondition {FORMAL}>= x</loopCondition>"
        "</standardLoopCharacteristics>"
    )
    content = diagram(
        node("parallelGateway", "g"), task("a"), task("b", loop),
        node("complexGateway", "j", held),
        flows="start>g g>a g>b a>j b>j j>end:=y",
    )  # fmt: skip
    made = runs(content)
    assert made.elements["j"].activation == "activationCount > 1"
    assert made.elements["b"].standard_loop is not None
    assert made.elements["b"].standard_loop.condition == "x"
    assert made.flows["j_end"].condition == "y"
