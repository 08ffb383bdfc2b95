"""Every trigger at every place where BPMN 2.0.2 allows it (section 10.5, tables 10.84 to 10.92)."""

from __future__ import annotations

import itertools
import re

import pytest

from app.engine.program import Program
from app.validation.gate import check

from .kit import (
    HEAD,
    ROOTS,
    Play,
    boundary,
    definition,
    end,
    flows,
    handler,
    node,
    process,
    start,
    sub,
    task,
    throw,
    user,
)

#: trigger → how it comes about: a throw inside, an end inside, or from outside
COMES = {
    "message note": "outside",
    "signal alarm": "outside",
    "timer PT1H": "outside",
    "if ready": "outside",
    "error broken": "end",
    "error": "end",
    "escalation up": "throw",
    "escalation": "end",
}
#: an error always interrupts
KINDS = pytest.mark.parametrize(
    ("what", "cancels"),
    [
        pytest.param(what, cancels, id=f"{what.replace(' ', '-')}{'' if cancels else '-beside'}")
        for what in COMES
        for cancels in (True, False)
        if cancels or not what.startswith("error")
    ],
)
BOTH = pytest.mark.parametrize("cancels", [True, False], ids=["interrupting", "not"])
REFERRED = pytest.mark.parametrize("referred", [False, True], ids=["inline", "by reference"])
THROWN = {"error": "error broken", "escalation": "escalation up"}


def happen(play: Play, what: str) -> None:
    if what.startswith("message"):
        play.message("note")
    elif what.startswith("signal"):
        play.do("signal", "alarm")
    elif what.startswith("timer"):
        play.advance(hours=2)
    elif what.startswith("if"):
        play.complete("tell", ready=True)


def program_of(text: str, *, referred: bool = False) -> Program:
    """One process; `referred`: every event definition stands at the top and is referred to."""
    roots = ROOTS
    if referred:
        found = re.compile(r"<bpmn:(\w+EventDefinition)\b(?:[^>]*/>|.*?</bpmn:\1>)", re.DOTALL)
        ids = (f"d{n}" for n in itertools.count())

        def moved(match: re.Match[str]) -> str:
            nonlocal roots
            id = next(ids)
            roots += re.sub(r"^(<bpmn:\w+)", rf'\1 id="{id}"', match.group())
            return f"<bpmn:eventDefinitionRef>{id}</bpmn:eventDefinitionRef>"

        text = found.sub(moved, text)
    checked = check({"bpmn/t.bpmn": f"{HEAD}{roots}{text}</bpmn:definitions>".encode()})
    assert checked.program is not None, [f for f in checked.findings if f.severity == "error"]
    return checked.program


def inner(what: str) -> tuple[str, str]:
    """What happens in the scope: a task, then the throw if it is thrown inside, then a task."""
    begin = node("startEvent", "is") + user("tell")
    thrown = THROWN.get(what, what)
    if COMES[what] == "end":
        return begin + end("ie", thrown), "is->tell; tell->ie"
    if COMES[what] == "throw":
        rest = throw("it", thrown) + user("rest") + node("endEvent", "ie")
        return begin + rest, "is->tell; tell->it; it->rest; rest->ie"
    rest = user("rest") + node("endEvent", "ie")
    return begin + rest, "is->tell; tell->rest; rest->ie"


def played(text: str, what: str, *, referred: bool) -> Play:
    play = Play(program_of(text, referred=referred)).start("P")
    assert play.open == ["tell"]
    if COMES[what] != "outside":
        play.complete("tell")
    happen(play, what)
    return play


def still_inside(what: str, cancels: bool) -> list[str]:
    """What is open inside once the event has happened."""
    if cancels or COMES[what] == "end":
        return []
    return ["rest"] if COMES[what] == "throw" or what.startswith("if") else ["tell"]


@REFERRED
@pytest.mark.parametrize("tag", ["subProcess", "transaction"])
@KINDS
def test_boundary_event_of_a_scope(what: str, tag: str, cancels: bool, referred: bool) -> None:
    body, arcs = inner(what)
    text = (
        node("startEvent", "s") + node(tag, "sp", body + flows(arcs, "sp"))
        + boundary("b", "sp", what, cancels=cancels) + task("after") + user("caught")
        + node("endEvent", "e") + node("endEvent", "e2")
    )  # fmt: skip
    arcs = "s->sp; sp->after; after->e; b->caught; caught->e2"
    play = played(process(text, arcs, ready="false"), what, referred=referred)
    assert play.open == sorted(["caught", *still_inside(what, cancels)])
    # An escalation end event ends its own flow: the scope then completes as usual.
    left = not cancels and COMES[what] == "end"
    assert play.passed.get("after", 0) == left
    for name in play.open:
        play.complete(name, ready=True) if name == "tell" else play.complete(name)
    if play.open:
        play.complete("rest")
    assert play.passed.get("after", 0) == (not cancels)
    assert play.ended == {"1": "completed"}


