"""Lists whose rows have days: forms and requests offer only what is in force on the day."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.config.installation import Config

ROOT = Path(__file__).resolve().parents[2]
DATED = ("agencies", "further_agencies", "authorities", "quadrants")
#: what offers rows to people or asks each of them
OFFERS = re.compile(r'(?:"valuesExpression": |"prefill": |inputCollection=)"(=[^"]*)"')
NAMED = re.compile(rf"settings\.({'|'.join(DATED)})\b")
#: offer what the case's records say, whatever has become of it since: here, who sent a report
FROM_RECORDS = {"call_crp_meeting.form"}
FILES = sorted([*(ROOT / "forms").glob("*.form"), *(ROOT / "bpmn").glob("*.bpmn")])


def offering(text: str) -> list[str]:
    """Expressions of a file that offer one of the lists."""
    return [one for one in OFFERS.findall(text) if NAMED.search(one)]


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.name)
def test_what_is_offered_is_in_force(path: Path) -> None:
    found = [one for one in offering(path.read_text()) if "in_force(" not in one]
    assert bool(found) == (path.name in FROM_RECORDS), found


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.name)
def test_no_form_lists_the_quadrants_itself(path: Path, config: Config) -> None:
    text = path.read_text()
    own = [row["value"] for row in config.settings["quadrants"]]
    assert [one for one in own if f'"value": "{one}"' in text] == []


def test_the_check_finds_what_it_looks_for() -> None:
    found = [one for path in FILES for one in offering(path.read_text())]
    assert len(found) >= 10, found


def test_a_role_stands_behind_every_quadrant_and_a_person_behind_every_successor(
    config: Config,
) -> None:
    assert {f"ad_{one['value']}" for one in config.settings["quadrants"]} <= set(config.roles)
    held = {value for one in config.people for value in (*one.roles, *one.attributes.values())}
    assert {new for one in config.successions for new in one.new} <= held
