"""A case carried by hand through a browser as all its people, from the request to the decision.

Twice: a child seriously harmed; a child's death about which the partners do not agree. Nothing is
used but what a page shows, only what is asked is answered, and every mail's link is opened by whom
it went to. What each job took is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from app.documents import every_text
from tests.browser.caseworkers import Office, office

#: a Monday, 10:00 in London
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
REQUEST = {
    "Your job or role": "Designated safeguarding lead",
    "Your organisation": "Oakfield School",
    "Telephone number": "01483 000000",
    "What is this request for?": ["Concern that a serious incident"],
    "Does the family know": "Consent is not needed",
    "Is abuse or neglect": "It is suspected",
    "Did it happen in our area?": "Yes",
    "Home postcode": "GU1 1AA",
}
HARM = REQUEST | {
    "Is the child’s case open": "Yes",
    "What has happened?": "A child has been seriously harmed",
    "Full legal name": "Amara Nwosu",
    "Sex": "Female",
    "Ethnic group": "Black: African",
    "What kind of concern": ["Physical abuse"],
}
DEATH = REQUEST | {
    "Is the child’s case open": "No",
    "What has happened?": "A child has died",
    "Full legal name": "Tomasz Zieliński",
    "Sex": "Male",
    "Ethnic group": "White: any other",
    "What kind of concern": ["Neglect"],
    "Has this child died": "Yes",
}
WHERE = {"By what is the quadrant": "Where the child lives", "Which quadrant": "North West"}
NOTIFY = {"What is your organisation": "Notify"}
NOT_NOTIFIABLE = {
    "What is your organisation": "It is not notifiable",
    "Anything to add": "The cause of death is natural in our view.",
}
PARTNERS = ("anita.desai", "david.cole", "karen.sutcliffe")
#: organisation as the list calls it → its contact; two schools among them
ASKED = {
    "Surrey Police": "gareth.pugh",
    "Integrated Care Board (": "imogen.wells",
    "Acute hospital: St Anne’s Hospital": "alice.corran",
    "Community health": "beth.carraway",
    "Mental health trust": "leon.foster",
    "General practice: Elm Road Surgery": "kate.osborne",
    "Education: Oakfield School": "meera.joshi",
    "Education: Riverside School": "paul.whitby",
    "Children's Social Care": "stella.amos",
}
TEAM, REPORT = "priya.nair", "Rapid Review Outcome Report"


@pytest.fixture
def desk(tmp_path: Path, browser: Browser) -> Iterator[Office]:
    with office(tmp_path, browser, MONDAY) as opened:
        yield opened


def told(desk: Office) -> None:
    """What the jobs since the last time took, for whoever reads the run."""
    print()
    for job in desk.jobs:
        said = f"{job.clicks:4} clicks {job.fields:3} fields {job.sends} sends"
        print(f"{said}  {job.who}: {job.name}")
    clicks, fields = (sum(getattr(job, what) for job in desk.jobs) for what in ("clicks", "fields"))
    print(f"{clicks:4} clicks {fields:3} fields in {len(desk.jobs)} jobs")
    desk.jobs.clear()


def ago(desk: Office, hours: int) -> datetime:
    return desk.clock[0] - timedelta(hours=hours)


def notified(desk: Office) -> None:
    """From the draft to the notification that was sent."""
    desk.person("james.thorne").does("Draft the notification")
    desk.person("martin.doyle").does("Approve the notification", {"Do you approve": "Yes"})
    desk.person("james.thorne").does("Submit the notification in the DfE system")
    assert desk.blind_letters() == []


def reviewed(desk: Office, facts: str) -> None:
    """From Day 1 to the report at the National Panel, which holds the decision on a review.
    `facts`: as the meeting writes them down."""
    day_1 = desk.today
    team = desk.person(TEAM)
    for task in (
        "Set the Rapid Review meeting",
        "Name who keeps contact with the family",
        "Check for conflicts of interest",
    ):
        team.does(task)
    team.does("Choose whom to ask", {"Whom do you ask": list(ASKED)})
    assert desk.blind_letters() == []
    for who in ASKED.values():
        known = ["The child"] if who == "meera.joshi" else ["None of them"]
        desk.person(who).does("Return the scoping form", {"Whom does your agency know": known})
    team.does("Check and chase the returns", {"What is next": "Collate now"})
    team.does("Collate the master document")
    desk.turn(day_1 + timedelta(days=7))
    team.does(
        "Send the master document to the Rapid Review Panel", {"Are the papers in time": "Yes"}
    )
    desk.turn(day_1 + timedelta(days=10), "14:00")
    desk.person("simon.adeyemi").does(
        "Hold and record the Rapid Review meeting",
        {
            "Which safeguarding partners": ["Local authority", "Health", "Police"],
            "The facts": facts,
        },
    )
    team.does(f"Draft the {REPORT}")
    for who in ("simon.adeyemi", "edward.lyle", "claire.bannister"):
        desk.person(who).does("Comment on the draft report")
    desk.turn(day_1 + timedelta(days=14))
    team.does(
        "Finalise the report and send it for approval",
        {"Are the legal comments worked in": "There were none"},
    )
    for who in ("patricia.quinn", *PARTNERS):
        desk.person(who).does(f"Approve the {REPORT}", {"Do you approve": "Yes"})
    team.does("Send the report to the National Panel", {"How?": "Secure email"})
    assert desk.blind_letters() == []


def names_nobody(desk: Office, case: str, *names: str) -> None:
    """The report that leaves holds none of these, and stands under a pseudonym for each child."""
    text = " ".join(every_text(desk.person(TEAM).makes(REPORT, case).read_bytes())).casefold()
    assert "child 1" in text
    assert not [name for name in names if name in text]


@pytest.mark.browser
def test_a_child_seriously_harmed(desk: Office) -> None:
    born: dict[str, Any] = {"When did it happen?": ago(desk, 14), "Date of birth": date(2019, 5, 4)}
    case = desk.person("rosa.whitfield").starts("Request for Support", HARM | born)
    desk.person("owen.marsh").does(
        "Triage the Request for Support", {"What should happen": "Cause for Concern"} | WHERE
    )
    assert desk.blind_letters() == []
    lead = desk.person("martin.doyle")
    lead.does("Complete the Cause for Concern form")
    lead.does("Establish the facts")
    lead.does("Propose whether to notify", {"What do you propose": "Notify"})
    for who in PARTNERS:
        desk.person(who).does("Agree whether the incident is notifiable", NOTIFY)
    notified(desk)
    reviewed(desk, "Amara Nwosu has burns that nobody explains. AMARA’s mother was afraid.")
    names_nobody(desk, case, "amara", "nwosu")
    told(desk)


@pytest.mark.browser
def test_a_child_dies_and_the_partners_do_not_agree(desk: Office) -> None:
    desk.turn(date(2026, 4, 13), "10:00")
    died = ago(desk, 12)
    times = {
        "When did it happen?": died,
        "Date of birth": date(2022, 5, 4),
        "When was the death confirmed": died,
        "When did the first professional": died,
    }
    case = desk.person("rosa.whitfield").starts("Request for Support", DEATH | times)
    desk.person("owen.marsh").does(
        "Triage the Request for Support",
        {"What should happen": "Decide whether", "Was the child’s case closed": "It was never"}
        | WHERE,
    )
    desk.person("ian.holloway").does("Submit Form A to eCDOP", {"Child protection plan": "Never"})
    assert desk.blind_letters() == []
    lead = desk.person("martin.doyle")
    lead.does("Establish the facts")
    lead.does("Propose whether to notify", {"What do you propose": "Notify"})
    for who in PARTNERS:
        view = NOT_NOTIFIABLE if who == "karen.sutcliffe" else NOTIFY
        desk.person(who).does("Agree whether the incident is notifiable", view)
    director = desk.person("rachel.winslow")
    director.does("Decide the dispute between the partners", {"What do you decide": "Notify"})
    notified(desk)
    reviewed(desk, "Tomasz ZIELINSKI was found alone. Nobody had seen Tomasz for two days.")
    names_nobody(desk, case, "tomasz", "zieliński", "zielinski")
    told(desk)
