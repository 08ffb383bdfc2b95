"""Every journey of the process content holds, and every history it leaves can be proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import wiring
from app.audit.verification import verify_all
from app.casework.desk import Desk
from app.config.installation import Config, load
from app.journeys import play

TOP = Path(__file__).resolve().parents[2]
JOURNEYS = sorted((TOP / "bpmn/journeys").glob("*.yaml"))
DEMO = sorted((TOP / "bpmn/demo").glob("*.yaml"))
#: a weekday, a Saturday night, the days after Christmas
PRESENTS = {
    "a weekday": datetime(2026, 6, 10, 9, 30, tzinfo=UTC),
    "a Saturday night": datetime(2026, 10, 24, 23, 45, tzinfo=UTC),
    "after Christmas": datetime(2026, 12, 29, 8, 0, tzinfo=UTC),
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("content")
    return replace(load(TOP / "config.yaml"), secrets_dir=folder)


@pytest.fixture(scope="module")
def desk(config: Config) -> Iterator[Desk]:
    found = wiring.open_desk(config, database="sqlite://")
    said: list[str] = []
    assert wiring.deploy_content(found, config, PRESENTS["a weekday"], said.append), said
    yield found
    found.store.close()


@pytest.mark.parametrize("file", JOURNEYS, ids=lambda file: file.stem)
def test_a_journey_holds(desk: Desk, file: Path) -> None:
    play(file, desk, present=PRESENTS["a weekday"], own_time=True)


@pytest.mark.parametrize("present", PRESENTS.values(), ids=PRESENTS)
@pytest.mark.parametrize("file", DEMO, ids=lambda file: file.stem)
def test_a_demo_case_ends_at_the_present(
    desk: Desk, config: Config, file: Path, present: datetime
) -> None:
    play(file, desk, present=present, people=wiring.people_of(config))


def test_every_history_they_left_is_sound_and_runs_again(desk: Desk) -> None:
    wrong = [line for one in verify_all(desk.store) if not one.good for line in one.lines()]
    assert not wrong
