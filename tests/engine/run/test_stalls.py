"""What nobody and nothing will ever move is told with its reason; its harmless neighbour is not."""

from typing import Any

import pytest

from app.engine.run import Stall
from tests.engine.run.kit import (
    E,
    Play,
    S,
    boundary,
    call,
    catch,
    end,
    extension,
    gate,
    handler,
    many,
    node,
    process,
    program,
    properties,
    sub,
    throw,
    user,
)

#: only another system sends it
ELSEWHERE = extension(properties(from_people="false"))
FORK = gate("f", "parallel")
JOIN = gate("j", "parallel")
AWAY = gate("x", default="on")
#: B may go round the join
ROUND = "s->f; f->A; f->B; A->j; B->x; x->j {on}; x->e [away]; j->e"
BOTH = S + FORK + user("A") + user("B") + AWAY + JOIN + E


def play(*bodies: str, settings: dict[str, Any] | None = None) -> Play:
    return Play(program(*bodies, settings=settings)).start()


def told(case: Play) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(s.element, s.why, s.names or s.lacking) for s in case.case.stalls()]


def gone_round(body: str = BOTH, arcs: str = ROUND, *more: str) -> Play:
    """A waits at the join, B has gone another way."""
    case = play(process(body, arcs, away="true"), *more)
    for name in ("A", "B"):
        case.complete(name)
    return case


def test_a_join_whose_other_branch_went_another_way_cannot_complete() -> None:
    assert told(gone_round()) == [("j", "join", ("x",))]


def test_a_join_waits_in_peace_while_something_can_still_come() -> None:
    case = play(process(BOTH, ROUND, away="true"))
    case.complete("A")
    assert told(case) == []


ROWS: dict[str, tuple[str, str, list[tuple[str, str, tuple[str, ...]]]]] = {
    "another task does not help the join": (
        BOTH + user("C"), ROUND + "; f->C; C->e", [("j", "join", ("x",))],
    ),
    "a task that leads back to the join does": (
        BOTH + user("C"), "s->f; f->A; f->B; A->j; B->x; x->j {on}; x->C [away]; C->x; j->e", [],
    ),
    "a timer at a task that leads to the join does": (
        BOTH + user("C") + boundary("late", "C", "timer P1D", cancels=False),
        ROUND + "; f->C; C->e; late->x", [],
    ),
    "an end that terminates withdraws the join": (
        BOTH + user("C") + end("t", "terminate"), ROUND + "; f->C; C->t", [],
    ),
    "an event that people record and that interrupts withdraws it": (
        BOTH + handler("h", "message stop"), ROUND, [],
    ),
    "one that does not interrupt lets it stand": (
        BOTH + handler("h", "message stop", interrupts=False), ROUND, [("j", "join", ("x",))],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "arcs", "expected"), ROWS.values(), ids=ROWS.keys())
def test_a_join_cannot_complete_when_nothing_that_moves_leads_to_it(
    body: str, arcs: str, expected: list[Any]
) -> None:
    assert told(gone_round(body, arcs)) == expected


def test_a_join_in_a_sub_process_is_withdrawn_by_what_hangs_at_it() -> None:
    inner = node("startEvent", "is") + FORK + user("A") + user("B") + AWAY + JOIN
    inner = sub(
        "sp", inner + node("endEvent", "ie"), ROUND.replace("s->", "is->").replace("->e", "->ie")
    )
    arcs = "s->sp; sp->e"
    assert told(gone_round(S + inner + E, arcs)) == [("j", "join", ("x",))]
    late = boundary("b", "sp", "timer P9D")
    assert told(gone_round(S + inner + late + E, arcs + "; b->e")) == []


def test_joins_that_wait_for_each_other_are_all_told() -> None:
    """A first lap is never begun: each of the two needs what comes out of the other."""
    body = S + FORK + gate("j1", "parallel") + gate("j2", "parallel")
    body += gate("g1", default="on1") + gate("g2", default="on2") + E
    arcs = "s->f; f->j1; f->j2; j1->g1; g1->j2 {on1}; g1->e [w > 1]"
    arcs += "; j2->g2; g2->j1 {on2}; g2->e [w > 1]"
    assert told(play(process(body, arcs, w="1"))) == [
        ("j1", "join", ("g2",)),
        ("j2", "join", ("g1",)),
    ]


