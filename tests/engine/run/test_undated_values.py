"""A value that hangs on bank holidays not known yet is null, stops nothing, and comes later."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.engine.events import (
    DeadlineSet,
    DeadlineUnknown,
    DecisionMade,
    DecisionWaits,
    EffectRequested,
    TimerSet,
    VariablesSet,
)
from app.engine.feel import Calendar

from .kit import (
    E,
    Play,
    S,
    boundary,
    call,
    extension,
    gate,
    mapping,
    node,
    process,
    program,
    properties,
    user,
)

#: 27 December 2028 and five working days: in 2029, which the list does not cover
LATER = "=working_days_after(received, 5)"
RECEIVED = 'date("2028-12-27")'
BEFORE = "=working_days_before(publish_by, 2)"


def known(play: Play) -> None:
    play.calendar = Calendar.from_dict({**play.calendar.to_dict(), "last": "2029-12-31"})
    play.do("replan")


def called(more: str = "", deeper: str = "") -> Play:
    """P maps `publish_by` into Q, whose task is due two working days before it."""
    inside = S + user("A", properties(backstop="=publish_by"), due=BEFORE) + deeper + E
    inside += boundary("r", "A", "date =publish_by", cancels=False) + node("endEvent", "e2")
    arcs = "s->D; D->A; A->e; r->e2" if deeper else "s->A; A->e; r->e2"
    q = process(inside, arcs, id="Q", publish_by="null")
    body = S + call("c", "Q", mapping({"publish_by": LATER}), properties(deadline=LATER)) + E
    return Play(program(process(body, "s->c; c->e", received=RECEIVED), q)).start()


def test_a_mapped_value_beyond_the_known_bank_holidays_stops_nothing() -> None:
    play = called()
    assert [unknown.element for unknown in play.told(DeadlineUnknown)] == ["c", "A"]
    assert not play.told(DeadlineSet) and not play.told(TimerSet)
    task = play.open_tasks()[0].task
    assert (play.case.variables(task)["publish_by"], play.case.undated(task)) == (None, 2029)
    play.complete("A")
    assert not play.open_tasks()


def test_all_that_counts_from_it_is_set_when_the_holidays_are_known() -> None:
    play = called()
    known(play)
    # Thu 28, Fri 29 December; Mon 1 January is not in this list's holidays: Tue 2, Wed 3
    due = {set_.element: set_.due.date() for set_ in play.told(DeadlineSet)}
    assert due == {"c": date(2029, 1, 3), "A": date(2029, 1, 1)}
    (timer,) = play.told(TimerSet)
    assert timer.due == datetime(2029, 1, 3, tzinfo=UTC)
    task = play.open_tasks()[0].task
    assert play.case.variables(task)["publish_by"] == date(2029, 1, 3)
    assert [set_.values for set_ in play.told(VariablesSet) if set_.values.get("publish_by")]


def test_a_value_counted_on_from_it_and_one_handed_on_come_later_too() -> None:
    inside = S + user("A", due="=copies_by") + E
    r = process(inside, "s->A; A->e", id="R", publish_by="null", copies_by="null")
    on = mapping({"publish_by": "=publish_by", "copies_by": BEFORE})
    q = process(S + call("d", "R", on) + E, "s->d; d->e", id="Q", publish_by="null")
    body = S + call("c", "Q", mapping({"publish_by": LATER})) + E
    play = Play(program(process(body, "s->c; c->e", received=RECEIVED), q, r)).start()
    task = play.open_tasks()[0].task
    assert play.case.variables(task) == {"publish_by": None, "copies_by": None}
    known(play)
    assert play.told(DeadlineSet)[0].due.date() == date(2029, 1, 1)
    assert play.case.variables(task)["publish_by"] == date(2029, 1, 3)


def test_a_called_process_that_was_lent_it_waits_and_goes_on_like_its_caller() -> None:
    r = process(S + user("A", due=BEFORE) + E, "s->A; A->e", id="R", publish_by="null")
    q = process(S + call("d", "R") + E, "s->d; d->e", id="Q", publish_by="null")
    body = S + call("c", "Q", mapping({"publish_by": LATER})) + E
    play = Play(program(process(body, "s->c; c->e", received=RECEIVED), q, r)).start()
    assert [unknown.element for unknown in play.told(DeadlineUnknown)] == ["A"]
    known(play)
    assert play.told(DeadlineSet)[0].due.date() == date(2029, 1, 1)


def test_what_a_task_maps_out_comes_later_counted_from_its_own_answer() -> None:
    out = mapping(outputs={"ready_by": "=working_days_after(asked_on, 3)"})
    body = S + user("A", out) + user("B", due="=ready_by") + E
    play = Play(program(process(body, "s->A; A->B; B->e", ready_by="null"))).start()
    play.complete("A", asked_on=date(2028, 12, 28))
    assert play.told(DeadlineUnknown)[0].year == "2029"
    known(play)
    assert play.told(DeadlineSet)[0].due.date() == date(2029, 1, 2)


def test_a_value_that_was_said_in_the_meantime_stays() -> None:
    out = mapping(outputs={"ready_by": "=working_days_after(asked_on, 3)"})
    said = mapping(outputs={"ready_by": "=new_date"})
    body = S + user("A", out) + user("B", said) + user("C", due="=ready_by") + E
    play = Play(program(process(body, "s->A; A->B; B->C; C->e", ready_by="null"))).start()
    play.complete("A", asked_on=date(2028, 12, 28))
    play.complete("B", new_date=date(2028, 12, 29))
    assert [each.due.date() for each in play.told(DeadlineSet)] == [date(2028, 12, 29)]
    known(play)
    assert play.case.variables(play.open_tasks()[0].task)["ready_by"] == date(2028, 12, 29)


def test_a_mail_says_that_the_day_is_not_known_yet() -> None:
    mail: Any = extension(
        '<zeebe:taskDefinition type="mail"/>',
        '<zeebe:taskHeaders><zeebe:header key="to" value="g"/>'
        '<zeebe:header key="template" value="late"/>'
        '<zeebe:header key="due" value="=publish_by"/></zeebe:taskHeaders>',
    )
    inside = S + node("sendTask", "m", mail) + E
    q = process(inside, "s->m; m->e", id="Q", publish_by="null")
    body = S + call("c", "Q", mapping({"publish_by": LATER})) + E
    play = Play(program(process(body, "s->c; c->e", received=RECEIVED), q)).start()
    (effect,) = play.told(EffectRequested)
    assert "the bank holidays of 2029 are not known" in effect.headers["due"]


#: what of a table counts: its input, a rule, a result, what it requires, a value it is given
DECIDED = {
    "a column counts": ("working_days_after(received, 5)", '&gt; date("2029-01-01")', '"late"', ""),
    "a rule counts": ("received", "&lt; working_days_after(received, 5)", '"late"', ""),
    "a result counts": (
        "received",
        "-",
        'if working_days_after(received, 5) &gt; date("2029-01-01") then "late" else "soon"',
        "",
    ),
    "one that it requires counts": ("first", '&gt; date("2029-01-01")', '"late"', "required"),
    "a value has no day yet": ("publish_by", '&gt; date("2029-01-01")', '"late"', "lent"),
}


def decided(column: str, rule: str, result: str, how: str) -> Play:
    """The decision `when` says “late” or nothing: to B or to C. A is open beside it."""
    needs = '<informationRequirement id="n"><requiredDecision href="#first"/>'
    needs = f"{needs}</informationRequirement>" if how == "required" else ""
    first = '<decision id="first" name="first"><variable id="v" name="first"/>'
    first += '<literalExpression id="l"><text>working_days_after(received, 5)</text>'
    first = f"{first}</literalExpression></decision>" if how == "required" else ""
    row = (
        f'<rule id="r1"><inputEntry id="e1"><text>{rule}</text></inputEntry>'
        f'<outputEntry id="f1"><text>{result}</text></outputEntry></rule>'
        '<rule id="r2"><inputEntry id="e2"><text>-</text></inputEntry>'
        '<outputEntry id="f2"><text>"soon"</text></outputEntry></rule>'
    )
    dmn = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="defs" name="d" '
        f'namespace="urn:t">{first}<decision id="when" name="when">{needs}'
        '<decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="ie">'
        f'<text>{column}</text></inputExpression></input><output id="o" name="r"/>{row}'
        "</decisionTable></decision></definitions>"
    )
    asks = '<zeebe:calledDecision decisionId="when" resultVariable="when_is"/>'
    body = S + node("parallelGateway", "both") + user("A") + node("endEvent", "e1")
    body += node("businessRuleTask", "W", extension(asks)) + gate("x", default="soon")
    body += user("B") + user("C") + E
    arcs = (
        's->both; both->A; A->e1; both->W; W->x; x->B [when_is = "late"]; x->C {soon}; B->e; C->e'
    )
    first_values = {"received": RECEIVED, "when_is": "null", "publish_by": LATER.removeprefix("=")}
    return Play(program(process(body, arcs, **first_values), files={"bpmn/d.dmn": dmn.encode()}))


@pytest.mark.parametrize("row", DECIDED)
def test_a_decision_that_hangs_on_bank_holidays_waits_for_them_and_nothing_else_does(
    row: str,
) -> None:
    play = decided(*DECIDED[row]).start()
    (waits,) = play.told(DecisionWaits)
    assert play.case.stalls() == []  # time brings it
    assert (waits.element, waits.decision, waits.year, play.open) == ("W", "when", "2029", ["A"])
    play.do("replan")
    assert play.open == ["A"] and not play.told(DecisionMade)
    play.complete("A")
    known(play)
    assert play.open == ["B"] and play.told(DecisionMade)[-1].output == "late"


def test_a_first_value_beyond_the_known_bank_holidays_stops_nothing_and_comes_later() -> None:
    body = S + user("A", due="=last") + E
    first = {"received": RECEIVED, "last": LATER.removeprefix("="), "after": "days_after(last, 1)"}
    play = Play(program(process(body, "s->A; A->e", **first))).start()
    task = play.open_tasks()[0].task
    assert (play.case.variables(task)["last"], play.case.variables(task)["after"]) == (None, None)
    assert [unknown.element for unknown in play.told(DeadlineUnknown)] == ["A"]
    known(play)
    values = play.case.variables(task)
    assert (values["last"], values["after"]) == (date(2029, 1, 3), date(2029, 1, 4))
    assert [set_.due.date() for set_ in play.told(DeadlineSet)] == [date(2029, 1, 3)]
