"""Rules on tasks, calls and loops: what they need beside their shape to do anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.engine.drawing.lint.registry import rule
from app.engine.drawing.lint.view import Said, View
from app.engine.drawing.names import ACTIVITIES, b, flag
from app.engine.drawing.wording import suggestion

#: what a zeebe:taskDefinition may order here
EFFECTS = frozenset({"mail"})
#: most instances a literal number may ask for
MOST_INSTANCES = 1_000


@rule("user-task-form")
def user_task_form(view: View) -> Iterator[Said]:
    for one in view.of("userTask"):
        if one.form is None:
            yield Said(
                one.id,
                f"{view.the(one.id)} has no form, so it can only be ticked off. "
                "Choose a form for it.",
                view.known.severity(),
            )


@rule("unknown-form")
def unknown_form(view: View) -> Iterator[Said]:
    for one in view.of("userTask", "startEvent"):
        if one.form is not None and one.form not in view.known.form_ids:
            near = suggestion(one.form, view.known.form_ids)
            yield Said(
                one.id,
                f"{view.the(one.id)} uses the form “{one.form}”, which is not in the set.{near}",
                view.known.severity(),
            )


@rule("no-candidate")
def no_candidate(view: View) -> Iterator[Said]:
    for one in view.of("userTask"):
        if not (one.groups or one.users or one.assignee):
            yield Said(
                one.id,
                f"{view.the(one.id)} does not say who may do it. Give it candidate groups.",
                view.known.severity(),
            )


@rule("manual-task", "warning")
def manual_task(view: View) -> Iterator[Said]:
    for one in view.of("manualTask"):
        yield Said(
            one.id,
            f"{view.the(one.id)} is shown to nobody and passes at once, as BPMN says. "
            "Make it a user task if somebody shall confirm it.",
        )


@rule("effect-missing")
def effect_missing(view: View) -> Iterator[Said]:
    for one in view.of("serviceTask", "sendTask"):
        if one.effect is None and one.message is None:
            want = "a message or the task type “mail”" if one.kind == "sendTask" else "“mail”"
            yield Said(
                one.id,
                f"{view.the(one.id)} does not say what to do, so nothing would happen. "
                f"Give it {want}.",
                view.known.severity(),
            )
        elif one.effect is not None and one.effect not in EFFECTS:
            yield Said(
                one.id,
                f"{view.the(one.id)} orders “{one.effect}”, which nobody here can do; known is: "
                f"{', '.join(sorted(EFFECTS))}.",
                view.known.severity(),
            )


@rule("mail-incomplete")
def mail_incomplete(view: View) -> Iterator[Said]:
    for one in view.of("serviceTask", "sendTask"):
        if one.effect != "mail":
            continue
        template = one.headers.get("template", "")
        if not one.headers.get("to"):
            yield Said(one.id, f"{view.the(one.id)} sends a mail but has no header “to”.")
        if not template:
            yield Said(one.id, f"{view.the(one.id)} sends a mail but has no header “template”.")
        elif not template.startswith("=") and template not in view.known.templates:
            near = suggestion(template, view.known.templates)
            yield Said(
                one.id,
                f"{view.the(one.id)} uses the mail template “{template}”, which is not in the "
                f"set.{near}",
                view.known.severity(),
            )


@rule("receive-task-message")
def receive_task_message(view: View) -> Iterator[Said]:
    for one in view.of("receiveTask"):
        if one.message is None:
            yield Said(
                one.id,
                f"{view.the(one.id)} does not say which message it waits for. "
                "Choose or create the message in the modeler.",
            )


@rule("instantiating-receive-task")
def instantiating_receive_task(view: View) -> Iterator[Said]:
    for one in view.of("receiveTask"):
        starts = flag(view.node(one.id), "instantiate")
        if starts and (view.into(one.id) or view.boundary(one.id) or one.loop or one.scope):
            yield Said(
                one.id,
                f"{view.the(one.id)} starts the process, so no flow may lead to it and no event "
                "or loop may be attached. Use a message start event.",
            )


@rule("instantiating-event-gateway")
def instantiating_event_gateway(view: View) -> Iterator[Said]:
    for one in view.of("eventBasedGateway"):
        if flag(view.node(one.id), "instantiate"):
            if view.into(one.id) or one.scope:
                yield Said(
                    one.id,
                    f"{view.the(one.id)} starts the process, so no flow may lead to it and it "
                    "must not lie in a sub-process.",
                )
            for flow in view.out(one.id):
                yield from _first_event(view, one.id, flow.target)
        if view.node(one.id).get("eventGatewayType") == "Parallel":
            yield Said(
                one.id,
                f"{view.the(one.id)} waits for all its events, which is not carried out. "
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
    for one in view.of("businessRuleTask"):
        if one.decision is None:
            yield Said(
                one.id,
                f"{view.the(one.id)} does not say which decision it asks. Choose one.",
                view.known.severity() if one.effect else "error",
            )
        elif one.decision not in view.known.decisions:
            near = suggestion(one.decision, view.known.decisions)
            yield Said(
                one.id,
                f"{view.the(one.id)} asks the decision “{one.decision}”, which is not in the "
                f"set.{near}",
                view.known.severity(),
            )


@rule("called-process")
def called_process(view: View) -> Iterator[Said]:
    for one in view.of("callActivity"):
        called = one.called_process
        if called is None:
            yield Said(one.id, f"{view.the(one.id)} does not say which process it calls.")
        elif called.startswith("="):
            yield Said(
                one.id,
                f"{view.the(one.id)} works out which process it calls. Name the process, so "
                "that it can be checked before a case depends on it.",
            )
        elif called not in view.known.processes:
            near = suggestion(called, set(view.known.processes) - {view.process.id})
            yield Said(
                one.id,
                f"{view.the(one.id)} calls the process “{called}”, which is not in the set.{near}",
            )
        elif not view.known.processes[called].executable:
            yield Said(
                one.id,
                f"{view.the(one.id)} calls the process “{called}”, which is not marked executable.",
            )


@rule("mi-collection")
def mi_collection(view: View) -> Iterator[Said]:
    for one in view.within(ACTIVITIES):
        if one.loop is not None and not one.loop.collection:
            yield Said(
                one.id,
                f"{view.the(one.id)} is done several times, but nothing says how often. "
                "Give it an input collection.",
            )
        if one.loop is not None and bool(one.loop.output_collection) != bool(
            one.loop.output_element
        ):
            yield Said(
                one.id,
                f"{view.the(one.id)} has an output collection or an output element but not "
                "both, so results would be lost. Give both or none.",
            )


@rule("negative-cardinality")
def negative_cardinality(view: View) -> Iterator[Said]:
    for one in view.within(ACTIVITIES):
        node = view.node(one.id)
        multi = node.find(b("multiInstanceLoopCharacteristics"))
        count = multi.findtext(b("loopCardinality")) if multi is not None else None
        loop = node.find(b("standardLoopCharacteristics"))
        most = loop.get("loopMaximum") if loop is not None else None
        for text, what, least in ((count, "number of instances", 0), (most, "loop maximum", 1)):
            literal = (text or "").strip().removeprefix("=").strip()
            if re.fullmatch(r"[+-]?\d+", literal) and not least <= int(literal) <= MOST_INSTANCES:
                yield Said(
                    one.id,
                    f"{view.the(one.id)} has a {what} of {literal[:20]}. It must be from {least} "
                    f"to {MOST_INSTANCES}.",
                )


@rule("loop-without-end")
def loop_without_end(view: View) -> Iterator[Said]:
    for one in view.within(ACTIVITIES):
        loop = view.node(one.id).find(b("standardLoopCharacteristics"))
        if loop is None:
            continue
        condition = (loop.findtext(b("loopCondition")) or "").strip()
        if not condition and not loop.get("loopMaximum"):
            yield Said(
                one.id,
                f"{view.the(one.id)} loops, but nothing says when it stops. "
                "Give it a loop condition or a maximum.",
            )
