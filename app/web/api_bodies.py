"""What the API says of cases, tasks, deadlines, forms and history, as plain JSON values.

Instants are UTC with "Z"; values of the process are FEEL values in JSON. The shapes are described
in `openapi_schemas`, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.audit.narrative import Sentence
from app.casework.commands import Done
from app.casework.views import (
    CasePage,
    CaseRow,
    DeadlineLine,
    Explained,
    NextLine,
    Startable,
    TaskPage,
    WorkRow,
)
from app.engine.drawing.answers import initial, options, shown, worded
from app.engine.drawing.fields import Field, Form
from app.engine.events import TaskCompleted
from app.engine.feel import World, codec

Body = dict[str, Any]


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _maybe(at: datetime | None) -> str | None:
    return instant(at) if at is not None else None


def done(one: Done) -> Body:
    return {"case": one.reference, "entry": one.seq, "replayed": one.replayed}


def completed(one: Done, task: str) -> Body:
    """`completed` false: it was signed first, and a second person has to sign it too."""
    ended = any(isinstance(event, TaskCompleted) and event.task == task for event in one.events)
    return {**done(one), "completed": ended}


def startable(one: Startable) -> Body:
    return {
        "process": one.process,
        "name": one.name,
        "documentation": one.documentation,
        "form": one.form,
    }


def case_row(one: CaseRow) -> Body:
    return {
        "case": one.case,
        "process": one.process,
        "status": one.status,
        "started": instant(one.started),
        "ended": _maybe(one.ended),
        "suspended": one.suspended,
        "open_tasks": one.open_tasks,
        "due": _maybe(one.due),
    }


def case(one: CasePage) -> Body:
    return {
        "case": one.case,
        "status": one.status,
        "processes": list(one.process_names),
        "started": instant(one.started),
        "started_by": one.started_by,
        "ended": _maybe(one.ended),
        "suspended": one.suspended,
        "merged_into": one.merged_into,
        "merged_here": list(one.merged_here),
        "deployment": one.deployment,
        "entry": one.seq,
        "may": sorted(one.may),
        "tasks": [task_row(row) for row in one.tasks],
        "deadlines": [deadline(row) for row in one.deadlines],
    }


def task_row(one: WorkRow) -> Body:
    return {
        "case": one.case,
        "task": one.task,
        "process": one.process,
        "element": one.element,
        "name": one.name,
        "label": one.label,
        "due": _maybe(one.due),
        "whole_day": one.whole_day,
        "backstop": _maybe(one.backstop),
        "late": one.late,
        "assignee": one.assignee,
        "signed_by": one.signed_by,
        "opened": instant(one.opened_at),
        "for": one.covering,
    }


def _next(one: NextLine) -> Body:
    return {
        "kind": one.kind,
        "name": one.name,
        "who": one.who,
        "when": one.when,
        "after": one.after,
    }


def _explained(one: Explained) -> Body:
    return {
        "why": one.why,
        "next": [_next(line) for line in one.next],
        "more": one.more,
        "waits": list(one.waits),
        "borders": [
            {
                "name": border.name,
                "at": _maybe(border.at),
                "withdraws": border.withdraws,
                "next": [_next(line) for line in border.next],
            }
            for border in one.borders
        ],
    }


def task(one: TaskPage) -> Body:
    due, signed = one.deadline, one.signed
    return {
        "case": one.case,
        "process": one.process,
        "task": one.task,
        "element": one.element,
        "name": one.name,
        "label": one.label,
        "item": codec.encode(dict(one.item)),
        "explain": one.explain,
        "groups": list(one.groups),
        "assignee": one.assignee,
        "may_claim": one.may_claim,
        "may_complete": one.may_complete,
        "refusal": one.refusal,
        "due": _maybe(due.due) if due else None,
        "sum": due.sum if due else None,
        "backstop": _maybe(due.backstop) if due else None,
        "backstop_sum": due.backstop_sum if due else None,
        "basis": (due.basis if due else None) or one.basis,
        **_explained(one.explained),
        "people": one.people,
        "signed": {"by": signed.by, "at": instant(signed.at)} if signed else None,
        "version": one.version,
        "opened": instant(one.opened_at),
        "for": one.covering.person.name if one.covering else None,
    }


def deadline(one: DeadlineLine) -> Body:
    return {
        "task": one.task,
        "process": one.process,
        "element": one.element,
        "name": one.name,
        "label": one.label,
        "due": instant(one.due),
        "whole_day": one.whole_day,
        "sum": one.sum,
        "basis": one.basis,
        "backstop": _maybe(one.backstop),
        "backstop_sum": one.backstop_sum,
        "late": one.late,
        "ended": _maybe(one.ended_at),
        "how": one.how,
    }


def form(
    one: Form, scope: Mapping[str, Any], world: World, first: Mapping[str, Any] | None = None
) -> Body:
    """The form with its words and options worked out, and the answers it begins with.

    `first`: what the first of two people gave, for the second one.
    """
    said = worded(one, scope, world)
    given = initial(said, scope, world) if first is None else dict(first)
    return {
        "form": one.id,
        "title": said.title,
        "version": one.digest,
        "fields": [_field(field, scope, world) for field in said.fields],
        "answers": given,
        "shown": sorted(shown(said, given, scope, world)),
    }


def _field(one: Field, scope: Mapping[str, Any], world: World) -> Body:
    chosen = one.kind in ("radio", "select", "checklist")
    return {
        "key": one.key,
        "kind": one.kind,
        "label": one.label,
        "hint": one.hint,
        "required": one.required,
        "read_only": one.read_only,
        "options": [
            {"value": option.value, "label": option.label}
            for option in (options(one, scope, world) if chosen else ())
        ],
        "hidden_when": one.hide,
        "min_length": one.min_length,
        "max_length": one.max_length,
        "minimum": str(one.minimum) if one.minimum is not None else None,
        "maximum": str(one.maximum) if one.maximum is not None else None,
        "min_items": one.min_items if one.kind == "dynamiclist" else None,
        "max_items": one.max_items if one.kind == "dynamiclist" else None,
        "fields": [_field(inner, scope, world) for inner in one.fields],
    }


def sentence(one: Sentence) -> Body:
    return {
        "entry": one.seq,
        "at": instant(one.at),
        "actor": one.actor or None,
        "who": one.who or None,
        "topic": one.topic,
        "process": one.process,
        "element": one.element,
        "text": one.text,
    }


def page(rows: list[Body], number: int, size: int, total: int) -> Body:
    return {"items": rows, "page": number, "size": size, "total": total}
