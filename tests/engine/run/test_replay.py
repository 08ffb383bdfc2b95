"""Snapshots and replay: the same program, calendar and commands give the same events and hashes."""

from __future__ import annotations

import json
import random
import sys
import threading
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from app.engine.errors import NotExecutable
from app.engine.events import DecisionMade, from_dict, to_dict
from app.engine.program import Program
from app.engine.run import Case, Snapshot

from .kit import (
    CALENDAR,
    MONDAY,
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
    mapping,
    node,
    process,
    program,
    start,
    sub,
    task,
    throw,
    user,
)


def busy() -> Program:
    """Laps, joins of both kinds, multi-instance, timers, calls, messages, event sub-processes."""
    inner = '<bpmn:startEvent id="is"/><bpmn:endEvent id="ie"/>' + user("ret")
    inner += boundary("r", "ret", "cycle R2/PT6H", cancels=False) + user("chase")
    inner += node("endEvent", "ce") + handler("late", "timer P4D")
    body = (
        S + E + gate("m") + gate("g", "parallel") + gate("o", "inclusive") + gate("oj", "inclusive")
    )
    body += user("a", due="=working_days_after(today(), 2)") + user("b") + user("c")
    body += boundary("bt", "a", "date =due", cancels=False) + node("endEvent", "bte")
    body += (
        gate("j", "parallel") + user("lap") + gate("x", default="out") + throw("send", "message go")
    )
    body += sub("sp", inner, "is->ret; ret->ie; r->chase; chase->ce", loop=many("=all", "agency"))
    body += call("call", "Q", mapping({"n": "=n + 1"}, {"got": "=n"})) + handler(
        "esp", "message note", interrupts=False
    )
    body += handler(
        "stop", "message stop", body=user("wind_up"), arcs="stop_s->wind_up; wind_up->stop_e"
    )
    arcs = (
        "s->m; m->g; g->a; g->o; g->sp; g->call; o->b [n < 3]; o->c [true]; b->oj; c->oj; "
        "oj->j; a->j; bt->bte; sp->j; call->j; j->send; send->lap; lap->x; x->m [again]; x->e {out}"
    )
    one = process(body, arcs)
    two = process(S + user("q") + catch("qc", "timer PT30H") + E, "s->q; q->qc; qc->e", "Q")
    got = start("s", "message go", ext=extension(mapping(outputs={"k": "=1"})))
    three = process(got + user("child") + end("e", "message note"), "s->child; child->e", "R")
    return program(one, two, three)


def session(made: Program, seed: int) -> Play:
    """A random life of a case, kept in memory."""
    rnd = random.Random(seed)
    play = Play(made, fresh=False)
    play.start(n=rnd.randint(1, 4), all=["gp", "police"], again=False)
    for number in range(60):
        play.at += timedelta(hours=rnd.choice([1, 5, 20]))
        tasks = play.case.open_tasks()
        choice = rnd.random()
        if choice < 0.25:
            play.do("wake")
        elif choice < 0.33:
            play.do("message", rnd.choice(["note", "note", "nobody"]), {"v": number})
        elif choice < 0.35:
            play.do("message", "stop", {})
        elif choice < 0.37:
            play.do("replan")
        elif tasks:
            play.do(
                "complete", rnd.choice(tasks), {"again": rnd.random() < 0.6, "n": rnd.randint(1, 4)}
            )
    return play


def again(made: Program, log: list[Any], *, fresh: bool) -> Play:
    play = Play(made, fresh=fresh)
    for command, arguments, at in log:
        play.at = at
        play.do(command, *arguments)
    return play


@pytest.mark.parametrize("seed", range(12))
def test_replay_gives_the_same_events_and_hashes(seed: int) -> None:
    made = busy()
    lived = session(made, seed)
    in_memory = again(made, lived.log, fresh=False)
    assert in_memory.events == lived.events
    assert in_memory.hashes == lived.hashes
    saved_each_time = again(made, lived.log, fresh=True)
    assert saved_each_time.events == lived.events
    assert saved_each_time.hashes == lived.hashes
    assert len(lived.events) > 60


def test_saved_in_every_order_the_hash_is_the_same() -> None:
    made = busy()
    lived = session(made, 3)
    play = again(made, lived.log, fresh=True)
    turned = dict(reversed(play.states.items()))
    case = Case(made, case_id="c", calendar=CALENDAR, states=turned)
    assert case.state_hash() == lived.hashes[-1]


def test_snapshots_are_canonical_and_name_their_own_hash() -> None:
    import hashlib

    play = session(busy(), 1)
    for snapshot in play.case.snapshots().values():
        assert isinstance(snapshot, Snapshot)
        assert snapshot.sha256 == hashlib.sha256(snapshot.state).hexdigest()
        found = json.loads(snapshot.state)
        again_ = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert again_.encode() == snapshot.state


