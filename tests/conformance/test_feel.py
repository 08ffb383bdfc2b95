"""The shared expressions of the DMN TCK: a floor that may only rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.feel_cases import run

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "feel.jsonl"
#: the six that are missing speak of named types (tFooBar …) which the set does not define
FLOOR = 1546


def test_expressions_of_the_dmn_tck_give_their_results() -> None:
    if not CASES.is_file():
        pytest.skip(f"the shared conformance set is not here: {CASES}")
    right, wrong = run(CASES)
    for one in wrong:
        print(f"{one.id}: {one.expression} gives {one.got}, not {one.expected}")
    assert right >= FLOOR
