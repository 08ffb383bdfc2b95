"""Compensation, and sub-processes whose activities are done in any order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.engine.events import ElementPassed
from app.engine.program import Program
from app.engine.run import Case

from .kit import (
    CALENDAR,
    E,
    Play,
    S,
    boundary,
    call,
    end,
    flows,
    gate,
    many,
    node,
    process,
    program,
    properties,
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
    assert play.open == ["undo_b"]
    play.complete("undo_b")
    assert play.open == ["undo_a"]
    play.complete("undo_a")
    assert play.ended == {"1": "completed"}


def opened(play: Play) -> list[str]:
    """What people undo, in the order in which it opens; never two at a time."""
    found = []
    while play.open:
        (name,) = play.open
        found.append(name)
        play.complete(name)
    return found


def step(name: str) -> str:
    """A task that is done at once, and a person who undoes it."""
    return task(name) + undone_by(name, "userTask")


def nested() -> Program:
    inner = INNER + step("a") + step("b")
    body = S + step("x") + sub("sp", inner, "is->a; a->b; b->ie") + step("y") + compensate("t") + E
    return program(process(body, "s->x; x->sp; sp->y; y->t; t->e"))


def within() -> Program:
    inner = INNER + step("a") + step("b") + compensate("t")
    return program(process(S + sub("sp", inner, "is->a; a->b; b->t; t->ie") + E, "s->sp; sp->e"))


def called() -> Program:
    inner = S + step("a") + step("b") + E
    outer = S + step("x") + call("c", "Q") + step("y") + compensate("t", tag="endEvent")
    return program(
        process(outer, "s->x; x->c; c->y; y->t"), process(inner, "s->a; a->b; b->e", "Q")
    )


def several() -> Program:
    inner = INNER + step("a") + step("b")
    one = sub("sp", inner, "is->a; a->b; b->ie", loop=many("=[1, 2]", sequential=True))
    return program(process(S + one + compensate("t") + E, "s->sp; sp->t; t->e"))


def in_the_middle() -> Program:
    """A handler is a sub-process of two steps: the next handler waits for both."""
    tie = '<bpmn:association id="as_x" sourceRef="cb_x" targetRef="back"/>'
    back = sub(
        "back", INNER + user("p") + user("q"), "is->p; p->q; q->ie", isForCompensation="true"
    )
    body = S + step("w") + task("x") + boundary("cb_x", "x", "compensate") + back + tie
    return program(process(body + compensate("t") + E, "s->w; w->x; x->t; t->e"))


@pytest.mark.parametrize(
    ("drawn", "order"),
    [
        pytest.param(nested, "undo_y undo_b undo_a undo_x", id="inside a completed sub-process"),
        pytest.param(within, "undo_b undo_a", id="thrown from within"),
        pytest.param(called, "undo_y undo_b undo_a undo_x", id="inside a called process"),
        pytest.param(several, "undo_b undo_a undo_b undo_a", id="of several instances"),
        pytest.param(in_the_middle, "p q undo_w", id="a handler that takes time"),
    ],
)
def test_people_undo_one_after_the_other_in_reverse(
    drawn: Callable[[], Program], order: str
) -> None:
    """13.5.5: in the reverse order of completion, each only when the one before is done."""
    play = Play(drawn()).start()
    assert opened(play) == order.split()
    assert play.ended == {"1": "completed"}


def test_undoing_of_an_old_history_runs_again_all_at_once() -> None:
    play = Play(nested())
    play.case = Case(play.program, case_id="c", calendar=CALENDAR, meaning=1)
    play.fresh = False
    play.start()
    assert play.open == ["undo_a", "undo_b", "undo_x", "undo_y"]


def test_what_is_interrupted_is_not_undone_further() -> None:
    inner = INNER + step("a") + step("b") + compensate("t")
    body = S + sub("sp", inner, "is->a; a->b; b->t; t->ie") + boundary("stop", "sp", "message stop")
    play = Play(program(process(body + user("z") + E, "s->sp; sp->e; stop->z; z->e"))).start()
    play.message("stop")
    assert play.open == ["z"]
    play.complete("z")
    assert play.ended == {"1": "completed"}


def test_an_error_in_a_handler_ends_the_undoing() -> None:
    """It is caught where the throwing event lies, as any error there."""
    tie = '<bpmn:association id="as_b" sourceRef="cb_b" targetRef="back"/>'
    bad = '<bpmn:startEvent id="hs"/>' + end("he", "error broken")
    back = sub("back", bad, "hs->he", isForCompensation="true")
    inner = INNER + step("a") + task("b") + boundary("cb_b", "b", "compensate") + back + tie
    body = S + sub("sp", inner + compensate("t"), "is->a; a->b; b->t; t->ie")
    body += boundary("caught", "sp", "error broken") + user("z") + E
    play = Play(program(process(body, "s->sp; sp->e; caught->z; z->e"))).start()
    assert play.open == ["z"]


def test_a_handler_sees_what_its_sub_process_held() -> None:
    inner = (
        INNER
        + task("a")
        + boundary("cb_a", "a", "compensate")
        + user("undo", properties(label="=place"), isForCompensation="true")
        + '<bpmn:association id="as_a" sourceRef="cb_a" targetRef="undo"/>'
    )
    one = sub("sp", inner, "is->a; a->ie", loop=many("=places", "place"))
    play = Play(program(process(S + one + compensate("t") + E, "s->sp; sp->t; t->e"))).start(
        places=["north", "south"]
    )
    seen = []
    while play.open:
        seen.append(play.open_tasks()[0].label)
        play.complete("undo")
    assert sorted(seen) == ["north", "south"]


def test_a_compensation_event_sub_process_may_be_marked_as_compensation() -> None:
    """10.7.2: the marker says again what its start event says; modelers write it."""
    begin = start("h_s", "compensate")
    handler = node(
        "subProcess",
        "h",
        begin + task("h_done") + node("endEvent", "h_e") + flows("h_s->h_done; h_done->h_e", "h"),
        triggeredByEvent="true",
        isForCompensation="true",
    )
    body = S + sub("sp", INNER + task("a") + handler, "is->a; a->ie") + compensate("t") + E
    play = Play(program(process(body, "s->sp; sp->t; t->e"))).start()
    assert play.passed == {"a": 1, "h_done": 1}
