"""docs/traceability.md names only what exists.

That its journeys walk what they are named for is `tests/journeys/test_content.py`'s.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from app.config.installation import Config

ROOT = Path(__file__).resolve().parents[2]
TOLD = (ROOT / "docs/traceability.md").read_text(encoding="utf-8")
ROWS = [line for line in TOLD.splitlines() if re.match(r"\| (S:|A)\d", line)]
PLACE = re.compile(r"`(\w+\.(?:bpmn|dmn))#(\w+)`")
SETTING = re.compile(r"`settings\.(\w+)`")
JOURNEY = re.compile(r"`(\w+)\.yaml`")
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.split("|")[1].strip() for row in ROWS])


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
