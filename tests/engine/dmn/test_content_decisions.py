"""The decision tables of this installation say what the guidance says, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.engine.dmn.decisions import read_decisions
from app.engine.feel import World

TOP = Path(__file__).parents[3]
FILES = {one.name: one.read_bytes() for one in sorted((TOP / "bpmn").glob("*.dmn"))}
DECISIONS, FINDINGS = read_decisions(FILES)
WORLD = World()

INCIDENT = {
    "subject": "child_u18",
    "event": "serious_harm",
    "abuse_neglect": "suspected",
    "incident_place": "our_area",
    "normally_resident_here": "yes",
    "looked_after": "no",
    "care_leaver_of": "no",
}


def output(decision: str, **scope: Any) -> Any:
    return DECISIONS.evaluate(decision, scope, WORLD).output


def test_tables_have_no_finding() -> None:
    assert FINDINGS == []


@pytest.mark.parametrize(
    ("facts", "route", "review"),
    [
        ({"event": "death", "abuse_neglect": "known"}, "SIN_PANEL", "yes"),
        ({"event": "death"}, "SIN_PANEL", "yes"),
        ({"event": "death", "incident_place": "outside_england"}, "SIN_PANEL", "yes"),
        ({}, "SIN_PANEL", "yes"),
        ({"incident_place": "outside_england"}, "SIN_PANEL", "yes"),
        (
            {"event": "death", "abuse_neglect": "not_suspected", "looked_after": "ours"},
            "LAC_DEATH_NOTIFY",
            "no",
        ),
        (
            {"event": "death", "abuse_neglect": "unclear", "looked_after": "ours"},
            "LAC_DEATH_NOTIFY",
            "pending",
        ),
        ({"incident_place": "other_la_england"}, "HANDOVER_OTHER_LA", "theirs"),
        (
            {"subject": "care_leaver_18_24", "event": "death", "care_leaver_of": "ours"},
            "CARE_LEAVER_NOTIFY",
            "no",
        ),
        ({"subject": "unborn"}, "SIN_PANEL_LEGAL_CHECK", "yes"),
        ({"abuse_neglect": "unclear"}, "NEED_INFO", "pending"),
        ({"event": "other"}, "NOT_NOTIFIABLE_CONSIDER_LOCAL_LEARNING", "no"),
        ({"abuse_neglect": "not_suspected"}, "NOT_NOTIFIABLE", "no"),
        (
            {"incident_place": "outside_england", "normally_resident_here": "no"},
            "NOT_NOTIFIABLE",
            "no",
        ),
        ({"subject": "other_adult"}, "NOT_NOTIFIABLE", "no"),
        ({"subject": "care_leaver_18_24", "event": "death"}, "NOT_NOTIFIABLE", "no"),
    ],
    ids=str,
)
def test_duty_to_notify(facts: dict[str, str], route: str, review: str) -> None:
    found = output("duty_to_notify", **{**INCIDENT, **facts})
    assert (found["route"], found["review_required"]) == (route, review)


def test_death_of_our_looked_after_child_elsewhere_is_also_notified() -> None:
    facts = {"event": "death", "incident_place": "other_la_england", "looked_after": "ours"}
    assert output("duty_to_notify", **{**INCIDENT, **facts})["also"] == "LAC_DEATH_NOTIFY"


@pytest.mark.parametrize(
    ("serious", "known", "here", "route"),
    [
        (True, "yes", "yes", "ROUTE_CAUSE_FOR_CONCERN"),
        (True, "no", "yes", "ROUTE_SIN_DECISION"),
        (True, "unknown", "yes", "ROUTE_SIN_DECISION"),
        (True, "yes", "no", "HANDOVER_OTHER_LA"),
        (False, "yes", "no", "TO_ALLOCATED_WORKER"),
        (False, "no", "yes", "LEVEL_OF_NEED"),
        (False, "no", "no", "SIGNPOST"),
    ],
)
def test_triage_of_a_request(serious: bool, known: str, here: str, route: str) -> None:
    scope = {"serious_incident": serious, "open_to_csc": known, "in_our_area": here}
    assert output("rfs_triage", **scope, immediate_danger="no") == route


@pytest.mark.parametrize(
    ("yes", "complete", "new", "national", "advice"),
    [
        (True, "no", "yes", "none", ["LCSPR"]),
        (True, "yes", "no", "none", ["NO_LCSPR_SHARE_LEARNING"]),
        (True, "yes", "yes", "some", ["LCSPR_PROPORTIONATE"]),
        (True, "no", "no", "none", ["RR_INCOMPLETE"]),
        (False, "yes", "yes", "none", ["ALT_LOCAL_REVIEW"]),
        (False, "no", "no", "none", ["NO_LCSPR_SHARE_LEARNING"]),
        (True, "no", "yes", "strong", ["LCSPR", "NATIONAL_REVIEW_MAY_BE_APPROPRIATE"]),
    ],
)
def test_is_a_practice_review_appropriate(
    yes: bool, complete: str, new: str, national: str, advice: list[str]
) -> None:
    scope = {
        "c1": "no",
        "c2": "yes" if yes else "unclear",
        "c3": "no",
        "c4": "na",
        "learning_complete": complete,
        "new_learning": new,
        "national_indicator": national,
    }
    assert sorted(output("lcspr_criteria", **scope)) == advice


@pytest.mark.parametrize(
    ("age", "here", "criteria", "abuse", "routes"),
    [
        ("under_18", "yes", ["none"], "not_suspected", {"FORM_A"}),
        ("under_18", "yes", ["external_cause"], "not_suspected", {"FORM_A", "JAR"}),
        (
            "under_18",
            "no",
            ["none"],
            "suspected",
            {"FORM_A", "FORWARD_TO_CDOP_OF_RESIDENCE", "SIGNAL_DUTY_TO_NOTIFY"},
        ),
        ("stillbirth_unattended", "yes", ["none"], "not_suspected", {"FORM_A", "JAR"}),
        ("stillbirth_attended", "yes", ["none"], "not_suspected", {"NO_CDR"}),
        ("adult_18_24", "yes", ["none"], "not_suspected", {"NO_CDR"}),
    ],
)
def test_routes_after_a_death(
    age: str, here: str, criteria: list[str], abuse: str, routes: set[str]
) -> None:
    scope = {
        "age_group": age,
        "resident_here": here,
        "jar_criteria": criteria,
        "abuse_neglect": abuse,
    }
    assert set(output("child_death_branch", **scope)) == routes
