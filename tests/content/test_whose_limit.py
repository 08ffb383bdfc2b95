"""Each limit says whose it is: “Local” for the partnership’s own days, else where they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from app.engine.bpmn.names import ACTIVITIES
from app.validation.deployment import Checked

ROOT = Path(__file__).resolve().parents[2]
#: whose days are not the partnership's own, and where the days themselves stand
NATIONAL = {
    "send_notification": "Working Together",
    "publish_report": "Working Together",
    "lcspr_review": "Working Together",
    "later_lcspr": "Working Together",
    "triage_request": "Working Together",
    "decide_support": "Working Together",
    "hand_over": "Working Together",
    "hand_incident_over": "Working Together",
    "send_copies": "SI 2018/789",
    "acknowledge_form_a": "National Child Mortality Database",
    "hold_review_meeting": "Child Death Review guidance",
    "record_overview_panel": "Child Death Review guidance",
    "answer_prevention_report": "Coroners (Investigations) Regulations 2013 reg 29",
    "answer_data_request": "UK GDPR article 12A",
    "tell_data_extension": "UK GDPR article 12A",
    "answer_information_asked": "Freedom of Information Act 2000 section 10",
    "tell_public_interest_time": "Freedom of Information Act 2000 section 17",
    "acknowledge_complaint": "Data Protection Act 2018 section 164A",
}
SOURCE = re.compile(r"\bAct\b|\bSI 20|Regulations|GDPR|Working Together|guidance|National Panel")
#: these set no number of days (Children Act 2004 s16C and s16F, s16H; Children Act 1989 s47)
WITHOUT_DAYS = re.compile(r"s16[A-Z]|s47")


def limits(checked: Checked) -> dict[str, tuple[str | None, str | None]]:
    """(duty, basis) of every step that has a due date."""
    assert checked.program is not None
    return {
        element.id: (element.rules.duty, element.rules.basis)
        for process in checked.program.processes.values()
        for element in process.elements.values()
        if element.due or element.rules.deadline
    }


def test_limit_is_local_or_says_where_its_days_stand(checked: Checked) -> None:
    for step, (_, basis) in limits(checked).items():
        assert basis is not None and basis.startswith(NATIONAL.get(step, "Local")), (step, basis)


def test_limit_of_a_source_counts_no_day_of_the_house(checked: Checked) -> None:
    """Day 15 is the partnership's; the fifteen working days after the notification are not."""
    assert checked.program is not None
    for process in checked.program.processes.values():
        for element in process.elements.values():
            drawn = element.due or element.rules.deadline or ""
            local = (element.rules.basis or "").startswith("Local")
            assert local or "settings.day_shift" not in drawn, element.id


def test_local_limit_claims_no_source_for_its_days(checked: Checked) -> None:
    for step, (_, basis) in limits(checked).items():
        if step not in NATIONAL:
            assert not SOURCE.search(basis or ""), (step, basis)


def test_limit_names_no_section_that_sets_no_days(checked: Checked) -> None:
    assert [
        step for step, (_, basis) in limits(checked).items() if WITHOUT_DAYS.search(basis or "")
    ] == []


def test_national_limit_says_the_duty_too(checked: Checked) -> None:
    told = limits(checked)
    assert [step for step in NATIONAL if not told[step][0]] == []


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn").glob("*.bpmn")), ids=lambda p: p.stem)
def test_duty_stands_only_where_somebody_does_something(path: Path) -> None:
    for one in etree.parse(str(path)).getroot().iter("{*}property"):
        if one.get("name") == "duty":
            holder = one.getparent().getparent().getparent()
            assert etree.QName(holder).localname in ACTIVITIES
