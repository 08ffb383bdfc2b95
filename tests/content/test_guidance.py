"""Each decision says the guidance in force on its day; a text in the settings stands instead."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.config.installation import Config
from app.engine.feel import Calendar, World, compile_expression

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = (
    "agree_notifiable", "agree_withdrawal", "approve_lcspr", "approve_report",
    "decide_after_split", "decide_local_work", "decide_publication", "reconsider_decision",
    "record_meeting", "record_not_notifiable", "resolve_dispute", "resolve_split",
)  # fmt: skip
OLD = "Working Together 2023; National Panel guidance 2022"
BETWEEN = "Working Together 2023; National Panel guidance June 2025 (to be confirmed)"
NEW = "Working Together 2026 (to be confirmed); National Panel guidance June 2025 (to be confirmed)"


def guidance(form: str, settings: dict[str, Any], day: date) -> Any:
    fields = json.loads((ROOT / f"forms/{form}.form").read_text(encoding="utf-8"))["components"]
    field = next(one for one in fields if one.get("key") == "guidance_version")
    assert field["readonly"] is True
    source = field["properties"]["prefill"].removeprefix("=")
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    world = World(now=noon, calendar=Calendar.of("england-and-wales"))
    scope = {"settings": settings, "meeting_at": noon}
    return compile_expression(source).evaluate(scope, world)


@pytest.mark.parametrize("form", DECISIONS)
@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2025, 5, 31), OLD),
        (date(2025, 6, 1), BETWEEN),
        (date(2026, 3, 17), BETWEEN),
        (date(2026, 3, 18), NEW),
    ],
    ids=["before-june-2025", "from-june-2025", "the-day-before-2026", "from-18-march-2026"],
)
def test_decision_says_the_guidance_of_its_day(
    config: Config, form: str, day: date, said: str
) -> None:
    assert guidance(form, dict(config.settings), day) == said


def test_text_in_the_settings_stands_instead_of_the_list(config: Config) -> None:
    own = dict(config.settings) | {"guidance_version": "Our own guidance"}
    assert guidance("resolve_split", own, date(2026, 4, 1)) == "Our own guidance"


def test_meeting_counts_by_its_own_day_and_not_by_the_day_of_its_record(config: Config) -> None:
    fields = json.loads((ROOT / "forms/record_meeting.form").read_text(encoding="utf-8"))
    field = next(one for one in fields["components"] if one.get("key") == "guidance_version")
    world = World(now=datetime(2026, 3, 20, 12, tzinfo=UTC), calendar=Calendar.of())
    scope = {"settings": dict(config.settings), "meeting_at": datetime(2026, 3, 17, tzinfo=UTC)}
    source = field["properties"]["prefill"].removeprefix("=")
    assert compile_expression(source).evaluate(scope, world) == BETWEEN
