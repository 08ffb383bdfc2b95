"""What is asked before an order is given, as forms like any other, and the command it becomes.

The pages are `orders`; the checks beyond types are the desk's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.casework.orders import commands
from app.engine.feel import World
from app.engine.forms.fields import Field, Form, Option
from app.engine.forms.properties import FieldRules
from app.engine.london import LONDON

#: command keyword arguments from typed answers
Reads = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Order:
    name: str
    #: what a role must allow
    power: str
    title: str
    button: str
    #: what it leads to, before somebody does it
    explain: str
    fields: tuple[Field, ...]
    command: Callable[..., commands.Command]
    reads: Reads
    done: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An order's questions as a form to fill."""

    form: Form
    name: str = ""
    scope: Mapping[str, Any] = field(default_factory=dict)
    world: World = field(default_factory=World)


def ask(order: Order, options: Mapping[str, Iterable[Option]]) -> Asked:
    """`options`: for choices that differ from case to case, by the question's key."""
    fields = tuple(
        replace(question, options=tuple(options[question.key]))
        if question.key in options
        else question
        for question in order.fields
    )
    return Asked(Form(id=order.name, file="", title=order.title, fields=fields, digest=""))


def _reason(sentence: str = "It is recorded in the history of the case.") -> Field:
    return Field(
        key="reason",
        kind="textarea",
        id="reason",
        label="Reason",
        hint=sentence,
        required=True,
        max_length=2000,
        messages={"required": "Enter a reason"},
    )


def _whom(key: str, label: str, message: str) -> Field:
    return Field(
        key=key,
        kind="select",
        id=key,
        label=label,
        required=True,
        messages={"required": message},
    )


DAY = Field(
    key="due",
    kind="date",
    id="due",
    label="New deadline",
    hint="For example, 27 3 2026",
    required=True,
    messages={"required": "Enter the new deadline"},
)
TIME = Field(
    key="at",
    kind="time",
    id="at",
    label="Time of day",
    hint="Leave it empty when the task is due by the end of the day",
)
MESSAGE = Field(
    key="message",
    kind="select",
    id="message",
    label="What has happened",
    required=True,
    messages={"required": "Select what has happened"},
)
INTO = Field(
    key="into",
    kind="textfield",
    id="into",
    label="Reference of the other case",
    hint="The case that goes on. It stands at the top of that case’s page.",
    required=True,
    max_length=60,
    messages={"required": "Enter the reference of the other case"},
)
DETAILS = Field(
    key="details",
    kind="dynamiclist",
    id="details",
    label="What it says",
    hint="Only if the process needs it. Ask the process owner for the names.",
    rules=FieldRules(item="detail"),
    max_items=20,
    fields=(
        Field(key="name", kind="textfield", id="name", label="Name", pattern=r"[A-Za-z]\w*"),
        Field(key="value", kind="textfield", id="value", label="Value"),
    ),
)


def _new_due(answers: Mapping[str, Any]) -> dict[str, Any]:
    day, time = answers["due"], answers.get("at")
    due = datetime.combine(day, time.replace(tzinfo=None), LONDON) if time else day
    return {"due": due, "reason": answers["reason"]}


def _message(answers: Mapping[str, Any]) -> dict[str, Any]:
    rows = answers.get("details") or []
    given = {row["name"]: row["value"] for row in rows if row.get("name")}
    return {"message": answers["message"], "given": given}


def _with_reason(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {"reason": answers["reason"]}


TASK_ORDERS: Mapping[str, Order] = {
    "assign": Order(
        "assign", "assign", "Give this task to somebody", "Give the task",
        "Nobody else can complete the task until they give it back.",
        (_whom("to", "Who should do it", "Select who should do it"),), commands.Assign,
        lambda answers: {"to": answers["to"]}, "The task was given to them.",
    ),
    "deadline": Order(
        "deadline", "move_deadline", "Move the deadline", "Move the deadline",
        "The old deadline, the new one and your reason are recorded. "
        "A limit set by law stays what it is.",
        (DAY, TIME, _reason()), commands.MoveDeadline, _new_due, "The deadline was moved.",
    ),
}  # fmt: skip

CASE_ORDERS: Mapping[str, Order] = {
    "suspend": Order(
        "suspend", "suspend", "Suspend this case", "Suspend the case",
        "Nobody can complete tasks until the case is resumed. Deadlines keep running.",
        (_reason(),), commands.Suspend, _with_reason, "The case is suspended.",
    ),
    "resume": Order(
        "resume", "suspend", "Resume this case", "Resume the case",
        "Tasks can be completed again. What fell due in the meantime happens now.",
        (_reason(),), commands.Resume, _with_reason, "The case goes on.",
    ),
    "cancel": Order(
        "cancel", "cancel", "Cancel this case", "Cancel the case for good",
        "All open tasks are closed and nothing more will happen in it. "
        "What was done stays on record. This cannot be undone.",
        (_reason(),), commands.Cancel, _with_reason, "The case was cancelled.", warning=True,
    ),
    "message": Order(
        "message", "message", "Record that something has happened", "Record it",
        "The case goes on where it waits for this. If nothing waits for it yet, it is kept.",
        (MESSAGE, DETAILS), commands.DeliverMessage, _message, "It was recorded.",
    ),
    "merge": Order(
        "merge", "merge", "Merge into another case", "Merge the cases",
        "Use this when both cases are about the same. The other case goes on and is told what this "
        "one knows; its deadlines may move. This case can then only be read: its tasks and timers "
        "rest. Everybody who sees this case will see the other one, as far as their role allows. "
        "You can undo it until the other case has passed a step that settles it.",
        (INTO, _reason()), commands.Merge,
        lambda answers: {"into": answers["into"].strip(), **_with_reason(answers)},
        "The case was merged. The work goes on in the other one.", warning=True,
    ),
    "unmerge": Order(
        "unmerge", "merge", "Undo the merge", "Undo the merge",
        "This case goes on where it was. What fell due in the meantime happens now. The other case "
        "counts its dates without this one again.",
        (_reason(),), commands.Unmerge, _with_reason,
        "The merge was undone. This case goes on.",
    ),
    "add": Order(
        "add", "members", "Add a person to this case", "Add the person",
        "They will see the case as far as their role allows.",
        (_whom("person", "Who should see this case", "Select a person"), _reason()),
        commands.AddMember,
        lambda answers: {"person": answers["person"], **_with_reason(answers)},
        "The person was added.",
    ),
    "exclude": Order(
        "exclude", "members", "Shut a person out of this case", "Shut the person out",
        "From now on the case does not exist for them, whatever their role or group.",
        (_whom("person", "Who must not see this case", "Select a person"), _reason()),
        commands.ExcludePerson,
        lambda answers: {"person": answers["person"], **_with_reason(answers)},
        "The person was shut out.", warning=True,
    ),
}  # fmt: skip
