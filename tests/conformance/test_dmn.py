"""The decision models of others give the results their authors expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.dmn_cases import run

MODELS = Path(__file__).parents[2].parent / "shared" / "conformance" / "dmn"


def test_models_of_the_dmn_tck_give_their_expected_results() -> None:
    if not MODELS.is_dir():
        pytest.skip(f"no conformance models at {MODELS}")
    right, wrong = run(MODELS)
    assert not wrong, "\n".join(wrong)
    assert right > 0
