"""Two answers that cannot both be true: within a form, and with what the case holds already.

Who answers is told both. What somebody else said wrongly before can be corrected, with a reason,
where it decides which duty there is.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.engine.forms import read_answers
from tests.content.test_true_words_of_reviews import FORM_A, MEETING, WORLD, case, form_of

DEAD = {
    "died": "yes",
    "death_confirmed_at": "2025-03-31T08:00",
    "death_aware_at": "2026-03-31T08:00",
}
YEAR = {"dob_known": "year", "birth_year": "2026"}
TWICE = [{"nhs_no": "943 476 5919"}, {"nhs_no": "9434765919"}]
SIBLING = {"records": {"request_for_support": {"family": [{"name": "Jo", "role": "sibling"}]}}}
AGAINST = {f"position_{one}": "no_lcspr" for one in ("la", "health", "police")}
TWO = {"partners_present": ["sp_la", "sp_health"], "not_quorate": "Called away"}
SILENT = {
    "records": {"comment_on_draft_all": [{"commenter": "legal_rep", "comment_kind": "no_comments"}]}
}
HAPPENED = {"event": "death", "incident_at": "2026-03-31T09:00", "la_aware_at": "2026-04-01T09:00"}
DIED_TODAY = {
    "event": "death",
    "incident_at": "2026-03-31T07:00",
    "la_aware_at": "2026-04-01T09:00",
}


def of(**person: Any) -> dict[str, Any]:
    """What an event's form knows of the only child of the case."""
    return {"persons": [{"kind": "child", "name": "Ash", **person}], "awaited": []}