@REFERRED
@pytest.mark.parametrize("place", ["process", "subProcess", "transaction"])
@KINDS
def test_event_sub_process_in_a_scope(what: str, place: str, cancels: bool, referred: bool) -> None:
    body, arcs = inner(what)
    body += handler(
        "h", what, interrupts=cancels, body=user("caught"), arcs="h_s->caught; caught->h_e"
    )
    if place == "process":
        text = process(body, arcs, ready="false")
    else:
        held = node(place, "sp", body + flows(arcs, "sp"))
        outer = node("startEvent", "s") + held + task("after") + node("endEvent", "e")
        text = process(outer, "s->sp; sp->after; after->e", ready="false")
    play = played(text, what, referred=referred)
    assert play.open == sorted(["caught", *still_inside(what, cancels)])
    assert play.ended == {}
    for name in play.open:
        play.complete(name, ready=True) if name == "tell" else play.complete(name)
    if play.open:
        play.complete("rest")
    # The scope ends as usual once its handler has: the flow around it goes on.
    assert play.passed.get("after", 0) == (place != "process")
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize(
    "what", ["message note", "signal alarm", "timer PT1H", "if ready"], ids=lambda w: w.split()[0]
)
@BOTH
@pytest.mark.parametrize("host", ["userTask", "receiveTask", "callActivity", "subProcess"])
def test_boundary_event_of_an_activity(what: str, cancels: bool, host: str) -> None:
    made = {
        "userTask": user("A"),
        "receiveTask": node("receiveTask", "A", messageRef="m_reply"),
        "callActivity": node("callActivity", "A", calledElement="Q"),
        "subProcess": sub(
            "A", node("startEvent", "i") + user("in") + node("endEvent", "j"), "i->in; in->j"
        ),
    }[host]
    called = process(node("startEvent", "qs") + user("q") + node("endEvent", "qe"),
                     "qs->q; q->qe", "Q")  # fmt: skip
    fork = node("startEvent", "s") + node("parallelGateway", "g") + user("tell")
    text = fork + made + boundary("b", "A", what, cancels=cancels) + user("caught")
    text += node("endEvent", "e") + node("endEvent", "e2")
    arcs = "s->g; g->A; g->tell; tell->e2; A->e; b->caught; caught->e"
    play = Play(program_of(process(text, arcs, ready="false") + called)).start("P")
    waits = {"userTask": ["A"], "receiveTask": [], "callActivity": ["q"], "subProcess": ["in"]}
    assert play.open == sorted([*waits[host], "tell"])
    happen(play, what)
    left = [] if what.startswith("if") else ["tell"]
    assert play.open == sorted(["caught", *left, *([] if cancels else waits[host])])
    for name in play.open:
        play.complete(name, ready=True) if name == "tell" else play.complete(name)
    if host == "receiveTask" and not cancels:
        play.message("reply")
    assert play.ended == {"1": "completed"}


@REFERRED
@pytest.mark.parametrize(
    "what", ["message note", "signal alarm", "timer PT1H", "if ready"], ids=lambda w: w.split()[0]
)
@pytest.mark.parametrize("behind", ["flow", "event gateway"])
def test_catch_event(what: str, behind: str, referred: bool) -> None:
    catching = node("intermediateCatchEvent", "c", definition(what))
    other = node("intermediateCatchEvent", "c2", definition("message stop")) + task("other")
    fork = node("startEvent", "s") + node("parallelGateway", "g") + user("tell")
    text = fork + catching + task("caught") + node("endEvent", "e") + node("endEvent", "e2")
    if behind == "flow":
        arcs = "s->g; g->c; g->tell; c->caught; caught->e; tell->e2"
    else:
        text += other + node("eventBasedGateway", "w")
        arcs = (
            "s->g; g->w; w->c; w->c2; c2->other; other->e; g->tell; c->caught; caught->e; tell->e2"
        )
    play = Play(program_of(process(text, arcs, ready="false"), referred=referred)).start("P")
    assert play.passed == {}
    happen(play, what)
    assert play.passed.pop("caught") == 1
    if play.open:
        play.complete("tell")
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("terminate", {"1": "terminated"}),
        ("error broken", {"1": "failed"}),
        ("message stop", {}),
        ("signal calm", {}),
        ("escalation up", {}),
    ],
    ids=["terminate", "error", "message", "signal", "escalation"],
)
def test_end_event_of_the_process(what: str, expected: dict[str, str]) -> None:
    body = node("startEvent", "s") + node("parallelGateway", "g") + task("A") + user("B")
    text = body + end("e", what) + node("endEvent", "e2")
    play = Play(program_of(process(text, "s->g; g->B; B->e2; g->A; A->e"))).start("P")
    assert play.ended == expected
    assert play.open == ([] if expected else ["B"])


@pytest.mark.parametrize("what", ["message note", "signal alarm", "timer PT1H", "if ready"])
def test_several_starts_of_one_process_are_each_a_start(what: str) -> None:
    """A process with several start events begins at the one that happens (10.5.2)."""
    text = node("startEvent", "s") + start("s2", what) + task("A") + task("B")
    text += node("endEvent", "e")
    made = process(text, "s->A; A->e; s2->B; B->e", ready="false")
    play = Play(program_of(made)).start("P")
    assert play.passed == {"A": 1}
    assert play.ended == {"1": "completed"}
