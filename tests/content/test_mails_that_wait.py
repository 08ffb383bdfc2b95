"""Which mails may wait for a daily mail, or for a working day; that none is about a near limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from app.documents import MAY_WAIT, WORKING_DAYS_ONLY, says_yes

ROOT = Path(__file__).resolve().parents[2]
HEADER = "{http://camunda.org/schema/zeebe/1.0}header"
SEND = "{http://www.omg.org/spec/BPMN/20100524/MODEL}sendTask"
#: that something is over, was decided or recorded; an action of a plan, unless its date is near
MAY = {
    "case_district.tell_district_recorded", "follow_one_action.remind_action_owner",
    "follow_one_action.remind_of_effect", "follow_one_action.tell_action_owner",
    "follow_one_action.tell_date_moved", "lcspr.tell_local_work_on",
    "rapid_review.tell_review_over", "request_for_support.tell_referrer",
    "scoping_return.tell_supplement_over",
    "support_beside_incident.tell_referrer_of_support",
}  # fmt: skip
#: of our own work with learning and actions, of which nothing is done on a weekend or holiday
QUIET = {
    "disseminate_learning.tell_chair_learning_late", "follow_one_action.remind_action_owner",
    "follow_one_action.remind_of_effect", "other_learning.tell_other_learning_late",
    "seven_minute_briefing.tell_learning_chair_late",
}  # fmt: skip
#: words in the name of a template of a mail about danger, a duty in law, or a meeting
URGENT = (
    "danger", "notification", "decision_open", "abuse", "died", "form_a", "form_b", "scoping_late",
    "scoping_re", "imr", "meeting", "papers", "rights", "information", "handover", "report_late",
)  # fmt: skip


def mails() -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted((ROOT / "bpmn").glob("*.bpmn")):
        for task in etree.parse(str(path)).iter(SEND):
            headers = {str(row.get("key")): str(row.get("value")) for row in task.iter(HEADER)}
            yield f"{path.stem}.{task.get('id')}", headers


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        pytest.param(MAY_WAIT, MAY, id="may wait"),
        pytest.param(WORKING_DAYS_ONLY, QUIET, id="quiet"),
    ],
)
def test_these_mails_wait_and_no_others(header: str, meant: set[str]) -> None:
    assert {name for name, headers in mails() if says_yes(headers.get(header))} == meant


def test_no_mail_about_danger_a_duty_or_a_meeting_waits() -> None:
    several = {name: headers.get("template", "") for name, headers in mails()}
    urgent = {name for name, said in several.items() if any(word in said for word in URGENT)}
    assert len(urgent) > 30 and not urgent & (MAY | QUIET)
