"""Rules on events: their definitions, what they refer to, and what they are attached to."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.bpmn import ACTIVITIES, REFERENCES, condition, local, reference
from app.engine.bpmn.names import EVENTS
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View


def _kinds(view: View, id: str) -> list[str]:
    return [local(node).removesuffix("EventDefinition") for node in view.definitions(id)]


@rule("single-event-definition", "warning")
def single_event_definition(view: View) -> Iterator[Said]:
    """An event with several triggers runs, but most modelers cannot show it, so readers do not see
    what it waits for or sends."""
    for event in view.within(EVENTS):
        kinds = _kinds(view, event.id)
        if len(kinds) > 1:
            yield Said(
                event.id,
                f"{view.the(event.id)} has several triggers ({', '.join(kinds)}), which most "
                "modelers cannot show. Draw one event for each.",
            )


@rule("event-without-trigger")
def event_without_trigger(view: View) -> Iterator[Said]:
    """An event that does not say what it waits for could never happen. A case would stand there for
    ever, or never leave the step at whose edge it is drawn."""
    for event in view.of("intermediateCatchEvent", "boundaryEvent"):
        if not view.definitions(event.id):
            yield Said(
                event.id,
                f"{view.the(event.id)} waits for nothing. Choose what it waits for: a message, "
                "signal, timer or condition.",
            )


@rule("event-sub-process-typed-start-event")
def event_sub_process_typed_start_event(view: View) -> Iterator[Said]:
    """An event sub-process is begun by what happens, never by a flow (BPMN 2.0.2, 10.3.5). If its
    start does not say what that is, it could never begin; and it has exactly one start."""
    for element in view.elements.values():
        if not element.triggered:
            continue
        starts = [m for m in view.members(element.id) if m.kind == "startEvent"]
        for start in starts:
            if not view.definitions(start.id):
                yield Said(
                    start.id,
                    f"{view.the(start.id)} begins the event {view.a(element.id)}, so it must say "
                    "by what: a message, signal, timer, error, escalation, condition or "
                    "compensation.",
                )
        if len(starts) > 1:
            yield Said(
                element.id,
                f"The event {view.a(element.id)} has several start events; it must have one.",
            )


@rule("sub-process-blank-start-event")
def sub_process_blank_start_event(view: View) -> Iterator[Said]:
    """A sub-process begins at one place when the flow comes to it. With two start events it would
    not be plain which steps a case begins with."""
    for sub_process in view.of("subProcess", "transaction"):
        if sub_process.triggered:
            continue
        starts = [m for m in view.members(sub_process.id) if m.kind == "startEvent"]
        if len(starts) > 1:
            yield Said(
                sub_process.id,
                f"{view.the(sub_process.id)} has {len(starts)} start events. A sub-process begins "
                "at one place; draw one start event and a gateway.",
            )


@rule("single-blank-start-event")
def single_blank_start_event(view: View) -> Iterator[Said]:
    """A process that somebody starts by hand begins at its start event without a sign. With two of
    them nobody could say where a case begins."""
    blank = [
        start for start in view.members(None)
        if start.kind == "startEvent" and not view.definitions(start.id)
    ]  # fmt: skip
    for start in blank[1:]:
        yield Said(
            start.id,
            f"The process has {len(blank)} start events without a sign; {view.a(start.id)} is one "
            "of them. Only one can begin it by hand: draw one start event and a gateway.",
        )


@rule("undeclared-reference")
def undeclared_reference(view: View) -> Iterator[Said]:
    """An event must say which message, signal, error or escalation it is about, and the file must
    declare that; otherwise it could neither be sent nor be recognised when it comes. A catch of any
    error or escalation names none (BPMN 2.0.2, 10.5.6)."""
    for event in view.within(EVENTS):
        for node in view.definitions(event.id):
            kind = local(node).removesuffix("EventDefinition")
            if kind not in REFERENCES:
                continue
            named = reference(node.get(REFERENCES[kind]))
            if named is not None and named not in view.drawn.declared.of_kind(kind):
                yield Said(
                    event.id,
                    f"{view.the(event.id)} refers to the {kind} “{named}”, which the file does "
                    f"not declare. Choose or create the {kind} in the modeler.",
                )
            elif named is None and not _may_be_open(view, event.id, kind):
                yield Said(
                    event.id,
                    f"{view.the(event.id)} does not say which {kind} it is about. "
                    f"Choose or create the {kind} in the modeler.",
                )


def _may_be_open(view: View, id: str, kind: str) -> bool:
    """A catch of any error or escalation names none (BPMN 2.0.2, 10.5.6)."""
    return kind in ("error", "escalation") and view.elements[id].kind in (
        "boundaryEvent",
        "startEvent",
    )


@rule("message-without-name", "warning")
def message_without_name(view: View) -> Iterator[Said]:
    """Messages and signals are known by their names, to people and to other processes. One without
    a name is known by a technical id only, which nobody recognises."""
    declared = view.drawn.node.getparent()
    if declared is None:
        return
    used = {
        name for element in view.elements.values() for name in (element.message, element.signal)
    }
    for node in declared:
        id = node.get("id")
        if local(node) in ("message", "signal") and not node.get("name") and id in used:
            yield Said(
                None,
                f"The {local(node)} {id} has no name. People and other processes know it by "
                "its name; give it one.",
            )


@rule("code-missing", "warning")
def code_missing(view: View) -> Iterator[Said]:
    """In a process that runs, an error or escalation has a code by which it is caught (BPMN 2.0.2,
    10.5.2). Without one its name or id serves here; other tools may not catch it."""
    root = view.drawn.node.getparent()
    if root is None:
        return
    used = {
        c for element in view.elements.values() for c in (element.error, element.escalation) if c
    }
    for node in root:
        kind = local(node)
        known = (node.get("name") or node.get("id")) in used
        if kind in ("error", "escalation") and known and not node.get(f"{kind}Code"):
            name = node.get("name")
            said = (
                f"The {kind} “{name}” has no code; it is caught by its name here."
                if name
                else f"The {kind} {node.get('id')} has neither a code nor a name; it is caught "
                "by its id here."
            )
            yield Said(None, f"{said} Give it a code.")


@rule("condition-missing")
def condition_missing(view: View) -> Iterator[Said]:
    """An event that waits for a condition must give one. Otherwise there is nothing that could
    become true, and the case would wait for ever."""
    for event in view.within(EVENTS):
        for node in view.definitions(event.id):
            if local(node) == "conditionalEventDefinition" and not condition(node):
                yield Said(event.id, f"{view.the(event.id)} waits for a condition but gives none.")


@rule("boundary-host")
def boundary_host(view: View) -> Iterator[Said]:
    """An event on an edge is about the step that it is attached to: a task, sub-process or call in
    the same place. Attached to anything else it would watch nothing and never happen."""
    for event in view.of("boundaryEvent"):
        host = view.elements.get(event.attached_to or "")
        if host is None or host.kind not in ACTIVITIES:
            yield Said(
                event.id,
                f"{view.the(event.id)} is attached to nothing that can be interrupted. "
                "Attach it to a task, sub-process or call activity.",
            )
        elif host.scope != event.scope:
            yield Said(event.id, f"{view.the(event.id)} lies in another sub-process than its host.")


@rule("boundary-on-event-subprocess")
def boundary_on_event_subprocess(view: View) -> Iterator[Said]:
    """BPMN allows no event on the edge of an event sub-process, as no flow comes to it and none
    leaves it. What is to happen meanwhile is drawn inside."""
    for event in view.of("boundaryEvent"):
        host = view.elements.get(event.attached_to or "")
        if host is not None and host.triggered:
            yield Said(
                event.id,
                f"{view.the(event.id)} is attached to an event sub-process, which BPMN does not "
                "allow. Draw the event inside it.",
            )


@rule("error-interrupts")
def error_interrupts(view: View) -> Iterator[Said]:
    """In BPMN an error always ends the work that it happens in. Drawn otherwise, readers would
    expect the work to go on; an escalation does that."""
    for event in view.of("boundaryEvent", "startEvent"):
        if "error" in _kinds(view, event.id) and not event.interrupting:
            yield Said(
                event.id,
                f"{view.the(event.id)} catches an error without interrupting. An error always "
                "interrupts: make it interrupting, or use an escalation.",
            )


@rule("cancel-event")
def cancel_event(view: View) -> Iterator[Said]:
    """A cancel event ends a transaction from inside, or catches that at its edge. Without a
    transaction there is nothing that it could cancel."""
    for event in view.within(EVENTS):
        if "cancel" not in _kinds(view, event.id):
            continue
        holder = view.elements.get((event.attached_to or event.scope) or "")
        if holder is None or holder.kind != "transaction":
            yield Said(
                event.id,
                f"{view.the(event.id)} cancels a transaction, but there is none. Use a terminate "
                "or error event instead.",
            )


@rule("link-event")
def link_event(view: View) -> Iterator[Said]:
    """A link is a flow drawn in pieces: many may lead into it, to one place, within one process
    or sub-process (BPMN 2.0.2, 10.5.4). With no target, or two, nobody could say where a case
    goes on."""
    targets: dict[tuple[str | None, str], list[str]] = {}
    sources: list[tuple[tuple[str | None, str], str]] = []
    for event in view.of("intermediateCatchEvent", "intermediateThrowEvent"):
        for node in view.definitions(event.id):
            if local(node) != "linkEventDefinition":
                continue
            key = (event.scope, node.get("name") or "")
            if event.kind == "intermediateCatchEvent":
                targets.setdefault(key, []).append(event.id)
            else:
                sources.append((key, event.id))
    for key, ids in targets.items():
        for id in ids[1:]:
            yield Said(
                id,
                f"{view.the(id)} is a second target of the link “{key[1]}”. A link leads to one "
                "place only; give one of them another name.",
            )
        if not any(key == other for other, _ in sources):
            yield Said(ids[0], f"No link event leads to the {view.a(ids[0])} (“{key[1]}”).")
    for key, id in sources:
        if key not in targets:
            yield Said(
                id,
                f"{view.the(id)} leads to the link “{key[1]}”, which has no target here. "
                "Draw a catching link event of that name in the same process.",
            )


@rule("event-leads-nowhere", "warning")
def event_leads_nowhere(view: View) -> Iterator[Said]:
    """The event would happen and nothing would follow from it: what readers expect to be done then
    is not done."""
    for event in view.of("boundaryEvent", "intermediateCatchEvent", "startEvent"):
        linked = "link" in _kinds(view, event.id)
        if not view.out(event.id) and not linked and "compensate" not in _kinds(view, event.id):
            yield Said(
                event.id, f"Nothing follows the {view.a(event.id)}. Join it to what happens then."
            )
