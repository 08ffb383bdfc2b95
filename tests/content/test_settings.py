"""Each contested reading of the rules is a setting: the drawn deadlines follow it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app import wiring
from app.config.installation import Config
from app.engine.feel import World, compile_expression
from app.journeys.file.reading import read
from app.journeys.run.running import play
from app.validation.deployment import Checked

ROOT = Path(__file__).resolve().parents[2]
PRESENT = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
SENT = date(2026, 3, 26)
SCOPE: dict[str, Any] = {
    "review_anchor": SENT,
    "la_aware_at": datetime(2026, 3, 20, 16, 40, tzinfo=LONDON),
    "meeting_at": datetime(2026, 4, 9, 10, 0, tzinfo=LONDON),
    "clock_from": datetime(2026, 3, 28, 14, 30, tzinfo=LONDON),
    "submitted_at": datetime(2026, 3, 26, 10, 50, tzinfo=LONDON),
    "death_confirmed_at": datetime(2026, 3, 28, 9, 0, tzinfo=LONDON),
    "death_aware_at": datetime(2026, 3, 28, 11, 0, tzinfo=LONDON),
    "decided_on": date(2026, 4, 16),
    "publish_by": date(2026, 10, 16),
    "promised_on": None,
    "report_approval": "",
}


def worked_out(config: Config, source: str, change: dict[str, Any]) -> Any:
    world = World(now=datetime(2026, 4, 10, 14, 0, tzinfo=UTC), calendar=config.working_days())
    scope = SCOPE | {"settings": dict(config.settings) | change}
    return compile_expression(source.removeprefix("=")).evaluate(scope, world)


@pytest.mark.parametrize(
    ("process", "element", "change", "due"),
    [
        ("report_outcome", "dispatch_report", {}, date(2026, 4, 17)),
        ("report_outcome", "dispatch_report", {"day_shift": 1}, date(2026, 4, 20)),
        ("report_outcome", "dispatch_report", {"report_day": 14}, date(2026, 4, 16)),
        ("submit_notification", "send_notification", {}, date(2026, 3, 27)),
        ("submit_notification", "send_notification", {"sin_days": 4}, date(2026, 3, 26)),
        ("rapid_review", "send_master", {}, datetime(2026, 4, 7, 10, tzinfo=LONDON)),
        (
            "rapid_review", "send_master", {"window_hours": 48},
            datetime(2026, 4, 7, 10, tzinfo=LONDON),
        ),
        ("report_outcome", "comment_on_draft", {}, datetime(2026, 4, 14, 15, tzinfo=LONDON)),
        (
            "report_outcome", "comment_on_draft", {"window_hours": 48},
            datetime(2026, 4, 12, 15, tzinfo=LONDON),
        ),
        ("write_lcspr_report", "draft_lcspr", {}, date(2026, 8, 14)),
        ("write_lcspr_report", "draft_lcspr", {"draft_months": 5}, date(2026, 9, 16)),
        ("publish_lcspr", "send_copies", {}, date(2026, 10, 7)),
        ("publish_lcspr", "send_copies", {"copy_days": 10}, date(2026, 10, 2)),
        ("lcspr", "send_lcspr_delay_notice", {}, date(2026, 10, 15)),
        ("child_death", "submit_form_a", {}, datetime(2026, 3, 29, 15, 30, tzinfo=LONDON)),
    ],
    ids=[
        "day-15", "notification-is-day-0", "another-report-day", "five-days", "four-days",
        "papers-2-working-days", "papers-48-clock-hours", "comments-2-working-days",
        "comments-48-clock-hours", "draft-in-month-4", "draft-in-month-5",
        "copies-7-working-days", "copies-10-working-days", "delay-told-the-day-before",
        "24-elapsed-hours-over-the-change-of-clocks",
    ],
)  # fmt: skip
def test_deadline_follows_its_setting(
    config: Config,
    checked: Checked,
    process: str,
    element: str,
    change: dict[str, Any],
    due: date | datetime,
) -> None:
    assert checked.program is not None
    drawn = checked.program.processes[process].elements[element]
    assert worked_out(config, drawn.due or "", change) == due


@pytest.mark.parametrize(
    ("process", "element", "target", "change", "value"),
    [
        ("submit_notification", "send_notification", "review_anchor", {}, SENT),
        (
            "submit_notification", "send_notification", "review_anchor",
            {"review_counts_from": "awareness"}, date(2026, 3, 20),
        ),
        ("child_death", "child_died", "clock_from", {}, SCOPE["death_aware_at"]),
        (
            "child_death", "child_died", "clock_from",
            {"form_a_from": "death"}, SCOPE["death_confirmed_at"],
        ),
    ],
    ids=["from-notification", "from-awareness", "later-of-both", "from-death"],
)  # fmt: skip
def test_clock_starts_where_its_setting_says(
    config: Config,
    checked: Checked,
    process: str,
    element: str,
    target: str,
    change: dict[str, Any],
    value: date | datetime,
) -> None:
    assert checked.program is not None
    outputs = checked.program.processes[process].elements[element].outputs
    source = next(one.source for one in outputs if one.target == target)
    assert worked_out(config, source, change) == value


def test_education_is_partner_and_approver_where_the_lists_name_it(
    config: Config, tmp_path: Path
) -> None:
    """The walk to Day 15 with a fourth partner: without their answer it stops."""
    walk = (ROOT / "bpmn/journeys/easter_2026.yaml").read_text(encoding="utf-8")
    answered = {"agree_notifiable": "decision: notify", "approve_report": "approval: approved"}
    for task, answer in answered.items():
        line = f"  - {{who: sp_health, do: {task}, answers: {{{answer}}}}}\n"
        assert line in walk
        walk = walk.replace(line, line + line.replace("sp_health", "sp_education"))
    walk = walk.replace("agree_notifiable: 3", "agree_notifiable: 4")
    walk = walk.replace("approve_report: 4", "approve_report: 5")
    file = tmp_path / "education.yaml"
    file.write_text(walk, encoding="utf-8")
    settings = dict(config.settings)
    for name in ("partners", "approvers"):
        settings[name] = [*settings[name], "sp_education"]
    changed = replace(config, settings=settings, secrets_dir=tmp_path)
    desk = wiring.open_desk(changed, database="sqlite://", upgrade=True)
    try:
        assert wiring.deploy_content(desk, changed, PRESENT, print)
        play(read(file), desk, present=PRESENT, own_time=True)
    finally:
        desk.store.close()


def test_every_link_that_a_form_shows_is_a_setting_and_each_is_shown(config: Config) -> None:
    shown = set()
    for path in (ROOT / "forms").glob("*.form"):
        texts = json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
        shown |= set(re.findall(r'settings\.links\[item\.value = \\"(\w+)\\"\]', texts))
    assert shown == {one["value"] for one in config.settings["links"]}
    assert all(one["url"].startswith("https://") for one in config.settings["links"])
