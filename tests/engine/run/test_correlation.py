"""News is for the one it is about: correlation keys in a case (BPMN 2.0.2, 8.4.2; Camunda 8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from app.engine.errors import Incident
from app.engine.events import MessageBuffered, MessageReceived, MessageUnbuffered
from app.engine.program import Program
from app.engine.run import Case
from app.validation.gate import check

from .kit import (
    CALENDAR,
    HEAD,
    Play,
    boundary,
    catch,
    end,
    extension,
    gate,
    handler,
    many,
    mapping,
    node,
    process,
    start,
    sub,
    throw,
    user,
)

S, E = node("startEvent", "s"), node("endEvent", "e")
INNER = node("startEvent", "is") + node("endEvent", "ie")


def message(key: str, name: str = "note") -> str:
    held = extension(f"<zeebe:subscription correlationKey={quoteattr(key)}/>") if key else ""
    return f'<bpmn:message id="m_{name}" name="{name}">{held}</bpmn:message>'


def standard(*parts: tuple[str, str]) -> tuple[str, str]:
    """The standard's way: (definitions, subscription) of (expression here, path in the message)."""
    properties = "".join(
        f'<bpmn:correlationProperty id="cp{n}"><bpmn:correlationPropertyRetrievalExpression '
        f'messageRef="m_note"><bpmn:messagePath>{path}</bpmn:messagePath>'
        "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
        for n, (_, path) in enumerate(parts)
    )
    bound = "".join(
        f'<bpmn:correlationPropertyBinding correlationPropertyRef="cp{n}">'
        f"<bpmn:dataPath>{path}</bpmn:dataPath></bpmn:correlationPropertyBinding>"
        for n, (path, _) in enumerate(parts)
    )
    key = "".join(f"<bpmn:correlationPropertyRef>cp{n}</bpmn:correlationPropertyRef>"
                  for n in range(len(parts)))  # fmt: skip
    told = (
        '<bpmn:collaboration id="co"><bpmn:participant id="pa" processRef="P"/>'
        f'<bpmn:correlationKey id="ck">{key}</bpmn:correlationKey></bpmn:collaboration>'
    )
    tag = "bpmn:correlationSubscription"
    return properties + told, f'<{tag} correlationKeyRef="ck">{bound}</{tag}>'


def deployed(text: str, roots: str = "", subscription: str = "") -> Program:
    text = text.replace("</bpmn:process>", subscription + "</bpmn:process>")
    checked = check({"bpmn/t.bpmn": f"{HEAD}{roots}{text}</bpmn:definitions>".encode()})
    assert checked.program is not None, checked.findings
    return checked.program


def for_each(body: str, arcs: str) -> str:
    """A sub-process for Ann and one for Ben."""
    one = sub("sp", INNER + body, arcs, loop=many("=kids", "kid"))
    return process(S + one + E, "s->sp; sp->e", kids='["Ann", "Ben"]')


def caught() -> str:
    return for_each(catch("c", "message note") + user("A"), "is->c; c->A; A->ie")


def received() -> str:
    return for_each(node("receiveTask", "r", messageRef="m_note") + user("A"), "is->r; r->A; A->ie")


def at_gateway() -> str:
    ways = catch("c", "message note") + catch("t", "timer P9D")
    arcs = "is->g; g->c; g->t; c->A; t->ie; A->ie"
    return for_each(gate("g", "event") + ways + user("A"), arcs)


def at_border() -> str:
    body = user("w") + boundary("b", "w", "message note") + user("A")
    return for_each(body, "is->w; w->ie; b->A; A->ie")


def beside() -> str:
    inner = handler("h", "message note", interrupts=False, body=user("A"), arcs="h_s->A; A->h_e")
    return for_each(user("w") + inner, "is->w; w->ie")


def instances() -> str:
    loop = many("=kids", "kid")
    one = node("receiveTask", "r", loop, messageRef="m_note")
    return process(S + one + user("A") + E, "s->r; r->A; A->e", kids='["Ann", "Ben"]')


PLACES = [caught, received, at_gateway, at_border, beside]


@pytest.mark.parametrize("place", PLACES)
def test_news_about_the_second_goes_to_the_second(place: Callable[[], str]) -> None:
    play = Play(deployed(place(), message("=kid"))).start()
    play.message("note", kid="Ben")
    assert [t.item for t in play.open_tasks() if t.element == "A"] == [{"kid": "Ben"}]
    play.message("note", kid="Ann")
    items = [t.item for t in play.open_tasks() if t.element == "A"]
    assert items == [{"kid": "Ben"}, {"kid": "Ann"}]


