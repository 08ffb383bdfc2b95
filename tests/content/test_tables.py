"""The decision tables, row by row, as the guidance has them; ids are the rows."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from app.engine.feel import World
from app.validation.deployment import Checked

DUTY = {
    "subject": "child_u18",
    "event": "death",
    "abuse_neglect": "suspected",
    "incident_place": "our_area",
    "normally_resident_here": "yes",
    "looked_after": "no",
    "care_leaver_of": "no",
}
ABROAD = {"incident_place": "outside_england"}
TRIAGE = {"serious_incident": True, "open_to_csc": "no", "in_our_area": "yes"}
LOCAL = {
    "c1": "yes", "c2": "no", "c3": "no", "c4": "na",
    "learning_complete": "no", "new_learning": "yes", "national_indicator": "none",
}  # fmt: skip
DEATH: dict[str, Any] = {
    "age_group": "under_18", "jar_criteria": ["none"], "resident_here": "yes",
    "abuse_neglect": "not_suspected",
}  # fmt: skip
EXIT: dict[str, Any] = {
    "found_in_other_area": "no", "abuse_neglect_now": "not_suspected",
    "agreements": ["yes", "yes", "yes"], "legal_reviewed": "yes", "harm_now": "serious",
}  # fmt: skip
PROVED_SLIGHT = {"abuse_neglect_now": "suspected", "harm_now": "not_serious"}

OPEN = {"proceedings": "none", "objection": "no", "identity_risk": "no", "court_order": "no"}


def decided(checked: Checked, decision: str, scope: dict[str, Any]) -> Any:
    assert checked.program is not None
    return checked.program.decisions.evaluate(decision, scope, World()).output


@pytest.mark.parametrize(
    ("facts", "route", "review"),
    [
        ({}, "SIN_PANEL", "yes"),
        (ABROAD, "SIN_PANEL", "yes"),
        ({"event": "serious_harm", "abuse_neglect": "known"}, "SIN_PANEL", "yes"),
        (ABROAD | {"event": "serious_harm"}, "SIN_PANEL", "yes"),
        (ABROAD | {"normally_resident_here": "no"}, "NOT_NOTIFIABLE", "no"),
        ({"abuse_neglect": "not_suspected", "looked_after": "ours"}, "LAC_DEATH_NOTIFY", "no"),
        ({"abuse_neglect": "unclear", "looked_after": "ours"}, "LAC_DEATH_NOTIFY", "pending"),
        ({"incident_place": "other_la_england"}, "HANDOVER_OTHER_LA", "theirs"),
        ({"subject": "care_leaver_18_24", "care_leaver_of": "ours"}, "CARE_LEAVER_NOTIFY", "no"),
        ({"subject": "unborn"}, "SIN_PANEL_LEGAL_CHECK", "yes"),
        ({"abuse_neglect": "unclear"}, "NEED_INFO", "pending"),
        ({"event": "other"}, "NOT_NOTIFIABLE_CONSIDER_LOCAL_LEARNING", "no"),
        ({"subject": "other_adult"}, "NOT_NOTIFIABLE", "no"),
        ({"abuse_neglect": "not_suspected"}, "NOT_NOTIFIABLE", "no"),
    ],
    ids=[
        "1-death-here", "2-death-abroad", "3-harm-here", "4-harm-abroad", "abroad-not-resident",
        "5-looked-after-death", "6-looked-after-unclear", "7-other-authority", "8-care-leaver",
        "9-unborn", "10-unclear", "11-other-event", "12-adult", "12-no-abuse",
    ],
)  # fmt: skip
def test_duty_to_notify(checked: Checked, facts: dict[str, Any], route: str, review: str) -> None:
    output = decided(checked, "duty_to_notify", DUTY | facts)
    assert (output["route"], output["review_required"]) == (route, review)


ELSEWHERE = {"incident_place": "other_la_england"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            {"abuse_neglect": "not_suspected", "care_leaver_of": "ours"},
            ("CARE_LEAVER_NOTIFY", "no", "NONE"), id="a care leaver of 16 or 17",
        ),
        pytest.param(
            {"abuse_neglect": "unclear", "care_leaver_of": "ours"},
            ("CARE_LEAVER_NOTIFY", "pending", "NONE"), id="the same, abuse unclear",
        ),
        pytest.param(
            {"care_leaver_of": "ours"}, ("SIN_PANEL", "yes", "FLAG_CARE_LEAVER"),
            id="the same, abuse suspected: an incident like any other",
        ),
        pytest.param(
            ELSEWHERE | {"care_leaver_of": "ours"},
            ("HANDOVER_OTHER_LA", "theirs", "CARE_LEAVER_NOTIFY"),
            id="the same, abused elsewhere",
        ),
        pytest.param(
            {"abuse_neglect": "not_suspected", "looked_after": "other_la"},
            ("NOT_NOTIFIABLE", "no", "TELL_RESPONSIBLE_LA"), id="looked after by another",
        ),
        pytest.param(
            {"looked_after": "other_la"}, ("SIN_PANEL", "yes", "TELL_RESPONSIBLE_LA"),
            id="the same, abuse suspected here",
        ),
        pytest.param(
            {"abuse_neglect": "unclear", "looked_after": "other_la"},
            ("NEED_INFO", "pending", "TELL_RESPONSIBLE_LA"), id="the same, abuse unclear",
        ),
        pytest.param(
            {"subject": "care_leaver_18_24", "care_leaver_of": "other"},
            ("NOT_NOTIFIABLE", "no", "TELL_RESPONSIBLE_LA"), id="another's care leaver",
        ),
        pytest.param(
            ELSEWHERE | {"abuse_neglect": "unclear"},
            ("HANDOVER_OTHER_LA", "theirs", "NONE"), id="unclear elsewhere",
        ),
        pytest.param(
            ELSEWHERE | {"abuse_neglect": "unclear", "looked_after": "ours"},
            ("LAC_DEATH_NOTIFY", "pending", "TELL_OTHER_LA"), id="unclear elsewhere, ours",
        ),
        pytest.param(
            ELSEWHERE | {"subject": "unborn", "event": "serious_harm"},
            ("HANDOVER_OTHER_LA", "theirs", "NONE"), id="unborn elsewhere",
        ),
        pytest.param(
            {"subject": "unborn", "event": "serious_harm", "abuse_neglect": "unclear"},
            ("NEED_INFO", "pending", "NONE"), id="unborn, unclear",
        ),
        pytest.param(
            {"event": "serious_harm", "abuse_neglect": "unclear", "looked_after": "ours"},
            ("NEED_INFO", "pending", "NONE"), id="looked after, harm unclear",
        ),
        pytest.param(
            ABROAD | {"abuse_neglect": "unclear", "normally_resident_here": "no"},
            ("HANDOVER_OTHER_LA", "theirs", "NONE"), id="unclear abroad, lives elsewhere",
        ),
        pytest.param(
            ABROAD | {"normally_resident_here": "no"},
            ("NOT_NOTIFIABLE", "no", "TELL_OTHER_LA"), id="abroad, lives elsewhere",
        ),
        pytest.param(
            {"incident_place": None}, ("NEED_INFO", "pending", "NONE"), id="place not known"
        ),
    ],
)  # fmt: skip
def test_what_is_another_authoritys_is_told_to_it_and_nothing_unclear_is_dropped(
    checked: Checked, facts: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    output = decided(checked, "duty_to_notify", DUTY | facts)
    assert (output["route"], output["review_required"], output["also"]) == expected


@pytest.mark.parametrize("unknown", ["not_known", None], ids=["not known", "not asked"])
@pytest.mark.parametrize(
    ("facts", "open_fact"),
    [
        pytest.param({"abuse_neglect": "not_suspected"}, "looked_after", id="5-looked-after"),
        pytest.param(
            ABROAD | {"abuse_neglect": "unclear", "normally_resident_here": "no"}, "looked_after",
            id="6-unclear",
        ),
        pytest.param(
            {"abuse_neglect": "unclear", "incident_place": "other_la_england"}, "looked_after",
            id="6-unclear-elsewhere",
        ),
        pytest.param(
            {"incident_place": "other_la_england"}, "looked_after", id="7-do-we-notify-too"
        ),
        pytest.param(ABROAD, "normally_resident_here", id="2-abroad"),
        pytest.param(
            ABROAD | {"event": "serious_harm"}, "normally_resident_here", id="4-abroad"
        ),
        pytest.param(ABROAD | {"subject": "unborn"}, "normally_resident_here", id="9-abroad"),
        pytest.param(
            {"subject": "care_leaver_18_24"}, "care_leaver_of", id="8-care-leaver"
        ),
    ],
)  # fmt: skip
def test_what_is_not_known_is_asked_and_never_loses_a_duty(
    checked: Checked, facts: dict[str, Any], open_fact: str, unknown: str | None
) -> None:
    output = decided(checked, "duty_to_notify", DUTY | facts | {open_fact: unknown})
    assert (output["route"], output["review_required"]) == ("NEED_INFO", "pending")


#: what may be answered; None: not answered, or not known
ANSWERS: dict[str, tuple[str | None, ...]] = {
    "subject": ("child_u18", "unborn", "care_leaver_18_24"),
    "event": ("death", "serious_harm"),
    "abuse_neglect": ("known", "suspected", "not_suspected", "unclear"),
    "incident_place": ("our_area", "other_la_england", "outside_england"),
    "normally_resident_here": ("yes", "no", None),
    "looked_after": ("no", "ours", "other_la", None),
    "care_leaver_of": ("no", "ours", "other", None),
}
#: what a notification by the route tells the Secretary of State and Ofsted of, too
TELLS = {
    "SIN_PANEL": {"incident", "looked after", "care leaver"},
    "SIN_PANEL_LEGAL_CHECK": {"incident", "looked after", "care leaver"},
    "LAC_DEATH_NOTIFY": {"looked after", "care leaver"},
    "CARE_LEAVER_NOTIFY": {"care leaver"},
}


def may_be(facts: dict[str, Any]) -> bool:
    """Only a child is looked after, and an unborn one is no care leaver."""
    looked_after = facts["looked_after"] in ("ours", "other_la")
    left_care = facts["care_leaver_of"] in ("ours", "other")
    return (facts["subject"] == "child_u18" or not looked_after) and (
        facts["subject"] != "unborn" or not left_care
    )


def owed(facts: dict[str, Any]) -> set[str]:
    """What we owe by law, where all is known; our own reading, not the table's."""
    ours = set()
    dead, child = facts["event"] == "death", facts["subject"] != "care_leaver_18_24"
    if dead and facts["looked_after"] == "ours":
        ours.add("looked after")
    if dead and facts["care_leaver_of"] == "ours":
        ours.add("care leaver")
    here = facts["incident_place"] == "our_area"
    abroad = facts["incident_place"] == "outside_england"
    resident = facts["normally_resident_here"] == "yes"
    if (
        child
        and facts["abuse_neglect"] in ("known", "suspected")
        and (here or (abroad and resident))
    ):
        ours.add("incident")
    return ours


