"""What the API says of cases, tasks, deadlines, forms and history, and what it is sent.

Instants are UTC; values of the process are FEEL values in JSON. A test holds every answer against
the schemas that follow from these declarations. Figures, documents and cover have their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.audit.narrative import TOPICS
from app.casework.views import Asked, Brief, BriefedDocument, ShownRecord
from app.engine import feel, forms
from app.engine.feel import World
from app.engine.forms import Field, Option
from app.web.api.shapes import (
    COUNT,
    FREE,
    INSTANT,
    MAYBE_COUNT,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    TEXT,
    TRUTH,
    Kind,
    Shape,
    listed,
    one_of,
    paged,
    several,
    shape,
    within,
)
from app.web.api.shown_documents import SHOWN_DOCUMENT
from app.web.forms import lines

REPLAYED = TRUTH("the key was used before: the first answer again")
DONE = shape(
    "Done",
    case=TEXT("reference of the case").of("reference"),
    entry=COUNT("number of the history entry it became").of("seq"),
    replayed=REPLAYED,
)
COMPLETED = shape(
    "Completed", case=TEXT.of("reference"), entry=COUNT.of("seq"), replayed=TRUTH,
    completed=TRUTH("false: signed first, a second person has to sign too"),
)  # fmt: skip
STARTABLE = shape("Startable", process=TEXT, name=TEXT, documentation=MAYBE_TEXT, form=MAYBE_TEXT)
STARTABLES = several("Startables", STARTABLE)
RECORDABLE = shape(
    "Recordable",
    **within("about", message=TEXT, name=TEXT, about=TEXT, form=MAYBE_TEXT),
    awaited=TRUTH("something in the case waits for it now"),
)  # fmt: skip
RECORDABLES = several("Recordables", RECORDABLE)
CASE_LINE = shape(
    "CaseLine", case=TEXT, process=TEXT, status=MAYBE_TEXT, started=INSTANT, ended=MAYBE_INSTANT,
    suspended=TRUTH, due=MAYBE_INSTANT,
    open_tasks=MAYBE_COUNT("null, and no due, where you see only your own part of the case"),
)  # fmt: skip
CASE_LINES = paged("CaseLines", CASE_LINE)
FOR = MAYBE_TEXT("name of the person you cover for in this task")
TASK_LINE = shape(
    "TaskLine",
    case=TEXT, process=TEXT, task=TEXT, element=TEXT, name=TEXT, label=MAYBE_TEXT,
    due=MAYBE_INSTANT, whole_day=TRUTH("due names a day and lasts to its end in London"),
    backstop=MAYBE_INSTANT, late=TRUTH, assignee=MAYBE_TEXT,
    signed_by=MAYBE_TEXT("signed it first; a second person is needed"),
    opened=INSTANT.of("opened_at"), **{"for": FOR.of("covering")},
)  # fmt: skip
TASK_LINES = paged("TaskLines", TASK_LINE)
CASE_TASKS = several("CaseTasks", TASK_LINE)
DEADLINE = shape(
    "Deadline",
    process=TEXT("that holds the element"),
    task=TEXT, element=TEXT, name=TEXT, label=MAYBE_TEXT, due=INSTANT, whole_day=TRUTH,
    sum=TEXT("how the instant is counted, in words"),
    basis=MAYBE_TEXT, backstop=MAYBE_INSTANT, backstop_sum=MAYBE_TEXT, late=TRUTH,
    ended=MAYBE_INSTANT.of("ended_at"), how=one_of("met", "dropped", None),
)  # fmt: skip
DEADLINES = several("Deadlines", DEADLINE)
CASE = shape(
    "Case",
    case=TEXT, status=MAYBE_TEXT, processes=listed(TEXT).of("process_names"), started=INSTANT,
    started_by=MAYBE_TEXT, ended=MAYBE_INSTANT, suspended=TRUTH, merged_into=MAYBE_TEXT,
    merged_here=listed(TEXT), deployment=TEXT, entry=COUNT.of("seq"),
    may=listed(TEXT).of(lambda case_page: sorted(case_page.may)),
    tasks=listed(TASK_LINE), deadlines=listed(DEADLINE),
)  # fmt: skip
NEXT_LINE = shape(
    "NextLine",
    kind=one_of("task", "wait", "process", "end"), name=TEXT, who=MAYBE_TEXT,
    when=MAYBE_TEXT("the drawing's questions and answers"),
    after=MAYBE_TEXT("what has to happen first"),
)  # fmt: skip
BORDER = shape(
    "Border", name=TEXT, at=MAYBE_INSTANT, withdraws=TRUTH("the task is withdrawn by it"),
    next=listed(NEXT_LINE),
)  # fmt: skip
_SIGNED = shape("", by=TEXT, at=INSTANT)
TASK = shape(
    "Task",
    case=TEXT, process=TEXT, task=TEXT, element=TEXT, name=TEXT, label=MAYBE_TEXT,
    item=FREE.of(lambda task_page: feel.codec.encode(dict(task_page.item))),
    explain=MAYBE_TEXT, groups=listed(TEXT), assignee=MAYBE_TEXT, may_claim=TRUTH,
    may_complete=TRUTH, refusal=MAYBE_TEXT,
    **within("deadline", due=MAYBE_INSTANT, sum=MAYBE_TEXT, backstop=MAYBE_INSTANT,
             backstop_sum=MAYBE_TEXT),
    duty=MAYBE_TEXT("that the task serves, and whose it is"),
    basis=MAYBE_TEXT("of the due date, in law or guidance, or local").of(
        lambda task_page: getattr(task_page.deadline, "basis", None) or task_page.basis),
    **within(
        "explained",
        why=MAYBE_TEXT("why it is offered to you"),
        next=listed(NEXT_LINE)("what the drawing leads to"),
        more=TRUTH("there are more ways than these"),
        waits=listed(TEXT)(
            "what else is open and needed first; for those who see the whole case"),
        borders=listed(BORDER)("what may come while it is open"),
    ),
    people=one_of(1, 2)("how many different people have to give it"),
    signed=Kind(
        {"oneOf": [_SIGNED.schema, {"type": "null"}]},
        lambda signed: _SIGNED.said(signed) if signed else None,
    )("the first of two signatures; its answers are those of the form"),
    version=COUNT("give it to complete a task that somebody signed first"),
    opened=INSTANT.of("opened_at"), **{"for": FOR.of("covering.person.name")},
)  # fmt: skip
SENTENCE = shape(
    "Sentence",
    entry=COUNT.of("seq"), at=INSTANT,
    actor=MAYBE_TEXT.of(lambda sentence: sentence.actor or None),
    who=MAYBE_TEXT.of(lambda sentence: sentence.who or None),
    topic=one_of(*TOPICS), process=MAYBE_TEXT, element=MAYBE_TEXT, text=TEXT,
)  # fmt: skip
HISTORY = several("History", SENTENCE, last=COUNT("give it as `after` to go on"), more=TRUTH)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a form as it stands when somebody looks."""

    field: Field
    scope: Mapping[str, Any]
    world: World

    @property
    def options(self) -> tuple[Option, ...]:
        chosen = self.field.kind in ("radio", "select", "checklist")
        return forms.options(self.field, self.scope, self.world) if chosen else ()

    @property
    def rows(self) -> Field | None:
        """The field, where it is asked for several."""
        return self.field if self.field.kind == "dynamiclist" else None

    @property
    def fields(self) -> list[Question]:
        return [Question(inner, self.scope, self.world) for inner in self.field.fields]


