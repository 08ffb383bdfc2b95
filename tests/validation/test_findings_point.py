"""Whatever is wrong with a file, a finding says where, in one sentence of a bearable length."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.engine.dmn.decisions import read_decisions
from app.engine.errors import Finding
from app.engine.forms.reader import read_form
from tests.engine.dmn.test_decisions import file

LONG = "x" * 3000


def form(*components: Any, **more: Any) -> bytes:
    return json.dumps({"id": "f", "components": list(components), **more}).encode()


FORMS = {
    "no text": b"\xff\xfe\x00",
    "no JSON": b"{",
    "no form": b"[]",
    "no components": b'{"id": "f"}',
    "another id": form(id="other"),
    "no type": form({"label": "a"}),
    "an object for a key": form({"type": "textfield", "label": "a", "key": {"b": 1}}),
    "an object for a label": form({"type": "number", "label": {"b": 1}}),
    "a long label": form({"type": LONG, "label": LONG, "key": LONG}),
}


def points(finding: Finding) -> bool:
    return bool(finding.line or finding.element_id) and len(finding.sentence) <= 500


@pytest.mark.parametrize("name", FORMS)
def test_findings_of_a_form(name: str) -> None:
    _, findings = read_form("forms/f.form", FORMS[name])
    assert findings
    assert all(map(points, findings)), findings
    assert not [one.sentence for one in findings if "{'" in one.sentence]


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"<x/>", file('<import name="" namespace="nowhere" importType="x"/>'),
     file(f'<decision id="d" name="{LONG}"/>')],
    ids=["no text", "no DMN", "import of nothing", "a long name"],
)  # fmt: skip
def test_findings_of_a_decision_model(content: bytes) -> None:
    _, findings = read_decisions({"bpmn/a.dmn": content})
    assert findings
    assert all(map(points, findings)), findings
