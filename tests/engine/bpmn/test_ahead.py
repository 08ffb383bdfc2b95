"""What comes after a task, worked out from small drawings: one for each construct.

A step is written "task b if x=yes,no after join j@0": its kind and element, the answers that lead
to it, and where it waits for others, with how many borders out of the task's own flow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from app.engine.ahead import ahead, waited_for
from app.engine.ahead_steps import Ahead, Gate, Step
from app.engine.bpmn.reading.diagrams import read_diagram
from app.engine.program import Program
from app.validation.deployment import check
from tests.engine.tiny import END, START, document, extension, node, process, task, user

ROOT = Path(__file__).resolve().parents[3]
MESSAGE = '<message id="m" name="reply"/>'
ON_MESSAGE = '<messageEventDefinition messageRef="m"/>'
ON_TIME = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
ERROR = '<error id="e" name="wrong" errorCode="wrong"/>'
ON_ERROR = '<errorEventDefinition errorRef="e"/>'
SIGNAL = '<signal id="s" name="s"/>'
MANY = (
    "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics"
    ' inputCollection="=[1, 2]" inputElement="i"/></extensionElements>'
    "</multiInstanceLoopCharacteristics>"
)


def program(*parts: str) -> Program:
    drawn, _ = read_diagram("bpmn/t.bpmn", document(*parts))
    processes = {one.process.id: one.process for one in drawn}
    return Program("", {}, processes, cast(Any, None), {}, {})


def one(*nodes: str, flows: str, root: str = "") -> Program:
    return program(root, process(START, *nodes, END, flows=flows))


def sub(id: str, *inside: str, flows: str, more: str = "", tag: str = "subProcess") -> str:
    from tests.engine.tiny import flow

    return node(tag, id, more + "".join(inside) + "".join(flow(f) for f in flows.split()))


def call(id: str, of: str, more: str = "") -> str:
    return node("callActivity", id, extension(f'<zeebe:calledElement processId="{of}"/>') + more)


def xor(id: str, name: str = "Ok?", **more: str) -> str:
    return node("exclusiveGateway", id, name=name, **more)


def after(drawn: Program, *chain: str) -> Ahead:
    """`chain`: element ids, the task first; "q.a" lies in process q."""
    places = [c.split(".") if "." in c else ["p", c] for c in chain]
    return ahead(drawn, tuple((process, id) for process, id in places))


def written(step: Step) -> str:
    text = f"{step.kind} {step.element.id if step.element else ''}".strip()
    for choice in step.choices:
        labels = ",".join("?" if a is None else a.rpartition(" to ")[2] for _, a in choice.answers)
        text += f" if {choice.gateway}={labels}"
    for gate in step.gates:
        text += f" after {gate.kind} {gate.element}@{gate.level}".replace(" @", "@")
    return text + (" race" if step.race else "")


def steps(found: Ahead) -> list[str]:
    return [written(step) for step in found.steps]


FORK = node("parallelGateway", "f") + node("parallelGateway", "j")
ROWS: dict[str, tuple[Program, tuple[str, ...], list[str]]] = {
    "the next task": (one(user("a"), user("b"), flows="start>a a>b b>end"), ("a",), ["task b"]),
    "the end": (one(user("a"), flows="start>a a>end"), ("a",), ["end end after rest@0"]),
    "past what no person does": (
        one(user("a"), task("t"), node("sendTask", "s"), user("b"),
            flows="start>a a>t t>s s>b b>end"), ("a",), ["task b"]),
    "each answer to a question": (
        one(user("a"), xor("x"), user("b"), user("c"),
            flows="start>a a>x x>b:=n>1 x>c b>end c>end"),
        ("a",), ["task b if x=b", "task c if x=c"]),
    "answers that lead to the same": (
        one(user("a"), xor("x"), task("t"), task("u"), user("b"), user("c"), xor("y", ""),
            flows="start>a a>x x>t x>u x>c t>y u>y y>b b>end c>end"),
        ("a",), ["task b if x=t,u", "task c if x=c"]),
    "a question that decides nothing here": (
        one(user("a"), xor("x"), task("t"), task("u"), xor("y", ""), user("b"),
            flows="start>a a>x x>t x>u t>y u>y y>b b>end"), ("a",), ["task b"]),
    "questions behind each other": (
        one(user("a"), xor("x"), xor("y"), user("b"), user("c"), user("d"),
            flows="start>a a>x x>y x>d y>b y>c b>end c>end d>end"),
        ("a",), ["task b if x=y if y=b", "task c if x=y if y=c", "task d if x=d"]),
    "a way back to the task itself": (
        one(user("a"), xor("m", ""), xor("x"), flows="start>m m>a a>x x>m x>end"),
        ("a",), ["task a if x=m", "end end if x=end after rest@0"]),
    "a loop without a task ends the walk": (
        one(user("a"), xor("m", ""), task("t"), xor("x"), user("b"),
            flows="start>a a>m m>t t>x x>m x>b b>end"), ("a",), ["task b if x=b"]),
    "a fork": (
        one(user("a"), FORK, user("b"), user("c"),
            flows="start>a a>f f>b f>c b>j c>j j>end"), ("a",), ["task b", "task c"]),
    "what lies behind both ways of a fork comes later": (
        one(user("a"), FORK, user("b"), task("t"), user("c"),
            flows="start>a a>f f>b f>t b>j t>j j>c c>end"), ("a",), ["task b"]),
    "a fork whose ways no person does": (
        one(user("a"), FORK, task("t"), task("u"), user("c"),
            flows="start>a a>f f>t f>u t>j u>j j>c c>end"),
        ("a",), ["task c after join j@0"]),
    "a way that ends beside a task is not the end": (
        one(user("a"), FORK, user("b"), node("endEvent", "e1"),
            flows="start>a a>f f>b f>e1 b>end j>end"), ("a",), ["task b"]),
    "what follows a sub-process comes after all in it": (
        one(user("a"), sub("s", node("startEvent", "s0"), node("parallelGateway", "g"), user("b"),
                           node("endEvent", "e1"), flows="s0>g g>b g>e1"), user("c"),
            flows="start>a a>s s>c c>end"), ("a",), ["task b"]),
    "a join waits for the other path": (
        one(FORK, user("a"), user("b"), user("c"),
            flows="start>f f>a f>b a>j b>j j>c c>end"), ("a",), ["task c after join j@0"]),
    "an inclusive gateway asks like any other": (
        one(user("a"), node("inclusiveGateway", "i", name="Who?"), user("b"), user("c"),
            flows="start>a a>i i>b:=n>1 i>c:=n>2 b>end c>end"),
        ("a",), ["task b if i=b", "task c if i=c"]),
    "conditions on the flows of the task itself": (
        one(user("a"), user("b"), user("c"),
            flows="start>a a>b:=n>1 a>c:=n>2 b>end c>end"),
        ("a",), ["task b if a=b", "task c if a=c"]),
    "a message is waited for": (
        one(user("a"), node("intermediateCatchEvent", "w", ON_MESSAGE), user("b"),
            flows="start>a a>w w>b b>end", root=MESSAGE), ("a",), ["wait w"]),
    "the first of several events": (
        one(user("a"), node("eventBasedGateway", "g"),
            node("intermediateCatchEvent", "w", ON_MESSAGE),
            node("intermediateCatchEvent", "v", ON_TIME),
            flows="start>a a>g g>w g>v w>end v>end", root=MESSAGE),
        ("a",), ["wait w race", "wait v race"]),
    "into a sub-process": (
        one(user("a"), sub("s", node("startEvent", "s0"), user("b"), flows="s0>b"),
            flows="start>a a>s s>end"), ("a",), ["task b"]),
    "through a sub-process without a task": (
        one(user("a"), sub("s", node("startEvent", "s0"), task("t"), node("endEvent", "e1"),
                           flows="s0>t t>e1"), user("b"),
            flows="start>a a>s s>b b>end"), ("a",), ["task b"]),
    "out of a sub-process": (
        one(sub("s", node("startEvent", "s0"), user("a"), node("endEvent", "e1"),
                flows="s0>a a>e1"), user("b"), flows="start>s s>b b>end"),
        ("a", "s"), ["task b after rest@0"]),
    "out of one of several sub-processes": (
        one(sub("s", node("startEvent", "s0"), user("a"), node("endEvent", "e1"),
                flows="s0>a a>e1", more=MANY), user("b"), flows="start>s s>b b>end"),
        ("a", "s"), ["task b after rest@0 after all s@1"]),
    "one of several tasks": (
        one(user("a", MANY), user("b"), flows="start>a a>b b>end"),
        ("a",), ["task b after all a@0"]),
    "every activity of an ad-hoc sub-process": (
        one(user("a"), sub("s", user("b"), user("c"), flows="", tag="adHocSubProcess"),
            flows="start>a a>s s>end"), ("a",), ["task b", "task c"]),
    "into a called process": (
        program(process(START, user("a"), call("k", "q"), END, flows="start>a a>k k>end"),
                process(node("startEvent", "q0"), user("b"), flows="q0>b", id="q")),
        ("a",), ["task b"]),
    "out of a called process": (
        program(process(START, call("k", "q"), user("b"), END, flows="start>k k>b b>end"),
                process(node("startEvent", "q0"), user("a"), node("endEvent", "q1"),
                        flows="q0>a a>q1", id="q")),
        ("q.a", "k"), ["task b after rest@0"]),
    "the caller of a called process is the one of the case": (
        program(process(START, call("k", "q"), user("b"), END, flows="start>k k>b b>end"),
                process(node("startEvent", "r0"), call("l", "q"), user("c"), flows="r0>l l>c",
                        id="r"),
                process(node("startEvent", "q0"), user("a"), flows="q0>a", id="q")),
        ("q.a", "r.l"), ["task c after rest@0"]),
    "a process that only the case knows": (
        one(user("a"), call("k", "=which"), flows="start>a a>k k>end"), ("a",), ["process k"]),
    "the same process called twice": (
        program(process(START, user("a"), call("k", "q"), call("l", "q"), user("b"), END,
                        flows="start>a a>k k>l l>b b>end"),
                process(node("startEvent", "q0"), task("t"), node("endEvent", "q1"),
                        flows="q0>t t>q1", id="q")),
        ("a",), ["task b"]),
    "an error goes to the border that catches it": (
        one(sub("s", node("startEvent", "s0"), user("a"), node("endEvent", "bad", ON_ERROR),
                flows="s0>a a>bad"), node("boundaryEvent", "caught", ON_ERROR, attachedToRef="s"),
            user("b"), user("c"), flows="start>s s>c caught>b b>end c>end", root=ERROR),
        ("a", "s"), ["task b"]),
    "an end that ends everything waits for nothing": (
        one(FORK, user("a"), user("b"), node("endEvent", "stop", "<terminateEventDefinition/>"),
            flows="start>f f>a f>b a>stop b>j j>end"), ("a",), ["end stop"]),
    "a link": (
        one(user("a"), node("intermediateThrowEvent", "l",
                            '<linkEventDefinition name="over"/>'),
            node("intermediateCatchEvent", "m", '<linkEventDefinition name="over"/>'),
            user("b"), flows="start>a a>l m>b b>end"), ("a",), ["task b"]),
    "a task that is not there": (one(user("a"), flows="start>a a>end"), ("ghost",), []),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "chain", "expected"), ROWS.values(), ids=ROWS.keys())
def test_what_comes_next(drawn: Program, chain: tuple[str, ...], expected: list[str]) -> None:
    found = after(drawn, *chain)
    assert steps(found) == expected and not found.more


def test_events_at_the_tasks_border_and_what_follows_them() -> None:
    drawn = one(
        user("a"), user("b"), user("c"),
        node("boundaryEvent", "late", ON_TIME, attachedToRef="a", cancelActivity="false"),
        node("boundaryEvent", "gone", ON_MESSAGE, attachedToRef="a"),
        flows="start>a a>end late>b gone>c b>end c>end", root=MESSAGE,
    )  # fmt: skip
    found = [
        (i.event.id, i.event.interrupting, [written(s) for s in i.steps])
        for i in after(drawn, "a").instead
    ]
    assert found == [("late", False, ["task b"]), ("gone", True, ["task c"])]


def test_reminder_beside_a_task_does_not_end_what_is_around_it() -> None:
    inner = sub(
        "s", node("startEvent", "in"), user("a"), node("endEvent", "done"),
        node("boundaryEvent", "late", ON_TIME, attachedToRef="a", cancelActivity="false"),
        task("remind"), node("endEvent", "reminded"),
        flows="in>a a>done late>remind remind>reminded",
    )  # fmt: skip
    drawn = one(inner, user("b"), flows="start>s s>b b>end")
    found = after(drawn, "a", "s")
    assert steps(found) == ["task b after rest@0"]
    assert [list(map(written, one.steps)) for one in found.instead] == [[]]


def test_a_join_waits_for_what_can_come_along_another_flow() -> None:
    drawn = one(
        FORK, user("a"), user("b"), user("c"), user("z"), sub("s", user("d"), flows=""),
        node("boundaryEvent", "late", ON_TIME, attachedToRef="c"),
        flows="start>f f>a f>b f>c f>z a>j b>s s>j late>j c>end z>end j>end",
    )  # fmt: skip
    (step,) = after(drawn, "a").steps
    gate = step.gates[0]
    assert gate == Gate("join", 0, "j", "a_j")
    others = waited_for(drawn.processes["p"], gate)
    assert {"b", "s", "c"} <= others and not {"a", "z"} & others


def test_a_drawing_without_an_end_to_its_ways_is_left_off() -> None:
    """Thirty questions behind each other have 2**30 ways."""
    nodes, flows = [user("a")], ["start>a"]
    before = "a"
    for n in range(30):
        nodes += [xor(f"x{n}"), task(f"t{n}"), task(f"u{n}"), xor(f"m{n}", "")]
        flows += [f"{before}>x{n}", f"x{n}>t{n}", f"x{n}>u{n}", f"t{n}>m{n}", f"u{n}>m{n}"]
        before = f"m{n}"
    found = after(one(*nodes, user("b"), flows=" ".join([*flows, f"{before}>b", "b>end"])), "a")
    assert found.more


def test_a_process_that_calls_itself_is_left_off() -> None:
    drawn = program(process(START, user("a"), call("k", "p"), END, flows="start>k k>a a>end"))
    assert after(drawn, "a").steps and not after(drawn, "a").more
    inner = program(process(START, call("k", "p"), user("a"), END, flows="start>k k>a a>end"))
    assert [s.kind for s in after(inner, "a").steps] == ["end"]


def test_every_task_of_the_content_knows_what_comes_next() -> None:
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("bpmn", "forms")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "demo" not in path.parts and "journeys" not in path.parts
    }
    drawn = check(files).program
    if drawn is None:  # settings are missing: the processes alone will do
        found = [one for path in files if path.endswith(".bpmn")
                 for one in read_diagram(path, files[path])[0]]  # fmt: skip
        processes = {one.process.id: one.process for one in found}
        drawn = Program("", {}, processes, cast(Any, None), {}, {})
    for own in drawn.processes.values():
        for element in own.elements.values():
            if element.kind == "userTask":
                chain = [(own.id, element.id)]
                scope = element.scope
                while scope is not None:
                    chain.append((own.id, scope))
                    scope = own.elements[scope].scope
                got = ahead(drawn, tuple(chain))
                assert got.steps and not got.more, element.id
                assert len(got.steps) <= 12, (element.id, steps(got))
