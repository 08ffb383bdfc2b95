"""What the API says of cases, tasks, deadlines, forms and history, as plain JSON values.

Instants are UTC with "Z"; values of the process are FEEL values in JSON. The shapes are described
in `openapi_schemas`, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.audit.narrative import Sentence
from app.casework.orders.commands import Done
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
from app.engine.events import TaskCompleted
from app.engine.feel import World, codec
from app.engine.forms.answers import initial, options, shown, worded
from app.engine.forms.fields import Field, Form

Body = dict[str, Any]


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _maybe(at: datetime | None) -> str | None:
    return instant(at) if at is not None else None


def done(outcome: Done) -> Body:
    return {"case": outcome.reference, "entry": outcome.seq, "replayed": outcome.replayed}


def completed(outcome: Done, task: str) -> Body:
    """`completed` false: it was signed first, and a second person has to sign it too."""
    ended = any(isinstance(event, TaskCompleted) and event.task == task for event in outcome.events)
    return {**done(outcome), "completed": ended}


def startable(process: Startable) -> Body:
    return {
        "process": process.process,
        "name": process.name,
        "documentation": process.documentation,
        "form": process.form,
    }


def case_row(row: CaseRow) -> Body:
    return {
        "case": row.case,
        "process": row.process,
        "status": row.status,
        "started": instant(row.started),
        "ended": _maybe(row.ended),
        "suspended": row.suspended,
        "open_tasks": row.open_tasks,
        "due": _maybe(row.due),
    }


def case(case_page: CasePage) -> Body:
    return {
        "case": case_page.case,
        "status": case_page.status,
        "processes": list(case_page.process_names),
        "started": instant(case_page.started),
        "started_by": case_page.started_by,
        "ended": _maybe(case_page.ended),
        "suspended": case_page.suspended,
        "merged_into": case_page.merged_into,
        "merged_here": list(case_page.merged_here),
        "deployment": case_page.deployment,
        "entry": case_page.seq,
        "may": sorted(case_page.may),
        "tasks": [task_row(row) for row in case_page.tasks],
        "deadlines": [deadline(row) for row in case_page.deadlines],
    }


def task_row(row: WorkRow) -> Body:
    return {
        "case": row.case,
        "task": row.task,
        "process": row.process,
        "element": row.element,
        "name": row.name,
        "label": row.label,
        "due": _maybe(row.due),
        "whole_day": row.whole_day,
        "backstop": _maybe(row.backstop),
        "late": row.late,
        "assignee": row.assignee,
        "signed_by": row.signed_by,
        "opened": instant(row.opened_at),
        "for": row.covering,
    }


def _next(line: NextLine) -> Body:
    return {
        "kind": line.kind,
        "name": line.name,
        "who": line.who,
        "when": line.when,
        "after": line.after,
    }


def _explained(explained: Explained) -> Body:
    return {
        "why": explained.why,
        "next": [_next(line) for line in explained.next],
        "more": explained.more,
        "waits": list(explained.waits),
        "borders": [
            {
                "name": border.name,
                "at": _maybe(border.at),
                "withdraws": border.withdraws,
                "next": [_next(line) for line in border.next],
            }
            for border in explained.borders
        ],
    }


def task(task_page: TaskPage) -> Body:
    due, signed = task_page.deadline, task_page.signed
    return {
        "case": task_page.case,
        "process": task_page.process,
        "task": task_page.task,
        "element": task_page.element,
        "name": task_page.name,
        "label": task_page.label,
        "item": codec.encode(dict(task_page.item)),
        "explain": task_page.explain,
        "groups": list(task_page.groups),
        "assignee": task_page.assignee,
        "may_claim": task_page.may_claim,
        "may_complete": task_page.may_complete,
        "refusal": task_page.refusal,
        "due": _maybe(due.due) if due else None,
        "sum": due.sum if due else None,
        "backstop": _maybe(due.backstop) if due else None,
        "backstop_sum": due.backstop_sum if due else None,
        "basis": (due.basis if due else None) or task_page.basis,
        **_explained(task_page.explained),
        "people": task_page.people,
        "signed": {"by": signed.by, "at": instant(signed.at)} if signed else None,
        "version": task_page.version,
        "opened": instant(task_page.opened_at),
        "for": task_page.covering.person.name if task_page.covering else None,
    }


def deadline(line: DeadlineLine) -> Body:
    return {
        "task": line.task,
        "process": line.process,
        "element": line.element,
        "name": line.name,
        "label": line.label,
        "due": instant(line.due),
        "whole_day": line.whole_day,
        "sum": line.sum,
        "basis": line.basis,
        "backstop": _maybe(line.backstop),
        "backstop_sum": line.backstop_sum,
        "late": line.late,
        "ended": _maybe(line.ended_at),
        "how": line.how,
    }


def form(
    form: Form, scope: Mapping[str, Any], world: World, first: Mapping[str, Any] | None = None
) -> Body:
    """The form with its words and options worked out, and the answers it begins with.

    `first`: what the first of two people gave, for the second one.
    """
    said = worded(form, scope, world)
    given = initial(said, scope, world) if first is None else dict(first)
    return {
        "form": form.id,
        "title": said.title,
        "version": form.digest,
        "fields": [_field(field, scope, world) for field in said.fields],
        "answers": given,
        "shown": sorted(shown(said, given, scope, world)),
    }


def _field(field: Field, scope: Mapping[str, Any], world: World) -> Body:
    chosen = field.kind in ("radio", "select", "checklist")
    return {
        "key": field.key,
        "kind": field.kind,
        "label": field.label,
        "hint": field.hint,
        "required": field.required,
        "read_only": field.read_only,
        "options": [
            {"value": option.value, "label": option.label}
            for option in (options(field, scope, world) if chosen else ())
        ],
        "hidden_when": field.hide,
        "min_length": field.min_length,
        "max_length": field.max_length,
        "minimum": str(field.minimum) if field.minimum is not None else None,
        "maximum": str(field.maximum) if field.maximum is not None else None,
        "min_items": field.min_items if field.kind == "dynamiclist" else None,
        "max_items": field.max_items if field.kind == "dynamiclist" else None,
        "fields": [_field(inner, scope, world) for inner in field.fields],
    }


def sentence(sentence: Sentence) -> Body:
    return {
        "entry": sentence.seq,
        "at": instant(sentence.at),
        "actor": sentence.actor or None,
        "who": sentence.who or None,
        "topic": sentence.topic,
        "process": sentence.process,
        "element": sentence.element,
        "text": sentence.text,
    }


def page(rows: list[Body], number: int, size: int, total: int) -> Body:
    return {"items": rows, "page": number, "size": size, "total": total}
