"""Whom we ask, and who takes part: chosen from the directory and the case, with a way out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.config.installation import load
from app.engine.feel import Calendar, World, compile_expression
from app.engine.forms import Form, known, options, read_answers, read_form

TOP = Path(__file__).resolve().parents[2]
SETTINGS = json.loads(load(TOP / "config.yaml").settings_json())
WORLD = World(now=datetime(2026, 4, 22, 12, tzinfo=UTC), calendar=Calendar.of("england-and-wales"))
#: one organisation of every kind that is in force on that day
ALL = ["police", "health_icb", "acute_hospital", "community_health", "mental_health", "gp", "csc"]
NURSERY = {
    "kind": "education", "name": "Little Acorns", "person": "Jo Bright", "address": "1 Mill Lane",
}  # fmt: skip
ASKED = {
    "choose_agencies": {"asked": [*ALL, "oakfield_school"], "typed": [NURSERY]},
    "return_scoping_form_all": [
        {"agency": "oakfield_school", "completed_by": "Meera Joshi", "signed_off_by": None},
        {"agency": "Little Acorns", "completed_by": "Jo Bright", "signed_off_by": "Kim Ray"},
    ],
}


def form_of(name: str) -> Form:
    form, findings = read_form(name, (TOP / f"forms/{name}.form").read_bytes())
    assert form is not None
    assert findings == []
    return form


def scope(**records: Any) -> dict[str, Any]:
    return {"settings": SETTINGS, "records": records, "meeting_at": None}


def messages(name: str, given: dict[str, Any], **records: Any) -> dict[str, str]:
    return dict(read_answers(form_of(name), given, scope(**records), WORLD).messages)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"asked": [*ALL, "education"]}, {}),
        ({"asked": [*ALL, "oakfield_school", "riverside_school"]}, {}),
        ({"asked": ALL, "typed": [NURSERY]}, {}),
        ({"asked": ALL, "left_out": [{"kind": "education", "reason": "No school"}]}, {}),
        ({"asked": ALL}, {"asked": "Neither asked nor left out with a reason: Education"}),
        (
            {"asked": ALL, "left_out": [{"kind": "education"}]},
            {"left_out.0.reason": "Enter why it is not asked for kind 1"},
        ),
        (
            {"asked": [*ALL, "education"], "left_out": [{"kind": "gp", "reason": "x"}]},
            {
                "left_out.0.kind": "You left out General practice, and you ask General practice. "
                "Correct one of them for kind 1"
            },
        ),
        (
            {
                "asked": [*ALL, "education"],
                "typed": [{**NURSERY, "name": "oakfield school"}],
            },
            {
                "typed.0.name": "This organisation is in the list above. Tick it there "
                "for organisation 1"
            },
        ),
    ],
    ids=["one contact for the kind", "two schools", "typed", "left out with a reason", "forgotten",
         "no reason", "asked and left out", "typed though listed"],
)  # fmt: skip
def test_each_kind_is_asked_or_left_out_with_a_reason(
    given: dict[str, Any], told: dict[str, str]
) -> None:
    assert messages("choose_agencies", given) == told


def test_nobody_is_chosen_before_somebody_chooses() -> None:
    assert set(messages("choose_agencies", {})) == {"asked"}
    begun = known(form_of("choose_agencies"), scope(), WORLD).values
    assert not {"asked", "typed", "left_out"} & begun.keys()


@pytest.mark.parametrize(
    ("day", "offered"),
    [(datetime(2027, 3, 31, 12, tzinfo=UTC), {"csc"}),
     (datetime(2027, 4, 1, 12, tzinfo=UTC), {"csc_east", "csc_west"})],
    ids=["last day", "the day after"],
)  # fmt: skip
def test_only_organisations_in_force_are_offered(day: datetime, offered: set[str]) -> None:
    asked = next(one for one in form_of("choose_agencies").walk() if one.key == "asked")
    values = {one.value for one in options(asked, scope(), World(now=day))}
    assert {value for value in values if value.startswith("csc")} == offered


@pytest.mark.parametrize(
    "name", ["record_meeting", "record_crp_meeting", "hold_review_meeting", "record_overview_panel"]
)
def test_who_took_part_is_chosen_from_who_answered_in_the_case(name: str) -> None:
    who = next(one for one in form_of(name).walk() if one.key == "who")
    assert [one.value for one in options(who, scope(**ASKED), WORLD)] == [
        "Meera Joshi, Oakfield School", "Jo Bright, Little Acorns", "Kim Ray, Little Acorns",
        "else",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"who": "Meera Joshi, Oakfield School"}, set()),
        ({"who": "else", "name": "Nurse", "represents": "wey_hospital"}, {"represents"}),
        ({"who": "else", "name": "Nurse", "represents": "gp"}, set()),
        ({"who": "else", "name": "Nurse", "represents": "sp_health"}, set()),
        ({"who": "else", "name": "Nurse", "represents": "other"}, {"agency"}),
        ({"who": "else", "represents": "gp"}, {"name"}),
        ({"name": "Chair", "agency": "Surrey Police"}, set()),
        ({"name": "Chair"}, {"represents"}),
    ],
    ids=["somebody known", "an organisation that was not asked", "somebody else", "a partner",
         "another organisation without its name", "no name", "as it was answered before",
         "for nobody"],
)  # fmt: skip
def test_somebody_else_has_a_name_and_an_organisation(row: dict[str, Any], told: set[str]) -> None:
    given = {"attendees": [{**row, "interest": "no"}]}
    said = messages("record_meeting", given, **ASKED)
    assert {path for path in said if path.startswith("attendees.0.")} == {
        f"attendees.0.{key}" for key in told
    }


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param(NURSERY, True, id="on paper"),
        pytest.param({**NURSERY, "email": "jo@example.org"}, False, id="by a link"),
    ],
)
@pytest.mark.parametrize("asked", ["choose_agencies", "check_returns"])
def test_only_who_is_asked_on_paper_is_said_to_be(
    asked: str, typed: dict[str, Any], shown: bool
) -> None:
    earlier = {"check_returns_all": [{"added_typed": [typed]}, {"added_typed": None}]}
    records = {asked: {"typed": [typed]}} if asked == "choose_agencies" else earlier
    names = scope(**records) | {"agency": "Little Acorns"}
    text = next(one for one in form_of("return_scoping_form").walk() if "on paper" in one.label)
    assert compile_expression(text.hide or "").evaluate(names, WORLD) is not shown


@pytest.mark.parametrize("asked", ["choose_agencies", "check_returns"])
def test_a_guest_is_asked_whichever_step_named_them(asked: str) -> None:
    typed = {**NURSERY, "email": "jo@example.org", "telephone": "01306 555123"}
    earlier = {"check_returns_all": [{"added_typed": [typed]}, {"added_typed": None}]}
    records = {asked: {"typed": [typed]}} if asked == "choose_agencies" else earlier
    names = scope(**records) | {"agency": "Little Acorns"}
    contact = known(form_of("guest_agency"), names, WORLD).values
    assert (contact["name"], contact["address"]) == ("Jo Bright", "jo@example.org")