def test_each_instance_of_a_receive_task_waits_for_its_own() -> None:
    play = Play(deployed(instances(), message("=kid"))).start()
    play.message("note", kid="Ben")
    play.message("note", kid="Ben")
    assert play.open == []
    play.message("note", kid="Ann")
    assert play.open == ["A"]


@pytest.mark.parametrize(
    ("key", "kids", "payload", "meant"),
    [
        pytest.param("=kid", '["Ann", "Ben"]', {"correlation_key": "Ben"}, "Ben", id="outright"),
        pytest.param("=kid", '["Ann", "Ben"]', {"kid": "Ben", "n": 1}, "Ben", id="by its name"),
        pytest.param("=kid", "[6, 7]", {"kid": "7"}, 7, id="a number written as text"),
        pytest.param("=kid", '["6", "7"]', {"kid": 7}, "7", id="a text given as number"),
        pytest.param(
            '="c-" + kid', '["Ann", "Ben"]', {"kid": "Ben"}, "Ben", id="as the expression finds it"
        ),
        pytest.param(
            "=kid.id", '[{id: "a"}, {id: "b"}]', {"id": "b"}, {"id": "b"}, id="by its last name"
        ),
        pytest.param(
            "=kid.id",
            '[{id: "a"}, {id: "b"}]',
            {"kid": {"id": "b", "more": 1}},
            {"id": "b"},
            id="by its path",
        ),
        pytest.param(
            "=kid",
            '[date("2026-03-02"), date("2026-03-03")]',
            {"kid": date(2026, 3, 3)},
            date(2026, 3, 3),
            id="a date",
        ),
        pytest.param("=kid", '["Ann", "Ben"]', {}, None, id="nothing carried is for nobody"),
        pytest.param("=kid", '["Ann", "Ben"]', {"kid": None}, None, id="null is for nobody"),
        pytest.param("=kid", '["Ann", "Ben"]', {"kid": "Cat"}, None, id="another key"),
        pytest.param("=kid", '["Ann", "Ben"]', {"child": "Ben"}, None, id="under another name"),
    ],
)
def test_what_a_message_carries_says_whom_it_is_for(
    key: str, kids: str, payload: dict[str, Any], meant: Any
) -> None:
    text = caught().replace(quoteattr('["Ann", "Ben"]'), quoteattr(kids))
    play = Play(deployed(text, message(key))).start()
    play.message("note", **payload)
    assert [t.item for t in play.open_tasks()] == ([{"kid": meant}] if meant else [])
    assert len(play.told(MessageBuffered)) == (0 if meant else 1)


TWO = (("=kid", "=child"), ("=2 * 2", "part"))


@pytest.mark.parametrize(
    ("payload", "meant"),
    [
        pytest.param({"child": "Ben", "part": 4}, ["Ben"], id="all parts fit"),
        pytest.param({"child": "Ben", "part": 5}, [], id="one part does not"),
        pytest.param({"kid": "Ben", "part": 4}, [], id="the message's own path counts"),
    ],
)
def test_the_standards_own_way(payload: dict[str, Any], meant: list[str]) -> None:
    """8.4.2: properties with retrieval expressions, and a subscription that binds them."""
    more, subscription = standard(*TWO)
    play = Play(deployed(caught(), message("") + more, subscription)).start()
    play.message("note", **payload)
    assert [t.item and t.item["kid"] for t in play.open_tasks()] == meant


def test_a_kept_message_waits_for_the_one_it_is_meant_for() -> None:
    body = user("first") + catch("c", "message note") + user("A")
    text = process(S + body + E, "s->first; first->c; c->A; A->e", who="null")
    play = Play(deployed(text, message("=who"))).start()
    play.message("note", who="Ann")
    play.message("note", who="Ben")
    play.complete("first", who="Ben")
    assert play.open == ["A"]
    (gone,) = play.told(MessageUnbuffered)
    assert (gone.id, gone.how) == ("2", "delivered")
    assert len(play.told(MessageReceived)) == 1


def test_the_key_is_that_of_the_moment_when_waiting_began() -> None:
    ways = gate("f", "parallel") + catch("c", "message note") + user("A") + user("other")
    arcs = "s->f; f->c; c->A; A->e; f->other; other->e"
    play = Play(deployed(process(S + ways + E, arcs, who='"Ann"'), message("=who"))).start()
    play.complete("other", who="Ben")
    play.message("note", who="Ben")
    assert play.open == []
    play.message("note", who="Ann")
    assert play.open == ["A"]