def test_only_what_changed_is_given_to_store() -> None:
    one = process(S + user("A") + user("B") + E, "s->A; A->B; B->e")
    play = Play(program(one)).start().start()
    case = Case(play.program, case_id="c", calendar=CALENDAR, states=play.states)
    assert case.snapshots() == {}
    case.complete("2-3", {}, play.at)
    assert set(case.snapshots()) == {"2"}
    assert not case.snapshots()["2"].ended


def test_ended_instance_is_marked_and_can_be_left_out() -> None:
    play = Play(program(process(S + user("A") + E, "s->A; A->e"))).start().start()
    play.complete("A")
    assert play.case.snapshots()["1"].ended
    states = {k: v for k, v in play.states.items() if k != "1"}
    case = Case(play.program, case_id="c", calendar=CALENDAR, states=states)
    assert case.state_hash() == play.hashes[-1]
    case.complete("2-3", {}, play.at)
    assert case.snapshots()["2"].ended


def test_state_does_not_grow_with_age() -> None:
    # Upstream stops seeing tasks at depth 1000, at lap 333 of this.
    body = S + gate("m") + user("A") + gate("x", default="no") + E
    play = Play(program(process(body, "s->m; m->A; A->x; x->m [go]; x->e {no}"))).start()
    sizes = set()
    for lap in range(400):
        play.complete("A", go=lap < 399)
        sizes.add(sum(map(len, play.states.values())))
    assert play.ended == {"1": "completed"}
    assert max(sizes) - min(sizes) < 200


def test_state_is_independent_of_the_size_of_the_diagram() -> None:
    def size(count: int) -> int:
        body = S + E + "".join(user(f"t{n}") for n in range(count))
        names = ["s", *(f"t{n}" for n in range(count)), "e"]
        arcs = "; ".join(f"{a}->{b}" for a, b in pairwise(names))
        play = Play(program(process(body, arcs))).start()
        play.complete("t0")
        return sum(map(len, play.states.values()))

    assert size(200) == size(10)


def test_long_chain_is_read() -> None:
    # Upstream reads a process by recursion and fails on long ones.
    count = 600
    names = ["s", *(f"t{n}" for n in range(count)), "A", "e"]
    body = S + E + user("A") + "".join(task(f"t{n}") for n in range(count))
    made = program(process(body, "; ".join(f"{a}->{b}" for a, b in pairwise(names))))
    assert sys.getrecursionlimit() <= 1000
    assert Play(made).start().open == ["A"]


def test_unreadable_state_is_a_fault() -> None:
    made = program(process(S + user("A") + E, "s->A; A->e"))
    with pytest.raises(NotExecutable):
        Case(made, case_id="c", calendar=CALENDAR, states={"": b'{"form": 99}'})


def test_threads_share_the_graph_without_sharing_anything_else() -> None:
    made = busy()
    expected = session(made, 5)
    found: list[list[str]] = []

    def live() -> None:
        found.append(again(made, expected.log, fresh=True).hashes[-1:])

    threads = [threading.Thread(target=live) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected.hashes[-1:]] * 6


def test_events_are_the_same_whichever_day_it_really_is() -> None:
    made = busy()
    play = Play(made, at=MONDAY.replace(year=2027))
    play.start(n=1, all=["x"], again=False)
    assert all(
        "2027" in json.dumps(json.loads(s), default=str) for k, s in play.states.items() if k
    )


def test_the_order_of_instances_does_not_depend_on_which_are_loaded() -> None:
    """A message from an older instance to a younger one that a stored case loads only then."""
    teller = process(
        S + throw("go", "message go") + user("A") + throw("hit", "message note")
        + task("t1") + task("t2") + user("B") + E,
        "s->go; go->A; A->hit; hit->t1; t1->t2; t2->B; B->e",
    )  # fmt: skip
    hearer = process(
        start("s", "message go") + catch("c", "message note") + task("u1") + task("u2") + E,
        "s->c; c->u1; u1->u2; u2->e",
        "Q",
    )
    made = program(teller, hearer)
    lived = Play(made, fresh=False).start()
    lived.complete("A")
    stored = again(made, lived.log, fresh=True)
    assert stored.events == lived.events
    assert stored.hashes == lived.hashes


def test_a_decision_that_no_rule_answers_can_be_read_back() -> None:
    made = DecisionMade(instance="1", element="ask", decision="table", inputs={}, rules=())
    assert from_dict(to_dict(made)) == made
