"""Runs a folder of DMN models with their tests (format: its README) against the decisions here.

A test that hangs is cut off; a model without a test, or a test without a result, is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.engine.dmn.decisions import Decisions, read_decisions
from app.engine.errors import DecisionFault, Finding
from app.engine.feel import World
from app.engine.feel.codec import decode
from tests.limits import Overdue, within

#: as the TCK compares numbers
TOLERANCE = Decimal("1e-8")
#: seconds of processor time for a test
LIMIT_S = 10
WORLD = World(now=datetime(2026, 4, 1, 12, tzinfo=UTC), strict=False)


def run(path: Path) -> tuple[int, list[str]]:
    """How many tests are right, and a line for each that is not."""
    right, wrong = 0, []
    for folder in sorted(one for one in path.iterdir() if one.is_dir()):
        tests = _tests(folder)
        if not tests:
            wrong.append(f"{folder.name}: it holds no test")
        for test in tests:
            faults, notes = _judged(folder, test)
            if faults:
                wrong.append(f"{test['id']}: {'; '.join(faults)} {notes or ''}")
            else:
                right += 1
    return right, wrong


def _tests(folder: Path) -> list[dict[str, Any]]:
    listed = folder / "cases.json"
    if not listed.is_file():
        return []
    read = json.loads(listed.read_text(), parse_float=Decimal, parse_int=Decimal)
    return list(read["tests"])


def _judged(folder: Path, test: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What is wrong, and what the models' findings say about it."""
    try:
        with within(LIMIT_S):
            decisions, findings = _model(folder, test["model"])
            faults = _faults(decisions, test)
    except Overdue:
        return [f"hang: more than {LIMIT_S} s of processor time"], []
    except Exception as crash:  # a crash is a wrong answer with a name
        return [f"crash: {type(crash).__name__}: {crash}"], []
    return faults, [one.sentence for one in findings][:2]


@cache
def _model(folder: Path, model: str) -> tuple[Decisions, list[Finding]]:
    """The models of the folder; the tested one comes first, so that its decisions win by name."""
    files = {one.name: one.read_bytes() for one in folder.glob("*.dmn")}
    return read_decisions({("" if name == model else "~") + name: files[name] for name in files})


def _faults(decisions: Decisions, test: Mapping[str, Any]) -> list[str]:
    inputs = {name: decode(value) for name, value in test["inputs"].items()}
    if not test["results"]:
        return ["it expects no result"]
    found = []
    for result in test["results"]:
        name, expected = result["decision"], decode(result["expected"])
        try:
            got = _result(decisions, test, name, inputs)
        except DecisionFault as fault:
            got = None
            if expected is not None:
                found.append(f"{name}: {fault.sentence}")
                continue
        if not _equal(got, expected):
            found.append(f"{name}: {got!r} instead of {expected!r}")
    return found


def _result(
    decisions: Decisions, test: Mapping[str, Any], name: str, inputs: Mapping[str, Any]
) -> Any:
    invoked = test.get("invoke")
    if invoked is not None:
        got = decisions.call(invoked["name"], inputs, WORLD)
        return got[name] if isinstance(got, Mapping) and name in got else got
    ids = [one for one, named in decisions.ids.items() if named == name]
    if not ids:
        raise LookupError(f"no decision is called {name}")
    imported: dict[str, dict[str, Any]] = {}
    for one, namespace in test.get("input_namespaces", {}).items():
        imported.setdefault(namespace, {})[one] = inputs[one]
    return decisions.evaluate(ids[0], inputs, WORLD, imported).output


def _equal(got: Any, expected: Any) -> bool:
    if isinstance(got, bool) or isinstance(expected, bool):
        return got is expected
    if isinstance(got, int | float | Decimal) and isinstance(expected, Decimal):
        return abs(Decimal(str(got)) - expected) <= TOLERANCE
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(_equal, got, expected))
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        return got.keys() == expected.keys() and all(_equal(got[k], expected[k]) for k in got)
    return type(got) is type(expected) and bool(got == expected)
