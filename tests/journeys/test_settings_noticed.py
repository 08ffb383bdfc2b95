"""A setting that is changed turns a journey red: a handful here, all by `settings_noticed`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.config.installation import Config, load
from tests.journeys.settings_noticed import JOURNEYS, TOP, Change, changes, noticed


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return replace(load(TOP / "config.yaml"), secrets_dir=tmp_path_factory.mktemp("settings"))


@pytest.mark.parametrize(
    ("name", "new", "journey", "words"),
    [
        pytest.param(
            "first_reminder_days", 3, "late_scoping_return", "check no_mail: A mail fits",
            id="a reminder a day too early",
        ),
        pytest.param(
            "first_reminder_days", 1, "late_scoping_return", "check mail: No mail fits",
            id="a reminder a day too late",
        ),
        pytest.param(
            "known_months", 13, "closed_case_known", "check page: The page of “triage_request”",
            id="what a page says",
        ),
        pytest.param("sin_days", 6, "easter_2026", "check due: “send_notification”", id="a limit"),
    ],
)  # fmt: skip
def test_a_changed_setting_is_noticed(
    config: Config, name: str, new: int, journey: str, words: str
) -> None:
    change = Change(name, config.settings[name], new)
    sentence = noticed(config, change, [JOURNEYS / f"{journey}.yaml"])
    assert sentence is not None
    assert words in sentence


def test_a_change_that_no_journey_needs_is_told_as_unnoticed(config: Config) -> None:
    change = Change("online_years", config.settings["online_years"], 2)
    assert noticed(config, change, [JOURNEYS / "closed_case_known.yaml"]) is None


def test_numbers_and_clock_times_are_changed_one_at_a_time() -> None:
    found = changes({"days": 2, "time": "23:30", "text": "x", "yes": True, "list": [1]})
    assert found == [Change("days", 2, 3), Change("time", "23:30", "00:30")]
    assert Path(JOURNEYS).is_dir()
