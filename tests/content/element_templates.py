"""Writes the modeler's panel for our elements, with the forms, groups and mail templates there are.

`python -m tests.content.element_templates` writes bpmn/.camunda/element-templates/casework.json,
which Camunda Modeler finds beside the diagrams; a test says when it has become stale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app.config.installation import load
from app.documents import MAY_WAIT, WORKING_DAYS_ONLY

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "bpmn/.camunda/element-templates/casework.json"
SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
Property = dict[str, Any]


def text() -> str:
    kinds = [_task(), _mail(), _call(), _message(), _event()]
    return json.dumps(kinds, indent=2, ensure_ascii=False) + "\n"


def _template(
    id: str, name: str, says: str, applies: str | list[str], properties: list[Property]
) -> Property:
    """For several kinds of elements, a template leaves the kind as it is drawn."""
    one = isinstance(applies, str)
    kind = {"elementType": {"value": applies}} if one else {}
    return {
        "$schema": SCHEMA,
        "name": name,
        "id": f"casework.{id}",
        "version": 1,
        "description": says,
        "appliesTo": [applies] if one else applies,
        **kind,
        "properties": properties,
    }


def _task() -> Property:
    who = _choices((role.id, role.name) for role in load(ROOT / "config.yaml").roles.values())
    properties = [
        {"type": "Hidden", "binding": {"type": "zeebe:userTask"}},
        _one("Form", _binding("zeebe:formDefinition", property="formId"), _forms()),
        _one("Candidate groups (text or FEEL)", _assigned("candidateGroups"), says=_groups(who)),
        _one("Due (FEEL: a date, or a date and time)", _binding("zeebe:taskSchedule", "dueDate")),
        _own("backstop", "National limit (FEEL)"),
        _own("duty", "Duty, and whose it is"),
        _own("basis", "Where the limit comes from"),
        _own("explain", "Why this task exists"),
        _own("guest", "Whom without an account it asks by a link (id of a form)"),
        _own("brief", "What it is about (id of a form of texts and read-only fields)"),
        _own("shows", "Steps whose recorded answers it shows (element ids, comma)"),
        _own("brief_document", "Documents that it is about, as they read now (ids, comma)"),
        _own("publishes", "Documents that are published with it (ids, comma)"),
        _own("people_part", "Heading under which the case's page of people lists it"),
        _own("status", "Status of the case from here on"),
        _own("not_done_by", "Not by whoever did (element ids, comma)"),
        _own("people", "How many different people must sign it (1 or 2)"),
        _own("label", "What tells it from its siblings (FEEL)"),
        REPLAN,
        _own("seals_merges", "Once done, a merge cannot be undone (true)"),
    ]
    says = "A task with its form, people, deadline and legal basis."
    return _template("task", "Casework task", says, "bpmn:UserTask", properties)


def _header(name: str) -> Property:
    return {"type": "zeebe:taskHeader", "key": name}


def _mail() -> Property:
    names = sorted(path.stem for path in (ROOT / "forms/mail").glob("*.txt"))
    properties = [
        {
            "type": "Hidden",
            "value": "mail",
            "binding": {"type": "zeebe:taskDefinition", "property": "type"},
        },
        _one("To (group, person or FEEL)", _header("to")),
        _one(
            "Template",
            _header("template"),
            _choices((name, name.replace("_", " ")) for name in names),
        ),
        _one("May wait for a daily mail (true)", _header(MAY_WAIT)),
        _one("Goes on working days alone (true)", _header(WORKING_DAYS_ONLY)),
    ]
    return _template("mail", "Mail", "A mail through the outbox.", "bpmn:SendTask", properties)


def _call() -> Property:
    properties = [
        _one("Process", {"type": "zeebe:calledElement", "property": "processId"}),
        _own("deadline", "Due (FEEL)"),
        _own("backstop", "National limit (FEEL)"),
        _own("brief_document", "Documents that it is about, as they read now (ids, comma)"),
        _own("duty", "Duty, and whose it is"),
        _own("basis", "Where the limit comes from"),
        _own("status", "Status of the case from here on"),
        REPLAN,
    ]
    return _template("call", "Process", "Another process.", "bpmn:CallActivity", properties)


def _message() -> Property:
    properties = [
        _own("from_people", "Can people record it? (true or false)"),
        _own("form", "The form by which people record it"),
    ]
    says = "A process that begins with a message; its name is what people choose from."
    return _template("message", "Message start", says, "bpmn:StartEvent", properties)


def _event() -> Property:
    kinds = ["StartEvent", "EndEvent", "BoundaryEvent", "IntermediateCatchEvent"]
    properties = [_own("status", "Status of the case from here on"), REPLAN]
    says = "An event that says where the case stands, or moves its deadlines."
    applies = [f"bpmn:{kind}" for kind in kinds]
    return _template("event", "Casework event", says, applies, properties)


def _forms() -> list[Property]:
    return _choices(
        (path.stem, path.stem.replace("_", " ")) for path in sorted((ROOT / "forms").glob("*.form"))
    )


def _groups(roles: list[Property]) -> str:
    return "Known: " + ", ".join(one["value"] for one in roles)


def _choices(pairs: Any) -> list[Property]:
    return [{"name": name, "value": value} for value, name in pairs]


def _binding(type: str, property: str) -> Property:
    return {"type": type, "property": property}


def _assigned(property: str) -> Property:
    return _binding("zeebe:assignmentDefinition", property)


def _own(name: str, label: str) -> Property:
    return _one(label, {"type": "zeebe:property", "name": name})


def _one(
    label: str, binding: Property, choices: list[Property] | None = None, says: str = ""
) -> Property:
    found: Property = {"label": label, "type": "String", "optional": True, "binding": binding}
    if says:
        found["description"] = says
    if choices is not None:
        found |= {"type": "Dropdown", "choices": choices}
        del found["optional"]
    return found


REPLAN = _own("replan", "Running deadlines follow what this step changes (true)")

if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