@pytest.mark.parametrize(
    ("name", "scope", "answers", "path", "quoted"),
    [
        pytest.param(
            "request_for_support",
            {},
            {
                "purpose": ["serious_incident_concern"],
                "event": "death",
                "children": [{**DEAD, **YEAR}],
            },
            "children.0.birth_year",
            "says 2026, but “When was the death confirmed?” is in 2025",
            id="dead the year before the birth",
        ),
        pytest.param(
            "describe_added_child",
            {},
            {**DEAD, **YEAR},
            "birth_year",
            "says 2026",
            id="dead before born, a child that is added",
        ),
        pytest.param(
            "submit_form_a",
            {},
            FORM_A | YEAR | {"dob": "", "dod": "2025-01-01"},
            "birth_year",
            "the date of death is in 2025",
            id="dead before born, on Form A",
        ),
        *(
            pytest.param(
                name,
                {},
                {"children": TWICE},
                "children.1.nhs_no",
                "9434765919",
                id=f"one number for two children, {name}",
            )
            for name in (
                "request_for_support",
                "cause_for_concern",
                "complete_cause_for_concern",
                "draft_notification",
            )
        ),
        *(
            pytest.param(
                name,
                {},
                HAPPENED | {"children": [DEAD]},
                "incident_at",
                "after “When was the death confirmed?”",
                id=f"dead before it happened, {name}",
            )
            for name in ("cause_for_concern", "complete_cause_for_concern")
        ),
        pytest.param(
            "complete_cause_for_concern",
            {},
            {"children": [{"cla": "ours", "legal_status": "none"}]},
            "children.0.cla",
            "“Legal status” says “None”",
            id="looked after without a legal status",
        ),
        pytest.param(
            "draft_notification",
            {},
            {"children": [{"cla": "no", "legal_status": "remand"}]},
            "children.0.cla",
            "remanded",
            id="remanded, and not looked after",
        ),
        pytest.param(
            "draft_notification",
            {"records": {"establish_facts": {"looked_after": "ours"}}},
            {"children": [{"cla": "no"}]},
            "children.0.cla",
            "it was established",
            id="established as looked after, and nobody is",
        ),
        pytest.param(
            "establish_facts",
            of(died=True, label="Ash"),
            {"event": "serious_harm"},
            "event",
            "records the death of Ash",
            id="harm, where a death is recorded",
        ),
        pytest.param(
            "draft_notification",
            of(died=True, label="Ash"),
            {"nature": "serious_harm"},
            "nature",
            "records the death of Ash",
            id="a notification of harm, where a death is recorded",
        ),
        pytest.param(
            "draft_notification",
            SIBLING,
            {"siblings_safe": "none"},
            "siblings_safe",
            "a brother or sister is recorded",
            id="no brothers or sisters, one is recorded",
        ),
        pytest.param(
            "respond_to_danger",
            SIBLING,
            {"siblings_considered": "none"},
            "siblings_considered",
            "a brother or sister is recorded",
            id="no other children, one is recorded",
        ),
        pytest.param(
            "decide_joint_response",
            SIBLING,
            {"siblings_safe": "none"},
            "siblings_safe",
            "a brother or sister is recorded",
            id="none of the child who died, one is recorded",
        ),
        pytest.param(
            "draft_notification",
            {"records": {"criminal_started": {"started_on": date(2026, 4, 1)}}},
            {"criminal_investigation": "none"},
            "criminal_investigation",
            "began on 1 April 2026",
            id="no investigation, its begin is recorded",
        ),
        pytest.param(
            "draft_notification",
            {"records": {"inquest_opened": {"opened_on": date(2026, 4, 2)}}},
            {"inquest": "none"},
            "inquest",
            "opened on 2 April 2026",
            id="no inquest, one is open",
        ),
        pytest.param(
            "record_meeting",
            {},
            MEETING | AGAINST,
            "position_police",
            "are “Against a review”, but “What does the Panel recommend?” says “A Local Child",
            id="all against what is recommended",
        ),
        pytest.param(
            "record_meeting",
            {},
            MEETING | TWO | {"chaired_by": "sp_police"},
            "chaired_by",
            "“Safeguarding partner: Police”",
            id="chaired by a partner who was not there",
        ),
        pytest.param(
            "record_meeting",
            {},
            MEETING
            | TWO
            | {"attendees": [{"who": "else", "name": "Jo", "represents": "sp_police"}]},
            "attendees.0.represents",
            "for “Police”",
            id="somebody for a partner who was not there",
        ),
        pytest.param(
            "record_meeting",
            {},
            MEETING | {"held_at": "2026-04-10T10:00"},
            "other_day_reason",
            "set for another day",
            id="held before the day that was set",
        ),
        pytest.param(
            "finalise_report",
            SILENT,
            {"legal_comments_incorporated": "yes"},
            "legal_comments_incorporated",
            "Legal answered that there are none",
            id="comments worked in that nobody made",
        ),
        pytest.param(
            "record_child_died",
            of(born=date(2019, 1, 1)),
            {"child": "Child 1", "death_confirmed_at": "2018-03-31T08:00"},
            "death_confirmed_at",
            "1 January 2019",
            id="a death before the recorded birth",
        ),
        pytest.param(
            "record_child_died",
            of(born_year=2021),
            {"child": "Child 1", "death_confirmed_at": "2020-03-31T08:00"},
            "death_confirmed_at",
            "year of birth, 2021",
            id="a death before the recorded year of birth",
        ),
        pytest.param(
            "record_child_died",
            of(born=date(2019, 1, 1)),
            {"child": "Child 1", "death_aware_at": "2018-03-31T08:00"},
            "death_aware_at",
            "1 January 2019",
            id="a death known before the recorded birth",
        ),
        pytest.param(
            "record_child_died",
            of(),
            {
                "child": "Child 2",
                "other_born_known": "exact",
                "other_born": "2026-04-10",
                "death_confirmed_at": "2026-04-08T08:00",
            },
            "other_born",
            "after “When was the death confirmed?”",
            id="an unlisted child, likewise",
        ),
        pytest.param(
            "record_inquest_opened",
            of(died_on=date(2026, 4, 10)),
            {"child": "Child 1", "opened_on": "2026-04-01"},
            "opened_on",
            "10 April 2026",
            id="an inquest before the death",
        ),
        pytest.param(
            "record_inquest_closed",
            of(died_on=date(2026, 4, 10)),
            {"child": "Child 1", "closed_on": "2026-04-01"},
            "closed_on",
            "10 April 2026",
            id="an inquest over before the death",
        ),
        pytest.param(
            "record_result_received",
            of(died_on=date(2026, 4, 10)),
            {"child": "Child 1", "received_at": "2026-04-01T09:00"},
            "received_at",
            "10 April 2026",
            id="a result before the death",
        ),
    ],
)
def test_what_cannot_both_be_true_is_refused_with_both(
    name: str, scope: dict[str, Any], answers: dict[str, Any], path: str, quoted: str
) -> None:
    messages = read_answers(form_of(name), answers, case(**scope), WORLD).messages
    assert quoted in messages.get(path, "")


