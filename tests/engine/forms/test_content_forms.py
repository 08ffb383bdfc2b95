"""The forms of this installation can be read, ask kindly, and can be filled in."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config.installation import load
from app.engine.feel import World
from app.engine.forms.answers import filled, given_again, initial, read_answers, shown, worded
from app.engine.forms.fields import Field, Form
from app.engine.forms.reader import read_form
from tests.engine.forms.answer_maker import complete

TOP = Path(__file__).parents[3]
FILES = sorted((TOP / "forms").glob("*.form"))
#: Wednesday 1 April 2026, 13:00 in London
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
WORLD = World(now=NOW, calendar=load(TOP / "config.yaml").working_days())
SCOPE: dict[str, Any] = {
    "settings": yaml.safe_load((TOP / "config.yaml").read_text())["settings"],
    "shut_out": ["Somebody excluded"],
    "records": {"triage_request": {"earlier_aware_at": datetime(2026, 3, 30, 9, tzinfo=UTC)}},
    "la_aware_at": datetime(2026, 3, 31, 9, tzinfo=UTC),
    "received_at": datetime(2026, 3, 31, 9, tzinfo=UTC),
    "sin_date": date(2026, 3, 31),
    "review_anchor": date(2026, 3, 31),
    "meeting_at": datetime(2026, 4, 14, 9, tzinfo=UTC),
    "event": "death",
    "abuse_neglect": "suspected",
    "subject": "child_u18",
    "incident_place": "our_area",
    "normally_resident_here": "yes",
    "looked_after": "no",
    "care_leaver_of": "no",
    "notification_route": "sin_panel",
    "proposed": "notify",
    "partner": "sp_police",
    "agency": "police",
    "child": "Child 1",
    "death_confirmed_at": datetime(2026, 3, 31, 7, tzinfo=UTC),
    "info_rounds": 0,
    "recommendation": "lcspr",
    "lcspr_advice": ["LCSPR"],
    "decided_on": date(2026, 4, 1),
    "publish_by": date(2026, 10, 1),
    "branch": "mother",
    "first_due": date(2026, 4, 20),
    "imr_due": date(2026, 4, 20),
    "extension_granted": "no",
    "signed": "yes",
    "report_accepted": "yes",
    "request_title": "Request 1",
    "meeting_number": 1,
    "meeting_on": date(2026, 4, 1),
    "next_meeting_on": date(2026, 5, 1),
    "persons": [{"kind": "child", "label": "Ada Example", "born": None}],
    "awaited": [],
    "report_sent_on": date(2026, 3, 30),
}


def form_of(path: Path) -> Form:
    form, findings = read_form(f"forms/{path.name}", path.read_bytes())
    assert findings == []
    assert form is not None
    return form


@pytest.fixture(params=FILES, ids=lambda one: one.stem)
def form(request: pytest.FixtureRequest) -> Form:
    return form_of(request.param)


def questions(form: Form) -> list[Field]:
    return [one for one in form.walk() if one.key and one.kind != "group"]


def test_form_opens_in_the_modeler_of_camunda_8() -> None:
    for path in FILES:
        document = json.loads(path.read_text())
        assert document["schemaVersion"] == 19
        assert document["executionPlatform"] == "Camunda Cloud"
        assert document["executionPlatformVersion"] == "8.6.0"
        assert document["id"] == path.stem


def test_form_has_a_title_and_every_question_a_label(form: Form) -> None:
    assert form.title != form.id
    assert [one.key for one in questions(form) if not one.label] == []


def test_every_required_question_has_a_sentence_of_its_own(form: Form) -> None:
    lacking = [
        one.key
        for one in questions(form)
        if (one.required and "required" not in one.messages)
        or (one.min_items and not {"required", "min_items"} & one.messages.keys())
    ]
    assert lacking == []


def test_empty_post_is_answered_with_own_sentences_only(form: Form) -> None:
    empty = {one.key: [] if one.kind == "dynamiclist" else "" for one in form_level(form)}
    messages = read_answers(form, empty, SCOPE, WORLD).messages
    own = {text for one in questions(form) for text in one.messages.values()}
    told = {text.split(" for ")[0] for text in messages.values()}
    assert told <= {text.split(" for ")[0] for text in own}


def form_level(form: Form) -> list[Field]:
    found = []
    for one in form.fields:
        found += one.fields if one.kind == "group" else [one]
    return [one for one in found if one.key]


#: what only some forms stand beside
SCOPES = {
    name: {**SCOPE, "awaited": ["Strategy meeting"]}
    for name in ("record_called_meeting_moved", "record_called_meeting_off")
}


def test_diligent_person_can_complete_it(form: Form) -> None:
    scope = SCOPES.get(form.id, SCOPE)
    given = complete(form, scope, WORLD)
    assert read_answers(form, given, scope, WORLD).messages == {}


#: answers that others of the same form have to bear out, or that lead elsewhere with a sentence
HANGS_ON_OTHERS = {
    ("data_request", "subject_alive", "no"), ("decide_response_at_once", "joint_response", "no"),
    ("decide_response_at_once", "joint_response", "not_yet"),
    ("record_child_died", "born_alive", "planned_termination"),
    ("track_actions", "next_step", "all_closed"),
}  # fmt: skip


@pytest.mark.parametrize("event", ["death", "serious_harm"])
def test_every_option_of_a_steering_question_can_be_completed(form: Form, event: str) -> None:
    scope = {**SCOPE, "event": event}
    for one in form_level(form):
        for option in one.options if one.kind == "radio" else ():
            if (form.id, one.key, option.value) in HANGS_ON_OTHERS:
                continue
            given = complete(form, scope, WORLD, {one.key: option.value})
            found = read_answers(form, given, scope, WORLD)
            assert found.messages == {}, (one.key, option.value)
            assert found.answers.get(one.key, option.value) == option.value or one.read_only


def answered(name: str, choices: dict[str, Any]) -> dict[str, Any]:
    form = form_of(TOP / "forms" / f"{name}.form")
    return dict(read_answers(form, complete(form, SCOPE, WORLD, choices), SCOPE, WORLD).answers)


CHILD = {
    "legal_name": "Alex Example",
    "dob": "2016-03-31",
    "died": "yes",
    "death_confirmed_at": "2026-03-31T08:00",
    "death_aware_at": "2026-03-31T08:00",
    "nhs_no": "943 476 5919",
    "home_address": "1 Example Road",
}


def test_what_a_request_said_is_not_asked_again() -> None:
    first = answered(
        "request_for_support",
        {"purpose": ["serious_incident_concern"], "event": "death", "children": [CHILD]},
    )
    scope = {**SCOPE, "records": {"request_for_support": first}}
    known = initial(form_of(TOP / "forms" / "draft_notification.form"), scope, WORLD)
    assert known["children"][0]["legal_name"] == "Alex Example"
    assert known["children"][0]["nhs_no"] == "9434765919"
    assert known["incident_summary"] == first["what_happened"]
    assert known["nature"] == "child_death"
    form_a = initial(form_of(TOP / "forms" / "submit_form_a.form"), scope, WORLD)
    assert form_a["legal_name"] == "Alex Example"
    assert form_a["home_address"] == "1 Example Road"
    assert form_a["dod"] == "2026-03-31"
    assert "form_a_submitted_at" not in form_a


def test_meeting_is_proposed_for_day_nine_at_ten() -> None:
    known = initial(form_of(TOP / "forms" / "set_meeting.form"), SCOPE, WORLD)
    assert known["meeting_at"] == "2026-04-14T10:00"


@pytest.mark.parametrize(
    ("name", "choices", "asked"),
    [
        ("set_meeting", {"meeting_at": "2026-04-15T10:00"}, False),
        ("set_meeting", {"meeting_at": "2026-04-16T10:00"}, True),
        ("send_notification", {"submitted_at": "2026-04-01T12:00"}, False),
        ("dispatch_report", {"sent_at": "2026-04-01T12:00"}, False),
    ],
)
def test_a_late_step_asks_why(name: str, choices: dict[str, Any], asked: bool) -> None:
    reasons = {"late_meeting_reason", "late_reason", "lateness"}
    assert bool(reasons & answered(name, choices).keys()) is asked


def test_a_nil_return_is_two_answers_long() -> None:
    found = answered("return_scoping_form", {"known": ["not_known"]})
    assert set(found) == {
        "known",
        "completed_by",
        "signed_off_by",
        "systems_searched",
        "searched_on",
    }


@pytest.mark.parametrize(("lines", "fits"), [(2, False), (3, True), (4, True), (5, False)], ids=str)
def test_a_practice_review_needs_three_or_four_lines_of_enquiry(lines: int, fits: bool) -> None:
    form = form_of(TOP / "forms" / "record_meeting.form")
    given = complete(form, SCOPE, WORLD, {"recommendation": "lcspr"})
    given["lines_of_enquiry"] = [{"line": f"Line {n}"} for n in range(lines)]
    given["lines_override"] = ""
    messages = read_answers(form, given, SCOPE, WORLD).messages
    assert ("lines_of_enquiry" not in messages) is fits


def test_codes_of_tables_and_answers_are_put_in_words() -> None:
    scope = {
        **SCOPE,
        "lcspr_advice": ["LCSPR", "NO_LCSPR_SHARE_LEARNING"],
        "triage_advice": "ROUTE_SIN_DECISION",
        "duty": {"route": "LAC_DEATH_NOTIFY", "review_required": "no"},
    }
    told = "\n".join(
        one.label
        for path in FILES
        for one in worded(form_of(path), scope, WORLD).walk()
        if one.kind == "text"
    )
    assert "a Local Child Safeguarding Practice Review; no review: share the learning" in told
    assert "decide whether it is a notifiable serious incident" in told
    assert "notify the death of a looked-after child" in told
    assert "Surrey Police" in told
    assert "proposes: **notify**" in told
    assert not re.search(r"\b[A-Z]{2,}_[A-Z_]+\b|\{\{", told)


def test_more_than_four_children_go_into_further_information() -> None:
    names = [f"Child {n}" for n in range(1, 7)]
    rows = [{"legal_name": one, "dob": date(2016, 3, 31)} for one in names]
    scope = {**SCOPE, "records": {"request_for_support": {"children": rows}}}
    known = initial(form_of(TOP / "forms" / "draft_notification.form"), scope, WORLD)
    assert [one["legal_name"] for one in known["children"]] == names[:4]
    assert known["further_children"] == "Child 5, Child 6"


def test_rows_of_two_agencies_about_one_day_are_laid_side_by_side() -> None:
    def row(day: int, what: str, care: str = "none") -> dict[str, Any]:
        return {"happened_on": date(2026, 3, day), "what": what, "sensitivity": care}

    reports = [
        {"agency": "police", "chronology": [row(9, "Not seen alone"), row(4, "Other day")]},
        {"agency": "csc", "chronology": [row(9, "Seen alone"), row(4, "Secret", "restricted")]},
        {"agency": "gp", "sent": "nothing"},
    ]
    scope = {**SCOPE, "records": {"return_imr_all": reports}}
    known = initial(form_of(TOP / "forms" / "merge_chronologies.form"), scope, WORLD)
    (pair,) = known["contradictions"]
    assert [pair["about_on"], pair["first_agency"], pair["first_says"]] == [
        "2026-03-09", "police", "Not seen alone",
    ]  # fmt: skip
    assert [pair["second_agency"], pair["second_says"]] == ["csc", "Seen alone"]


def test_what_an_agency_wrote_before_stands_there_again() -> None:
    before = {"agency": "police", "author": "Review officer", "themes": ["babies"]}
    rows = [{"happened_on": date(2026, 3, 9), "source": "Log 1", "what": "Called"}]
    reports = [{"agency": "gp", "author": "Not ours"}, {**before, "chronology": rows}]
    scope = {**SCOPE, "records": {"return_imr_all": reports}}
    known = initial(form_of(TOP / "forms" / "return_imr.form"), scope, WORLD)
    assert (known["author"], known["themes"]) == ("Review officer", ["babies"])
    assert [one["source"] for one in known["chronology"]] == ["Log 1"]


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ({}, None),
        ({"decide_extension_all": [{"agency": "gp", "extension_granted": "no"}]}, None),
        ({"decide_extension_all": [{"agency": "police", "extension_granted": "no"}]}, "refused"),
        ({"weigh_legal_grounds_all": [{"agency": "police"}]}, "Legal advice"),
    ],
    ids=["nothing", "another agency", "more time refused", "grounds weighed"],
)
def test_an_agency_reads_what_was_decided_on_its_own_report(
    records: dict[str, Any], told: str | None
) -> None:
    form = form_of(TOP / "forms" / "return_imr.form")
    seen = shown(form, {}, {**SCOPE, "records": records}, WORLD)
    about = [
        one.label
        for one in form.walk()
        if one.kind == "text"
        and f"#{one.id}" in seen
        and ("refused" in one.label or "Legal" in one.label)
    ]
    assert [one for one in about if told is None or told not in one] == []
    assert bool(about) is (told is not None)


def test_what_a_first_person_gave_comes_back_unchanged(form: Form) -> None:
    """So a second person who changes nothing confirms it, on a page or by a program."""
    first = read_answers(form, complete(form, SCOPE, WORLD), SCOPE, WORLD).answers
    again = filled(form, given_again(form, first), SCOPE, WORLD)
    assert read_answers(form, again, SCOPE, WORLD).answers == first
