"""Rules on compensation (BPMN 2.0.2, 10.7): every handler hangs on one event, and is only that."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.bpmn import ACTIVITIES, Element, flag, local, reference
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View


@rule("compensation")
def compensation_event(view: View) -> Iterator[Said]:
    """A compensation event on an edge is joined to the one step that undoes the work, by a
    dotted association (BPMN 2.0.2, 10.7). With none, or with several, nobody could say what a
    case undoes."""
    for event in view.of("boundaryEvent"):
        if not _compensates(event):
            continue
        undoing = view.process.handlers.get(event.id, ())
        if view.out(event.id):
            yield Said(
                event.id,
                f"{view.the(event.id)} has a sequence flow. What undoes the step is joined to it "
                "by a dotted association.",
            )
        if len(undoing) != 1:
            yield Said(
                event.id,
                f"{view.the(event.id)} is joined to {len(undoing)} steps that undo the work; it "
                "must be one, joined by an association and marked as compensation.",
            )


@rule("compensation")
def compensation_handler(view: View) -> Iterator[Said]:
    """What undoes a step is done when its compensation event says so, and only then. If it also
    lies on a path, or hangs on no such event, it would be done at the wrong time or never."""
    joined = [id for ids in view.process.handlers.values() for id in ids]
    for activity in view.within(ACTIVITIES):
        if not activity.for_compensation:
            continue
        if _begun_by_compensation(view, activity):
            continue  # its start event says the same already
        if view.into(activity.id) or view.out(activity.id):
            yield Said(
                activity.id,
                f"{view.the(activity.id)} is marked as compensation, so no sequence flow may lead "
                "to or from it.",
            )
        if joined.count(activity.id) != 1:
            yield Said(
                activity.id,
                f"{view.the(activity.id)} is marked as compensation, but hangs on "
                f"{joined.count(activity.id)} compensation events; it must be one.",
            )


def _begun_by_compensation(view: View, activity: Element) -> bool:
    """An event sub-process for compensation (BPMN 2.0.2, 10.3.5 and 10.7.2)."""
    starts = (m for m in view.members(activity.id) if m.kind == "startEvent")
    return activity.triggered and any(map(_compensates, starts))


@rule("compensation")
def compensation_throw(view: View) -> Iterator[Said]:
    """What is to be undone must be a step that can be, and the case goes on when that is done.
    Otherwise nothing would be undone, while readers believe that it was."""
    for event in view.of("intermediateThrowEvent", "endEvent"):
        for node in view.definitions(event.id):
            if local(node) != "compensateEventDefinition":
                continue
            named = reference(node.get("activityRef"))
            if named is not None and not _undoable(view, named):
                yield Said(
                    event.id,
                    f"{view.the(event.id)} undoes “{named}”, which is no step here that has a "
                    "compensation event.",
                )
            if not flag(node, "waitForCompletion", default=True):
                yield Said(
                    event.id,
                    f"{view.the(event.id)} does not wait for what it undoes, which is not carried "
                    "out. Let it wait.",
                )


def _undoable(view: View, id: str) -> bool:
    element = view.elements.get(id)
    if element is None or element.kind not in ACTIVITIES:
        return False
    return bool(view.members(id)) or any(map(_compensates, view.boundary(id)))


def _compensates(event: Element) -> bool:
    return event.first("compensate") is not None


@rule("compensation")
def compensation_start(view: View) -> Iterator[Said]:
    """An event sub-process for compensation undoes the sub-process that it lies in. Directly in the
    process there is none."""
    for start in view.of("startEvent"):
        holder = view.elements.get(start.scope or "")
        if _compensates(start) and holder is not None and holder.scope is None:
            yield Said(
                start.id,
                f"{view.the(start.id)} begins an event sub-process for compensation, which can "
                "only lie inside another sub-process.",
            )