def test_what_waits_from_the_start_knows_its_key_later() -> None:
    inner = handler("h", "message note", interrupts=False, body=user("A"), arcs="h_s->A; A->h_e")
    text = process(S + user("first") + user("then") + inner + E,
                   "s->first; first->then; then->e", who="null")  # fmt: skip
    play = Play(deployed(text, message("=who"))).start()
    play.complete("first", who="Ben")
    play.message("note", who="Ann")
    assert play.open == ["then"]
    play.message("note", who="Ben")
    assert play.open == ["A", "then"]


def test_a_flow_that_stands_at_a_message_without_a_key_is_an_incident() -> None:
    text = process(S + catch("c", "message note") + E, "s->c; c->e", who="null")
    with pytest.raises(Incident, match="gave null") as caught_:
        Play(deployed(text, message("=who"))).start()
    assert caught_.value.element_id == "c"


@pytest.mark.parametrize("how", ["throw", "end", "send"])
def test_a_throwing_event_carries_the_key_by_its_mapping(how: str) -> None:
    ext = extension(mapping({"kid": "=who"}))
    sends = {
        "throw": throw("t", "message note", ext=ext) + node("endEvent", "te"),
        "end": end("t", "message note", ext=ext),
        "send": node("sendTask", "t", ext, messageRef="m_note") + node("endEvent", "te"),
    }[how]
    waits = sub("sp", INNER + catch("c", "message note") + user("A"), "is->c; c->A; A->ie",
                loop=many("=kids", "kid"))  # fmt: skip
    body = S + gate("f", "parallel") + waits + user("go") + sends + E
    arcs = "s->f; f->sp; f->go; sp->e; go->t" + ("" if how == "end" else "; t->te")
    text = process(body, arcs, kids='["Ann", "Ben"]', who='"Ben"')
    play = Play(deployed(text, message("=kid"))).start()
    play.complete("go")
    assert [t.item for t in play.open_tasks()] == [{"kid": "Ben"}]


def test_a_message_that_starts_a_process_starts_it_whatever_it_carries() -> None:
    text = process(start("s", "message note") + user("A") + E, "s->A; A->e", who="null")
    play = Play(deployed(text, message("=who")))
    play.message("note", who="Ben")
    play.message("note")
    assert play.open == ["A", "A"]


def test_a_case_told_itself_reaches_only_those_it_is_meant_for() -> None:
    play = Play(deployed(caught(), message("=kid"))).start()
    play.do("tell", "note", {"kid": "Ben"})
    assert [t.item for t in play.open_tasks()] == [{"kid": "Ben"}]


def test_a_case_of_an_older_release_begins_to_tell_them_apart() -> None:
    """Its state keeps no key yet; history of that release runs again as it was meant."""
    made = deployed(caught(), message("=kid"))
    old = Case(made, case_id="c", calendar=CALENDAR, meaning=1)
    play = Play(made)
    old.start("P", {}, play.at)
    assert all(b"keys" not in shot.state for shot in old.snapshots().values())
    play.states.update({id: shot.state for id, shot in old.snapshots().items()})
    old.message("note", {"kid": "Ben"}, play.at)
    assert [old.variables(task)["kid"] for task in old.open_tasks()] == ["Ann"]
    play.message("note", kid="Ben")
    assert [t.item for t in play.open_tasks()] == [{"kid": "Ben"}]


def test_two_messages_of_one_name_may_have_keys_of_their_own() -> None:
    more = message("=first").replace("m_note", "m_one") + message("=second").replace(
        "m_note", "m_two"
    )
    body = S + gate("f", "parallel") + E
    arcs = "s->f"
    for n, ref in (("one", "m_one"), ("two", "m_two")):
        body += catch(f"c_{n}", "message note").replace("m_note", ref) + user(n)
        arcs += f"; f->c_{n}; c_{n}->{n}; {n}->e"
    play = Play(deployed(process(body, arcs, first='"a"', second='"b"'), more)).start()
    play.message("note", correlation_key="b")
    assert play.open == ["two"]


@pytest.mark.parametrize("place", PLACES)
def test_a_key_that_works_is_no_finding(place: Callable[[], str]) -> None:
    program = deployed(place(), message("=kid"))
    rules = {one.rule for one in program.warnings}
    assert not {rule for rule in rules if rule.startswith("correlation")}
    assert "unknown-name" not in rules
