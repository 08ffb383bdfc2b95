"""Rules on the properties that the dialect adds to a drawing: their names, places and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.engine.drawing.lint.registry import rule
from app.engine.drawing.lint.view import Said, View
from app.engine.drawing.lint.wording import suggestion, which
from app.engine.drawing.names import ACTIVITIES, local
from app.engine.drawing.record_names import RecordNames
from app.engine.feel import nearest

OF_PROCESS = frozenset({"start_groups", "goes_on_when_merged"})
OF_ELEMENT = frozenset(
    {
        "backstop", "basis", "deadline", "status", "label", "not_done_by", "explain", "replan",
        "seals_merges", "from_people", "people",
    }
)  # fmt: skip
#: properties that only an activity can have
OF_ACTIVITY = frozenset({"backstop", "deadline", "label", "not_done_by", "basis"})


@rule("unknown-property", "warning")
def unknown_property(view: View) -> Iterator[Said]:
    """A property with a misspelt name does nothing; nobody would notice."""
    held: list[tuple[str | None, str, Mapping[str, str], frozenset[str]]] = [
        (None, "process", view.process.properties, OF_PROCESS)
    ]
    held += [(e.id, view.a(e.id), e.properties, OF_ELEMENT) for e in view.elements.values()]
    for id, what, properties, known in held:
        for name in properties:
            if name in known:
                continue
            near = nearest(name, sorted(known))
            if near or view.known.complete:
                yield Said(
                    id,
                    f"The property “{name}” of the {what} does nothing here."
                    f"{suggestion(name, known)}",
                    view.known.severity() if near else "warning",
                )


@rule("property-misplaced", "warning")
def property_misplaced(view: View) -> Iterator[Said]:
    for one in view.elements.values():
        for name in sorted(OF_ACTIVITY & set(one.properties)):
            if one.kind not in ACTIVITIES:
                yield Said(
                    one.id,
                    f"{view.the(one.id)} has the property “{name}”, which only an activity can "
                    "have.",
                )
        if one.due and "deadline" in one.properties:
            yield Said(
                one.id,
                f"{view.the(one.id)} has a due date and a property “deadline”; the due date "
                "counts. Remove one.",
            )


@rule("from-people")
def from_people(view: View) -> Iterator[Said]:
    """Whether people may record a message: only where one is waited for, and only yes or no."""
    for one in view.elements.values():
        stated = one.properties.get("from_people")
        if stated is not None and (stated not in ("true", "false") or one.message is None):
            yield Said(
                one.id,
                f"{view.the(one.id)}: the property “from_people” is true or false, and belongs to "
                "an event that waits for a message.",
            )


#: steps that no token leaves: what they say about leaving is never heard
_NEVER_LEFT = frozenset({"terminateEventDefinition", "errorEventDefinition"})


@rule("replan")
def replan(view: View) -> Iterator[Said]:
    """Everything that runs is worked out again when a step that says so has been passed."""
    for one in view.elements.values():
        said = one.properties.get("replan")
        if said is None:
            continue
        if said != "true":
            yield Said(
                one.id,
                f"{view.the(one.id)} has the property “replan” with the value “{said}”. Say "
                "“true”, or remove it.",
            )
        ends = any(local(node) in _NEVER_LEFT for node in view.definitions(one.id))
        if one.kind == "eventBasedGateway" or (one.kind == "endEvent" and ends):
            yield Said(
                one.id,
                f"{view.the(one.id)} has the property “replan”, but nothing goes on behind it. "
                "Put it on the step before.",
            )


@rule("seals-merges")
def seals_merges(view: View) -> Iterator[Said]:
    """A merge cannot be undone once such a task was completed; nothing else is asked for it."""
    for one in view.elements.values():
        said = one.properties.get("seals_merges")
        if said is not None and (said != "true" or one.kind != "userTask"):
            yield Said(
                one.id,
                f"{view.the(one.id)} has the property “seals_merges”, which only a user task can "
                "have, with the value “true”.",
            )


@rule("goes-on-when-merged")
def goes_on_when_merged(view: View) -> Iterator[Said]:
    said = view.process.properties.get("goes_on_when_merged", "true")
    if said != "true":
        yield Said(
            None,
            f"The process has the property “goes_on_when_merged” with the value “{said}”. Say "
            "“true”, or remove it: then it rests while its case is merged into another one.",
        )


@rule("backstop-alone")
def backstop_alone(view: View) -> Iterator[Said]:
    for one in view.elements.values():
        if "backstop" in one.properties and not (one.due or "deadline" in one.properties):
            yield Said(
                one.id,
                f"{view.the(one.id)} has a backstop but no due date, so no clock would run. "
                "Give it a due date.",
            )


@rule("not-done-by")
def not_done_by(view: View) -> Iterator[Said]:
    barred = [
        (one.id, id)
        for one in view.elements.values()
        for id in listed(one.properties.get("not_done_by", ""))
    ]
    if not barred:
        return
    names = RecordNames({**view.known.processes, view.process.id: view.process}.values())
    ids = {id for p in view.known.processes.values() for id in p.elements}
    ids |= {*view.elements, *names}
    for at, id in barred:
        unclear = which(names, id, view.process.id)
        if unclear:
            sentence = f"{view.the(at)} may not be done by whoever did “{id}”. {unclear}"
            yield Said(at, sentence)
        elif id not in ids:
            yield Said(
                at,
                f"{view.the(at)} may not be done by whoever did “{id}”, but there is no "
                f"such task.{suggestion(id, ids)}",
            )


@rule("people")
def people(view: View) -> Iterator[Said]:
    """How many different people have to give a task; only a user task is given by people."""
    for one in view.elements.values():
        stated = one.properties.get("people")
        if stated is None:
            continue
        if one.kind != "userTask":
            sentence = "has the property “people”, which only a user task can have."
            yield Said(one.id, f"{view.the(one.id)} {sentence}")
        elif stated not in ("1", "2"):
            yield Said(
                one.id,
                f"{view.the(one.id)} is to be given by “{stated}” people; the property “people” "
                "can be 1 or 2.",
            )
        elif stated == "2" and not (one.groups or _several(one.users)):
            yield Said(
                one.id,
                f"{view.the(one.id)} needs two people but is offered to one at most. Give it "
                "candidate groups.",
            )


def _several(users: str | None) -> bool:
    return users is not None and (users.startswith("=") or len(listed(users)) > 1)


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