#: what a step may wait for → what is told of it alone; None: somebody or time moves it
WAITS: dict[str, tuple[str, str, tuple[str, str, tuple[str, ...]] | None]] = {
    "a message that people record": (catch("c", "message note"), "s->c; c->e", None),
    "a message that only another system sends": (
        catch("c", "message note", ext=ELSEWHERE), "s->c; c->e", ("c", "message", ("note",)),
    ),
    "a message that a drawing sends": (
        catch("c", "message note", ext=ELSEWHERE) + FORK + user("A") + throw("t", "message note"),
        "s->f; f->c; f->A; A->t; t->e; c->e", None,
    ),
    "a receive task with a timer at it": (
        node("receiveTask", "c", ELSEWHERE, messageRef="m_note") + boundary("b", "c", "timer P1D"),
        "s->c; c->e; b->e", None,
    ),
    "a signal that nothing throws": (
        catch("c", "signal alarm"), "s->c; c->e", ("c", "signal", ("alarm",)),
    ),
    "a signal that is thrown": (
        catch("c", "signal alarm") + FORK + user("A") + throw("t", "signal alarm"),
        "s->f; f->c; f->A; A->t; t->e; c->e", None,
    ),
    "the first of two events of which one can come": (
        gate("g", "event") + catch("c", "signal alarm") + catch("d", "timer P1D"),
        "s->g; g->c; g->d; c->e; d->e", None,
    ),
    "the first of two events of which none can come": (
        gate("g", "event") + catch("c", "signal alarm") + catch("d", "signal calm"),
        "s->g; g->c; g->d; c->e; d->e", ("g", "signal", ("alarm", "calm")),
    ),
    "a condition while a task is open": (
        catch("c", "if w > 1") + FORK + user("A"), "s->f; f->c; f->A; A->e; c->e", None,
    ),
    "a condition that nothing can change any more": (
        catch("c", "if w > 1"), "s->c; c->e", ("c", "conditional", ()),
    ),
    "each of several items": (user("A", inner=many("=[1, 2]")), "s->A; A->e", None),
}  # fmt: skip


@pytest.mark.parametrize(("body", "arcs", "expected"), WAITS.values(), ids=WAITS.keys())
def test_a_wait_for_what_nobody_sends_is_told_with_its_name(
    body: str, arcs: str, expected: Any
) -> None:
    assert told(play(process(S + body + E, arcs, w="1"))) == ([expected] if expected else [])


def test_a_signal_that_other_cases_send_may_come() -> None:
    drawn = process(S + catch("c", "signal alarm") + E, "s->c; c->e")
    assert told(play(drawn, settings={"signals_across_cases": ["alarm"]})) == []


def test_a_stall_in_a_called_process_names_the_called_one() -> None:
    called = process(S + catch("c", "signal alarm") + E, "s->c; c->e", "Q")
    case = play(process(S + call("k", "Q") + E, "s->k; k->e"), called)
    assert case.case.stalls() == [Stall("1", "Q", "c", "signal", names=("alarm",))]


def test_what_sleeps_in_a_merged_case_is_not_told() -> None:
    case = play(process(S + catch("c", "signal alarm") + E, "s->c; c->e"))
    case.do("rest")
    assert told(case) == []
    case.do("go_on")
    assert told(case) == [("c", "signal", ("alarm",))]


def test_an_inclusive_join_goes_on_by_itself_and_stands_only_behind_what_stands() -> None:
    body = S + gate("f", "inclusive") + user("A") + catch("c", "signal alarm")
    body += gate("j", "inclusive") + E
    case = play(process(body, "s->f; f->A [1 > 0]; f->c [1 > 0]; A->j; c->j; j->e"))
    case.complete("A")
    assert told(case) == [("c", "signal", ("alarm",))]