OPTION = shape("Option", value=TEXT, label=TEXT)
_IN_WORDS = Kind(MAYBE_TEXT.schema, lambda number: None if number is None else str(number))
_FIELD: dict[str, Kind] = {
    **within(
        "field",
        key=TEXT, kind=TEXT, label=TEXT, hint=TEXT, required=TRUTH, read_only=TRUTH,
        hidden_when=MAYBE_TEXT.of("hide"), min_length=MAYBE_COUNT, max_length=MAYBE_COUNT,
        minimum=_IN_WORDS, maximum=_IN_WORDS,
    ),
    "options": listed(OPTION),
    **within("rows", min_items=MAYBE_COUNT, max_items=MAYBE_COUNT),
}  # fmt: skip
FIELD = Shape("Field", _FIELD, (*_FIELD, "fields"))
_FIELD["fields"] = listed(FIELD)
ANSWERED = shape(
    "Answer", question=TEXT, words=TEXT, note=TEXT("how it came about, where it was not said")
)
SHOWN = shape(
    "ShownRecord", name=TEXT, label=MAYBE_TEXT, at=INSTANT, by=TEXT,
    entry=COUNT("number of the history entry, which is its version").of("seq"),
    answers=listed(ANSWERED),
    changed=listed(TEXT)("questions answered otherwise since you last worked with it"),
)  # fmt: skip
BRIEF = shape("BriefLine", kind=TEXT("heading, text or fact"), label=TEXT, words=TEXT)
FORM = shape(
    "Form",
    form=TEXT, title=TEXT, version=TEXT("SHA-256 of the form's file"), fields=listed(FIELD),
    answers=FREE("what the form begins with"),
    known=FREE(
        "path of a question → its value and, where it is worked out, the rule; it counts when "
        "the order says “confirmed”"
    ),
    shown=listed(TEXT)("paths that are shown with these answers"),
    brief=listed(BRIEF)("what the task is about, for who may do it"),
    shows=listed(SHOWN)("what was recorded at the steps that it is about"),
    documents=listed(SHOWN_DOCUMENT)("that it is about, as they would be made now"),
)  # fmt: skip


