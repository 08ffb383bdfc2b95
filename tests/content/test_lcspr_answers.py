"""Nobody is quoted in a practice review with what they did not say, or with two things at once."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.config.installation import load
from app.engine.feel import Calendar, World
from app.engine.forms import Form, begins, known, read_answers, read_form, worded

TOP = Path(__file__).resolve().parents[2]
SETTINGS = json.loads(load(TOP / "config.yaml").settings_json())
WORLD = World(
    now=datetime(2026, 9, 10, 9, 0, tzinfo=UTC), calendar=Calendar.of("england-and-wales")
)
#: the processes from planning a review to following what was learnt
REVIEW = (
    "lcspr", "approve_lcspr", "choose_reviewer", "close_proceedings", "commission_reviewer",
    "disseminate_learning", "gather_reports", "imr_return", "parallel_proceedings",
    "protect_proceedings", "publish_lcspr", "published_report", "review_meetings",
    "set_up_lcspr", "watch_proceedings", "write_lcspr_report",
)  # fmt: skip
FORMS = sorted(
    {
        id
        for process in REVIEW
        for id in re.findall(r'formId="(\w+)"', (TOP / f"bpmn/{process}.bpmn").read_text())
    }
)
SCOPE: dict[str, Any] = {
    "settings": SETTINGS, "records": {}, "decided_on": date(2026, 4, 16),
    "publish_by": date(2026, 10, 16), "meeting_number": 1, "agency": "police",
    "first_due": date(2026, 9, 30), "imr_due": date(2026, 9, 30), "publication_advice": "FULL",
}  # fmt: skip


def form(id: str) -> Form:
    path = TOP / f"forms/{id}.form"
    read = read_form(f"forms/{id}.form", path.read_bytes())[0]
    assert read is not None
    return read


def shown(id: str, **records: Any) -> str:
    scope = {**SCOPE, "records": records}
    return "\n".join(field.label for field in worded(form(id), scope, WORLD).walk())


def messages(id: str, given: dict[str, Any], **scope: Any) -> dict[str, str]:
    return dict(read_answers(form(id), given, {**SCOPE, **scope}, WORLD).messages)


def has_answer(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(has_answer, value.values() if isinstance(value, dict) else value))
    return value not in (None, "")


@pytest.mark.parametrize("id", FORMS)
def test_in_a_new_review_a_form_begins_empty_and_what_is_worked_out_has_its_rule(id: str) -> None:
    before = known(form(id), SCOPE, WORLD)
    read_only = {field.key for field in form(id).walk() if field.read_only}
    stated = begins(form(id), SCOPE, WORLD, before)
    assert [key for key in stated.keys() - read_only if has_answer(stated[key])] == []
    assert [path for path, cell in before.cells.items() if not cell.rule] == []


@pytest.mark.parametrize("column", ["precision", "significance", "sensitivity"])
def test_a_row_of_a_chronology_says_what_it_is_only_when_somebody_says_so(column: str) -> None:
    row = {"happened_on": "2026-03-09", "source": "Log 1", "what": "Called"}
    sent = {"sent": "part", "part_missing": "The report", "chronology": [row]}
    assert f"chronology.0.{column}" in messages("return_imr", sent)


@pytest.mark.parametrize(
    ("given", "answer"),
    [({}, None), ({"child_alone": False}, "no"), ({"child_alone": True}, "yes")],
    ids=["not-answered", "no", "yes"],
)  # fmt: skip
def test_not_said_to_be_seen_alone_is_not_said_to_be_not_alone(
    given: dict[str, Any], answer: str | None
) -> None:
    row = {"happened_on": "2026-03-09", "source": "Log 1", "what": "Called", "who_seen": ["child"]}
    sent = {"sent": "part", "chronology": [{**row, **given}]}
    answers = read_answers(form("return_imr"), sent, SCOPE, WORLD).answers
    assert answers["chronology"][0]["child_alone"] == answer


def test_a_part_of_a_report_says_nothing_of_its_author_that_nobody_said() -> None:
    answers = read_answers(form("return_imr"), {"sent": "part"}, SCOPE, WORLD).answers
    assert not {"not_managed", "not_involved"} & answers.keys()


@pytest.mark.parametrize(
    ("records", "item", "known_to_be"),
    [
        ({"agree_lcspr": {"approval": "approved"}}, "panel_agreed", "yes"),
        ({"agree_lcspr": {"approval": "changes"}}, "panel_agreed", None),
        ({"approve_as_executive": {"approval": "approved"}}, "executive_approved", "yes"),
        ({"check_facts": {"facts_checked": "no_comments"}}, "facts_accurate", None),
        ({"share_with_family": {"clearance": "refused"}}, "family_offered", None),
        ({"weigh_publication": {"consulted": ["legal"]}}, "legal_checked", None),
        ({"weigh_publication": {"consulted": ["legal"]}}, "proceedings_consulted", None),
    ],
    ids=[
        "the-panel-agreed", "the-panel-wants-changes", "the-executive-approved",
        "one-agency-answered", "not-offered", "asked-is-not-cleared", "only-legal-was-asked",
    ],
)  # fmt: skip
def test_the_checklist_takes_only_what_those_asked_have_answered(
    records: dict[str, Any], item: str, known_to_be: str | None
) -> None:
    cells = known(form("publication_checklist"), {**SCOPE, "records": records}, WORLD).cells
    assert (cells[item].value if item in cells else None) == known_to_be


@pytest.mark.parametrize(
    ("id", "given", "around", "place", "said"),
    [
        pytest.param(
            "decide_publication", {"publication_mode": "FULL"},
            {"records": {"weigh_publication": {"court_order": "yes"}}},
            "publication_mode", "“Does a court order forbid it?” was answered “Yes”",
            id="in-full-against-a-court-order",
        ),
        pytest.param(
            "send_lcspr_delay_notice", {"new_date": "2026-10-16"}, {},
            "new_date", "it would not be late", id="delayed-to-the-day-it-was-due",
        ),
        pytest.param(
            "record_crp_meeting", {"held_at": "2026-04-15T10:00"}, {},
            "held_at", "before the day on which the review was decided on",
            id="a-meeting-before-the-review",
        ),
        pytest.param(
            "send_copies", {"copies_sent_at": "2026-04-15T10:00"}, {},
            "copies_sent_at", "before the day on which the review was decided on",
            id="copies-before-the-review",
        ),
        pytest.param(
            "choose_imr_agencies", {"requested_on": "2026-04-15"}, {},
            "requested_on", "before the day on which the review was decided on",
            id="asked-before-the-review",
        ),
        pytest.param(
            "plan_lcspr", {"draft_on": "2026-10-02", "approval_on": "2026-10-01"}, {},
            "draft_on", "is after “Approved by Panel", id="approved-before-it-was-drafted",
        ),
        pytest.param(
            "plan_lcspr", {"approval_on": "2026-10-07", "copies_on": "2026-10-06"}, {},
            "approval_on", "only an approved report is sent", id="sent-before-it-was-approved",
        ),
        pytest.param(
            "replace_panel_member",
            {"replacements": [{"replaced": "Ann Roe", "part": "member", "name": "ann roe",
                               "agency": "GP"}]},
            {}, "replacements.0.name", "name the same person", id="replaced-by-themselves",
        ),
        pytest.param(
            "share_with_family",
            {"clearance": "not_needed",
             "people": [{"person": "Mother", "outcome": "advised_not_to",
                         "shared_on": "2026-09-01"}]},
            {}, "people.0.outcome", "contradicts “No, there are no proceedings”",
            id="police-advise-where-there-are-no-proceedings",
        ),
        pytest.param(
            "record_proceedings", {"stage": "charged"}, {"kind": "inquest"},
            "stage", "an inquest is opened and listed", id="an-inquest-with-a-charge",
        ),
        pytest.param(
            "record_proceedings", {"stage": "opened"}, {"kind": "criminal"},
            "stage", "criminal proceedings are charged and tried", id="a-trial-that-is-opened",
        ),
        pytest.param(
            "record_reviewer_removed", {"access_ended_on": "2026-05-01"},
            {"records": {"give_reviewer_access": {"access_on": date(2026, 5, 4)}}},
            "access_ended_on", "is before “Since when do they have access?”",
            id="access-ended-before-it-began",
        ),
    ],
)  # fmt: skip
def test_answers_that_contradict_each_other_or_the_records_are_refused(
    id: str, given: dict[str, Any], around: dict[str, Any], place: str, said: str
) -> None:
    assert said in messages(id, given, **around).get(place, "")


@pytest.mark.parametrize(
    ("id", "records", "said"),
    [
        ("finalise_lcspr", {}, "corrections:** no agency has answered"),
        ("finalise_lcspr", {"check_facts_all": [{"corrections": None}]},
         "corrections:** none from those that answered"),
        ("finalise_lcspr", {}, "disputes:** not known: nobody has offered them the draft"),
        ("finalise_lcspr", {"share_with_family": {"people": [{"outcome": "not_reached"}]}},
         "disputes:** not known: nobody in the family has read it"),
        ("finalise_lcspr",
         {"share_with_family": {"people": [{"outcome": "read", "dispute": None}]}},
         "disputes:** nothing"),
        ("feed_yearly_report", {}, "Actions done:** not tracked yet"),
        ("check_anonymity", {}, "on the checklist:** nobody has completed it"),
        ("decide_publication", {"weigh_publication": {"legal_view": "Fine"}},
         "Proceedings:** not answered"),
        ("decide_publication", {"weigh_publication": {"legal_view": "Fine", "objection": "no"}},
         "Objection:** none"),
    ],
    ids=[
        "nobody-answered", "they-have-none", "not-offered", "not-read", "read-and-nothing",
        "not-tracked", "no-checklist", "proceedings-not-answered", "nobody-objects",
    ],
)  # fmt: skip
def test_not_asked_not_answered_and_no_are_told_apart(
    id: str, records: dict[str, Any], said: str
) -> None:
    assert said in shown(id, **records)


def test_the_list_for_another_trial_does_not_say_what_was_disclosed_in_the_first() -> None:
    first = {"description": "Minutes", "held_by": "Partnership", "sensitive": "no",
             "sensitive_why": None, "dated": None, "disclosed": "yes"}  # fmt: skip
    scope = {**SCOPE, "records": {"schedule_material": {"material": [first]}}}
    (row,) = known(form("schedule_material"), scope, WORLD).values["material"]
    assert row["description"] == "Minutes"
    assert "disclosed" not in row
