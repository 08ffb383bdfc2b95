"""Every journey of the process content holds, all of them walk all of it, and every history they
leave can be proved.

Each is played once, by whichever test asks for it first; `make journeys` plays them as people do.
"""

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
from app.journeys.run.coverage import covered
from app.journeys.run.running import Result, play
from tests.content.test_traceability import JOURNEY, PLACE, every_row

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
    found = wiring.open_desk(config, database="sqlite://", upgrade=True)
    said: list[str] = []
    assert wiring.deploy_content(found, config, PRESENTS["a weekday"], said.append), said
    yield found
    found.store.close()


class Played:
    """What came of each journey; none is played twice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._results: dict[Path, Result] = {}

    def of(self, file: Path) -> Result:
        if file not in self._results:
            result = play(file, self._desk, present=PRESENTS["a weekday"], own_time=True)
            self._results[file] = result
        return self._results[file]

    def elements(self, journey: str) -> frozenset[str]:
        """Ids of those that it walks."""
        result = self.of(TOP / f"bpmn/journeys/{journey}.yaml")
        return frozenset(
            key
            for each in covered(result.program, result.walked)
            for key in result.program.processes[each.process].elements
            if key not in each.left_elements
        )


@pytest.fixture(scope="module")
def played(desk: Desk) -> Played:
    return Played(desk)


@pytest.mark.parametrize("file", JOURNEYS, ids=lambda file: file.stem)
def test_a_journey_holds(played: Played, file: Path) -> None:
    assert played.of(file).walked


def test_every_element_and_flow_of_every_diagram_is_walked(played: Played) -> None:
    results = [played.of(file) for file in JOURNEYS]
    walked = frozenset().union(*(result.walked for result in results))
    every = covered(results[0].program, walked)
    assert [each for each in every if each.left_elements or each.left_flows] == []
    print(f"\n{len(every)} diagrams, {len(results)} journeys")


@every_row
def test_journeys_of_a_row_walk_its_elements(row: str, played: Played) -> None:
    """A row of docs/traceability.md names the journeys that show what it says."""
    elements = {element for file, element in PLACE.findall(row) if file.endswith(".bpmn")}
    walked = {journey: played.elements(journey) for journey in JOURNEY.findall(row)}
    if elements:
        assert walked, "an element without a journey"
        reached = frozenset().union(*walked.values())
        assert elements <= reached, elements - reached
        assert [journey for journey in walked if not elements & walked[journey]] == []


@pytest.mark.parametrize("present", PRESENTS.values(), ids=PRESENTS)
@pytest.mark.parametrize("file", DEMO, ids=lambda file: file.stem)
def test_a_demo_case_ends_at_the_present(
    desk: Desk, config: Config, file: Path, present: datetime
) -> None:
    play(file, desk, present=present, people=wiring.people_of(config))


def test_every_history_they_left_is_sound_and_runs_again(desk: Desk, played: Played) -> None:
    for file in JOURNEYS:
        played.of(file)
    wrong = [line for one in verify_all(desk.store) if not one.good for line in one.lines()]
    assert not wrong
