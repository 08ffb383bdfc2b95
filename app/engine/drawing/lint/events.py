"""Rules on events: their definitions, what they refer to, and what they are attached to."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.drawing.declared import REFERENCES, condition
from app.engine.drawing.lint.registry import rule
from app.engine.drawing.lint.view import Said, View
from app.engine.drawing.names import ACTIVITIES, EVENTS, local, reference


def _kinds(view: View, id: str) -> list[str]:
    return [local(node).removesuffix("EventDefinition") for node in view.definitions(id)]


@rule("single-event-definition", "warning")
def single_event_definition(view: View) -> Iterator[Said]:
    for one in view.within(EVENTS):
        kinds = _kinds(view, one.id)
        if len(kinds) > 1:
            yield Said(
                one.id,
                f"{view.the(one.id)} has several triggers ({', '.join(kinds)}), which most "
                "modelers cannot show. Draw one event for each.",
            )


@rule("event-without-trigger")
def event_without_trigger(view: View) -> Iterator[Said]:
    for one in view.of("intermediateCatchEvent", "boundaryEvent"):
        if not view.definitions(one.id):
            yield Said(
                one.id,
                f"{view.the(one.id)} waits for nothing. Choose what it waits for: a message, "
                "signal, timer or condition.",
            )


@rule("event-sub-process-typed-start-event")
def event_sub_process_typed_start_event(view: View) -> Iterator[Said]:
    for one in view.elements.values():
        if not one.triggered:
            continue
        starts = [m for m in view.members(one.id) if m.kind == "startEvent"]
        for start in starts:
            if not view.definitions(start.id):
                yield Said(
                    start.id,
                    f"{view.the(start.id)} begins the event {view.a(one.id)}, so it must say "
                    "by what: a message, signal, timer, error, escalation, condition or "
                    "compensation.",
                )
        if len(starts) > 1:
            yield Said(
                one.id, f"The event {view.a(one.id)} has several start events; it must have one."
            )


@rule("sub-process-blank-start-event")
def sub_process_blank_start_event(view: View) -> Iterator[Said]:
    for one in view.of("subProcess", "transaction"):
        if one.triggered:
            continue
        starts = [m for m in view.members(one.id) if m.kind == "startEvent"]
        if len(starts) > 1:
            yield Said(
                one.id,
                f"{view.the(one.id)} has {len(starts)} start events. A sub-process begins at "
                "one place; draw one start event and a gateway.",
            )


@rule("single-blank-start-event")
def single_blank_start_event(view: View) -> Iterator[Said]:
    blank = [
        one for one in view.members(None)
        if one.kind == "startEvent" and not view.definitions(one.id)
    ]  # fmt: skip
    for one in blank[1:]:
        yield Said(
            one.id,
            f"The process has {len(blank)} start events without a sign; {view.a(one.id)} is one "
            "of them. Only one can begin it by hand: draw one start event and a gateway.",
        )


@rule("undeclared-reference")
def undeclared_reference(view: View) -> Iterator[Said]:
    """An event must say which message, signal or error it is about, and that must be declared."""
    for one in view.within(EVENTS):
        for node in view.definitions(one.id):
            kind = local(node).removesuffix("EventDefinition")
            if kind not in REFERENCES:
                continue
            named = reference(node.get(REFERENCES[kind]))
            if named is not None and named not in view.drawn.declared.of_kind(kind):
                yield Said(
                    one.id,
                    f"{view.the(one.id)} refers to the {kind} “{named}”, which the file does "
                    f"not declare. Choose or create the {kind} in the modeler.",
                )
            elif named is None and not _may_be_open(view, one.id, kind):
                yield Said(
                    one.id,
                    f"{view.the(one.id)} does not say which {kind} it is about. "
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
    declared = view.drawn.node.getparent()
    if declared is None:
        return
    used = {name for one in view.elements.values() for name in (one.message, one.signal)}
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
    """BPMN 2.0.2, 10.5.2: in an executable process an error or escalation has a code."""
    root = view.drawn.node.getparent()
    if root is None:
        return
    used = {c for one in view.elements.values() for c in (one.error, one.escalation) if c}
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
    for one in view.within(EVENTS):
        for node in view.definitions(one.id):
            if local(node) == "conditionalEventDefinition" and not condition(node):
                yield Said(one.id, f"{view.the(one.id)} waits for a condition but gives none.")


@rule("boundary-host")
def boundary_host(view: View) -> Iterator[Said]:
    for one in view.of("boundaryEvent"):
        host = view.elements.get(one.attached_to or "")
        if host is None or host.kind not in ACTIVITIES:
            yield Said(
                one.id,
                f"{view.the(one.id)} is attached to nothing that can be interrupted. "
                "Attach it to a task, sub-process or call activity.",
            )
        elif host.scope != one.scope:
            yield Said(one.id, f"{view.the(one.id)} lies in another sub-process than its host.")


@rule("boundary-on-event-subprocess")
def boundary_on_event_subprocess(view: View) -> Iterator[Said]:
    for one in view.of("boundaryEvent"):
        host = view.elements.get(one.attached_to or "")
        if host is not None and host.triggered:
            yield Said(
                one.id,
                f"{view.the(one.id)} is attached to an event sub-process, which BPMN does not "
                "allow. Draw the event inside it.",
            )


@rule("error-interrupts")
def error_interrupts(view: View) -> Iterator[Said]:
    for one in view.of("boundaryEvent", "startEvent"):
        if "error" in _kinds(view, one.id) and not one.interrupting:
            yield Said(
                one.id,
                f"{view.the(one.id)} catches an error without interrupting. An error always "
                "interrupts: make it interrupting, or use an escalation.",
            )


@rule("cancel-event")
def cancel_event(view: View) -> Iterator[Said]:
    for one in view.within(EVENTS):
        if "cancel" not in _kinds(view, one.id):
            continue
        holder = view.elements.get((one.attached_to or one.scope) or "")
        if holder is None or holder.kind != "transaction":
            yield Said(
                one.id,
                f"{view.the(one.id)} cancels a transaction, but there is none. Use a terminate "
                "or error event instead.",
            )


@rule("link-event")
def link_event(view: View) -> Iterator[Said]:
    """BPMN 2.0.2, 10.5.4: many sources, one target, within one (sub-)process."""
    targets: dict[tuple[str | None, str], list[str]] = {}
    sources: list[tuple[tuple[str | None, str], str]] = []
    for one in view.of("intermediateCatchEvent", "intermediateThrowEvent"):
        for node in view.definitions(one.id):
            if local(node) != "linkEventDefinition":
                continue
            key = (one.scope, node.get("name") or "")
            if one.kind == "intermediateCatchEvent":
                targets.setdefault(key, []).append(one.id)
            else:
                sources.append((key, one.id))
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
    for one in view.of("boundaryEvent", "intermediateCatchEvent", "startEvent"):
        linked = "link" in _kinds(view, one.id)
        if not view.out(one.id) and not linked and "compensate" not in _kinds(view, one.id):
            yield Said(
                one.id, f"Nothing follows the {view.a(one.id)}. Join it to what happens then."
            )
