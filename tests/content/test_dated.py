"""Lists whose rows have days: forms and requests offer only what is in force on the day."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.config.installation import Account, Config

ROOT = Path(__file__).resolve().parents[2]
DATED = ("agencies", "further_agencies", "authorities", "quadrants")
#: what offers rows to people or asks each of them
OFFERS = re.compile(r'(?:"valuesExpression": |"prefill": |inputCollection=)"(=[^"]*)"')
NAMED = re.compile(rf"settings\.({'|'.join(DATED)})\b")
FILES = sorted([*(ROOT / "forms").glob("*.form"), *(ROOT / "bpmn").glob("*.bpmn")])


def offering(text: str) -> list[str]:
    """Expressions of a file that offer one of the lists."""
    return [one for one in OFFERS.findall(text) if NAMED.search(one)]


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.name)
def test_what_is_offered_is_in_force(path: Path) -> None:
    found = [one for one in offering(path.read_text()) if "in_force(" not in one]
    assert found == []


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


def test_whoever_is_a_kind_of_its_own_stands_in_the_directory_on_the_same_days(
    config: Config,
) -> None:
    kinds = [*config.settings["agencies"], *config.settings["further_agencies"]]
    told = {row["value"]: row for row in config.settings["organisations"]}
    for kind in kinds:
        row = told[kind["value"]]
        assert (row["kind"], row["label"]) == (kind["value"], kind["label"])
        assert (row.get("from"), row.get("until")) == (kind.get("from"), kind.get("until"))


def test_every_named_organisation_has_a_contact_of_its_own(config: Config) -> None:
    """Nobody is the contact of two: a kind's contact is not that of a school."""
    named = {
        row["value"] for row in config.settings["organisations"] if row["value"] != row["kind"]
    }
    for value in named:
        theirs = [one for one in config.people if "agency_spoc:" + value in groups(one)]
        assert len(theirs) == 1, value
        assert "agency" not in theirs[0].attributes


def groups(account: Account) -> set[str]:
    return {f"{role}:{value}" for role in account.roles for value in account.attributes.values()}
