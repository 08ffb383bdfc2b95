"""Judges the upload set: each file's class and time, and that findings have a place."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.engine.drawing import deployment
from tests.conformance.bpmn_cases import Outcome

MOST_SECONDS = 5


def outcome(checked: deployment.Checked) -> str:
    """The class of the set's README: what would happen with the upload."""
    if checked.refused:
        return "refuse"
    return "accept-with-findings" if checked.findings else "accept"


def judge(case: Mapping[str, Any], content: bytes) -> Outcome:
    name = str(case["file"])
    began = time.monotonic()
    try:
        checked = deployment.check({f"bpmn/{name}": content})
    except Exception as error:  # the set counts crashes, whatever they are
        return Outcome(name, "", "crash", repr(error))
    if time.monotonic() - began > MOST_SECONDS:
        return Outcome(name, "", "hang", "longer than five seconds")
    found = outcome(checked)
    placed = all(one.element_id or one.line for one in checked.findings)
    if found not in case["expect"] or (found != "refuse" and not placed):
        return Outcome(name, "", "wrong", f"{found}: {checked.findings}")
    return Outcome(name, "", "refused" if found == "refuse" else "right")


def run(folder: Path) -> Iterator[Outcome]:
    for case in json.loads((folder / "cases.json").read_text()):
        yield judge(case, (folder / case["file"]).read_bytes())
