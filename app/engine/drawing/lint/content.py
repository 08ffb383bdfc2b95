"""Rules on what the dialect adds: property names, groups and roles, and messages nobody hears."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.engine.drawing.forms import expressions_of
from app.engine.drawing.lint.places import places
from app.engine.drawing.lint.registry import rule
from app.engine.drawing.lint.view import Known, Said, View
from app.engine.drawing.lint.wording import suggestion
from app.engine.drawing.names import ACTIVITIES, local
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
    ids = {id for p in view.known.processes.values() for id in p.elements} | set(view.elements)
    for one in view.elements.values():
        for id in _listed(one.properties.get("not_done_by", "")):
            if id not in ids:
                yield Said(
                    one.id,
                    f"{view.the(one.id)} may not be done by whoever did “{id}”, but there is no "
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
    return users is not None and (users.startswith("=") or len(_listed(users)) > 1)


@rule("unknown-group")
def unknown_group(view: View) -> Iterator[Said]:
    """Only where the settings list the roles; a group is a role, or one with ":value" behind."""
    roles = _roles(view.known)
    if not roles:
        return
    held: list[tuple[str | None, str, str | None]] = [
        (None, f"The process “{view.process.name or view.process.id}”", view.process.start_groups)
    ]
    held += [(one.id, view.the(one.id), one.groups) for one in view.elements.values()]
    for id, what, groups in held:
        if groups is None or groups.startswith("=") or re.search(r"[$#]\{", groups):
            continue
        for group in _listed(groups):
            role = group.partition(":")[0]
            if role not in roles:
                yield Said(
                    id,
                    f"{what} speaks of the group “{group}”, which no role in the settings "
                    f"gives.{suggestion(role, roles)}",
                )


def _roles(known: Known) -> frozenset[str]:
    given: Any = known.settings.get("roles")
    if isinstance(given, Mapping):
        return frozenset(str(one) for one in given)
    if isinstance(given, list):
        return frozenset(str(o.get("id") if isinstance(o, dict) else o) for o in given)
    return frozenset()


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


_SETTING = re.compile(r"(?<![\w.])settings\.([A-Za-z_]\w*)")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


@rule("unknown-setting")
def unknown_setting(view: View) -> Iterator[Said]:
    """A missing entry is null in FEEL; nobody would notice a misspelt one."""
    if not view.known.complete:
        return
    known = set(view.known.settings)
    for id, what, text in _expressions(view):
        for name in dict.fromkeys(_SETTING.findall(_TEXT.sub("", text))):
            if name not in known:
                yield Said(
                    id,
                    f"{what[:1].upper()}{what[1:]} speaks of settings.{name}, which is not among "
                    f"the settings.{suggestion(name, known)}",
                )


def _expressions(view: View) -> Iterator[tuple[str, str, str]]:
    for place in places(view):
        if place.source is not None:
            yield place.id, place.what, place.source
    for one in view.elements.values():
        form = view.known.forms.get(one.form or "")
        for field in form.walk() if form is not None else ():
            for source in expressions_of(field).values():
                what = f"the field “{field.label or field.key}” of the form “{one.form}”"
                yield one.id, what, source


@rule("start-message-twice")
def start_message_twice(view: View) -> Iterator[Said]:
    seen: dict[str, str] = {}
    for one in view.members(None):
        if one.kind in ("startEvent", "receiveTask") and one.message and not view.into(one.id):
            if one.message in seen:
                yield Said(
                    one.id, f"The message “{one.message}” begins this process at two places."
                )
            seen[one.message] = one.id
    for other in view.known.processes.values():
        if other.id == view.process.id or not other.executable:
            continue
        for name in sorted(set(other.message_starts) & set(seen)):
            yield Said(
                seen[name],
                f"The message “{name}” begins this process and “{other.name or other.id}” too; "
                "only one of them would begin. Give one another message.",
            )


@rule("never-started", "warning")
def never_started(view: View) -> Iterator[Said]:
    """In a complete set a process begins by hand, by a message or signal, or by a call."""
    process = view.process
    begins = [one for one in view.members(None) if one.kind == "startEvent"]
    called = any(
        one.called_process == process.id
        for other in view.known.processes.values()
        for one in other.elements.values()
    )
    told = process.start_groups or process.message_starts or any(one.signal for one in begins)
    if view.known.complete and begins and not told and not called:
        yield Said(
            None,
            f"Nobody can start the process “{process.name or process.id}”: it has no property "
            "“start_groups”, no message begins it, and no process calls it.",
        )


@rule("message-unheard", "warning")
def message_unheard(view: View) -> Iterator[Said]:
    if not view.known.complete:
        return
    heard: set[str] = set()
    for process in view.known.processes.values():
        heard |= set(process.message_starts)
        heard |= {
            one.message or ""
            for one in process.elements.values()
            if one.kind in ("intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent")
        }
    for one in view.of("endEvent", "intermediateThrowEvent", "sendTask"):
        if one.message and one.message not in heard:
            yield Said(
                one.id,
                f"{view.the(one.id)} sends “{one.message}”, which nothing in the set waits "
                f"for.{suggestion(one.message, heard)}",
            )


@rule("not-executable", "warning")
def not_executable(view: View) -> Iterator[Said]:
    if not view.process.executable:
        name = view.process.name or view.process.id
        yield Said(
            None,
            f"The process “{name}” is not marked as executable, so it will not run. "
            "Tick “Executable” in its properties if it shall.",
        )
