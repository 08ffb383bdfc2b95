"""docs/traceability.md names only what exists, and journeys that walk what they are named for."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from app import wiring
from app.config.installation import Config, load
from app.journeys.file.reading import read
from app.journeys.run.coverage import covered
from app.journeys.run.running import play

ROOT = Path(__file__).resolve().parents[2]
TOLD = (ROOT / "docs/traceability.md").read_text(encoding="utf-8")
ROWS = [line for line in TOLD.splitlines() if re.match(r"\| (S:|A)\d", line)]
PLACE = re.compile(r"`(\w+\.(?:bpmn|dmn))#(\w+)`")
SETTING = re.compile(r"`settings\.(\w+)`")
JOURNEY = re.compile(r"`(\w+)\.yaml`")
PRESENT = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.split("|")[1].strip() for row in ROWS])


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, frozenset[str]]:
    """Journey → ids of the elements it walks; each is played once."""
    from dataclasses import replace

    found = {}
    config = replace(load(ROOT / "config.yaml"), secrets_dir=tmp_path_factory.mktemp("keys"))
    desk = wiring.open_desk(config, database="sqlite://")
    assert wiring.deploy_content(desk, config, PRESENT, print)
    for name in sorted(set(JOURNEY.findall(TOLD))):
        journey = read(ROOT / f"bpmn/journeys/{name}.yaml")
        result = play(journey, desk, present=PRESENT, own_time=True)
        found[name] = frozenset(
            key
            for one in covered(result.program, result.walked)
            for key in result.program.processes[one.process].elements
            if key not in one.left_elements
        )
    desk.store.close()
    return found


def test_every_contested_reading_has_its_row() -> None:
    told = [row.split("|")[1].strip() for row in ROWS if row.startswith("| A")]
    assert told == [f"A{number}" for number in range(1, 27)]


@every_row
def test_what_a_row_names_exists(row: str, config: Config) -> None:
    for file, element in PLACE.findall(row):
        ids = {one.get("id") for one in etree.parse(str(ROOT / "bpmn" / file)).iter()}
        assert element in ids, f"{file}#{element}"
    assert set(SETTING.findall(row)) <= set(config.settings)
    for name in JOURNEY.findall(row):
        assert (ROOT / f"bpmn/journeys/{name}.yaml").is_file(), name
    assert PLACE.search(row) or SETTING.search(row) or "ot yet" in row


@every_row
def test_journeys_of_a_row_walk_its_elements(row: str, walked: dict[str, frozenset[str]]) -> None:
    elements = {element for file, element in PLACE.findall(row) if file.endswith(".bpmn")}
    journeys = JOURNEY.findall(row)
    if elements:
        assert journeys, "an element without a journey"
        reached = frozenset().union(*(walked[name] for name in journeys))
        assert elements <= reached, elements - reached
        assert [name for name in journeys if not elements & walked[name]] == []
