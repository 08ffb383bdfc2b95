"""Rules on events and timers: each row a wrong drawing and the right one beside it."""

from __future__ import annotations

import pytest

from tests.engine.tiny import (
    END,
    START,
    diagram,
    document,
    extension,
    node,
    process,
    said,
    task,
    timed,
    user,
)

ROOT = (
    '<message id="m" name="note"/><signal id="s" name="alarm"/>'
    '<error id="e" name="bad" errorCode="E"/><escalation id="c" name="up" escalationCode="C"/>'
)
MESSAGE = '<messageEventDefinition messageRef="m"/>'
SIGNAL = '<signalEventDefinition signalRef="s"/>'
ERROR = '<errorEventDefinition errorRef="e"/>'
CANCEL = "<cancelEventDefinition/>"
OK = diagram(user("a"), flows="start>a a>end")


def caught(inside: str, **attributes: str) -> bytes:
    held = node("intermediateCatchEvent", "x", inside, **attributes)
    return diagram(held, flows="start>x x>end", root=ROOT)


def edge(inside: str, host: str | None = None, **attributes: str) -> bytes:
    drawn = node("boundaryEvent", "x", inside, attachedToRef="h", **attributes)
    return diagram(host or user("h"), drawn, flows="start>h h>end x>end", root=ROOT)


def inner(start: str, id: str = "s2") -> str:
    return (
        f'<startEvent id="{id}">{start}</startEvent><endEvent id="e{id}"/>'
        f'<sequenceFlow id="f{id}" sourceRef="{id}" targetRef="e{id}"/>'
    )


def sub(inside: str, tag: str = "subProcess", **attributes: str) -> bytes:
    flows = "start>end" if attributes else "start>h h>end"
    return diagram(node(tag, "h", inside, **attributes), flows=flows, root=ROOT)


def ended(inside: str) -> bytes:
    return document(ROOT, process(START, node("endEvent", "x", inside), flows="start>x"))


def linked(*catches: str) -> bytes:
    link = '<linkEventDefinition name="L"/>'
    return diagram(
        node("intermediateThrowEvent", "t", link),
        *(node("intermediateCatchEvent", one, link) for one in catches),
        flows="start>t " + " ".join(f"{one}>end" for one in catches),
    )


def undone(
    line: str = '<association id="l" sourceRef="x" targetRef="u"/>',
    flows: str = "",
    ref: str = "h",
    more: str = "",
) -> bytes:
    inside = process(
        START, task("h"), task("u", isForCompensation="true"),
        node("boundaryEvent", "x", "<compensateEventDefinition/>", attachedToRef="h"),
        node("endEvent", "back", f'<compensateEventDefinition activityRef="{ref}"{more}/>'),
        flows="start>h h>back" + flows,
    )  # fmt: skip
    return document(inside.replace("</process>", line + "</process>"))


def begun(second: str) -> bytes:
    """Two processes, of which the first begins by the message m."""
    go = '<messageEventDefinition messageRef="{}"/>'
    return document(
        ROOT + '<message id="n" name="answer"/>',
        process(node("startEvent", "s1", go.format("m")), END, flows="s1>end"),
        process(node("startEvent", "s2", go.format(second)), '<endEvent id="e2"/>',
                flows="s2>e2", id="q"),
    )  # fmt: skip


def due(text: str) -> bytes:
    schedule = extension(f'<zeebe:taskSchedule dueDate="{text}"/>')
    return diagram(user("a", schedule), flows="start>a a>end")


ESP = sub(inner(MESSAGE), triggeredByEvent="true")