@pytest.mark.parametrize(
    ("name", "scope", "answers", "path"),
    [
        pytest.param(
            "request_for_support",
            {},
            {"children": [TWICE[0], {"nhs_no": "450 557 7104"}]},
            "children.1.nhs_no",
            id="two children, two numbers",
        ),
        pytest.param(
            "request_for_support", {}, {"children": [{}, {}]}, "children.1.nhs_no", id="none"
        ),
        pytest.param(
            "complete_cause_for_concern",
            {},
            DIED_TODAY | {"children": [DEAD | {"death_confirmed_at": "2026-03-31T08:00"}]},
            "incident_at",
            id="dead an hour after it happened",
        ),
        pytest.param(
            "draft_notification",
            {"records": {"establish_facts": {"looked_after": "ours"}}},
            {"children": [{"cla": "no"}, {"cla": "ours"}]},
            "children.0.cla",
            id="one of two is looked after",
        ),
        pytest.param(
            "draft_notification",
            {},
            {"children": [{"cla": "no"}], "siblings_safe": "none"},
            "children.0.cla",
            id="nobody is, and nothing else is said",
        ),
        pytest.param(
            "establish_facts",
            of(died=False),
            {"event": "serious_harm"},
            "event",
            id="harm to a living child",
        ),
        pytest.param(
            "draft_notification",
            {},
            {"siblings_safe": "none"},
            "siblings_safe",
            id="an only child",
        ),
        pytest.param(
            "draft_notification",
            {},
            {"criminal_investigation": "none"},
            "criminal_investigation",
            id="no investigation",
        ),
        pytest.param(
            "record_meeting",
            {},
            MEETING | AGAINST | {"position_la": "lcspr"},
            "position_police",
            id="partners who differ",
        ),
        pytest.param(
            "record_meeting",
            {},
            MEETING | AGAINST | {"recommendation": "no_lcspr"},
            "position_police",
            id="all of one mind",
        ),
        pytest.param(
            "record_meeting",
            {},
            MEETING | TWO | {"chaired_by": "rr_chair"},
            "chaired_by",
            id="chaired by somebody else",
        ),
        pytest.param("record_meeting", {}, MEETING, "other_day_reason", id="held on the day set"),
        pytest.param(
            "record_meeting",
            {"meeting_at": None},
            MEETING,
            "other_day_reason",
            id="no day was set",
        ),
        pytest.param(
            "finalise_report",
            {},
            {"legal_comments_incorporated": "yes"},
            "legal_comments_incorporated",
            id="Legal's comments came on paper",
        ),
        pytest.param(
            "record_inquest_opened",
            of(died_on=date(2026, 4, 10)),
            {"child": "other", "opened_on": "2026-04-01"},
            "opened_on",
            id="of somebody not listed",
        ),
        pytest.param(
            "record_inquest_opened",
            of(),
            {"child": "Child 1", "opened_on": "2026-04-01"},
            "opened_on",
            id="no death is recorded",
        ),
    ],
)
def test_what_can_both_be_true_stands(
    name: str, scope: dict[str, Any], answers: dict[str, Any], path: str
) -> None:
    assert path not in read_answers(form_of(name), answers, case(**scope), WORLD).messages


@pytest.mark.parametrize("key", ["subject", "event", "abuse_neglect", "looked_after"])
def test_who_corrects_what_decides_the_duty_says_why(key: str) -> None:
    (question,) = (one for one in form_of("establish_facts").walk() if one.key == key)
    assert question.rules.correction_reason


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        pytest.param({"sent": "report"}, True, id="a report without any"),
        pytest.param(
            {"sent": "report", "recommendations": []}, True, id="a report with an empty list"
        ),
        pytest.param(
            {"sent": "report", "recommendations": [{"text": "Ask the child"}]}, False, id="with one"
        ),
        pytest.param({"sent": "nothing"}, False, id="the family is not known"),
        pytest.param({"sent": "more_time"}, False, id="more time is asked for"),
    ],
)
def test_a_management_report_recommends_or_says_why_not(
    answers: dict[str, Any], asked: bool
) -> None:
    """The page: it identifies improvements to practice."""
    messages = read_answers(form_of("return_imr"), answers, case(), WORLD).messages
    assert ("no_recommendations" in messages) is asked