def completed(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The facts with every answer that is still open."""
    choices = [
        [one for one in ANSWERS[name] if one is not None] if said is None else [said]
        for name, said in facts.items()
    ]
    every = (dict(zip(facts, values, strict=True)) for values in product(*choices))
    return [one for one in every if may_be(one)]


def test_no_combination_of_answers_loses_a_duty_that_may_be_there(checked: Checked) -> None:
    """What may be owed is notified, or the open question is asked before anything is decided."""
    lost = []
    for values in product(*ANSWERS.values()):
        facts = dict(zip(ANSWERS, values, strict=True))
        if not may_be(facts):
            continue
        output = decided(checked, "duty_to_notify", facts)
        told = TELLS.get(output["route"], set()) | TELLS.get(output["also"], set())
        due = set().union(*(owed(one) for one in completed(facts)))
        if output["route"] != "NEED_INFO" and not due <= told:
            lost.append((values, output["route"], due - told))
    assert lost == []


@pytest.mark.parametrize("fact", ["looked_after", "normally_resident_here", "care_leaver_of"])
def test_a_duty_that_holds_in_any_case_does_not_wait(checked: Checked, fact: str) -> None:
    assert decided(checked, "duty_to_notify", DUTY | {fact: "not_known"})["route"] == "SIN_PANEL"


def test_looked_after_child_dying_of_abuse_elsewhere_is_also_notified_here(
    checked: Checked,
) -> None:
    facts = {"incident_place": "other_la_england", "looked_after": "ours"}
    assert decided(checked, "duty_to_notify", DUTY | facts)["also"] == "LAC_DEATH_NOTIFY"


@pytest.mark.parametrize(
    ("facts", "route"),
    [
        ({"open_to_csc": "yes"}, "ROUTE_CAUSE_FOR_CONCERN"),
        ({}, "ROUTE_SIN_DECISION"),
        ({"open_to_csc": "unknown"}, "ROUTE_SIN_DECISION"),
        ({"in_our_area": "no", "open_to_csc": "yes"}, "HANDOVER_OTHER_LA"),
        ({"serious_incident": False, "open_to_csc": "yes"}, "TO_ALLOCATED_WORKER"),
        ({"serious_incident": False}, "LEVEL_OF_NEED"),
        ({"serious_incident": False, "in_our_area": "no"}, "SIGNPOST"),
        ({"in_our_area": None}, "ROUTE_SIN_DECISION"),
        ({"serious_incident": False, "in_our_area": None}, "LEVEL_OF_NEED"),
    ],
    ids=["2", "3", "3-unknown", "4", "5", "6", "7", "3-not-asked", "6-not-asked"],
)
def test_triage_of_a_request(checked: Checked, facts: dict[str, Any], route: str) -> None:
    assert decided(checked, "rfs_triage", TRIAGE | facts) == route


@pytest.mark.parametrize(
    ("positions", "proposed", "outcome"),
    [
        (["notify"] * 3, "notify", "notify"),
        (["notify", "notify", "not_notifiable"], "notify", "dispute"),
        (["not_notifiable"] * 3, "notify", "dispute"),
        (["notify", "need_info", "not_notifiable"], "notify", "need_info"),
        (["other_la"] * 3, "other_la", "other_la"),
    ],
    ids=["agreed", "one-differs", "all-against-the-proposal", "more-facts", "other-authority"],
)
def test_partners_agree(
    checked: Checked, positions: list[str], proposed: str, outcome: str
) -> None:
    scope = {"positions": positions, "proposed": proposed}
    assert decided(checked, "partner_agreement", scope) == outcome


@pytest.mark.parametrize(
    ("route", "proposed", "chosen", "outcome"),
    [
        ("SIN_PANEL", "notify", "sin_panel", "notify"),
        ("SIN_PANEL", "not_notifiable", None, "against_duty"),
        ("SIN_PANEL", "notify", "lac_death", "against_duty"),
        ("HANDOVER_OTHER_LA", "other_la", "lac_death", "other_la"),
        ("NEED_INFO", "notify", "sin_panel", "notify"),
        ("NEED_INFO", "not_notifiable", None, "against_duty"),
        ("NOT_NOTIFIABLE", "not_notifiable", None, "not_notifiable"),
    ],
    ids=str,
)
def test_what_is_agreed_against_the_duty_table_goes_to_the_director(
    checked: Checked, route: str, proposed: str, chosen: str | None, outcome: str
) -> None:
    scope = {"positions": [proposed] * 3, "proposed": proposed, "notification_route": chosen}
    assert decided(checked, "partner_agreement", scope | {"duty": {"route": route}}) == outcome


@pytest.mark.parametrize(
    ("facts", "advice"),
    [
        ({"national_indicator": "strong"}, ["NATIONAL_REVIEW_MAY_BE_APPROPRIATE", "LCSPR"]),
        ({}, ["LCSPR"]),
        ({"learning_complete": "yes", "new_learning": "no"}, ["NO_LCSPR_SHARE_LEARNING"]),
        ({"learning_complete": "yes"}, ["LCSPR_PROPORTIONATE"]),
        ({"new_learning": "no"}, ["RR_INCOMPLETE"]),
        ({"c1": "no"}, ["ALT_LOCAL_REVIEW"]),
        ({"c1": "unclear", "new_learning": "no"}, ["NO_LCSPR_SHARE_LEARNING"]),
        ({"c1": "no", "c4": "yes"}, ["LCSPR"]),
    ],
    ids=["1", "2", "3", "4", "5", "6", "7", "2-by-the-panel"],
)
def test_criteria_for_a_local_review(
    checked: Checked, facts: dict[str, Any], advice: list[str]
) -> None:
    assert decided(checked, "lcspr_criteria", LOCAL | facts) == advice


@pytest.mark.parametrize(
    ("facts", "routes"),
    [
        ({}, ["FORM_A"]),
        ({"age_group": "stillbirth_unattended"}, ["FORM_A", "JAR"]),
        ({"age_group": "stillbirth_attended"}, ["NO_CDR"]),
        ({"resident_here": "no"}, ["FORM_A", "FORWARD_TO_CDOP_OF_RESIDENCE"]),
        ({"jar_criteria": ["external_cause"]}, ["FORM_A", "JAR"]),
        ({"abuse_neglect": "suspected"}, ["FORM_A", "SIGNAL_DUTY_TO_NOTIFY"]),
        ({"age_group": "adult_18_24"}, ["NO_CDR"]),
        ({"age_group": "adult_18_24", "abuse_neglect": "suspected"}, ["NO_CDR"]),
        ({"age_group": "planned_termination"}, ["NO_CDR"]),
    ],
    ids=["1", "2", "3", "4", "5", "6", "7", "7-no-duty-for-an-adult", "termination"],
)
def test_routes_after_a_death(checked: Checked, facts: dict[str, Any], routes: list[str]) -> None:
    assert decided(checked, "child_death_branch", DEATH | facts) == routes


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, "WITHDRAW"),
        ({"agreements": ["yes", "no", "yes"]}, "CONTINUE_RR"),
        ({"abuse_neglect_now": "unclear"}, "CONTINUE_RR"),
        ({"found_in_other_area": "yes", "abuse_neglect_now": "known"}, "TRANSFER"),
        ({"legal_reviewed": "no"}, "CONTINUE_RR"),
        (PROVED_SLIGHT, "WITHDRAW"),
        (PROVED_SLIGHT | {"agreements": ["yes", "no", "yes"]}, "CONTINUE_RR"),
        (PROVED_SLIGHT | {"legal_reviewed": "no"}, "CONTINUE_RR"),
    ],
    ids=[
        "1",
        "2",
        "3",
        "4",
        "legal-has-not-reviewed",
        "harm-not-serious",
        "harm-not-serious-but-one-disagrees",
        "harm-not-serious-without-legal",
    ],
)
def test_withdrawal(checked: Checked, facts: dict[str, Any], outcome: str) -> None:
    assert decided(checked, "withdraw_after_sin", EXIT | facts) == outcome


@pytest.mark.parametrize(
    ("facts", "way"),
    [
        ({"proceedings": "active", "objection": "yes"}, "DELAY"),
        ({"proceedings": "active", "objection": "yes", "identity_risk": "yes"}, "DELAY"),
        ({"identity_risk": "yes"}, "IMPROVEMENTS_ONLY"),
        ({"court_order": "yes"}, "IMPROVEMENTS_ONLY"),
        ({}, "FULL"),
        ({"proceedings": "active"}, "FULL"),
        ({"proceedings": "possible", "objection": "yes"}, "FULL"),
    ],
    ids=[
        "1", "1-before-2", "2-identity", "2-court-order", "3",
        "under-way-but-nobody-objects", "objection-without-a-charge",
    ],
)  # fmt: skip
def test_way_of_publication(checked: Checked, facts: dict[str, Any], way: str) -> None:
    assert decided(checked, "publication_mode", OPEN | facts) == way


@pytest.mark.parametrize("missing", sorted(OPEN))
def test_way_of_publication_is_not_advised_while_an_answer_is_missing(
    checked: Checked, missing: str
) -> None:
    assert decided(checked, "publication_mode", OPEN | {missing: None}) is None


@pytest.mark.parametrize(
    ("found", "indicators"),
    [
        (["n1"], ["IMPROVEMENTS_NEEDED"]),
        (["n2"], ["LAW_OR_GUIDANCE"]),
        (["n3"], ["RECURRENT_THEMES"]),
        (["n4"], ["NOT_AT_SCHOOL"]),
        (["n5"], ["IN_CARE_OR_ON_PLAN"]),
        (["n6"], ["RANGE_OF_ABUSE"]),
        (["n7"], ["INSTITUTION"]),
        (["n7", "n2"], ["LAW_OR_GUIDANCE", "INSTITUTION"]),
        ([], None),
    ],
    ids=["1", "2", "3", "4", "5", "6", "7", "two-in-the-table's-order", "none"],
)
def test_indicators_of_a_national_review(
    checked: Checked, found: list[str], indicators: list[str] | None
) -> None:
    scope = {"national_indicators": found}
    assert decided(checked, "national_review_indicators", scope) == indicators
