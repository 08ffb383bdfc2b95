"""The shapes of the API's bodies, as JSON Schema 2020-12 for OpenAPI 3.1.

`api_bodies` makes these bodies; a test holds every answer against them.
"""

from __future__ import annotations

from typing import Any

from app.audit.facts import TOPICS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
TRUTH: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MAYBE_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
MAYBE_NUMBER: Schema = {"type": ["number", "null"], "minimum": 0}
#: what the process and the forms hold, in their own shapes
FREE: Schema = {"type": "object", "additionalProperties": True}
DAY: Schema = {"type": "string", "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time", "description": "UTC"}
MAYBE_INSTANT: Schema = {"type": ["string", "null"], "format": "date-time", "description": "UTC"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def closed(**members: Schema) -> Schema:
    """An object with exactly these members, all of them there."""
    return {
        "type": "object",
        "properties": members,
        "required": sorted(members),
        "additionalProperties": False,
    }


def listed(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def paged(item: str) -> Schema:
    return closed(items=listed(ref(item)), page=COUNT, size=COUNT, total=COUNT)


_FOR: dict[str, Schema] = {
    "for": {**MAYBE_TEXT, "description": "name of the person you cover for in this task"}
}
#: whoever covers, who is away, and the days
_COVER: dict[str, Schema] = {
    "for": {**TEXT, "description": "person who is away"},
    "by": {**TEXT, "description": "person who covers for them"},
    "from": {**DAY, "description": "first day in London"},
    "until": {**DAY, "description": "last day in London, included"},
    "reason": TEXT,
}
SCHEMAS: dict[str, Schema] = {
    "Done": closed(
        case={**TEXT, "description": "reference of the case"},
        entry={**COUNT, "description": "number of the history entry it became"},
        replayed={**TRUTH, "description": "the key was used before: the first answer again"},
    ),
    "Completed": closed(
        case=TEXT, entry=COUNT, replayed=TRUTH,
        completed={**TRUTH, "description": "false: signed first, a second person has to sign too"},
    ),
    "Startable": closed(process=TEXT, name=TEXT, documentation=MAYBE_TEXT, form=MAYBE_TEXT),
    "Startables": closed(items=listed(ref("Startable"))),
    "CaseLine": closed(
        case=TEXT, process=TEXT, status=MAYBE_TEXT, started=INSTANT, ended=MAYBE_INSTANT,
        suspended=TRUTH, open_tasks=COUNT, due=MAYBE_INSTANT,
    ),
    "CaseLines": paged("CaseLine"),
    "TaskLine": closed(
        **_FOR,
        case=TEXT, process=TEXT, task=TEXT, element=TEXT, name=TEXT, label=MAYBE_TEXT,
        due=MAYBE_INSTANT,
        whole_day={**TRUTH, "description": "due names a day and lasts to its end in London"},
        backstop=MAYBE_INSTANT, late=TRUTH, assignee=MAYBE_TEXT, opened=INSTANT,
        signed_by={**MAYBE_TEXT, "description": "signed it first; a second person is needed"},
    ),
    "TaskLines": paged("TaskLine"),
    "CaseTasks": closed(items=listed(ref("TaskLine"))),
    "Deadline": closed(
        process={**TEXT, "description": "that holds the element"},
        task=TEXT, element=TEXT, name=TEXT, label=MAYBE_TEXT, due=INSTANT, whole_day=TRUTH,
        sum={**TEXT, "description": "how the instant is counted, in words"},
        basis=MAYBE_TEXT, backstop=MAYBE_INSTANT, backstop_sum=MAYBE_TEXT, late=TRUTH,
        ended=MAYBE_INSTANT, how={"enum": ["met", "dropped", None]},
    ),
    "Deadlines": closed(items=listed(ref("Deadline"))),
    "Case": closed(
        case=TEXT, status=MAYBE_TEXT, processes=listed(TEXT), started=INSTANT, started_by=TEXT,
        ended=MAYBE_INSTANT, suspended=TRUTH, merged_into=MAYBE_TEXT, merged_here=listed(TEXT),
        deployment=TEXT, entry=COUNT, may=listed(TEXT),
        tasks=listed(ref("TaskLine")), deadlines=listed(ref("Deadline")),
    ),
    "Task": closed(
        **_FOR,
        case=TEXT, process=TEXT, task=TEXT, element=TEXT, name=TEXT, label=MAYBE_TEXT, item=FREE,
        explain=MAYBE_TEXT, groups=listed(TEXT), assignee=MAYBE_TEXT, may_claim=TRUTH,
        may_complete=TRUTH, refusal=MAYBE_TEXT, due=MAYBE_INSTANT, sum=MAYBE_TEXT,
        backstop=MAYBE_INSTANT, backstop_sum=MAYBE_TEXT,
        basis={**MAYBE_TEXT, "description": "in law or guidance"},
        why={**MAYBE_TEXT, "description": "why it is offered to you"},
        next={**listed(ref("NextLine")), "description": "what the drawing leads to"},
        more={**TRUTH, "description": "there are more ways than these"},
        waits={
            **listed(TEXT),
            "description": "what else is open and needed first; for those who see the whole case",
        },
        borders={**listed(ref("Border")), "description": "what may come while it is open"},
        people={"enum": [1, 2], "description": "how many different people have to give it"},
        signed={
            "oneOf": [closed(by=TEXT, at=INSTANT), {"type": "null"}],
            "description": "the first of two signatures; its answers are those of the form",
        },
        version={**COUNT, "description": "give it to complete a task that somebody signed first"},
        opened=INSTANT,
    ),
    "NextLine": closed(
        kind={"enum": ["task", "wait", "process", "end"]}, name=TEXT, who=MAYBE_TEXT,
        when={**MAYBE_TEXT, "description": "the drawing's questions and answers"},
        after={**MAYBE_TEXT, "description": "what has to happen first"},
    ),
    "Border": closed(
        name=TEXT, at=MAYBE_INSTANT,
        withdraws={**TRUTH, "description": "the task is withdrawn by it"},
        next=listed(ref("NextLine")),
    ),
    "Cover": closed(
        **_COVER, cover=TEXT, for_name=TEXT, by_name=TEXT, set=INSTANT, set_by=TEXT,
        ended={**MAYBE_INSTANT, "description": "when it was ended early"}, ended_by=MAYBE_TEXT,
        state={"enum": ["running", "planned", "ended"]}, may_end=TRUTH,
    ),
    "Covers": closed(items=listed(ref("Cover"))),
    "SetCover": closed(**_COVER),
    "CoverDone": closed(
        cover=TEXT,
        replayed={**TRUTH, "description": "the key was used before: the first answer again"},
    ),
    "Option": closed(value=TEXT, label=TEXT),
    "Field": closed(
        key=TEXT, kind=TEXT, label=TEXT, hint=TEXT, required=TRUTH, read_only=TRUTH,
        options=listed(ref("Option")), hidden_when=MAYBE_TEXT, min_length=MAYBE_COUNT,
        max_length=MAYBE_COUNT, minimum=MAYBE_TEXT, maximum=MAYBE_TEXT, min_items=MAYBE_COUNT,
        max_items=MAYBE_COUNT, fields=listed(ref("Field")),
    ),
    "Form": closed(
        form=TEXT, title=TEXT, version={**TEXT, "description": "SHA-256 of the form's file"},
        fields=listed(ref("Field")), answers={**FREE, "description": "what the form begins with"},
        shown={**listed(TEXT), "description": "paths that are shown with these answers"},
    ),
    "Sentence": closed(
        entry=COUNT, at=INSTANT, actor=MAYBE_TEXT, who=MAYBE_TEXT, topic={"enum": [*TOPICS]},
        process=MAYBE_TEXT, element=MAYBE_TEXT, text=TEXT,
    ),
    "History": closed(
        items=listed(ref("Sentence")),
        last={**COUNT, "description": "give it as `after` to go on"},
        more=TRUTH,
    ),
    "DocumentVersion": closed(
        version=COUNT, format={"enum": ["docx", "pdf"]}, name=TEXT, at=INSTANT, by=TEXT,
        sha256={**TEXT, "description": "of the file, in hex; it stands in the history too"},
        size=COUNT,
    ),
    "Document": closed(
        document=TEXT, title=TEXT,
        leaves={**TRUTH, "description": "goes to others: pseudonyms stand for names in it"},
        missing={**listed(TEXT), "description": "tasks that must be done first"},
        versions=listed(ref("DocumentVersion")),
    ),
    "Documents": closed(items=listed(ref("Document"))),
    "Produced": closed(case=TEXT, document=TEXT, version=COUNT, sha256=TEXT),
    "ProduceDocument": {
        "type": "object",
        "properties": {"document": TEXT, "format": {"enum": ["docx", "pdf"]}},
        "required": ["document", "format"],
        "additionalProperties": False,
    },
    "Figures": closed(
        year={**COUNT, "description": "the one in which it begins; its limits fell in it"},
        name=TEXT, ends={**TEXT, "format": "date"}, in_time=COUNT,
        recorded_after={**COUNT, "description": "of those in time: recorded after the limit"},
        late=COUNT, open_late=COUNT, running={**COUNT, "description": "not yet due"},
        left_out=listed(closed(why=TEXT, count=COUNT)),
        per_cent={**MAYBE_COUNT, "description": "in time, of in_time, late and open_late"},
        median_days={**MAYBE_NUMBER, "description": "working days late"}, worst_days=MAYBE_COUNT,
        median_hours=MAYBE_NUMBER, worst_hours=MAYBE_NUMBER,
        small={**TRUTH, "description": "a count is so small that it could tell who it was"},
    ),
    "Measure": closed(
        measure=TEXT, name=TEXT, basis=MAYBE_TEXT, limit={"enum": ["due", "backstop"]},
        remarks=listed(TEXT), figures=listed(ref("Figures")),
    ),
    "LateOne": closed(
        measure=TEXT, case=TEXT, task=TEXT, name=TEXT, label=MAYBE_TEXT,
        state={"enum": ["late", "open_late", "in_time"]},
        limit=MAYBE_INSTANT, whole_day=TRUTH, sum=MAYBE_TEXT,
        moved={**TRUTH, "description": "moved by hand since; `limit` is the one before"},
        stated={**MAYBE_TEXT, "description": "when it happened, a date or an instant in UTC"},
        recorded=MAYBE_INSTANT, dropped=MAYBE_INSTANT, days=MAYBE_COUNT, hours=MAYBE_NUMBER,
    ),
    "Timeliness": closed(
        as_of=INSTANT, years={"enum": ["calendar", "reporting"]}, items=listed(ref("Measure")),
        late={**listed(ref("LateOne")), "description": "of the cases you may open"},
        unseen={**COUNT, "description": "how many more, in cases that you cannot open"}, note=TEXT,
    ),
    "StartCase": {
        "type": "object",
        "properties": {"process": TEXT, "answers": FREE},
        "required": ["process"],
        "additionalProperties": False,
    },
    "CompleteTask": {
        "type": "object",
        "properties": {"answers": FREE, "version": COUNT},
        "additionalProperties": False,
    },
    "Message": {
        "type": "object",
        "properties": {"message": TEXT, "payload": FREE},
        "required": ["message"],
        "additionalProperties": False,
    },
    "Merge": closed(
        into={**TEXT, "description": "reference of the case that goes on"}, reason=TEXT
    ),
    "Unmerge": closed(reason=TEXT),
    "FieldProblem": closed(
        field={**TEXT, "description": "path of the question, like events.0.date"},
        pointer={**TEXT, "description": "JSON pointer into the request's body (RFC 6901)"},
        detail=TEXT,
    ),
    "Problem": {
        "type": "object",
        "description": "RFC 9457",
        "properties": {
            "type": {**TEXT, "format": "uri"},
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": TEXT,
            "errors": listed(ref("FieldProblem")),
            "by": {**TEXT, "description": "who was first"},
            "when": INSTANT,
        },
        "required": ["detail", "status", "title", "type"],
        "additionalProperties": False,
    },
}  # fmt: skip
