"""What the way to the notification asks: nobody is quoted with what they did not say, what is not
known stays so, and answers that contradict each other or the record are refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.engine.feel import Calendar, World
from app.engine.forms import Form, KnownAnswers, known, read_answers, read_form
from app.validation.deployment import Checked

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
WORLD = World(now=NOW, calendar=Calendar.of("england-and-wales"))
AWARE = datetime(2026, 3, 31, 9, tzinfo=UTC)
SCOPE: dict[str, Any] = {"settings": {}, "records": {}, "la_aware_at": AWARE, "info_rounds": 0}
FORMS = (
    "request_for_support", "triage_request", "merge_duplicate", "respond_to_danger",
    "cause_for_concern", "complete_cause_for_concern", "establish_facts", "propose_decision",
    "agree_notifiable", "give_legal_view", "resolve_dispute", "record_not_notifiable",
    "draft_notification", "approve_notification", "send_notification", "send_delay_letter",
    "tell_panel_withdrawn", "hand_over_case", "record_acknowledgement", "telephone_authority",
    "settle_handover", "take_immediate_action", "describe_added_child", "check_child_agencies",
    "answer_for_child", "tell_panel_of_child", "propose_awareness", "agree_awareness",
    "weigh_new_information", "state_new_information", "agree_withdrawal", "review_withdrawal",
)  # fmt: skip
PROCESSES = (
    "request_for_support", "cause_for_concern", "serious_incident", "decide_notification",
    "submit_notification", "hand_over", "add_child", "awareness_override", "withdraw_review",
)  # fmt: skip
#: variables that hold an answer to a question of a form
ANSWERS = (
    "event", "abuse_neglect", "subject", "incident_place", "normally_resident_here", "looked_after",
    "care_leaver_of", "open_to_csc", "in_our_area", "immediate_danger", "closed_lately", "approved",
    "settled", "died", "notified", "agreed", "agrees", "legal_reviewed", "abuse_neglect_now",
    "found_in_other_area", "notification_route",
)  # fmt: skip


#: how a sentence begins that says no more than that an answer is missing
_MISSING = ("Enter", "Select", "Add")


def form_of(name: str) -> Form:
    form, findings = read_form(f"forms/{name}.form", (ROOT / f"forms/{name}.form").read_bytes())
    assert form is not None
    assert findings == []
    return form


def known_in(name: str, **scope: Any) -> KnownAnswers:
    return known(form_of(name), SCOPE | scope, WORLD)


def refusals(name: str, given: dict[str, Any], **scope: Any) -> dict[str, str]:
    """Of the questions that were answered; what is left out is another rule's."""
    messages = read_answers(form_of(name), given, SCOPE | scope, WORLD).messages
    return {path: text for path, text in messages.items() if not text.startswith(_MISSING)}


@pytest.mark.parametrize("name", FORMS)
def test_in_an_empty_case_a_form_claims_no_fact(name: str) -> None:
    """But the time of awareness, without which no clock runs, and what this very case counts."""
    claimed = set(known_in(name).cells) - {"la_aware_at", "child_label", "notified"}
    assert claimed == set()


@pytest.mark.parametrize("name", PROCESSES)
def test_no_answer_stands_in_a_process_before_somebody_gives_it(
    checked: Checked, name: str
) -> None:
    assert checked.program is not None
    variables = checked.program.processes[name].variables
    assert {key: variables[key] for key in ANSWERS if key in variables} == {
        key: "null" for key in ANSWERS if key in variables
    }


def partners(**said: tuple[str, str | None]) -> dict[str, Any]:
    rows = [
        {"partner": f"sp_{who}", "decision": decision, "comment": comment}
        for who, (decision, comment) in said.items()
    ]
    return {"records": {"agree_notifiable_all": rows}}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param(("notify", None), {"agreed_police": "agree"}, id="for it"),
        pytest.param(
            ("not_notifiable", "No threshold."),
            {"agreed_police": "disagree", "agreed_police_comment": "No threshold."},
            id="against it, with their words",
        ),
        pytest.param(("other_la", None), {}, id="something else"),
        pytest.param(("need_info", None), {}, id="not decided"),
    ],
)
def test_a_partner_is_quoted_with_their_own_answer_only(
    said: tuple[str, str | None], shown: dict[str, str]
) -> None:
    values = known_in("draft_notification", **partners(police=said)).values
    assert {key: value for key, value in values.items() if key.startswith("agreed_")} == shown


def test_the_latest_answer_of_a_partner_counts() -> None:
    said = [("sp_la", "need_info"), ("sp_police", "notify"), ("sp_la", "not_notifiable")]
    rows = [{"partner": partner, "decision": decision} for partner, decision in said]
    values = known_in("draft_notification", records={"agree_notifiable_all": rows}).values
    assert (values["agreed_la"], values["agreed_police"]) == ("disagree", "agree")
    assert "agreed_health" not in values


