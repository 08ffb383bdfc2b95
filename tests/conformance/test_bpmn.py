"""The conformance sets of processes: never wrong, never a hang, never a crash."""

from pathlib import Path

import pytest

from tests.conformance.bpmn_cases import listed, run, table

SETS = Path(__file__).parents[2].parent / "shared" / "conformance"
OWN = Path(__file__).parent / "own"


def checked(folder: Path, refused: float = 0.0) -> None:
    """No case is wrong; of a hundred at most `refused` are refused."""
    outcomes = list(run(folder))
    print(table(outcomes))
    assert not [one for one in outcomes if one.kind not in ("right", "refused")], table(outcomes)
    assert len(outcomes) == sum(len(entry["cases"]) for entry in listed(folder)) > 0
    assert sum(one.kind == "refused" for one in outcomes) <= refused / 100 * len(outcomes)


@pytest.mark.parametrize("name", ["traps", "bpmn"])
def test_processes_run_as_drawn_or_are_refused(name: str) -> None:
    if not (SETS / name).is_dir():
        pytest.skip(f"no conformance set at {SETS / name}")
    checked(SETS / name, refused=5)


def test_joins_wait_for_user_tasks_and_choices_without_a_way_stop() -> None:
    checked(OWN / "traps")
