"""Multi-instance and standard loops."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.engine.errors import Incident
from app.engine.events import ElementEntered, TaskCancelled, TaskOpened, TimerSet

from .kit import (
    E,
    Play,
    S,
    boundary,
    call,
    extension,
    gate,
    many,
    mapping,
    node,
    process,
    program,
    properties,
    sub,
    task,
    user,
)

INNER = '<bpmn:startEvent id="is"/><bpmn:endEvent id="ie"/>'


def ask(**how: object) -> str:
    return process(S + user("ask", inner=many("=people", **how)) + user("after") + E, ARCS)  # type: ignore[arg-type]


ARCS = "s->ask; ask->after; after->e"


def test_multi_instance_results_keep_the_order_of_the_collection() -> None:
    play = Play(program(ask(output=("results", "=answer")))).start(people=["x", "y", "z"])
    assert [(t.item, t.label) for t in play.open_tasks()] == [
        ({"item": p}, p) for p in ("x", "y", "z")
    ]
    for person, answer in (("z", 3), ("x", 1), ("y", 2)):
        play.complete("ask", item=person, answer=answer)
    assert play.values()["results"] == [1, 2, 3]
    assert "answer" not in play.case.variables(play.open_tasks()[0].task)


def test_multi_instance_over_nothing_passes() -> None:
    play = Play(program(ask(output=("results", "=answer")))).start(people=[])
    assert play.open == ["after"]
    assert play.values()["results"] == []


@pytest.mark.parametrize("order", [{}, {"sequential": True}], ids=["at once", "in a row"])
def test_multi_instance_over_more_than_a_command_can_do_is_told(order: dict[str, bool]) -> None:
    with pytest.raises(Incident, match="10,001 items; 10,000 is the most") as caught:
        Play(program(ask(**order))).start(people=["x"] * 10_001)
    assert caught.value.element_id == "ask"


@pytest.mark.parametrize("people", [None, "x", 3], ids=["null", "a text", "a number"])
def test_multi_instance_needs_a_list(people: object) -> None:
    with pytest.raises(Incident) as caught:
        Play(program(ask())).start(people=people)
    assert caught.value.element_id == "ask"


def test_multi_instance_one_after_the_other() -> None:
    play = Play(program(ask(sequential=True))).start(people=["x", "y"])
    assert [t.item for t in play.open_tasks()] == [{"item": "x"}]
    play.complete("ask")
    assert [t.item for t in play.open_tasks()] == [{"item": "y"}]
    play.complete("ask")
    assert play.open == ["after"]


@pytest.mark.parametrize(
    ("until", "sequential", "needed"),
    [
        ("numberOfCompletedInstances >= 2", False, 2),
        ("numberOfCompletedInstances >= 2", True, 2),
        ("numberOfActiveInstances = 1", False, 2),
        ("numberOfCompletedInstances / numberOfInstances > 0.3", False, 1),
        ("numberOfTerminatedInstances > 0", False, 3),
        ("answer = 2", False, 2),
        ("answer = 2", True, 2),
        ("answer = 9", False, 3),
    ],
    ids=[
        "completed",
        "completed, in turn",
        "active",
        "share",
        "none is ever terminated first",
        "its own answer",
        "its own answer, in turn",
        "never: all are needed",
    ],
)
def test_multi_instance_ends_when_its_condition_holds(
    until: str, sequential: bool, needed: int
) -> None:
    play = Play(program(ask(until=until, sequential=sequential))).start(people=["x", "y", "z"])
    for answer in range(1, needed + 1):
        assert "after" not in play.open
        play.complete("ask", answer=answer)
    assert play.open == ["after"]
    assert len(play.told(TaskCancelled)) == (0 if sequential else 3 - needed)


def test_multi_instance_second_lap_starts_afresh() -> None:
    body = S + gate("m") + user("ask", inner=many("=people", output=("results", "=answer")))
    body += user("lap") + gate("x", default="no") + E
    play = Play(program(process(body, "s->m; m->ask; ask->lap; lap->x; x->m [go]; x->e {no}")))
    play.start(people=["x", "y"])
    for lap in (1, 2, 3):
        play.complete("ask", item="y", answer=lap * 10)
        play.complete("ask", item="x", answer=lap)
        assert play.values()["results"] == [lap, lap * 10]
        play.complete("lap", go=lap < 3)
    assert play.ended == {"1": "completed"}


def test_boundary_event_withdraws_all_instances() -> None:
    body = S + user("ask", inner=many("=people")) + boundary("b", "ask", "timer P1D") + E
    play = Play(program(process(body, "s->ask; ask->e; b->e"))).start(people=["x", "y"])
    assert len(play.told(TimerSet)) == 1
    play.complete("ask", item="x")
    play.advance(days=2)
    assert [e.by for e in play.told(TaskCancelled)] == ["b"]
    assert play.ended == {"1": "completed"}


def test_each_instance_of_a_sub_process_has_its_own_timer_item_and_label() -> None:
    inner = INNER + user("ret") + boundary("r", "ret", "timer P1D", cancels=False)
    inner += user("chase") + node("endEvent", "ce")
    ext = extension(properties(label='="for " + agency'))
    sp = sub(
        "sp", inner, "is->ret; ret->ie; r->chase; chase->ce", loop=many("=all", "agency"), ext=ext
    )
    play = Play(program(process(S + sp + user("after") + E, "s->sp; sp->after; after->e")))
    play.start(all=["gp", "police"])
    assert [t.label for t in play.open_tasks()] == ["for gp", "for police"]
    assert len(play.told(ElementEntered)) == 2
    play.complete("ret", item="gp")
    play.advance(days=1)
    assert [(t.element, t.item) for t in play.open_tasks()] == [
        ("ret", {"agency": "police"}),
        ("chase", {"agency": "police"}),
    ]
    play.complete("ret")
    play.complete("chase")
    assert play.open == ["after"]


def test_calls_can_be_repeated_too() -> None:
    inner = many("=all", "who", output=("results", "=answer"))
    one = process(S + call("c", "Q", inner=inner) + user("after") + E, "s->c; c->after; after->e")
    two = process(S + user("q") + E, "s->q; q->e", "Q")
    play = Play(program(one, two)).start(all=["a", "b"])
    for task_ in play.open_tasks():
        who = play.case.variables(task_.task)["who"]
        play.do("complete", task_.task, {"answer": f"from {who}"})
    assert play.values()["results"] == ["from a", "from b"]


@pytest.mark.parametrize(
    ("attributes", "condition", "times"),
    [
        ({}, "n < 3", 3),
        ({"loopMaximum": "2"}, "", 2),
        ({"loopMaximum": "2"}, "n < 9", 2),
        ({"testBefore": "true"}, "n < 0", 0),
        ({"testBefore": "true"}, "n < 2", 2),
        ({"testBefore": "false"}, "n < 0", 1),
    ],
    ids=["while", "at most", "both", "never", "tested first", "once at least"],
)
def test_standard_loop(attributes: dict[str, str], condition: str, times: int) -> None:
    text = f"<bpmn:loopCondition>={condition.replace('<', '&lt;')}</bpmn:loopCondition>"
    more = "".join(f' {k}="{v}"' for k, v in attributes.items())
    loop = (
        f"<bpmn:standardLoopCharacteristics{more}>{text if condition else ''}"
        "</bpmn:standardLoopCharacteristics>"
    )
    play = Play(program(process(S + user("A", inner=loop) + E, "s->A; A->e"))).start(n=0)
    for n in range(1, times + 1):
        assert play.open == ["A"]
        play.complete("A", n=n)
    assert play.open == []
    assert play.passed == ({"A": times} if times else {})


def test_wide_multi_instance() -> None:
    play = Play(program(ask(output=("results", "=answer"))), fresh=False)
    play.start(people=list(range(300)))
    for task_ in play.open_tasks():
        play.do("complete", task_.task, {"answer": task_.item["item"] * 2})
    assert play.values()["results"] == [Decimal(2 * n) for n in range(300)]


def test_output_mapping_feeds_the_output_element() -> None:
    ext = mapping(outputs={"last": "=answers.form"})
    body = S + user("ask", ext, inner=many("=people", output=("results", "=last"))) + task("t") + E
    play = Play(
        program(
            process(body, "s->ask; ask->t; t->e", people='["x","y"]', last="null", results="null")
        )
    )
    play.start()
    opened = play.told(TaskOpened)
    for one, value in zip(reversed(opened), ("b", "a"), strict=True):
        play.do("complete", one.task, {"form": value})
    assert play.values()["results"] == ["a", "b"]
    assert play.values()["last"] == "a"


@pytest.mark.parametrize("label", ["", '="for " + who'], ids=["the item", "a label"])
def test_tasks_of_a_called_process_have_the_item_of_the_call(label: str) -> None:
    facts = properties(label=label) if label else ""
    one = process(S + call("c", "Q", facts, inner=many("=all", "who")) + E, "s->c; c->e")
    two = process(S + user("q") + E, "s->q; q->e", "Q", own="1")
    play = Play(program(one, two)).start(all=["a", "b"])
    assert [t.item for t in play.open_tasks()] == [{"who": "a"}, {"who": "b"}]
    assert [t.label for t in play.open_tasks()] == (["for a", "for b"] if label else ["a", "b"])