def children(*said: str) -> dict[str, Any]:
    return {"complete_cause_for_concern": {"children": [{"cla": answer} for answer in said]}}


@pytest.mark.parametrize(
    ("records", "shown"),
    [
        pytest.param(children("not_known"), None, id="not known"),
        pytest.param(children("ours"), "ours", id="ours"),
        pytest.param(children("ours", "no"), None, id="two children, two answers"),
        pytest.param({}, None, id="never asked"),
    ],
)
def test_not_known_is_never_shown_as_no(records: dict[str, Any], shown: str | None) -> None:
    assert known_in("establish_facts", records=records).values.get("looked_after") == shown


def born(*days: date | None, edd: date | None = None) -> dict[str, Any]:
    rows = [{"dob": day, "edd": None if day else edd} for day in days]
    return {"request_for_support": {"incident_at": AWARE, "children": rows}}


@pytest.mark.parametrize(
    ("records", "shown"),
    [
        pytest.param(born(date(2016, 3, 31)), "child_u18", id="a child"),
        pytest.param(born(date(2008, 4, 1)), "child_u18", id="18 the day after"),
        pytest.param(born(date(2008, 3, 31)), None, id="18 that day"),
        pytest.param(born(None, edd=date(2026, 6, 1)), "unborn", id="not yet born"),
        pytest.param(born(date(2016, 3, 31), None), None, id="one date not known"),
    ],
)
def test_who_it_is_about_follows_from_the_dates_of_birth(
    records: dict[str, Any], shown: str | None
) -> None:
    assert known_in("establish_facts", records=records).values.get("subject") == shown


def test_what_the_request_did_not_ask_is_not_known_later() -> None:
    records: dict[str, Any] = {
        "request_for_support": {"event": None, "abuse_neglect": None, "children": []}
    }
    shown = known_in("complete_cause_for_concern", records=records).values
    assert not {"event", "abuse_neglect", "incident_at", "incident_place"} & shown.keys()


WHEN = "2026-03-31T08:00"
DEAD = {"died": "yes", "death_confirmed_at": WHEN, "death_aware_at": WHEN}
CONCERN = {"purpose": ["serious_incident_concern"], "event": "death"}


