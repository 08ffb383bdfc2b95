"""Files as people upload them: accepted, accepted with findings, or refused in a sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.engine.drawing import deployment
from tests.conformance.upload_cases import MOST_SECONDS, outcome

SETS = Path(__file__).parents[2].parent / "shared" / "conformance"


def cases(folder: str) -> Iterator[Any]:
    """Each listed file as a parameter; one that skips with the reason where the set is missing."""
    listed = SETS / folder / "cases.json"
    if not listed.is_file():
        reason = f"no conformance set at {listed.parent}"
        yield pytest.param(None, marks=pytest.mark.skip(reason=reason), id=folder)
        return
    for case in json.loads(listed.read_text()):
        yield pytest.param({**case, "path": SETS / folder / case["file"]}, id=case["file"])


def check(path: Path) -> deployment.Checked:
    folder = "forms" if path.suffix == ".form" else "bpmn"
    began = time.monotonic()
    checked = deployment.check({f"{folder}/{path.name}": path.read_bytes()})
    assert time.monotonic() - began < MOST_SECONDS
    assert not [one for one in checked.findings if one.rule == "check-failed"]
    return checked


@pytest.mark.parametrize("case", list(cases("uploads")))
def test_an_upload_ends_in_a_class_that_is_right(case: dict[str, Any]) -> None:
    checked = check(case["path"])
    assert outcome(checked) in case["expect"], checked.findings
    for one in checked.findings:
        assert one.sentence.endswith((".", "…", "?")), one.sentence
        assert "Traceback" not in one.sentence and "{http" not in one.sentence
        if outcome(checked) != "refuse":
            assert one.element_id or one.line


@pytest.mark.parametrize("folder", ["bpmn", "traps"])
def test_a_process_that_must_run_is_accepted(folder: str) -> None:
    listed = SETS / folder / "cases.json"
    if not listed.is_file():
        pytest.skip(f"no conformance set at {listed.parent}")
    wrong = []
    for case in json.loads(listed.read_text()):
        checked = check(SETS / folder / case["file"])
        errors = [one for one in checked.findings if one.severity == "error"]
        if case["outcome"] == "run" and (errors or checked.program is None):
            wrong.append((case["file"], errors))
        elif checked.program is None:
            assert all(one.element_id for one in errors), case["file"]
    assert not wrong