ROWS = {
    "an event of two kinds": ("single-event-definition", "warning", "x",
                              caught(MESSAGE + SIGNAL), caught(MESSAGE)),
    "a timer that says nothing": ("timer", "error", "x", caught("<timerEventDefinition/>"),
                                  caught(timed("duration", "P1D"))),
    "a second timer that is wrong": (
        "timer", "error", "x", caught(timed("duration", "P1D") + timed("duration", "soon")),
        caught(timed("duration", "P1D") * 2)),
    "a catch of nothing": ("event-without-trigger", "error", "x", caught(""), caught(MESSAGE)),
    "an edge of nothing": ("event-without-trigger", "error", "x", edge(""), edge(MESSAGE)),
    "an event sub-process with a plain start": (
        "event-sub-process-typed-start-event", "error", "s2",
        sub(inner(""), triggeredByEvent="true"), ESP),
    "an event sub-process with two starts": (
        "event-sub-process-typed-start-event", "error", "h",
        sub(inner(MESSAGE) + inner(SIGNAL, "s3"), triggeredByEvent="true"), ESP),
    "a sub-process with two starts": (
        "sub-process-blank-start-event", "error", "h",
        sub(inner("") + inner("", "s3")), sub(inner(""))),
    "a sub-process that starts by a message": ("event-kind", "error", "s2",
                                               sub(inner(MESSAGE)), sub(inner(""))),
    "two plain starts": (
        "single-blank-start-event", "error", "again",
        diagram('<startEvent id="again"/>', user("a"), flows="start>a again>a a>end"), OK),
    "a message nobody declared": ("undeclared-reference", "error", "x",
                                  caught(MESSAGE.replace('"m"', '"ghost"')), caught(MESSAGE)),
    "a signal not named": ("undeclared-reference", "error", "x",
                           caught("<signalEventDefinition/>"), caught(SIGNAL)),
    "an end error not named": ("undeclared-reference", "error", "x",
                               ended("<errorEventDefinition/>"), ended(ERROR)),
    "an edge may catch any error": ("undeclared-reference", "error", "x",
                                    ended("<errorEventDefinition/>"),
                                    edge("<errorEventDefinition/>")),
    "a start by an error": (
        "event-kind", "error", "go",
        document(ROOT, process(node("startEvent", "go", ERROR), END, flows="go>end")), OK),
    "a timer that is thrown": (
        "event-kind", "error", "x",
        diagram(node("intermediateThrowEvent", "x", timed("duration", "P1D")),
                flows="start>x x>end"), OK),
    "an error that is caught on the way": ("event-kind", "error", "x", caught(ERROR), edge(ERROR)),
    "a terminate on the edge": ("event-kind", "error", "x",
                                edge("<terminateEventDefinition/>"), edge(MESSAGE)),
    "an edge on a gateway": ("boundary-host", "error", "x",
                             edge(MESSAGE, node("parallelGateway", "h")), edge(MESSAGE)),
    "an edge on an event sub-process": (
        "boundary-on-event-subprocess", "error", "x",
        edge(MESSAGE, node("subProcess", "h", inner(MESSAGE), triggeredByEvent="true")),
        edge(MESSAGE)),
    "an error that does not interrupt": ("error-interrupts", "error", "x",
                                         edge(ERROR, cancelActivity="false"), edge(ERROR)),
    "a cancel outside a transaction": ("cancel-event", "error", "x", ended(CANCEL),
                                       edge(CANCEL, node("transaction", "h", inner("")))),
    "two targets of one link": ("link-event", "error", "d", linked("c", "d"), linked("c")),
    "a link without a target": ("link-event", "error", "t", linked(), linked("c")),
    "an edge that leads nowhere": (
        "event-leads-nowhere", "warning", "x",
        diagram(user("h"), node("boundaryEvent", "x", MESSAGE, attachedToRef="h"),
                flows="start>h h>end", root=ROOT), edge(MESSAGE)),
    "a condition that is not given": (
        "condition-missing", "error", "x",
        caught("<conditionalEventDefinition><condition/></conditionalEventDefinition>"),
        caught("<conditionalEventDefinition><condition>=x</condition></conditionalEventDefinition>"
               .replace("<condition>", '<condition xsi:type="tFormalExpression">'))),
    "a message without a name": (
        "message-without-name", "warning", "p",
        diagram(node("intermediateCatchEvent", "x", MESSAGE), flows="start>x x>end",
                root='<message id="m"/>'), caught(MESSAGE)),
    "a cycle on the way": ("timer-cycle-catch", "error", "x", caught(timed("cycle", "R3/P1D")),
                           edge(timed("cycle", "R3/P1D"))),
    "a compensation event without a handler": (
        "compensation", "error", "x", undone(line=""), undone()),
    "a handler on the path": (
        "compensation", "error", "u", undone(flows=" start>u"), undone()),
    "an undo of what cannot be undone": (
        "compensation", "error", "back", undone(ref="undo"), undone()),
    "an undo that does not wait": (
        "compensation", "error", "back", undone(more=' waitForCompletion="false"'), undone()),
    "a compensation event with a flow": (
        "compensation", "error", "x", undone(flows=" x>back"), undone()),
    "a start in an ad-hoc sub-process": (
        "ad-hoc-sub-process", "error", "s2",
        sub(inner(""), "adHocSubProcess"), sub(task("i"), "adHocSubProcess")),
    "a message that begins two processes": (
        "start-message-twice", "error", "s1", begun("m"), begun("n")),
    "a due date in words": ("due-date", "error", "a", due("in 5 days"), due("2026-04-02")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "severity", "element", "wrong", "right"), ROWS.values(), ids=ROWS.keys()
)
def test_the_wrong_drawing_is_told_and_the_right_one_is_not(
    rule: str, severity: str, element: str, wrong: bytes, right: bytes
) -> None:
    found = said(wrong, rule)
    assert element in {one.element_id for one in found}, said(wrong, "schema")
    assert {one.severity for one in found} == {severity}
    assert not said(right, rule)
    assert not said(right, "schema")


TIMES = {
    "a duration": ("duration", "P5DT12H", True),
    "weeks": ("duration", "P2W", True),
    "words": ("duration", "five days", False),
    "nothing after P": ("duration", "P", False),
    "nothing after T": ("duration", "P1DT", False),
    "negative": ("duration", "-P1D", False),
    "over 100 years": ("duration", "P101Y", False),
    "over 100 years in seconds": ("duration", "PT9999999999S", False),
    "a date": ("date", "2026-04-02", True),
    "a date and time": ("date", "2026-04-02T09:00:00Z", True),
    "an offset": ("date", "2026-04-02T09:00:00+01:00", True),
    "no such day": ("date", "2026-02-30", False),
    "British order": ("date", "02/04/2026", False),
    "the year 9999": ("date", "9999-01-01", False),
    "a cycle": ("cycle", "R3/PT10M", True),
    "a cycle without end": ("cycle", "R/P1D", True),
    "a cycle from an instant": ("cycle", "R2/2026-04-02T09:00:00Z/P1D", True),
    "cron": ("cycle", "0 0 9 * * MON-FRI", False),
    "no time between": ("cycle", "R/PT0S", False),
    "no times": ("cycle", "R0/P1D", False),
    "an expression": ("date", "=working_days_after(today(), 5)", True),
}


@pytest.mark.parametrize(("kind", "text", "right"), TIMES.values(), ids=TIMES.keys())
def test_literal_times_are_iso_8601_and_within_reason(kind: str, text: str, right: bool) -> None:
    content = edge(timed(kind, text))
    assert bool(said(content, "timer")) is not right


@pytest.mark.parametrize(
    ("text", "right"),
    [("=today()", True), ("2026-04-02", True), ("today()", False), ("in 5 days", False)],
)
def test_a_due_date_is_a_date_or_an_expression(text: str, right: bool) -> None:
    assert bool(said(due(text), "due-date")) is not right