@pytest.mark.parametrize(
    ("name", "given", "scope", "path"),
    [
        pytest.param(
            "request_for_support", {**CONCERN, "children": [{"died": "no"}]}, {}, "children.0.died",
            id="a child has died, and none of them has",
        ),
        pytest.param(
            "cause_for_concern", {"event": "death", "children": [{"died": "no"}]}, {},
            "children.0.died", id="the same in a Cause for Concern",
        ),
        pytest.param(
            "request_for_support", {**CONCERN, "children": [{**DEAD, "dob": "2026-04-01"}]}, {},
            "children.0.dob", id="dead before born",
        ),
        pytest.param(
            "request_for_support", {"children": [{"dob": "2026-01-01", "edd": "2026-06-01"}]}, {},
            "children.0.edd", id="born and not yet born",
        ),
        pytest.param(
            "cause_for_concern",
            {"la_aware_at": "2026-03-30T09:00", "incident_at": "2026-03-31T09:00"}, {},
            "incident_at", id="known before it happened",
        ),
        pytest.param(
            "complete_cause_for_concern",
            {"children": [{"cla": "no", "legal_status": "care_order"}]}, {}, "children.0.cla",
            id="in care, and not looked after",
        ),
        pytest.param(
            "complete_cause_for_concern", {"la_aware_at": "2026-04-01T09:00"}, {}, "la_aware_at",
            id="awareness moved to later by one officer",
        ),
        pytest.param(
            "establish_facts", {"subject": "child_u18"}, {"records": born(date(1999, 1, 1))},
            "subject", id="a child, born 27 years ago",
        ),
        pytest.param(
            "establish_facts", {"subject": "other_adult", "looked_after": "ours"}, {},
            "looked_after", id="an adult who is looked after",
        ),
        pytest.param(
            "establish_facts", {"subject": "care_leaver_18_24", "care_leaver_of": "no"}, {},
            "care_leaver_of", id="a care leaver who is none",
        ),
        pytest.param(
            "draft_notification", {"nature": "serious_harm"},
            {"records": {"establish_facts": {"event": "death"}}}, "nature",
            id="harm, where a death was established",
        ),
        pytest.param(
            "draft_notification", {"services_known": ["none", "police"]}, {}, "services_known",
            id="no service, and the police",
        ),
        pytest.param(
            "respond_to_danger", {"response": ["no_danger", "epo"]}, {}, "response",
            id="no danger, and an emergency order",
        ),
        pytest.param(
            "record_acknowledgement", {"answer": "accepted", "answered_at": "2026-03-31T09:00"},
            {"records": {"hand_over_case": {"sent_at": NOW}}}, "answered_at",
            id="answered before it was sent",
        ),
        pytest.param(
            "describe_added_child", {"notified": "no"},
            {"records": {"send_notification": {"submitted_at": AWARE}}}, "notified",
            id="not yet notified, though it is recorded",
        ),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_with_both_quoted(
    name: str, given: dict[str, Any], scope: dict[str, Any], path: str
) -> None:
    assert path in refusals(name, given, **scope)


def test_one_child_who_died_is_enough_among_several() -> None:
    given = {**CONCERN, "children": [{**DEAD, "dob": "2016-01-01"}, {"died": "no"}]}
    assert refusals("request_for_support", given) == {}


@pytest.mark.parametrize(
    ("route", "proposed", "chosen", "asked"),
    [
        ("SIN_PANEL", "notify", "sin_panel", False),
        ("SIN_PANEL", "not_notifiable", None, True),
        ("SIN_PANEL", "need_info", None, True),
        ("SIN_PANEL", "notify", "lac_death", True),
        ("HANDOVER_OTHER_LA", "other_la", None, False),
        ("HANDOVER_OTHER_LA", "not_notifiable", None, True),
        ("NEED_INFO", "notify", "sin_panel", False),
        ("NEED_INFO", "not_notifiable", None, True),
        ("NOT_NOTIFIABLE", "not_notifiable", None, False),
        ("NOT_NOTIFIABLE", "notify", "sin_panel", True),
    ],
    ids=str,
)
def test_a_proposal_against_the_duty_table_needs_its_reason(
    route: str, proposed: str, chosen: str | None, asked: bool
) -> None:
    given = {"proposed": proposed, "rationale": "x" * 60, "override_reason": ""}
    given |= {"route": chosen} if chosen else {}
    messages = read_answers(
        form_of("propose_decision"), given, SCOPE | {"duty": {"route": route}}, WORLD
    ).messages
    assert ("override_reason" in messages) is asked


@pytest.mark.parametrize(
    ("name", "given", "asked"),
    [
        ("agree_notifiable", {"decision": "notify"}, False),
        ("agree_notifiable", {"decision": "not_notifiable"}, True),
        ("agree_withdrawal", {"agrees": "yes"}, False),
        ("agree_withdrawal", {"agrees": "no"}, True),
    ],
    ids=str,
)
def test_only_who_decides_differently_must_say_why(
    name: str, given: dict[str, str], asked: bool
) -> None:
    scope = SCOPE | {"partner": "sp_police", "proposed": "notify"}
    assert ("comment" in read_answers(form_of(name), given, scope, WORLD).messages) is asked


@pytest.mark.parametrize("name", ["request_for_support", "cause_for_concern"])
def test_what_nobody_says_of_a_person_is_not_recorded_as_no(name: str) -> None:
    given = {"family": [{"name": "Robin", "role": "mother"}]}
    (person,) = read_answers(form_of(name), given, SCOPE, WORLD).answers["family"]
    assert {key for key, value in person.items() if value is not None} == {"name", "role"}


@pytest.mark.parametrize(
    ("form", "question", "event", "said_as", "value"),
    [
        ("log_panel_reply", "received_at", "panel_replied", "letter_came_at", AWARE),
        ("record_reviewer_removed", "removed_explanation", "reviewer_gone", "going_why", "Ill"),
        ("state_new_information", "known_on", "criteria_in_doubt", "doubted_since", AWARE),
        ("state_new_information", "new_information", "criteria_in_doubt", "doubt_why", "A fall"),
        ("state_new_information", "evidence", "criteria_in_doubt", "doubt_evidence", "A film"),
        ("describe_added_child", "why_added", "new_child_added", "why_belongs", "His brother"),
        ("weigh_new_information", "what_is_new", "new_information_received", "news", "A letter"),
        ("weigh_new_information", "what_is_new", "abuse_suspected_elsewhere", "news", "A bruise"),
    ],
)  # fmt: skip
def test_what_an_event_said_is_known_in_the_step_that_follows(
    form: str, question: str, event: str, said_as: str, value: Any
) -> None:
    said = {event: {said_as: "of another branch"}, f"{event}_all": [
        {said_as: value}, {said_as: "of another branch"}]}  # fmt: skip
    cell = known_in(form, records=said, **{said_as: value}).cells[question]
    assert (cell.source.record if cell.source else None) == event
    assert cell.is_said_in({said_as: value})
