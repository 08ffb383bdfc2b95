"""What the forms of a practice review know already, and what they show."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.config.installation import load
from app.engine.feel import Calendar, World
from app.engine.forms.answers import initial, worded
from app.engine.forms.reader import read_form

TOP = Path(__file__).resolve().parents[2]
SETTINGS = json.loads(load(TOP / "config.yaml").settings_json())
WORLD = World(
    now=datetime(2026, 9, 10, 9, 0, tzinfo=UTC), calendar=Calendar.of("england-and-wales")
)


def form(id: str) -> Any:
    path = TOP / f"forms/{id}.form"
    return read_form(f"forms/{id}.form", path.read_bytes())[0]


def shown(id: str, **scope: Any) -> str:
    given = {"settings": SETTINGS, "records": {}, **scope}
    return "\n".join(one.label for one in worded(form(id), given, WORLD).walk())


def known(id: str, **scope: Any) -> dict[str, Any]:
    return initial(form(id), {"settings": SETTINGS, "records": {}, **scope}, WORLD)


@pytest.mark.parametrize(
    ("panel", "subgroup", "executive", "told"),
    [
        ("changes", None, None, "By the Case Review Panel:** Say why"),
        ("approved", "changes", None, "By the Case Review sub-group:** Name the schools"),
        ("approved", "approved", "changes", "By the Executive:** Give action 3 an owner"),
        ("changes", "changes", "changes", "By the Case Review Panel:** Say why"),
    ],
    ids=["panel", "sub-group", "executive", "panel-again-after-the-others"],
)
def test_whoever_sent_the_report_back_last_is_shown_with_the_changes_asked_for(
    panel: str, subgroup: str | None, executive: str | None, told: str
) -> None:
    records = {
        "agree_lcspr": {"approval": panel, "changes_text": "Say why"},
        "approve_as_subgroup": {"approval": subgroup, "changes_text": "Name the schools"},
        "approve_as_executive": {"approval": executive, "changes_text": "Give action 3 an owner"},
    }
    for id in ("draft_lcspr", "finalise_lcspr"):
        assert told in shown(id, records=records, report_approval="changes")


def test_the_reviewer_sees_every_correction_and_dispute_when_finalising() -> None:
    records = {
        "check_facts_all": [
            {"agency": "gp", "facts_checked": "corrections",
             "corrections": [{"where": "Findings", "correction": "We wrote twice"}]},
            {"agency": "police", "facts_checked": "no_comments", "corrections": None},
        ],
        "share_with_family": {"people": [
            {"person": "Mother", "outcome": "read", "dispute": "The word disengaged"},
            {"person": "Father", "outcome": "declined", "dispute": None},
        ]},
    }  # fmt: skip
    told = shown("finalise_lcspr", records=records)
    assert "General practice: Findings – We wrote twice" in told
    assert "Mother: The word disengaged" in told
    assert [one["comment"] for one in known("finalise_lcspr", records=records)["wording"]] == [
        "General practice: Findings – We wrote twice", "Mother: The word disengaged",
    ]  # fmt: skip
    assert "Police" not in told
    assert "Father" not in told


def test_nothing_of_the_draft_is_typed_twice() -> None:
    draft = {
        "summary": "One", "systemic_reasons": "Two", "themes": ["babies"],
        "findings": [{"line": "A", "finding": "B", "why": "C", "themes": ["identity"]}],
        "actions": [{"text": "D", "owner": "E", "due": date(2026, 12, 1), "measure": "F"}],
    }  # fmt: skip
    found = known("finalise_lcspr", records={"draft_lcspr": draft}, decided_on=date(2026, 4, 16))
    assert found["summary"] == "One"
    assert found["findings"] == draft["findings"]
    assert found["actions"][0]["due"] == "2026-12-01"
    assert found["decided_on"] == "2026-04-16"
    again = known(
        "draft_lcspr", records={"draft_lcspr": {"summary": "Old"}, "finalise_lcspr": draft}
    )
    assert again["summary"] == "One"


def test_findings_begin_with_the_lines_of_enquiry_of_the_rapid_review() -> None:
    lines = [{"line": "How was the child heard?"}, {"line": "Who knew what?"}]
    found = known("draft_lcspr", records={"draft_report": {"lines_of_enquiry": lines}})
    assert [one["line"] for one in found["findings"]] == [one["line"] for one in lines]


@pytest.mark.parametrize(
    ("records", "published", "text"),
    [
        ({"finalise_lcspr": "report"}, date(2026, 10, 16), "report"),
        ({"draft_lcspr": "draft"}, date(2026, 10, 16), "draft"),
        ({"finalise_lcspr": "report", "track_lcspr_actions": "look"}, date(2026, 10, 16), "look"),
        ({"finalise_lcspr": "report", "share_learning": "shared"}, None, "shared"),
        ({"share_learning": "shared", "track_learning_actions": "look"}, None, "look"),
    ],
    ids=["report", "only-the-draft", "the-last-look", "without-review", "its-last-look"],
)
def test_actions_are_tracked_from_where_they_were_set_or_last_looked_at(
    records: dict[str, str], published: date | None, text: str
) -> None:
    given = {element: {"actions": [{"text": one}]} for element, one in records.items()}
    found = known("track_actions", records=given, published_on=published)
    assert [one["text"] for one in found["actions"]] == [text]


def test_yearly_report_begins_with_the_findings_and_the_evidence() -> None:
    records = {
        "finalise_lcspr": {"findings": [{"finding": "B", "themes": ["identity"], "why": "C"}]},
        "track_lcspr_actions": {"actions": [
            {"text": "Joint visits", "status": "done", "evidence": "40 visits"},
            {"text": "Other", "status": "stopped", "evidence": None},
        ]},
    }  # fmt: skip
    found = known("feed_yearly_report", records=records)
    assert found["findings"] == [{"finding": "B", "themes": ["identity"]}]
    assert found["impact"] == "Joint visits: 40 visits"
    assert "**Actions done:** 1; **stopped:** 1" in shown("feed_yearly_report", records=records)


def test_second_person_is_told_what_the_checklist_leaves_open() -> None:
    records = {"complete_checklist": {"anonymised": "no", "comms_ready": "na", "accessible": "yes"}}
    told = shown("check_anonymity", records=records)
    assert "**Not yet done on the checklist:** It is anonymised" in told
    assert "communications plan" not in told