def form(
    asked: Asked,
    first: Mapping[str, Any] | None = None,
    brief: Brief | None = None,
    shows: Sequence[ShownRecord] = (),
    documents: Sequence[BriefedDocument] = (),
) -> dict[str, Any]:
    """Members of `FORM`: its words and options worked out, and the answers it begins with.

    `first`: what the first of two people gave, for the second one.
    """
    assert asked.form is not None
    scope, world, known = asked.scope, asked.world, asked.known
    worded = forms.worded(asked.form, scope, world)
    given = forms.begins(asked.form, scope, world, known) if first is None else dict(first)
    everything = forms.accepted(asked.form, given, known)
    return {
        "form": asked.form.id, "title": worded.title, "version": asked.form.digest,
        "answers": given,
        "fields": [Question(field, scope, world) for field in worded.fields],
        "known": {
            path: {"value": known.cells[path].value, "rule": known.cells[path].rule}
            for path in known.left(given, known.cells.keys())
        },
        "shown": sorted(forms.shown(worded, everything, scope, world)),
        "brief": lines(brief), "shows": shows, "documents": documents,
    }  # fmt: skip


_ANSWERED: dict[str, Kind] = {
    "answers": FREE,
    "confirmed": TRUTH("what the form shows as known, and the answers leave out, is right"),
    "reasons": FREE("path of a corrected question → why"),
}
START_CASE = Shape("StartCase", {"process": TEXT, **_ANSWERED}, ("process",))
_READ: dict[str, Kind] = {
    "documents": FREE("id of a document that the task shows → digest of the version you read")
}
COMPLETE_TASK = Shape("CompleteTask", {**_ANSWERED, **_READ, "version": COUNT}, ())
MESSAGE = Shape(
    "Message",
    {
        "message": TEXT,
        "payload": FREE("the answers to the event’s form; without one, what the message carries"),
        "confirmed": _ANSWERED["confirmed"],
        "reasons": _ANSWERED["reasons"],
        "another": TEXT("why it is another one, where the same was recorded before"),
    },
    ("message",),
)
NOTHING = Shape("", {}, ())
FIELD_PROBLEM = shape(
    "FieldProblem",
    field=TEXT("path of the question, like events.0.date"),
    pointer=TEXT("JSON pointer into the request's body (RFC 6901)"),
    detail=TEXT,
)
OPEN_PLACE = shape(
    "OpenPlace",
    place=TEXT.of("key")("statement, letters, digest of the statement: its name in a decision"),
    sentence=TEXT, written=TEXT,
    instead=TEXT.of("place.instead")("what would stand there"),
    why=TEXT.of("place.why")("it is doubtful"),
)  # fmt: skip
PROBLEM = Shape(
    "Problem",
    {
        "type": Kind({"type": "string", "format": "uri"}), "title": TEXT,
        "status": Kind({"type": "integer", "minimum": 400, "maximum": 599}),
        "detail": TEXT, "errors": listed(FIELD_PROBLEM), "by": TEXT("who was first"),
        "when": INSTANT,
        "seen": TEXT("digest of what would leave; send it back with the decisions"),
        "replaced": FREE("what stands for a name → each writing of that name, and how often"),
        "open": listed(OPEN_PLACE)("doubtful places of a document, without a decision"),
    },
    ("type", "title", "status", "detail"),
    "RFC 9457",
)  # fmt: skip
