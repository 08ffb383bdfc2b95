"""What somebody typed, a child's name before all, gets out of a case by no header, label or status:
each row is a detour by which a drawing could take it there, and the gate says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.engine.errors import Finding
from app.validation.deployment import check
from tests.kit import diagram

RULE = "typed-text-in-clear"
SETTINGS = {"settings.json": json.dumps({"roles": ["clerk"]}).encode()}
NAME = {"type": "textfield", "key": "child", "label": "Name of child"}
NOTE = {"type": "textarea", "key": "note", "label": "What happened"}
WAY = {
    "type": "radio", "key": "way", "label": "Way",
    "values": [{"value": "up", "label": "Up"}, {"value": "down", "label": "Down"}],
}  # fmt: skip
DAY = {"type": "datetime", "subtype": "date", "dateLabel": "Day", "key": "day", "label": "Day"}
CHILDREN = {
    "type": "dynamiclist", "path": "children", "label": "Children",
    "components": [{**NAME, "key": "name", "id": "n"}, {**WAY, "id": "w"}],
}  # fmt: skip
CODE = {**NAME, "key": "code", "label": "Short name", "properties": {"in_clear": "true"}}


def asking(*components: Mapping[str, Any]) -> dict[str, bytes]:
    held = [{"id": f"f{n}", **one} for n, one in enumerate(components)]
    content = {"type": "default", "id": "ask", "schemaVersion": 18, "components": held}
    return {"forms/ask.form": json.dumps(content).encode()}


def drawn(
    value: str, *, where: str = "header", output: str = "", var: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """A form asks everything; then its answers stand in a header, a label or a status."""
    facts: dict[str, dict[str, str]] = {
        "ask": {"groups": "clerk", "form": "ask", "out": output},
        "tell": {"effect": "mail", "to": "clerk", "template": "due"},
        "do": {"groups": "clerk"},
    }
    if not output:
        del facts["ask"]["out"]
    if where != "header":
        facts["do"][where] = value
    names = ("child", "note", "way", "day", "children", "code", *(var or {}))
    files = diagram(
        "start > task:ask > send:tell > task:do > end", start_groups="clerk",
        var=dict.fromkeys(names, "=null") | dict(var or {}), **facts,
    )  # fmt: skip
    if where == "header":
        header = f'<zeebe:header key="about" value="{value}"/></zeebe:taskHeaders>'
        drawing = files["bpmn/p.bpmn"].replace(b"</zeebe:taskHeaders>", header.encode())
        files["bpmn/p.bpmn"] = drawing
    mail = {"forms/mail/due.txt": b"Subject: {reference}\n\n{about} {link}\n"}
    return files | asking(NAME, NOTE, WAY, DAY, CHILDREN, CODE) | mail | SETTINGS


def found(files: Mapping[str, bytes]) -> list[Finding]:
    return [one for one in check(files).findings if one.rule == RULE]


TAKEN = {
    "by a header": drawn("=child"),
    "by a label": drawn("=child", where="label"),
    "by a status": drawn("=note", where="status"),
    "by a function": drawn("=upper case(substring(child, 1, 40))"),
    "behind a condition": drawn("=if way = &quot;up&quot; then note else null"),
    "put together": drawn("=&quot;About &quot; + child"),
    "of a row of a list": drawn("=children[1].name"),
    "of every row": drawn("=string join(for one in children return one.name, &quot; &quot;)"),
    "the rows themselves": drawn("=string(children)"),
    "by the mapping of an output": drawn("=other", output="child -> other", var={"other": "=null"}),
    "by an output that is worked out": drawn(
        "=other", output="lower case(child) -> other", var={"other": "=null"}
    ),
    "by an entry of a context": drawn(
        "=other.of", output="{of: child, by: way} -> other", var={"other": "=null"}
    ),
}
LEFT = {
    "a choice": drawn("=way"),
    "a date": drawn("=day"),
    "a choice of a row": drawn("=children[1].way"),
    "what a text decides": drawn("=if child = null then day else way"),
    "rows by what was typed": drawn("=children[item.name = child].way"),
    "how many": drawn("=way", where="label"),
    "what its owner says names nobody": drawn("=code", where="label"),
    "another entry of a context": drawn(
        "=other.by", output="{of: child, by: way} -> other", var={"other": "=null"}
    ),
    "a text with the same word": drawn("=&quot;child&quot;"),
}


#: for the rule's page
EXAMPLE = TAKEN["by a label"], LEFT["what its owner says names nobody"]


@pytest.mark.parametrize("files", TAKEN.values(), ids=TAKEN)
def test_what_somebody_typed_gets_out_of_no_case_unsaid(files: Mapping[str, bytes]) -> None:
    assert len(found(files)) == 1, check(files).findings


@pytest.mark.parametrize("files", LEFT.values(), ids=LEFT)
def test_what_nobody_typed_is_not_told(files: Mapping[str, bytes]) -> None:
    assert not found(files)


def test_a_call_and_a_message_hide_nothing() -> None:
    files = diagram(
        "start > task:ask > call:go > end", start_groups="clerk", var={"child": "=null"},
        ask={"groups": "clerk", "form": "ask"}, go={"process": "q", "in": "child -> inner"},
    ) | diagram(
        "start > task:do > end", process="q", start_groups=None, var={"inner": "=null"},
        do={"groups": "clerk", "label": "=inner"},
    )  # fmt: skip
    (one,) = found(files | asking(NAME) | SETTINGS)
    assert one.element_id == "do" and "“Name of child”" in one.sentence
