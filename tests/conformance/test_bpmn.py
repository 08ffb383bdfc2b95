"""The conformance sets of processes: never wrong, never a hang, never a crash."""

from pathlib import Path

import pytest

from tests.conformance.bpmn_cases import run, table

SETS = Path(__file__).parents[2].parent / "shared" / "conformance"


@pytest.mark.parametrize("name", ["traps", "bpmn"])
def test_processes_run_as_drawn_or_are_refused(name: str) -> None:
    folder = SETS / name
    if not folder.is_dir():
        pytest.skip(f"no conformance set at {folder}")
    outcomes = list(run(folder))
    print(table(outcomes))
    assert not [one for one in outcomes if one.kind in ("wrong", "hang", "crash")]
    assert sum(one.kind == "right" for one in outcomes) >= 0.95 * len(outcomes)
