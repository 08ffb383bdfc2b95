"""Runs a folder of DMN models with their tests (format: its README) against the decisions here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.engine.drawing.decisions import Decisions, read_decisions
from app.engine.errors import DecisionFault
from app.engine.feel import World
from app.engine.feel.codec import decode
from app.engine.finding import Finding

#: as the TCK compares numbers
TOLERANCE = Decimal("1e-8")
WORLD = World(now=datetime(2026, 4, 1, 12, tzinfo=UTC), strict=False)


def run(path: Path) -> tuple[int, list[str]]:
    """How many tests are right, and a line for each that is not."""
    right, wrong = 0, []
    for folder in sorted(one.parent for one in path.glob("*/cases.json")):
        case = json.loads(
            (folder / "cases.json").read_text(), parse_float=Decimal, parse_int=Decimal
        )
        for test in case["tests"]:
            decisions, findings = _model(folder, test["model"])
            faults = _faults(decisions, test)
            if faults:
                notes = [one.sentence for one in findings][:2]
                wrong.append(f"{test['id']}: {'; '.join(faults)} {notes or ''}")
            else:
                right += 1
    return right, wrong


@cache
def _model(folder: Path, model: str) -> tuple[Decisions, list[Finding]]:
    """The models of the folder; the tested one comes first, so that its decisions win by name."""
    files = {one.name: one.read_bytes() for one in folder.glob("*.dmn")}
    return read_decisions({("" if name == model else "~") + name: files[name] for name in files})


def _faults(decisions: Decisions, test: Mapping[str, Any]) -> list[str]:
    inputs = {name: decode(value) for name, value in test["inputs"].items()}
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
        raise DecisionFault("no decision is called so")
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
