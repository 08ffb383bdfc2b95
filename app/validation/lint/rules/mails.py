"""Rules on mails: every word in braces is given by a header, and every group is one.

Whether a task that sends one is drawn whole is `lint.activities`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.documents import HOW, MEETING_HEADERS, MEETING_NEEDS, MEETING_STEPS, REMINDS, WAITS
from app.engine import suggestion
from app.engine.bpmn import Element, listed
from app.validation.lint.registry import rule
from app.validation.lint.typed_texts import typed_texts
from app.validation.lint.view import Said, View
from app.validation.shapes import roles_of

_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
#: what every mail knows beside the headers of its task
GIVEN = frozenset({"reference", "link"})


def _mails(view: View) -> Iterator[tuple[Element, str, str]]:
    """(task, name, text) of each mail whose template is named outright."""
    for task in view.of("serviceTask", "sendTask"):
        name = task.headers.get("template", "").strip()
        if task.effect == "mail" and name in view.known.mails:
            yield task, name, view.known.mails[name]


@rule("mail-template")
def mail_template(view: View) -> Iterator[Said]:
    """A mail's text begins with a line “Subject:” and an empty line. Without them it can never be
    written, however often that is tried, and nobody is told."""
    for task, name, text in _mails(view):
        head = text.replace("\r\n", "\n").partition("\n\n")[0]
        if not head.lower().startswith("subject:"):
            yield Said(
                task.id,
                f"The mail template “{name}” of the {view.a(task.id)} does not begin with "
                "“Subject:”.",
                view.known.severity(),
            )
        elif "\n" in head.strip():
            yield Said(
                task.id,
                f"The mail template “{name}” of the {view.a(task.id)} needs an empty line between "
                "the subject and the text.",
                view.known.severity(),
            )


@rule("mail-field", "warning")
def mail_field(view: View) -> Iterator[Said]:
    """A word in braces is filled from a header of the task that sends the mail. What no header
    gives stays as it is written, braces included, and that is what people read."""
    for task, name, text in _mails(view):
        there = (task.headers.keys() - HOW) | GIVEN
        for field in dict.fromkeys(_FIELD.findall(text)):
            if field not in there:
                yield Said(
                    task.id,
                    f"The mail template “{name}” says “{{{field}}}”, but the {view.a(task.id)} has "
                    f"no header “{field}”.{suggestion(field, there)}",
                )


@rule("mail-recipient", "warning")
def mail_recipient(view: View) -> Iterator[Said]:
    """A mail goes to a role or a person. What is nearly the name of a role is probably misspelt,
    and then its people would not get the mail."""
    roles = roles_of(view.known.settings)
    for task in view.of("serviceTask", "sendTask"):
        to = task.headers.get("to", "")
        if task.effect != "mail" or to.startswith("="):
            continue
        for group in listed(to):
            role = group.partition(":")[0]
            near = suggestion(role, roles)
            if role not in roles and near:
                yield Said(
                    task.id,
                    f"{view.the(task.id)} sends a mail to “{group}”, which no role in the settings "
                    f"gives.{near}",
                )


@rule("typed-text-in-clear", "warning")
def typed_text_in_clear(view: View) -> Iterator[Said]:
    """What people typed, a name before all, reaches nobody who may not see it. A mail leaves the
    house; the label of a task and the status of a case stand in lists and are kept in clear. Name a
    date, a number or a choice there, and let people read the rest in the case."""
    typed = typed_texts(view)
    for element in view.elements.values():
        for what, text in _in_clear(element):
            source = text.strip()
            question = typed.in_text(view.process.id, source[1:]) if source[:1] == "=" else None
            if question is not None:
                yield Said(
                    element.id,
                    f"{what} of the {view.a(element.id)} may hold what somebody typed as the "
                    f"answer to “{question}”.",
                )


def _in_clear(element: Element) -> Iterator[tuple[str, str]]:
    """What leaves the case, or stands in clear columns and lists."""
    if element.effect == "mail":
        for name, text in element.headers.items():
            if name != "template":
                yield f"The header “{name}”", text
    for name in ("label", "status", "clock"):
        stated: str | None = getattr(element.rules, name, None)
        if stated:
            yield f"The property “{name}”", stated


#: what a guest's form says; the first three are needed
GUEST_KEYS = ("name", "address", "telephone", "organisation")


@rule("guest-form")
def guest_form(view: View) -> Iterator[Said]:
    """Somebody without an account gets a link by mail, and a code by telephone. The form that the
    task names in “guest” says to whom: read-only fields “name”, “address” (of e-mail), “telephone”
    and “organisation”. If one is missing, or both lead to one mailbox, nobody could be asked so."""
    for task in view.of("userTask"):
        id = task.rules.guest
        if id is None:
            continue
        form = view.known.forms.get(id)
        if form is None:
            near = suggestion(id, view.known.form_ids)
            said = f"names “{id}” as the form of its guest, which is no form of the set.{near}"
            yield Said(task.id, f"{view.the(task.id)} {said}")
            continue
        fields = {field.key: field for field in form.walk() if field.key}
        for key in GUEST_KEYS[:3]:
            if key not in fields:
                said = f"asks a guest, but the form “{id}” does not say their “{key}”."
                yield Said(task.id, f"{view.the(task.id)} {said}{suggestion(key, fields)}")
        for key, field in fields.items():
            if not (field.read_only and field.rules.prefill):
                said = f"The field “{key}” of the form “{id}” needs “prefill”, and to be read-only:"
                yield Said(task.id, f"{said} nobody fills in who the guest is.")
        address, number = fields.get("address"), fields.get("telephone")
        if address and number and address.rules.prefill == number.rules.prefill:
            said = f"sends link and code of its guest to one place (form “{id}”)."
            yield Said(task.id, f"{view.the(task.id)} {said} Name a telephone number of theirs.")


@rule("guest-reminder")
def guest_reminder(view: View) -> Iterator[Said]:
    """A mail with the header “guest_of” reminds the guest of a task with a new link. The header
    names that task: a user task of the same process, with the property “guest”."""
    guests = [task.id for task in view.of("userTask") if task.rules.guest]
    for task in view.of("serviceTask", "sendTask"):
        named = task.headers.get(REMINDS)
        if named is not None and named not in guests:
            near = suggestion(named, guests)
            said = f"is to remind the guest of “{named}”, which is no task that asks one."
            yield Said(task.id, f"{view.the(task.id)} {said}{near}")


@rule("mail-meeting", "warning")
def mail_meeting(view: View) -> Iterator[Said]:
    """A mail with “meeting_id”, “meeting_name” and “meeting_at” brings the meeting for people's
    calendars. If one of the three is missing or misspelt it brings nothing, and the meeting stands
    in no calendar. “meeting_steps” names steps of the same process and the events in it that people
    record, or, as “process.step”, those of another."""
    steps = _steps_of_meetings(view)
    for task in view.of("serviceTask", "sendTask"):
        mine = {name for name in task.headers if name.startswith("meeting_")}
        if task.effect != "mail" or not mine:
            continue
        for name in sorted(MEETING_NEEDS - mine):
            said = f"tells of a meeting, but has no header “{name}”, so no calendar gets it."
            yield Said(task.id, f"{view.the(task.id)} {said}")
        for name in sorted(mine - MEETING_HEADERS):
            near = suggestion(name, MEETING_HEADERS)
            if near:
                yield Said(task.id, f"{view.the(task.id)} has the header “{name}”.{near}")
        for step in listed(task.headers.get(MEETING_STEPS, "")):
            if step not in steps:
                said = (
                    f"names “{step}” as a step of its meeting, which is no user task, nor an event."
                )
                yield Said(task.id, f"{view.the(task.id)} {said}{suggestion(step, steps)}")


def _steps_of_meetings(view: View) -> set[str]:
    """As a mail of this process names them."""
    steps = set()
    for process in {**view.known.processes, view.process.id: view.process}.values():
        mine = "" if process.id == view.process.id else f"{process.id}."
        steps |= {
            mine + each.id
            for each in process.elements.values()
            if each.kind == "userTask" or each.rules.form is not None
        }
    return steps


@rule("mail-waits", "warning")
def mail_waits(view: View) -> Iterator[Said]:
    """A mail with “may_wait: true” goes with the daily mail of whoever chose one; with
    “working_days_only: true” it goes to nobody on a weekend or holiday. Nothing may wait that is
    about a limit of less than two working days. Any other value, or a misspelt name, makes nothing
    wait; and what calls a meeting or reminds a guest goes at once, whatever stands there."""
    for task in view.of("serviceTask", "sendTask"):
        if task.effect != "mail":
            continue
        text = view.known.mails.get(task.headers.get("template", "").strip(), "")
        for name, said in task.headers.items():
            near = suggestion(name, WAITS)
            if name in WAITS and said.strip().lstrip("=").strip() not in ("true", "false"):
                yield Said(
                    task.id,
                    f"The header “{name}” of the {view.a(task.id)} says “{said}”; it may be “true” "
                    "or “false”.",
                )
            elif near and name not in WAITS | MEETING_HEADERS and f"{{{name}}}" not in text:
                yield Said(task.id, f"{view.the(task.id)} has the header “{name}”.{near}")
        alone = sorted(task.headers.keys() & (MEETING_NEEDS | {REMINDS}))
        if alone and WAITS & task.headers.keys():
            said = f"has the header “{alone[0]}”, so it goes at once and cannot wait."
            yield Said(task.id, f"{view.the(task.id)} {said}")
