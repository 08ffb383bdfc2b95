"""Rules on tasks, calls and loops: what they need beside their shape to do anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.engine import suggestion
from app.engine.bpmn import ACTIVITIES, b
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View

#: what a zeebe:taskDefinition may order here
EFFECTS = frozenset({"mail"})
#: most instances a literal number may ask for
MOST_INSTANCES = 1_000


@rule("user-task-form")
def user_task_form(view: View) -> Iterator[Said]:
    """A task without a form asks nothing. Whoever has it can only tick it off, and no answer is
    recorded."""
    for task in view.of("userTask"):
        if task.form is None:
            yield Said(
                task.id,
                f"{view.the(task.id)} has no form, so it can only be ticked off. "
                "Choose a form for it.",
                view.known.severity(),
            )


@rule("unknown-form")
def unknown_form(view: View) -> Iterator[Said]:
    """A task or start event asks what its form asks. If the set has no such form, there would be
    nothing to show to whoever opens it."""
    for element in view.of("userTask", "startEvent"):
        if element.form is not None and element.form not in view.known.form_ids:
            near = suggestion(element.form, view.known.form_ids)
            yield Said(
                element.id,
                f"{view.the(element.id)} uses the form “{element.form}”, which is not in the "
                f"set.{near}",
                view.known.severity(),
            )


@rule("no-candidate")
def no_candidate(view: View) -> Iterator[Said]:
    """A task that names no groups and no people is offered to nobody, so the case would stand
    there."""
    for task in view.of("userTask"):
        if not (task.groups or task.users or task.assignee):
            yield Said(
                task.id,
                f"{view.the(task.id)} does not say who may do it. Give it candidate groups.",
                view.known.severity(),
            )


@rule("manual-task", "warning")
def manual_task(view: View) -> Iterator[Said]:
    """BPMN's manual task is work outside of any system: it is in nobody's list, nobody confirms it,
    and the case passes it at once."""
    for task in view.of("manualTask"):
        yield Said(
            task.id,
            f"{view.the(task.id)} is shown to nobody and passes at once, as BPMN says. "
            "Make it a user task if somebody shall confirm it.",
        )


@rule("effect-missing")
def effect_missing(view: View) -> Iterator[Said]:
    """A service or send task orders something outside: a message or a mail. One that orders
    nothing, or what nobody here can do, would do nothing, and readers would believe it was done."""
    for task in view.of("serviceTask", "sendTask"):
        if task.effect is None and task.message is None:
            want = "a message or the task type “mail”" if task.kind == "sendTask" else "“mail”"
            yield Said(
                task.id,
                f"{view.the(task.id)} does not say what to do, so nothing would happen. "
                f"Give it {want}.",
                view.known.severity(),
            )
        elif task.effect is not None and task.effect not in EFFECTS:
            yield Said(
                task.id,
                f"{view.the(task.id)} orders “{task.effect}”, which nobody here can do; known is: "
                f"{', '.join(sorted(EFFECTS))}.",
                view.known.severity(),
            )


@rule("mail-incomplete")
def mail_incomplete(view: View) -> Iterator[Said]:
    """A mail needs somebody to go to and a text of the set. Without either it could not be written
    or sent, and nobody would be told."""
    for task in view.of("serviceTask", "sendTask"):
        if task.effect != "mail":
            continue
        template = task.headers.get("template", "")
        if not task.headers.get("to"):
            yield Said(task.id, f"{view.the(task.id)} sends a mail but has no header “to”.")
        if not template:
            yield Said(task.id, f"{view.the(task.id)} sends a mail but has no header “template”.")
        elif not template.startswith("=") and template not in view.known.templates:
            near = suggestion(template, view.known.templates)
            yield Said(
                task.id,
                f"{view.the(task.id)} uses the mail template “{template}”, which is not in the "
                f"set.{near}",
                view.known.severity(),
            )


@rule("receive-task-message")
def receive_task_message(view: View) -> Iterator[Said]:
    """A receive task waits for one message. If it does not say which, none could end its waiting,
    and the case would stand there."""
    for task in view.of("receiveTask"):
        if task.message is None:
            yield Said(
                task.id,
                f"{view.the(task.id)} does not say which message it waits for. "
                "Choose or create the message in the modeler.",
            )


@rule("instantiating-receive-task")
def instantiating_receive_task(view: View) -> Iterator[Said]:
    """A receive task that starts the process begins a run of its own when its message comes. So no
    flow may lead to it, nothing may be attached to it, and it lies in no sub-process."""
    for task in view.of("receiveTask"):
        starts = task.instantiate
        if starts and (view.into(task.id) or view.boundary(task.id) or task.loop or task.scope):
            yield Said(
                task.id,
                f"{view.the(task.id)} starts the process, so no flow may lead to it and no event "
                "or loop may be attached. Use a message start event.",
            )


@rule("instantiating-event-gateway")
def instantiating_event_gateway(view: View) -> Iterator[Said]:
    """An event-based gateway that starts the process begins it by the first message or signal that
    comes (BPMN 2.0.2, 10.6.6), so nothing leads to it and only those stand behind it. One that
    waits for all its events is not carried out."""
    for gateway in view.of("eventBasedGateway"):
        if gateway.instantiate:
            if view.into(gateway.id) or gateway.scope:
                yield Said(
                    gateway.id,
                    f"{view.the(gateway.id)} starts the process, so no flow may lead to it and it "
                    "must not lie in a sub-process.",
                )
            for flow in view.out(gateway.id):
                yield from _first_event(view, gateway.id, flow.target)
        if view.node(gateway.id).get("eventGatewayType") == "Parallel":
            yield Said(
                gateway.id,
                f"{view.the(gateway.id)} waits for all its events, which is not carried out. "
                "Use a parallel gateway.",
            )


def _first_event(view: View, gateway: str, id: str) -> Iterator[Said]:
    """What stands behind a gateway that starts the process (BPMN 2.0.2, 10.6.6)."""
    target = view.elements.get(id)
    if target is None or (target.message is None and target.signal is None):
        yield Said(
            gateway,
            f"{view.the(gateway)} starts the process, so each event behind it must wait for a "
            "message or a signal.",
        )
    elif len(view.into(id)) > 1 or view.boundary(id) or target.loop:
        yield Said(
            id,
            f"{view.the(id)} starts the process, so no other flow may lead to it and no event or "
            "loop may be attached.",
        )


@rule("decision-missing")
def decision_missing(view: View) -> Iterator[Said]:
    """A business rule task asks a decision of the set. Without it there is nothing to ask, and the
    case could not go on."""
    for task in view.of("businessRuleTask"):
        if task.decision is None:
            yield Said(
                task.id,
                f"{view.the(task.id)} does not say which decision it asks. Choose one.",
                view.known.severity() if task.effect else "error",
            )
        elif task.decision not in view.known.decisions:
            near = suggestion(task.decision, view.known.decisions)
            yield Said(
                task.id,
                f"{view.the(task.id)} asks the decision “{task.decision}”, which is not in the "
                f"set.{near}",
                view.known.severity(),
            )


@rule("called-process")
def called_process(view: View) -> Iterator[Said]:
    """A call runs another process of the same set. If that is missing, is not to run, or is only
    worked out during the case, nobody can check beforehand that the case will get through."""
    for call in view.of("callActivity"):
        called = call.called_process
        if called is None:
            yield Said(call.id, f"{view.the(call.id)} does not say which process it calls.")
        elif called.startswith("="):
            yield Said(
                call.id,
                f"{view.the(call.id)} works out which process it calls. Name the process, so "
                "that it can be checked before a case depends on it.",
            )
        elif called not in view.known.processes:
            near = suggestion(called, set(view.known.processes) - {view.process.id})
            yield Said(
                call.id,
                f"{view.the(call.id)} calls the process “{called}”, which is not in the set.{near}",
            )
        elif not view.known.processes[called].executable:
            yield Said(
                call.id,
                f"{view.the(call.id)} calls the process “{called}”, which is not marked "
                "executable.",
            )


@rule("mi-collection")
def mi_collection(view: View) -> Iterator[Said]:
    """A step that is done several times needs a list that says for what. Its results are kept only
    where both their list and what goes into it are named; otherwise they would be lost."""
    for activity in view.within(ACTIVITIES):
        if activity.loop is not None and not activity.loop.collection:
            yield Said(
                activity.id,
                f"{view.the(activity.id)} is done several times, but nothing says how often. "
                "Give it an input collection.",
            )
        if activity.loop is not None and bool(activity.loop.output_collection) != bool(
            activity.loop.output_element
        ):
            yield Said(
                activity.id,
                f"{view.the(activity.id)} has an output collection or an output element but not "
                "both, so results would be lost. Give both or none.",
            )


@rule("negative-cardinality")
def negative_cardinality(view: View) -> Iterator[Said]:
    """Nothing can be done a negative number of times, a loop is done at least once, and more than
    1,000 times is surely a slip: the case would begin them all."""
    for activity in view.within(ACTIVITIES):
        node = view.node(activity.id)
        multi = node.find(b("multiInstanceLoopCharacteristics"))
        count = multi.findtext(b("loopCardinality")) if multi is not None else None
        loop = node.find(b("standardLoopCharacteristics"))
        most = loop.get("loopMaximum") if loop is not None else None
        for text, what, least in ((count, "number of instances", 0), (most, "loop maximum", 1)):
            literal = (text or "").strip().removeprefix("=").strip()
            if re.fullmatch(r"[+-]?\d+", literal) and not least <= int(literal) <= MOST_INSTANCES:
                yield Said(
                    activity.id,
                    f"{view.the(activity.id)} has a {what} of {literal[:20]}. It must be from "
                    f"{least} to {MOST_INSTANCES}.",
                )


@rule("loop-without-end")
def loop_without_end(view: View) -> Iterator[Said]:
    """A loop that has neither a condition nor a maximum never stops: the case would come to the
    same step again and again."""
    for activity in view.within(ACTIVITIES):
        loop = activity.standard_loop
        if loop is not None and loop.condition is None and loop.maximum is None:
            yield Said(
                activity.id,
                f"{view.the(activity.id)} loops, but nothing says when it stops. "
                "Give it a loop condition or a maximum.",
            )
