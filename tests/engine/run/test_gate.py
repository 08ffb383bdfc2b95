"""What is accepted can be started: the graph of each process is built at the gate."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import pairwise

import pytest

from app.engine.bpmn.model import Flow, Process, Trigger
from app.engine.errors import Incident
from app.engine.events import ElementPassed
from app.validation.gate import check, not_built

from .kit import HEAD, ROOTS, Play, definition, process, program, task

ESCALATION = definition("escalation up")
SUB = (
    '<bpmn:subProcess id="q" triggeredByEvent="true">'
    f"<bpmn:startEvent{{id}}>{ESCALATION}</bpmn:startEvent><bpmn:endEvent/></bpmn:subProcess>"
)


def drawn(body: str) -> bytes:
    inner = f'<bpmn:process id="P" isExecutable="true">{body}</bpmn:process>'
    return f"{HEAD}{ROOTS}{inner}</bpmn:definitions>".encode()


def line(*names: str) -> tuple[str, list[str]]:
    """Start, tasks and end with these ids, one after the other."""
    first, *between, last = names
    body = (
        f'<bpmn:startEvent id="{first}"/>{"".join(map(task, between))}<bpmn:endEvent id="{last}"/>'
    )
    wires = "".join(
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairwise(names))
    )
    return body + wires, [*names]


NAMED = line("s", "endEvent")
ROWS = [
    pytest.param(NAMED[0] + SUB.format(id=' id="es"'), NAMED[1], id="an id that is the kind"),
    pytest.param(NAMED[0] + SUB.format(id=""), NAMED[1], id="two without an id"),
    pytest.param(*line("startEvent__drawn", "task", "endEvent__drawn"), id="a name we once gave"),
    pytest.param(*line("Start", "Start__drawn", "Root", "End"), id="names of the library"),
    pytest.param(*line("P.EndJoin", "Root.BoundaryEventSplit", "End.EndJoin"), id="and its ends"),
    pytest.param(*line("s", "s__out", "s__split", "s__end"), id="names of what is put in"),
]


@pytest.mark.parametrize(("body", "names"), ROWS)
def test_what_is_accepted_starts(body: str, names: list[str]) -> None:
    checked = check({"bpmn/t.bpmn": drawn(body)})
    assert checked.program is not None, checked.findings
    play = Play(checked.program).start()
    assert play.ended == {"1": "completed"}
    assert [event.element for event in play.told(ElementPassed)] == names


def test_a_step_without_an_id_is_told_under_a_name_that_no_file_can_hold() -> None:
    timer = f'<bpmn:boundaryEvent attachedToRef="a">{definition("timer PT1H")}</bpmn:boundaryEvent>'
    body = line("s", "a", "e")[0]
    checked = check({"bpmn/t.bpmn": drawn(body + timer)})
    assert checked.program is not None, checked.findings
    assert "(boundaryEvent)" in checked.program.processes["P"].elements
    held = timer.replace("Event ", 'Event id="(boundaryEvent)" ', 1)
    assert check({"bpmn/t.bpmn": drawn(body + held)}).program is None


def broken(how: str) -> Process:
    """A process that no file gives: what the rules would have to let through by mistake."""
    whole = program(process(line("s", "T", "e")[0], "")).processes["P"]
    elements, flows = dict(whole.elements), dict(whole.flows)
    if how == "flow":
        flows["f9"] = Flow("f9", "T", "gone")
    elif how == "kind":
        elements["T"] = replace(elements["T"], kind="scriptTask")
    elif how == "timer":
        elements["T"] = replace(elements["T"], kind="boundaryEvent", triggers=(Trigger("timer"),))
    elif how == "host":
        elements["T"] = replace(elements["T"], kind="boundaryEvent", attached_to="gone")
    elif how == "handler":
        return replace(whole, handlers={"T": ("gone",)})
    return replace(whole, elements=elements, flows=flows)


@pytest.mark.parametrize(
    ("how", "element"),
    [
        pytest.param("flow", "f9", id="a flow that leads nowhere"),
        pytest.param("kind", "T", id="an element that nothing carries out"),
        pytest.param("timer", "T", id="a timer that names no time"),
        pytest.param("host", "T", id="an event on the border of nothing"),
        pytest.param("handler", "T", id="an association that leads nowhere"),
    ],
)
def test_a_process_that_cannot_be_built_is_a_finding_at_its_element(how: str, element: str) -> None:
    """The gate's own net: what the rules let through by mistake is not met in a case."""
    made = program(process(line("s", "T", "e")[0], ""))
    wrong = replace(made, digest=f"bad {how}", processes={"P": broken(how)})
    (finding,) = not_built(wrong)
    assert (finding.severity, finding.rule) == ("error", "check-failed")
    assert finding.element_id == element
    assert not list(not_built(made))


def test_what_runs_needs_neither_files_nor_xml() -> None:
    """A drawing is read once: its values are all that the graph is built from."""
    made = program(process(line("s", "T", "e")[0], ""))
    values = pickle.loads(pickle.dumps(dict(made.processes)))  # no node of an XML tree can be
    assert values == made.processes
    alone = replace(made, files={}, processes=values, digest="values alone")
    assert Play(alone).start().ended == {"1": "completed"}


def test_starting_what_no_set_holds_is_an_incident() -> None:
    with pytest.raises(Incident):
        Play(program(process(line("s", "e")[0], ""))).start("Q")
