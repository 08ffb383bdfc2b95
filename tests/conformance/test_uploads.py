"""Files as people upload them: accepted, accepted with findings, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.validation import deployment
from tests.conformance.bpmn_cases import listed
from tests.conformance.upload_cases import judge

SETS = Path(__file__).parents[2].parent / "shared" / "conformance"
OWN = Path(__file__).parent / "own"


def cases() -> Iterator[Any]:
    """Each listed file as a parameter; one that skips with the reason where the set is missing."""
    if not (SETS / "uploads").is_dir():
        reason = f"no conformance set at {SETS / 'uploads'}"
        yield pytest.param(None, None, marks=pytest.mark.skip(reason=reason), id="uploads")
    for folder in (SETS / "uploads", OWN / "uploads"):
        for case in listed(folder):
            yield pytest.param(folder, case, id=case["file"])


@pytest.mark.parametrize(("folder", "case"), list(cases()))
def test_an_upload_ends_in_a_class_that_is_right(folder: Path, case: dict[str, Any]) -> None:
    found = judge(case, (folder / case["file"]).read_bytes())
    assert found.kind in ("right", "refused"), found.why


@pytest.mark.parametrize("folder", ["bpmn", "traps"])
def test_a_process_that_must_run_is_accepted(folder: str) -> None:
    if not (SETS / folder).is_dir():
        pytest.skip(f"no conformance set at {SETS / folder}")
    wrong, must = [], [one for one in listed(SETS / folder) if one["outcome"] == "run"]
    for case in must:
        path = SETS / folder / case["file"]
        checked = deployment.check({f"bpmn/{path.name}": path.read_bytes()})
        errors = [one for one in checked.findings if one.severity == "error"]
        if errors or checked.program is None:
            wrong.append((case["file"], errors))
    assert must and not wrong
