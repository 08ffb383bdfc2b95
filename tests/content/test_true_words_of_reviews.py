"""The forms of the Rapid Review and of a child's death: nothing is said that nobody said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.config.installation import load
from app.documents.documents import Template, made, read_documents
from app.engine.feel import World
from app.engine.forms import Form, begins, known, read_answers, read_form, worded
from tests.engine.forms.answer_maker import complete
from tests.word_documents import lines

TOP = Path(__file__).resolve().parents[2]
CONFIG = load(TOP / "config.yaml")
SETTINGS = json.loads(CONFIG.settings_json())
DOCUMENTS: dict[str, Template] = read_documents(CONFIG.content_files())[0]
#: Wednesday 22 April 2026, 13:00 in London
WORLD = World(now=datetime(2026, 4, 22, 12, tzinfo=UTC), calendar=CONFIG.working_days())
SENT = date(2026, 3, 31)
AT = datetime(2026, 4, 14, 9, tzinfo=UTC)
DIED = datetime(2026, 3, 31, 7, tzinfo=UTC)
CASE: dict[str, Any] = {
    "settings": SETTINGS, "records": {}, "review_anchor": SENT, "sin_date": SENT, "meeting_at": AT,
    "event": "death", "child": "Child 1", "death_confirmed_at": DIED, "resident_here": "no",
    "recommendation": "lcspr", "agency": "police", "part": "Panel member", "branch": "mother",
    "jar_criteria": ["external_cause"], "sent_on": SENT,
}  # fmt: skip


def form_of(name: str) -> Form:
    form, findings = read_form(name, (TOP / f"forms/{name}.form").read_bytes())
    assert form is not None
    assert findings == []
    return form


def stated(answers: Any) -> bool:
    """Whether an answer stands in it; blank rows of lists say nothing."""
    if isinstance(answers, dict | list):
        return any(map(stated, answers.values() if isinstance(answers, dict) else answers))
    return answers not in (None, "", False)


def case(**more: Any) -> dict[str, Any]:
    return {**CASE, **more}


#: the meeting as people say it, with nothing in it that contradicts anything
MEETING: dict[str, Any] = {
    "held_at": "2026-04-14T10:00", "partners_present": ["sp_la", "sp_health", "sp_police"],
    "criteria_still_met": "yes", "recommendation": "lcspr", "national_indicator": "none",
}  # fmt: skip
FORM_A: dict[str, Any] = {
    "age_group": "under_18", "dob": "2016-03-31", "dod": "2026-03-31", "resident_here": "yes",
    "jar_criteria": ["none"], "abuse_neglect": "unclear", "csc_known": "no", "cp_plan": "never",
    "form_a_submitted_at": "2026-03-31T12:00",
}  # fmt: skip
LETTER = {"received_at": AT, "reply_type": "suggest_lcspr"}
TOLD_BY_LEGAL = [{"commenter": "legal_rep", "comment_kind": "comments", "comments": "Shorten it"}]


@pytest.mark.parametrize(
    ("name", "scope", "answers", "path", "quoted"),
    [
        pytest.param(
            "record_meeting", {}, MEETING | {"held_at": "2026-03-30T10:00"},
            "held_at", "before the notification was sent", id="met before it was notified",
        ),
        pytest.param(
            "record_meeting", {},
            MEETING | {
                "recommendation": "undecided_split", "position_la": "lcspr",
                "position_health": "lcspr", "position_police": "lcspr",
            },
            "position_police", "“Undecided: the partners are split”", id="split of one mind",
        ),
        pytest.param(
            "record_meeting", {}, MEETING | {"recommendation": "national"},
            "national_indicator", "“A national review may be appropriate”",
            id="national without an indicator",
        ),
        pytest.param(
            "send_master", {}, {"sent_at": "2026-04-14T09:00", "late_papers": "in_time"},
            "late_papers", "“Yes, in time”", id="late papers in time",
        ),
        pytest.param(
            "return_scoping_form", {},
            {"known": ["child"], "completed_by": "Sam Lee", "signed_off_by": " sam lee"},
            "signed_off_by", "other than its author", id="signed off by the author",
        ),
        pytest.param(
            "dispatch_report", {"records": {"record_meeting": {"held_at": AT}}},
            {"sent_at": "2026-04-13T10:00"},
            "sent_at", "before the Rapid Review meeting", id="sent before the meeting",
        ),
        pytest.param(
            "finalise_report", {"records": {"comment_on_draft_all": TOLD_BY_LEGAL}},
            {"legal_comments_incorporated": "none"},
            "legal_comments_incorporated", "“There were none”", id="no comments of Legal's",
        ),
        pytest.param(
            "name_replacement",
            {"records": {"declare_conflict_all": [{"part": "Panel member", "person": "Jo Hill"}]}},
            {"person": "jo hill "}, "person", "somebody else", id="replaced by the same",
        ),
        pytest.param(
            "submit_form_a", {}, FORM_A | {"dob": "2006-03-31"},
            "age_group", "“Under 18, born alive”", id="a child of twenty",
        ),
        pytest.param(
            "submit_form_a", {}, FORM_A | {"age_group": "adult_18_24"},
            "dob", "“18 to 24”", id="an adult of ten",
        ),
        pytest.param(
            "submit_form_a", {}, FORM_A | {"age_group": "stillbirth_unattended"},
            "jar_criteria", "“Stillborn, with no health professional present”",
            id="stillborn and none of these",
        ),
        pytest.param(
            "submit_form_a", {}, FORM_A | {"jar_criteria": ["stillbirth_unattended"]},
            "jar_criteria", "“Stillbirth with no health professional present”",
            id="stillborn and born alive",
        ),
        pytest.param(
            "submit_form_a", {}, FORM_A | {"cp_plan": "current"},
            "cp_plan", "“No” to whether the child was known", id="on a plan and not known",
        ),
        pytest.param(
            "submit_form_a", {}, FORM_A | {"dod": "2026-04-02"},
            "dod", "recorded as confirmed", id="died after it was confirmed",
        ),
        pytest.param(
            "submit_form_a", {}, FORM_A | {"form_a_submitted_at": "2026-03-30T12:00"},
            "form_a_submitted_at", "before the date of death", id="sent before the death",
        ),
        pytest.param(
            "acknowledge_form_a", {}, {"passed_on": "not_needed"},
            "passed_on", "“Not needed: the child lived here”", id="lived here and elsewhere",
        ),
        pytest.param(
            "decide_joint_response", {}, {"decided_at": "2026-03-30T12:00"},
            "decided_at", "before the death", id="response before the death",
        ),
        pytest.param(
            "reconsider_decision", {"records": {"log_panel_reply": LETTER}}, {"c4": "no"},
            "c4", "“It suggests a local review”", id="the Panel's letter says otherwise",
        ),
        pytest.param(
            "reconsider_decision", {},
            {"reconsidered": "maintain", "position_la": "commission",
             "position_health": "commission", "position_police": "commission"},
            "position_police", "the opposite", id="decided against all three",
        ),
        pytest.param(
            "support_national_review", {}, {"commissioned": "no", "local_work": "merged"},
            "local_work", "“No, it will not”", id="part of a review that is not held",
        ),
        pytest.param(
            "answer_panel", {"records": {"log_panel_reply": LETTER}},
            {"sent_at": "2026-04-13T10:00"}, "sent_at", "letter arrived", id="answered too soon",
        ),
        pytest.param(
            "chase_panel", {}, {"chased_at": "2026-03-30T10:00"},
            "chased_at", "before the report was sent", id="asked before it was sent",
        ),
        pytest.param(
            "plan_family_contact", {}, {"branches": ["mother"], "suspects": ["father"]},
            "suspects", "not among those to be told", id="a suspect who is not told",
        ),
        pytest.param(
            "record_family_not_told", {"contact_outcome": "advised_not_to"},
            {"not_told_reason": "not_reached"},
            "not_told_reason", "“The police advised against it”", id="not reached, but advised",
        ),
    ],
)  # fmt: skip
def test_what_cannot_both_be_true_is_refused_in_the_words_of_both(
    name: str, scope: dict[str, Any], answers: dict[str, Any], path: str, quoted: str
) -> None:
    messages = read_answers(form_of(name), answers, case(**scope), WORLD).messages
    assert quoted in messages.get(path, "")


@pytest.mark.parametrize(
    ("name", "answers", "path"),
    [
        pytest.param("record_meeting", MEETING, "national_indicator", id="no indicator"),
        pytest.param(
            "record_meeting",
            MEETING | {
                "recommendation": "undecided_split", "position_la": "lcspr",
                "position_health": "lcspr", "position_police": "no_lcspr",
            },
            "position_police", id="a split",
        ),
        pytest.param(
            "send_master", {"sent_at": "2026-04-10T10:00", "late_papers": "in_time"},
            "late_papers", id="two working days before",
        ),
        pytest.param(
            "submit_form_a", FORM_A | {"dob": "2008-04-01"}, "age_group",
            id="a day before the eighteenth birthday",
        ),
        pytest.param(
            "submit_form_a", FORM_A | {"age_group": "adult_18_24", "dob": "2006-03-31"}, "dob",
            id="twenty",
        ),
        pytest.param("submit_form_a", FORM_A, "cp_plan", id="neither known nor on a plan"),
    ],
)  # fmt: skip
def test_what_can_be_true_stands(name: str, answers: dict[str, Any], path: str) -> None:
    assert path not in read_answers(form_of(name), answers, CASE, WORLD).messages


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        pytest.param(
            "record_meeting",
            {"held_at", "partners_present", "criteria_still_met", "facts", "learning", "no_actions",
             "immediate_action", "c1", "c2", "c3", "c4", "national_indicator", "recommendation"},
            id="the meeting",
        ),
        pytest.param(
            "submit_form_a",
            {"age_group", "resident_here", "nhs_no_reason", "sex", "ethnicity", "disability",
             "last_seen_alive", "place_of_death_type", "abuse_neglect", "csc_known", "cp_plan",
             "form_a_submitted_at"},
            id="Form A",
        ),
        pytest.param("send_master", {"sent_at", "late_papers"}, id="the papers"),
        pytest.param("dispatch_report", {"sent_at", "method"}, id="the report"),
        pytest.param(
            "acknowledge_form_a", {"acknowledged_at", "duplicate"}, id="the acknowledgement"
        ),
        pytest.param(
            "decide_joint_response", {"joint_response", "decided_at"}, id="the joint response"
        ),
        pytest.param("reconsider_decision", {"c4"}, id="the Panel's view"),
        pytest.param(
            "hold_review_meeting", {"held_at", "family_questions", "learning"},
            id="the child death review meeting",
        ),
        pytest.param("share_learning", {"shared_on", "actions"}, id="the learning"),
    ],
)  # fmt: skip
def test_what_the_step_is_for_is_asked_and_begins_unanswered(name: str, asked: set[str]) -> None:
    form = form_of(name)
    scope = case(death_confirmed_at=None, meeting_at=datetime(2026, 5, 1, 9, tzinfo=UTC))
    unsaid = known(form, scope, WORLD)
    worked_out = {field.key for field in form.fields if field.read_only}
    begun = begins(form, scope, WORLD, unsaid)
    assert stated({key: said for key, said in begun.items() if key not in worked_out}) is False
    assert asked & unsaid.cells.keys() == set()
    messages = read_answers(form, {}, scope, WORLD).messages
    assert asked <= {path.partition(".")[0] for path in messages}


#: without a clock in it: what each shows as known or worked out where nobody has said a thing
WORKED_OUT: Mapping[str, set[str]] = {
    "set_meeting": {"meeting_at"}, "name_family_contact": {"owner"},
    "plan_family_contact": {"owner"}, "record_meeting": {"held_at"}, "submit_form_a": {"dod"},
    "return_scoping_form": {"period_from"}, "request_form_b": {"asked_agencies"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WORKED_OUT))
def test_what_is_worked_out_says_by_which_rule(name: str) -> None:
    cells = known(form_of(name), CASE, WORLD).cells
    assert cells.keys() == WORKED_OUT[name]
    assert all(cell.rule and cell.source is None for cell in cells.values())


def test_an_agency_that_knows_nobody_gives_two_answers() -> None:
    given = {"known": ["not_known"], "systems_searched": "Records and archive"}
    assert read_answers(form_of("return_scoping_form"), given, CASE, WORLD).messages == {}
    given = {"known": "no", "systems_searched": "Records and archive"}
    assert read_answers(form_of("return_form_b"), given, CASE, WORLD).messages == {}


def test_who_knows_somebody_has_the_return_signed_off() -> None:
    messages = read_answers(
        form_of("return_scoping_form"), {"known": ["child"]}, CASE, WORLD
    ).messages
    assert "signed_off_by" in messages
    assert "completed_by" not in messages


@pytest.mark.parametrize(
    ("actions", "asked"),
    [
        pytest.param([], True, id="none"),
        pytest.param(
            [{"text": "Visit", "owner": "Social care", "due": "2026-05-01"}], False, id="one"
        ),
    ],
)
def test_a_meeting_without_actions_says_why(actions: list[dict[str, str]], asked: bool) -> None:
    messages = read_answers(
        form_of("record_meeting"), MEETING | {"actions": actions}, CASE, WORLD
    ).messages
    assert ("no_actions" in messages) is asked


@pytest.mark.parametrize("column", ["sex", "ethnicity", "disability"])
def test_what_nobody_said_of_a_child_is_not_put_down_as_not_known(column: str) -> None:
    def shown(child: dict[str, Any]) -> Any:
        records = {"request_for_support": {"children": [child]}}
        cell = known(form_of("submit_form_a"), case(records=records), WORLD).cells.get(column)
        return cell and (cell.value, cell.source and cell.source.record)

    assert shown({"legal_name": "Alex"}) is None
    assert shown({column: "not_known"}) == ("not_known", "request_for_support")


def test_the_decision_is_quoted_from_where_it_was_said() -> None:
    def source(name: str, records: dict[str, Any]) -> str | None:
        cell = known(form_of(name), case(records=records), WORLD).cells["recommendation"]
        return cell.source.record if cell.source else None

    met, drafted = {"recommendation": "lcspr"}, {"recommendation": "lcspr"}
    assert source("draft_report", {"record_meeting": met}) == "record_meeting"
    assert source("finalise_report", {"draft_report": drafted}) == "draft_report"
    assert source("finalise_report", {"draft_report": {"recommendation": "no_lcspr"}}) is None


def test_the_time_the_authority_learnt_is_asked_where_abuse_is_suspected() -> None:
    form = form_of("submit_form_a")
    messages = read_answers(form, FORM_A | {"abuse_neglect": "suspected"}, CASE, WORLD).messages
    assert "abuse_aware_at" in messages
    assert "abuse_aware_at" not in read_answers(form, FORM_A, CASE, WORLD).messages


def test_a_form_a_without_contradictions_can_be_sent() -> None:
    form = form_of("submit_form_a")
    given = complete(form, CASE, WORLD, FORM_A)
    assert FORM_A.items() <= given.items()  # else it was sent by answering something else
    assert read_answers(form, given, CASE, WORLD).messages == {}


SAID = {"commenter": "rr_chair", "comment_kind": "comments", "comments": "Shorten it"}
NONE = {"commenter": "legal_rep", "comment_kind": "no_comments"}


def test_who_had_no_comments_and_who_did_not_answer_are_told_apart() -> None:
    scope = case(records={"comment_on_draft_all": [SAID, NONE]})
    texts = [each.label for each in worded(form_of("finalise_report"), scope, WORLD).walk()]
    (comments,) = [each for each in texts if "Comments:" in each]
    assert comments.split("\n\n")[1].splitlines() == [
        "- Panel Chair: Shorten it",
        "- Legal: no comments",
        "- Partnership Development Manager: did not answer in time",
    ]


def document(name: str, records: dict[str, Any], undone: list[dict[str, Any]]) -> list[str]:
    scope = {
        "records": records, "told": records, "matters": [], "settings": SETTINGS,
        "case": {"reference": "RR-2026-0001", "status": "x", "undone": undone},
    }  # fmt: skip
    return lines(made(DOCUMENTS[name], "docx", scope, WORLD, AT))


@pytest.mark.parametrize(
    ("records", "undone", "decision"),
    [
        pytest.param({}, [], "of the draft", id="drafted"),
        pytest.param({"finalise_report": "of the final"}, [], "of the final", id="final"),
        pytest.param(
            {"finalise_report": "of the final draft", "resolve_split": "of the Lead Partners"},
            [], "of the Lead Partners", id="settled",
        ),
        pytest.param(
            {"finalise_report": "of the final draft"},
            [{"element": "resolve_split", "label": None, "open": False}],
            "Undecided: the partners are split", id="not settled",
        ),
    ],
)  # fmt: skip
def test_the_report_tells_the_decision_that_stands(
    records: dict[str, str], undone: list[dict[str, Any]], decision: str
) -> None:
    said = {name: {"recommendation": words} for name, words in records.items()}
    draft = {"draft_report": {"recommendation": "of the draft"}}
    found = document("outcome_report", {**draft, **said}, undone)
    assert decision in found[found.index("The decision") :]
    assert len([line for line in found if line.startswith(("of the", "Undecided"))]) == 1


@pytest.mark.parametrize("ticked", [True, False], ids=["ticked", "not ticked"])
def test_a_box_that_nobody_ticked_is_no_answer(ticked: bool) -> None:
    form_a = {
        "legal_name": "Alex", "age_group": "under_18", "dod": SENT, "abuse_neglect": "suspected",
        "abuse_aware_at": AT, "suspected_stillbirth_at_home": ticked, "national_alert": ticked,
        "notifier_org": "Hospital",
    }  # fmt: skip
    found = document("child_death_form_a", {"submit_form_a_all": [form_a]}, [])
    boxes = ("Suspected stillbirth at home", "There is something other areas should know at once")
    assert [f"{box} | Yes" in found for box in boxes] == [ticked, ticked]
    assert not [line for line in found if line.endswith("| No")]
    assert "When did the local authority learn of it? | 14 April 2026 at 10am" in found
    back = {"agency": "police", "known": ["child"], "staff_support_in_place": ticked}
    found = document("master_scoping", {"return_scoping_form_all": [back]}, [])
    assert ("Support for our staff is in place | Yes" in found) is ticked
    assert not [line for line in found if line.endswith("| No")]


def test_the_master_and_the_report_stand_when_no_agency_knows_the_family() -> None:
    nil = {"agency": "police", "known": ["not_known"], "systems_searched": "All"}
    records = {"return_scoping_form_all": [nil]}
    assert "No agency named a key practice episode." in document("master_scoping", records, [])
    assert "Surrey Police | Nothing known | Not given | Not asked" in document(
        "master_scoping", records, []
    )
    assert "Surrey Police | Returned: nothing known" in document("outcome_report", records, [])


def test_whose_reports_of_a_death_came_is_told_by_name() -> None:
    scope = case(form_b_returns=["police: returned", "gp: missing"])
    texts = [each.label for each in worded(form_of("check_form_b"), scope, WORLD).walk()]
    (came,) = [each for each in texts if "what came" in each]
    assert came.endswith("Surrey Police: returned; General practice: did not answer in time.")


def test_nobody_is_asked_why_a_meeting_was_not_quorate_before_it_is_said_who_took_part() -> None:
    form = form_of("record_meeting")
    for present, asked in ([], False), (["sp_la"], True), (MEETING["partners_present"], False):
        messages = read_answers(form, MEETING | {"partners_present": present}, CASE, WORLD).messages
        assert ("not_quorate" in messages) is asked, present


@pytest.mark.parametrize(
    ("child", "lives"),
    [
        pytest.param({"home_address": "1 Example Road"}, "1 Example Road", id="address"),
        pytest.param(
            {"home_address": "1 Example Road", "placement_type": "Foster care"},
            "1 Example Road; Foster care", id="address and placement",
        ),
        pytest.param({}, "Not given", id="neither"),
    ],
)  # fmt: skip
def test_the_master_tells_where_a_child_lives_where_that_is_known(
    child: dict[str, str], lives: str
) -> None:
    row = {"legal_name": "Alex", "dob": SENT, "sex": "Female", "ethnicity": "Not known", **child}
    records = {"draft_notification": {"children": [row]}, "return_scoping_form_all": []}
    found = document("master_scoping", records, [])
    assert f"Alex | 31 March 2026 | Female | Not known | {lives}" in found
