"""The partnership’s documents: filled from what was entered, nobody missing, no real name."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.config.installation import load
from app.documents import REPLACE
from app.documents.documents import Template, made, read_documents, surveyed
from app.engine.feel import World
from tests.word_documents import lines

TOP = Path(__file__).resolve().parents[2]
CONFIG = load(TOP / "config.yaml")
DOCUMENTS: dict[str, Template] = read_documents(CONFIG.content_files())[0]
AT = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
WORLD = World(now=AT, calendar=CONFIG.others.around(CONFIG.calendar))


def episode(day: int, what: str) -> dict[str, Any]:
    return {"date": date(2026, 3, day), "what": what, "response": "None", "significance": None}


def row(day: int, what: str, care: str = "none", **more: Any) -> dict[str, Any]:
    """One of a chronology, March 2026."""
    found = {"happened_on": date(2026, 3, day), "source": f"Log {day}", "what": what}
    empty = {"response": None, "comment": None, "who_seen": None, "child_alone": None}
    return {
        **empty,
        **found,
        "precision": "exact",
        "significance": "info",
        "sensitivity": care,
        **more,
    }


def pair(judged: str, first: str, second: str) -> dict[str, Any]:
    return {
        "about_on": date(2026, 3, 9), "first_agency": "police", "first_says": first,
        "second_agency": "gp", "second_says": second, "judged": judged, "to_ask": None,
    }  # fmt: skip


ANSWERS: dict[str, Any] = {
    "complete_cause_for_concern": {
        "children": [{"legal_name": "Kayla Dunmore"}],
        "family": [{"name": "Tracey Dunmore"}, {"name": "Lee Abbot"}],
    },
    "draft_notification": {
        "children": [{"legal_name": "Kayla Dunmore", "dob": date(2020, 1, 2)}],
        "la_aware_at": AT, "incident_at": AT, "incident_summary": "Kayla was hurt.",
    },
    "send_notification": {"submitted_at": AT, "dfe_reference": "CSI-1"},
    "record_meeting": {"held_at": AT, "c1": "yes"},
    "draft_report": {
        "summary": "Kayla lived with her mother, Tracey, and Lee Abbot.",
        "recommendation": "lcspr", "facts": "KAYLA DUNMORE fell.",
        "lines_of_enquiry": [{"line": "How was Kayla heard?"}],
        "immediate_actions": [
            {"text": "See Kayla", "owner": "CSC", "due": date(2026, 6, 12), "status": "open"},
        ],
    },
    "send_delay_letter": {
        "reason": "criminal", "reason_text": "Lee is on trial.", "new_date": date(2026, 7, 1),
    },
    "return_scoping_form_all": [
        {"agency": "police", "known": ["child"], "emerging_learning": "Kept back",
         "key_practice_episodes": [episode(9, "Second"), episode(2, "First")],
         "sensitivity_markers": ["police_restricted"], "sensitivity_where": "Everywhere"},
        {"agency": "gp", "known": ["child"], "emerging_learning": "Ask Tracey twice",
         "key_practice_episodes": [episode(5, "Between")], "sensitivity_markers": []},
        {"agency": "probation", "known": ["not_known"], "key_practice_episodes": None},
    ],
    "finalise_lcspr": {
        "summary": "Kayla was hurt.", "recommended_improvements": "Ask Kayla alone.",
        "circumstances": "Kayla lived with Tracey Dunmore and Lee Abbot.",
        "systemic_reasons": "Workloads.", "practice_changed": "Tracey is asked.",
        "family_views": "Tracey read it.", "themes": ["leadership"],
        "decided_on": date(2026, 4, 16),
        "findings": [
            {"line": "How was Kayla heard?", "finding": "Lee was not seen.", "why": "Two systems.",
             "themes": ["babies", "identity"]},
        ],
        "actions": [
            {"text": "See Kayla alone", "owner": "CSC", "due": date(2026, 12, 1),
             "measure": "Ask Tracey"},
        ],
    },
    "agree_lcspr": {"approval": "approved", "dissent": "Kayla is not heard in it."},
    "approve_as_subgroup": {"approval": "approved"},
    "approve_as_executive": {"approval": "approved"},
    "decide_publication": {"publication_mode": "DELAY", "shared_meanwhile": "See Kayla alone."},
    "send_lcspr_delay_notice": {
        "due_by": date(2026, 10, 16), "duty": "publication", "delay_reason": "criminal",
        "delay_explanation": "Lee is on trial.", "new_date": date(2027, 1, 29),
        "notice_sent_at": AT, "panel_told": True, "sos_told": True, "ofsted_told": "yes",
    },
    "complete_checklist": {
        "anonymised": "yes", "anonymised_by": "Lead Reviewer", "anonymised_on": date(2026, 9, 28),
        "comms_ready": "no", "comms_ready_why": "The spokesperson is ill",
    },
    "check_anonymity": {"check_passed": "no", "what_to_change": "The ward gives it away."},
    "approve_report_all": [{"approver": "sp_police", "approval": "approved"}],
    "choose_imr_agencies": {
        "agencies": ["police", "gp", "csc", "education"], "requested_on": date(2026, 4, 20),
        "purpose": "How was Kayla kept safe?", "contact": "The Partnership team",
        "period_from": date(2024, 3, 1), "period_to": date(2026, 3, 20),
        "lines": [{"line": "Was Kayla Dunmore heard?"}, {"line": "Was risk shared?"}],
        "proceedings": "Lee Abbot is on trial.",
    },
    "ask_late_agencies_all": [
        {"ask_more": "yes", "late_agencies": ["housing"], "requested_on": date(2026, 11, 30)},
        {"ask_more": "no"},
    ],
    "return_imr_all": [
        {"agency": "police", "sent": "report", "organisational_changes": "Teams merged",
         "chronology": [row(9, "Called", comment="Too late"), row(5, "Secret", "restricted"),
                        row(6, "Advice", "privileged")]},
        {"agency": "gp", "sent": "part", "chronology": [row(2, "Seen", "third_party")]},
        {"agency": "csc", "sent": "legal"},
    ],
    "check_imr_all": [{"agency": "police", "report_accepted": "yes", "gaps": "One talk is open"}],
    "decide_without_imr_all": [{"agency": "gp", "go_on": "without", "gap": "No analysis"}],
    "weigh_legal_grounds_all": [
        {"agency": "csc", "legal_view": "held", "held_until": date(2026, 10, 30)},
    ],
    "merge_chronologies": {
        "gaps": "Nothing in winter",
        "contradictions": [
            pair("contradiction", "Seen alone", "Not seen"), pair("agree", "Tea", "Also tea"),
        ],
    },
}  # fmt: skip
UNDONE = [
    {"element": "return_scoping_form", "agency": "education", "label": "Education", "open": True},
    {"element": "approve_report", "approver": "sp_la", "label": "Local authority", "open": True},
]
PERSONS = [
    {"id": "p1", "kind": "child", "name": "Kayla Dunmore", "aliases": []},
    {"id": "p2", "kind": "family member", "name": "Tracey Dunmore", "aliases": []},
    {"id": "p3", "kind": "family member", "name": "Lee Abbot", "aliases": []},
]
#: as they stand, in the words of the report and of the review
MATTERS = [
    {"kind": "action", "text": "See Kayla", "owner": "CSC", "organisation_name": "",
     "answers_for_it": "CSC",
     "due": date(2026, 6, 12), "stands": "Open", "closed": False, "measure": "Ask Tracey"},
    {"kind": "action", "text": "See Kayla alone", "owner": "CSC", "organisation_name": "",
     "answers_for_it": "CSC",
     "due": date(2026, 12, 1), "stands": "Done, with evidence", "closed": True},
]  # fmt: skip
SCOPE = {
    "matters": MATTERS, "persons": PERSONS, "records": ANSWERS, "told": ANSWERS,
    "settings": json.loads(CONFIG.settings_json()),
    "case": {"reference": "RR-2026-0001", "status": "x", "undone": UNDONE},
}  # fmt: skip


def text(id: str, scope: dict[str, Any] = SCOPE) -> list[str]:
    """The document as Word; in one that goes outward somebody let every doubt be replaced."""
    document = DOCUMENTS[id]
    hidden = None
    if document.manifest.outward:
        survey = surveyed(document, scope, WORLD, AT)
        hidden = survey.hidden({place.key: REPLACE for place in survey.doubtful})
    return lines(made(document, "docx", scope, WORLD, AT, hidden=hidden))


def test_the_master_names_every_agency_and_sorts_their_episodes() -> None:
    found = text("master_scoping")
    assert "Education | No return received | – | –" in found
    assert "Probation | Nothing known | Not given | Not asked" in found
    assert "General practice | child | Not given | Nothing marked" in found
    times = [line for line in found if line.startswith(("2 March", "5 March", "9 March"))]
    assert [line.split(" | ")[:3] for line in times[:3]] == [
        ["2 March 2026", "Surrey Police", "First"],
        ["5 March 2026", "General practice", "Between"],
        ["9 March 2026", "Surrey Police", "Second"],
    ]
    assert any("Handle with care: police_restricted. Where: Everywhere" in line for line in found)


def test_the_report_leaves_out_what_an_agency_marked_and_says_so() -> None:
    found = text("outcome_report")
    assert not [line for line in found if "Kept back" in line]
    (said,) = [line for line in found if "left out here" in line]
    assert said.startswith("Surrey Police: left out here. The agency marked its return")
    assert "General practice: Ask Family member 1 twice" in found
    assert "Education | No return received" in found
    assert "Local authority | Approval outstanding | –" in found
    helped = "How one will know that it helped: Ask Family member 1"
    assert f"See Child 1. {helped} | CSC | 12 June 2026 | Open" in found
    assert "How was Child 1 heard?" in found


@pytest.mark.parametrize("id", sorted(i for i, d in DOCUMENTS.items() if d.manifest.outward))
def test_no_real_name_leaves(id: str) -> None:
    whole = "\n".join(text(id)).lower()
    for name in ("kayla", "dunmore", "tracey", "lee", "abbot"):
        assert f" {name}" not in whole.replace("\n", " "), name


@pytest.mark.parametrize("id", sorted(DOCUMENTS))
@pytest.mark.parametrize(
    "scope", [SCOPE, {**SCOPE, "records": {}, "told": {}}], ids=["full", "none"]
)
def test_every_document_can_be_made_as_word_and_pdf(id: str, scope: dict[str, Any]) -> None:
    assert "«" not in "".join(lines(made(DOCUMENTS[id], "docx", scope, WORLD, AT)))
    assert made(DOCUMENTS[id], "pdf", scope, WORLD, AT).startswith(b"%PDF-")


def test_the_delay_is_told_with_its_reason_and_date() -> None:
    found = text("delay_notice")
    assert "New date | 1 July 2026" in found
    assert "Family member 2 is on trial." in found


def test_the_briefing_of_a_local_review_says_its_kind_and_names_nobody() -> None:
    briefing = {
        "briefing_type": "Initial learning", "title": "Hearing children",
        "what_happened": "Kayla was not heard.", "themes": ["The vulnerability of babies"],
    }  # fmt: skip
    answers = {**ANSWERS, "write_lcspr_briefing": briefing}
    scope = {**SCOPE, "records": answers, "told": answers}
    found = lines(made(DOCUMENTS["lcspr_briefing"], "docx", scope, WORLD, AT))
    assert {"Hearing children", "Initial learning", "The vulnerability of babies"} <= set(found)
    assert "Child 1 was not heard." in found


def test_the_letter_gives_every_agency_four_weeks_rolled_to_a_working_day() -> None:
    found = text("imr_request")
    assert "Surrey Police | 20 April 2026 | 18 May 2026" in found
    assert "Housing | 30 November 2026 | 29 December 2026" in found
    assert "Time looked at: 1 March 2024 to 20 March 2026." in found
    assert "Was Kayla Dunmore heard?" in found  # by law: it names whom it is about


def test_the_chronologies_are_merged_in_order_and_nobody_is_missing() -> None:
    found = text("merged_chronology")
    assert "Surrey Police | In, accepted | 3 | 2 | One talk is open" in found
    gap = "General practice | Only a part came; the review goes on | 1 | 0 | No analysis"
    assert gap in found
    held = "Children's Social Care | Held back in law | 0 | 0 | Looked at again on 30 October 2026."
    assert held in found
    assert "Education | Not in yet | 0 | 0 | " in found
    assert "Housing | Not in yet | 0 | 0 | " in found
    rows = [line for line in found if line[1:9] == " March 2" and line.count(" | ") == 4]
    assert [line.split(" | ")[:2] for line in rows] == [
        ["2 March 2026", "General practice"], ["5 March 2026", "Surrey Police"],
        ["6 March 2026", "Surrey Police"], ["9 March 2026", "Surrey Police"],
    ]  # fmt: skip
    assert "Called\nComment: Too late | Log 9" in rows[3]


def test_a_restricted_row_is_said_to_be_left_out_and_a_sensitive_one_is_marked() -> None:
    found = text("merged_chronology")
    assert not [line for line in found if "Secret" in line or "Advice" in line or "Log 5" in line]
    assert (
        "5 March 2026 | Surrey Police | Left out: the agency restricted this row. | – | –" in found
    )
    assert any("marked this row as legally privileged" in line for line in found)
    assert any("Seen\nHandle with care: third_party." in line for line in found)


def test_contradictions_stand_side_by_side_and_only_they() -> None:
    found = text("merged_chronology")
    assert any("Seen alone | gp\nNot seen" in line for line in found)
    assert not [line for line in found if "tea" in line]


def test_the_review_holds_what_the_law_asks_for_and_who_agreed() -> None:
    found = text("lcspr_report")
    after = dict(pairwise(found))
    assert after["Summary of recommended improvements"] == "Ask Child 1 alone."
    assert after["Systemic or underlying reasons"] == "Workloads."
    assert after["Line of enquiry: How was Child 1 heard?"] == "Family member 2 was not seen."
    assert "Why: Two systems." in found
    assert (
        "See Child 1 alone | CSC | 1 December 2026 | Ask Family member 1 | Done, with evidence"
        in found
    )
    assert "Decision to hold the review | 16 April 2026" in found
    assert "Case Review Panel | Agreed" in found
    assert "Executive | Approved" in found
    assert after["Disagreement in the Panel, word for word"] == "Child 1 is not heard in it."


@pytest.mark.parametrize(
    ("returned_by", "panel", "subgroup"),
    [
        ("approve_as_subgroup", "Not yet agreed", "Not yet approved"),
        ("approve_as_executive", "Not yet agreed", "Not yet approved"),
    ],
)
def test_the_review_claims_no_approval_while_changes_are_asked_for(
    returned_by: str, panel: str, subgroup: str
) -> None:
    records = ANSWERS | {returned_by: {"approval": "changes"}}
    scope = SCOPE | {"records": records, "told": records}
    found = lines(made(DOCUMENTS["lcspr_report"], "docx", scope, WORLD, AT))
    assert f"Case Review Panel | {panel}" in found
    assert f"Case Review sub-group | {subgroup}" in found


def test_only_the_improvements_leave_when_the_review_may_not() -> None:
    found = text("lcspr_improvements")
    assert "Ask Child 1 alone." in found
    assert not [line for line in found if "lived with" in line or "Two systems" in line]


def test_a_late_review_is_told_with_its_duty_dates_and_receivers() -> None:
    found = text("lcspr_delay_notice")
    assert "To be published by | 16 October 2026" in found
    assert "New date | 29 January 2027" in found
    assert "Family member 2 is on trial." in found
    assert "See Child 1 alone." in found
    (sent,) = [line for line in found if line.startswith("Sent:")]
    assert sent.endswith("the National Panel, the Secretary of State and Ofsted.")


def test_the_checklist_says_who_saw_to_it_and_what_is_not_done() -> None:
    found = text("publication_checklist")
    assert [line for line in found if line.endswith("| yes | Lead Reviewer | 28 September 2026")]
    assert "The communications plan is ready | no | – | The spokesperson is ill" in found
    assert "What must change: The ward gives it away." in found
    assert "Not sent yet." in found
    assert "Not published yet." in found


@pytest.mark.parametrize("id", ["lcspr_report", "lcspr_improvements", "lcspr_delay_notice"])
def test_a_name_known_only_from_the_request_for_support_does_not_leave(id: str) -> None:
    records = {
        name: ANSWERS[name]
        for name in ("finalise_lcspr", "agree_lcspr", "decide_publication")
    } | {
        "send_lcspr_delay_notice": ANSWERS["send_lcspr_delay_notice"],
        "request_for_support": {
            "children": [{"legal_name": "Kayla Dunmore"}],
            "family": [{"name": "Tracey Dunmore"}, {"name": "Lee Abbot"}],
        },
    }  # fmt: skip
    scope = SCOPE | {"records": records, "told": records}
    whole = "\n".join(text(id, scope))
    assert not [name for name in ("Kayla", "Dunmore", "Tracey", "Lee", "Abbot") if name in whole]
    assert "Child 1" in whole or "Family member" in whole
