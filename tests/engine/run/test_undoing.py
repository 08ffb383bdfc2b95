"""Compensation, and sub-processes whose activities are done in any order."""

from __future__ import annotations

import pytest

from app.engine.events import ElementPassed

from .kit import (
    E,
    Play,
    S,
    boundary,
    end,
    flows,
    gate,
    many,
    node,
    process,
    program,
    start,
    sub,
    task,
    user,
)

INNER = '<bpmn:startEvent id="is"/><bpmn:endEvent id="ie"/>'


def undone_by(host: str, kind: str = "task") -> str:
    handler = node(kind, f"undo_{host}", isForCompensation="true")
    tie = f'<bpmn:association id="as_{host}" sourceRef="cb_{host}" targetRef="undo_{host}"/>'
    return boundary(f"cb_{host}", host, "compensate") + handler + tie


def compensate(id: str, activity: str = "", tag: str = "intermediateThrowEvent") -> str:
    ref = f' activityRef="{activity}"' if activity else ""
    return node(tag, id, f"<bpmn:compensateEventDefinition{ref}/>")


PAIR = S + E + task("a") + undone_by("a") + task("b") + undone_by("b") + task("z")


def test_compensation_undoes_what_was_completed_newest_first() -> None:
    play = Play(program(process(PAIR + compensate("t"), "s->a; a->b; b->t; t->z; z->e"))).start()
    order = [e.element for e in play.told(ElementPassed)]
    assert order == ["s", "a", "b", "t", "undo_b", "undo_a", "z", "e"]


def test_compensation_of_one_activity_leaves_the_others() -> None:
    body = PAIR + compensate("t", "a") + compensate("u")
    play = Play(program(process(body, "s->a; a->b; b->t; t->u; u->z; z->e"))).start()
    order = [e.element for e in play.told(ElementPassed)]
    assert order == ["s", "a", "b", "t", "undo_a", "u", "undo_b", "z", "e"]


def test_nothing_completed_means_nothing_to_undo() -> None:
    body = (
        S + E + gate("x", default="no") + task("a") + undone_by("a") + gate("m") + compensate("t")
    )
    play = Play(program(process(body, "s->x; x->a [go]; x->m {no}; a->m; m->t; t->e"))).start(
        go=False
    )
    assert play.passed == {}
    assert play.ended == {"1": "completed"}


def test_throwing_event_waits_for_people_who_undo() -> None:
    body = S + E + user("a") + undone_by("a", "userTask") + compensate("t") + task("z")
    play = Play(program(process(body, "s->a; a->t; t->z; z->e"))).start()
    play.complete("a")
    assert play.open == ["undo_a"]
    assert "z" not in play.passed
    play.complete("undo_a")
    assert play.passed == {"a": 1, "undo_a": 1, "z": 1}
    assert play.ended == {"1": "completed"}


def test_each_lap_is_undone_once() -> None:
    body = (
        S + E + gate("m") + user("a") + undone_by("a") + gate("x", default="no") + compensate("t")
    )
    play = Play(program(process(body, "s->m; m->a; a->x; x->m [go]; x->t {no}; t->e"))).start()
    for go in (True, True, False):
        play.complete("a", go=go)
    assert play.passed == {"a": 3, "undo_a": 3}


@pytest.mark.parametrize("own", [True, False], ids=["own handler", "handlers inside"])
def test_sub_process_is_undone_as_a_whole(own: bool) -> None:
    begin = start("h_s", "compensate")
    handler = node(
        "subProcess",
        "h",
        begin + task("h_done") + node("endEvent", "h_e") + flows("h_s->h_done; h_done->h_e", "h"),
        triggeredByEvent="true",
    )
    inner = INNER + task("a") + undone_by("a") + (handler if own else "")
    body = S + sub("sp", inner, "is->a; a->ie") + compensate("c", tag="endEvent")
    play = Play(program(process(body, "s->sp; sp->c"))).start()
    assert play.passed == {"a": 1, "h_done" if own else "undo_a": 1}
    assert play.ended == {"1": "completed"}


def test_every_instance_of_a_sub_process_is_undone() -> None:
    inner = INNER + user("a") + undone_by("a")
    body = S + sub("sp", inner, "is->a; a->ie", loop=many("=all")) + compensate("t") + E
    play = Play(program(process(body, "s->sp; sp->t; t->e"))).start(all=[1, 2])
    play.complete("a")
    play.complete("a")
    assert play.passed == {"a": 2, "undo_a": 2}


def test_cancelled_transaction_is_undone_before_it_is_left() -> None:
    inner = '<bpmn:startEvent id="is"/>' + task("a") + undone_by("a", "userTask")
    tx = node("transaction", "tx", inner + end("c", "cancel") + flows("is->a; a->c", "tx"))
    body = S + E + tx + boundary("b", "tx", "cancel") + task("off")
    play = Play(program(process(body, "s->tx; tx->e; b->off; off->e"))).start()
    assert play.open == ["undo_a"]
    assert "off" not in play.passed
    play.complete("undo_a")
    assert play.passed == {"a": 1, "undo_a": 1, "off": 1}


def ad_hoc(arcs: str = "c->d", condition: str = "", **kw: str) -> str:
    inner = user("a") + user("b") + task("c") + task("d") + flows(arcs, "ah")
    if condition:
        inner += f"<bpmn:completionCondition>={condition}</bpmn:completionCondition>"
    made = node("adHocSubProcess", "ah", inner, **kw)
    return process(S + made + user("after") + E, "s->ah; ah->after; after->e")


def test_ad_hoc_activities_are_done_in_any_order_each_once() -> None:
    play = Play(program(ad_hoc())).start()
    assert play.open == ["a", "b"]
    assert play.passed == {"c": 1, "d": 1}
    play.complete("b")
    play.complete("a")
    assert play.open == ["after"]


def test_ad_hoc_one_after_the_other() -> None:
    play = Play(program(ad_hoc(ordering="Sequential"))).start()
    assert (play.open, play.passed) == (["a"], {})
    play.complete("a")
    assert play.open == ["b"]
    play.complete("b")
    assert play.open == ["after"]
    assert play.passed == {"a": 1, "b": 1, "c": 1, "d": 1}


@pytest.mark.parametrize("keep", [False, True], ids=["rest withdrawn", "rest goes on"])
def test_ad_hoc_ends_when_its_condition_holds(keep: bool) -> None:
    more = {"cancelRemainingInstances": "false"} if keep else {}
    play = Play(program(ad_hoc(condition="enough", **more))).start(enough=False)
    play.complete("a", enough=True)
    assert play.open == (["b"] if keep else ["after"])


def test_compensation_waits_through_saving() -> None:
    # Two activities remembered in two scopes; the state is saved before every command.
    inner = INNER + user("a") + undone_by("a", "userTask")
    body = S + sub("sp", inner, "is->a; a->ie") + user("b") + undone_by("b", "userTask")
    body += compensate("t") + E
    play = Play(program(process(body, "s->sp; sp->b; b->t; t->e"))).start()
    play.complete("a")
    play.complete("b")
    assert play.open == ["undo_a", "undo_b"]
    play.complete("undo_a")
    play.complete("undo_b")
    assert play.ended == {"1": "completed"}
