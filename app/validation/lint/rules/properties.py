"""Rules on the properties that the dialect adds to a drawing: their names, places and values.

What there is and what may stand there is `bpmn.properties`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from app.engine import nearest, suggestion
from app.engine.bpmn import (
    OF_ELEMENT,
    OF_PROCESS,
    VARIABLE,
    Property,
    RecordNames,
    listed,
    local,
    which,
)
from app.validation.lint.registry import add, rule
from app.validation.lint.view import Said, View


@rule("unknown-property", "warning")
def unknown_property(view: View) -> Iterator[Said]:
    """A property whose name is not known does nothing. Misspelt, it would be missed only in a case:
    the rule that its writer had in mind is not kept, and nobody notices."""
    of_process = {n: t for n, t in view.properties(None).items() if not n.startswith(VARIABLE)}
    held: list[tuple[str | None, str, Mapping[str, str], Mapping[str, Property]]] = [
        (None, "process", of_process, OF_PROCESS)
    ]
    held += [(id, view.a(id), view.properties(id), OF_ELEMENT) for id in view.elements]
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


def _value(property_: Property, view: View) -> Iterator[Said]:
    """A property whose value cannot be read, or on an element of a kind that cannot have it."""
    if property_.name in OF_PROCESS:
        stated = view.properties(None).get(property_.name)
        fault = property_.fault(stated) if stated is not None else None
        if fault is not None:
            what = f"The process has the property “{property_.name}” with the value “{stated}”."
            yield Said(None, f"{what} {fault}")
        return
    for id, element in view.elements.items():
        stated = view.properties(id).get(property_.name)
        if stated is None:
            continue
        fault = property_.fault(stated)
        if property_.places is not None and element.kind not in property_.places:
            only = " or ".join(view.word(kind) for kind in sorted(property_.places))
            sentence = f"has the property “{property_.name}”, which only a {only} can have."
            yield Said(id, f"{view.the(id)} {sentence}")
        elif fault is not None:
            sentence = (
                f"has the property “{property_.name}” with the value “{stated[:40]}”. {fault}"
            )
            yield Said(id, f"{view.the(id)} {sentence}")


for _property in (*OF_PROCESS.values(), *OF_ELEMENT.values()):
    if _property.sort in ("true", "true or false", "count"):  # the others can hold any text
        add(
            _property.name.replace("_", "-"), "error", partial(_value, _property),
            f"The property “{_property.name}” says: {_property.does}. A value that cannot be read, "
            "or one where it has no effect, would count as not written, and nobody would notice.",
            __name__,
        )  # fmt: skip


@rule("property-misplaced", "warning")
def property_misplaced(view: View) -> Iterator[Said]:
    """Deadlines and their like belong to steps that take time. On anything else they have no
    effect; and of a due date and a deadline at one step only the due date counts."""
    loose = [
        property_
        for property_ in OF_ELEMENT.values()
        if property_.places and property_.places >= {"callActivity"}
    ]
    for element in view.elements.values():
        given = view.properties(element.id)
        for name in sorted(p.name for p in loose if p.name in given):
            if element.kind not in (OF_ELEMENT[name].places or ()):
                yield Said(
                    element.id,
                    f"{view.the(element.id)} has the property “{name}”, which only an activity can "
                    "have.",
                )
        if element.due and element.rules.deadline:
            yield Said(
                element.id,
                f"{view.the(element.id)} has a due date and a property “deadline”; the due date "
                "counts. Remove one.",
            )


@rule("from-people")
def from_people(view: View) -> Iterator[Said]:
    """Whether people may record a message can be said only where one is waited for. Elsewhere there
    is nothing to record."""
    for element in view.elements.values():
        if element.rules.from_people is not None and element.message is None:
            yield Said(
                element.id,
                f"{view.the(element.id)} has the property “from_people”, which belongs to an event "
                "that waits for a message.",
            )


#: steps that no token leaves: what they say about leaving is never heard
_NEVER_LEFT = frozenset({"terminateEventDefinition", "errorEventDefinition"})


@rule("replan")
def replan(view: View) -> Iterator[Said]:
    """Running deadlines are worked out again when the case has passed the step that says so. Behind
    an end by error or terminate nothing goes on, so that moment never comes, and an event-based
    gateway is not what a case passes."""
    for element in view.elements.values():
        ends = any(local(node) in _NEVER_LEFT for node in view.definitions(element.id))
        never = element.kind == "eventBasedGateway" or (element.kind == "endEvent" and ends)
        if element.rules.replan and never:
            yield Said(
                element.id,
                f"{view.the(element.id)} has the property “replan”, but nothing goes on behind it. "
                "Put it on the step before.",
            )


@rule("backstop-alone")
def backstop_alone(view: View) -> Iterator[Said]:
    """A backstop is the last day that a due date may come to. Without a due date no clock runs, so
    the limit would be watched by nobody."""
    for element in view.elements.values():
        if element.rules.backstop and not (element.due or element.rules.deadline):
            yield Said(
                element.id,
                f"{view.the(element.id)} has a backstop but no due date, so no clock would run. "
                "Give it a due date.",
            )


@rule("clock-without-day", "warning")
def clock_without_day(view: View) -> Iterator[Said]:
    """The case's page begins with “(clock): Day 3 of 15”. Without the day, or the number of days,
    there is nothing to say and the page shows no clock."""
    for element in view.elements.values():
        rules = element.rules
        parts = {"clock": rules.clock, "clock_day": rules.clock_day, "clock_days": rules.clock_days}
        missing = [name for name, value in parts.items() if not value]
        if missing and len(missing) < len(parts):
            yield Said(
                element.id,
                f"{view.the(element.id)} has a part of a clock, but no “{missing[0]}”, so none is "
                "shown.",
            )


@rule("not-done-by")
def not_done_by(view: View) -> Iterator[Said]:
    """The property keeps one person from doing both of two steps. If the other step does not exist,
    or the name can mean several, nobody would be kept from it."""
    barred = [
        (element.id, id) for element in view.elements.values() for id in element.rules.not_done_by
    ]
    yield from _no_steps(view, barred, "may not be done by whoever did")


@rule("shows-unknown")
def shows_unknown(view: View) -> Iterator[Said]:
    """A task shows what was recorded at other steps, such as what it is to approve. If such a step
    does not exist, or the name can mean several, whoever has the task would see nothing of it."""
    shown = [(element.id, id) for element in view.elements.values() for id in element.rules.shows]
    yield from _no_steps(view, shown, "shows what was recorded at")


def _no_steps(view: View, named: list[tuple[str, str]], does: str) -> Iterator[Said]:
    """Of (element, name of a step): what is wrong with names that mean none, or several."""
    if not named:
        return
    names = RecordNames({**view.known.processes, view.process.id: view.process}.values())
    ids = {id for p in view.known.processes.values() for id in p.elements}
    ids |= {*view.elements, *names}
    for at, id in named:
        unclear = which(names, id, view.process.id)
        if unclear:
            yield Said(at, f"{view.the(at)} {does} “{id}”. {unclear}")
        elif id not in ids:
            yield Said(
                at,
                f"{view.the(at)} {does} “{id}”, but there is no such task.{suggestion(id, ids)}",
            )


@rule("people")
def people(view: View) -> Iterator[Said]:
    """Two people can sign a task only if more than one is offered it. Otherwise the second
    signature could never come, and the case would stand there."""
    for task in view.of("userTask"):
        if task.rules.people > 1 and not (task.groups or _several(task.users)):
            yield Said(
                task.id,
                f"{view.the(task.id)} needs two people but is offered to one at most. Give it "
                "candidate groups.",
            )


def _several(users: str | None) -> bool:
    return users is not None and (users.startswith("=") or len(listed(users)) > 1)
