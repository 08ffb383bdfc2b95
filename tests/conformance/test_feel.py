"""The shared expressions of the DMN TCK: right, save those whose reason is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.feel_cases import KNOWN, read, run

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "feel.jsonl"


def test_expressions_of_the_dmn_tck_give_their_results() -> None:
    if not CASES.is_file():
        pytest.skip(f"the shared conformance set is not here: {CASES}")
    right, wrong = run(CASES)
    told = [f"{one.id}: {one.expression} gives {one.got}, not {one.expected}" for one in wrong]
    assert {one.id for one in wrong} == KNOWN.keys(), "\n".join(told)
    assert right == len(read(CASES)) - len(KNOWN)
