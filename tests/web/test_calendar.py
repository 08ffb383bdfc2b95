"""The calendar shows meetings and national limits of the cases that somebody sees in whole; so does
its secret address, without a name, for as long as its holder wants it and may see the cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from app.casework.commands import Cancel, ExcludePerson, Merge
from app.casework.people import feeds, tokens
from app.engine import LONDON
from tests.kit import PEOPLE, Kit, diagram, form
from tests.post import Letterbox, Post
from tests.scheduler.test_invitations import TEMPLATE, clock, header
from tests.web.conftest import Browser
from tests.web.test_api import Client
from tests.web.test_people import press


def files() -> dict[str, bytes]:
    """A panel that is called and may move; two tasks, of which one is an agency's, by 18 March."""
    last = {"due": "=working_days_after(today(), 3)", "backstop": '=date("2026-03-18")'}
    mail = {"effect": "mail", "to": "clerk", "template": "meeting"}
    drawn = diagram(
        "start > send:other > and:fork; fork > task:set > send:call > task:move > send:again;"
        "again > join; fork > task:reply > join; fork > task:check > and:join > end",
        call=mail, again=mail, other={**mail, "to": "lead", "template": "other"},
        set={"groups": "clerk", "form": "when", "out": "=day -> day"},
        move={"groups": "clerk", "form": "when", "out": "=day -> day"},
        check={"groups": "clerk,lead", "label": "Jo Doe", **last},
        reply={"groups": "agency", **last},
        var={"day": "null"},
    )  # fmt: skip
    said = header("meeting_id", "panel") + header("meeting_name", "Panel meeting")
    said += header("meeting_at", "=day") + header("meeting_place", "Jo Doe’s school")
    said += header("meeting_steps", "set, move")
    template = header("template", "meeting")
    text = drawn["bpmn/p.bpmn"].replace(template, template + said)
    when = form("when", "day", kind="datetime", subtype="datetime", required=False)
    other = {"forms/mail/other.txt": b"Subject: Of no meeting\n\nHello"}
    return drawn | when | {"bpmn/p.bpmn": text, "forms/mail/meeting.txt": TEMPLATE} | other


@pytest.fixture
def case(kit: Kit) -> str:
    kit.deploy(files())
    case = kit.start("ann")
    kit.complete("ann", case, "set", day=clock(30, 3, "10:00"))
    return case


def lines(browser: Browser, month: str = "") -> list[str]:
    page = browser.visit(f"/calendar{month and '?month=' + month}")
    rows = page.tree.xpath("//main//tbody/tr")
    return [" ".join(" ".join(row.itertext()).split()) for row in rows]


def test_a_month_shows_its_meetings_and_limits_earliest_first(
    kit: Kit, case: str, ann: Browser
) -> None:
    assert lines(ann) == [
        "Wednesday 18 March 2026 T-2026-0001 National limit: Reply and 1 more",
        "Monday 30 March 2026 at 10am T-2026-0001 Meeting: Panel meeting",
    ]
    assert lines(ann, "2026-02") == lines(ann), "two months at once"
    assert lines(ann, "2026-04") == []
    kit.complete("ann", case, "move", day="")
    assert lines(ann)[1].endswith("Panel meeting Called off")


def test_a_limit_that_is_passed_and_still_open_stays_in_sight(
    kit: Kit, case: str, browser_of: Callable[[str], Browser]
) -> None:
    kit.at = datetime(2026, 3, 19, 9, tzinfo=LONDON)
    kit.complete("ann", case, "check")
    assert lines(browser_of("ann"))[0].endswith("National limit: Reply Passed")
    kit.at = datetime(2026, 4, 2, 9, tzinfo=LONDON)
    ann = browser_of("ann")
    page = ann.visit("/calendar")
    assert page.says("Passed before this month, and still open") and len(lines(ann)) == 1
    kit.complete("pol", case, "reply")
    assert lines(ann) == []


@pytest.mark.parametrize("who", ["pol", "out", "dra"])
def test_who_sees_a_part_or_nothing_of_a_case_has_none_of_its_calendar(
    browser_of: Callable[[str], Browser], case: str, who: str
) -> None:
    assert lines(browser_of(who)) == []


def _cancelled(kit: Kit, case: str) -> None:
    kit.do(Cancel, "lea", case=case, reason="Begun twice")


def _merged(kit: Kit, case: str) -> None:
    kit.do(Merge, "lea", case=case, into=kit.start("ann"), reason="The same child")


@pytest.mark.parametrize("over", [_cancelled, _merged])
def test_a_case_that_does_not_go_on_by_itself_has_no_meeting_ahead(
    kit: Kit, case: str, ann: Browser, over: Callable[[Kit, str], None]
) -> None:
    over(kit, case)
    assert not any("T-2026-0001" in line and "Meeting" in line for line in lines(ann))


def test_a_month_ends_before_the_next_one_begins(kit: Kit, case: str, ann: Browser) -> None:
    kit.complete("ann", case, "move", day=clock(1, 5, "00:00"))
    assert not any("Panel meeting" in line for line in lines(ann))
    assert "Panel meeting" in lines(ann, "2026-05")[0]


def made(browser: Browser) -> str:
    """The path of a new secret address."""
    page = press(browser, "/account", "/account/calendar")
    (shown,) = page.tree.xpath("//code[@id='feed']/text()")
    assert str(shown) not in browser.visit("/account").text, "it is shown once"
    return "/" + str(shown).partition("://")[2].partition("/")[2]


def read(browser: Browser, path: str, code: int = 200, **more: Any) -> Any:
    answer = browser.client.get(path, **more)
    assert answer.status_code == code
    return answer


def test_a_calendar_reads_the_address_which_names_nobody(
    case: str, ann: Browser, stranger: Browser
) -> None:
    answer = read(stranger, made(ann))
    assert answer.mimetype == "text/calendar" and "Jo Doe" not in answer.text
    whole = Calendar.from_ical(answer.get_data())
    assert {str(event["SUMMARY"]): event["DTSTART"].dt for event in whole.walk("VEVENT")} == {
        "T-2026-0001: National limit: Reply and 1 more": date(2026, 3, 18),
        "T-2026-0001: Panel meeting": datetime(2026, 3, 30, 10, tzinfo=LONDON),
    }
    assert ann.visit("/account").says("It was last read on 4 March 2026")


def test_what_has_not_changed_is_not_sent_again(
    kit: Kit, case: str, ann: Browser, stranger: Browser
) -> None:
    path = made(ann)
    mark = {"If-None-Match": read(stranger, path).headers["ETag"]}
    kit.later(hours=1)
    assert read(stranger, path, 304, headers=mark).get_data() == b""
    kit.complete("ann", case, "move", day=clock(31, 3, "10:00"))
    read(stranger, path, 200, headers=mark)


def _replaced(ann: Browser, kit: Kit) -> None:
    made(ann)


def _ended(ann: Browser, kit: Kit) -> None:
    press(ann, "/account", "/account/calendar/end")


def _revoked_with_all(ann: Browser, kit: Kit) -> None:
    with kit.store.writing() as unit:
        from app.casework.people.links import revoked

        revoked(unit, "ann", kit.at)


def _a_year_old(ann: Browser, kit: Kit) -> None:
    kit.later(days=366)


@pytest.mark.parametrize("how", [_replaced, _ended, _revoked_with_all, _a_year_old])
def test_an_address_that_is_over_opens_nothing(
    kit: Kit, case: str, ann: Browser, stranger: Browser, how: Callable[[Browser, Kit], None]
) -> None:
    path = made(ann)
    how(ann, kit)
    assert "opens nothing" in read(stranger, path, 404).text


def test_a_case_that_somebody_may_see_no_more_leaves_their_calendar(
    kit: Kit, case: str, ann: Browser, stranger: Browser
) -> None:
    path = made(ann)
    kit.do(ExcludePerson, "lea", case=case, person="ann", reason="A conflict of interest")
    assert "T-2026-0001" not in read(stranger, path).text and lines(ann) == []


def test_an_address_and_a_token_do_not_serve_for_each_other(
    kit: Kit, app: Flask, case: str, ann: Browser, stranger: Browser
) -> None:
    secret = feeds.make(kit.desk, PEOPLE["ann"], kit.at)
    Client(app, secret).get("/cases", 403)
    token = tokens.make(kit.desk, PEOPLE["ann"], "ann", "t", kit.at)[0]
    read(stranger, f"/calendar/{token}.ics", 404)


def test_the_meetings_of_a_case_stand_on_one_page(kit: Kit, case: str, ann: Browser) -> None:
    """When and where, whom it was sent to, what is to be done, and what was recorded of it."""
    assert ann.visit(f"/cases/{case}").links()["Meetings"] == "/cases/T-2026-0001/meetings"
    page = ann.visit(f"/cases/{case}/meetings")
    assert page.says("Panel meeting Monday 30 March 2026 at 10am") and page.says("Nobody yet")
    assert page.links()["Move"].endswith(kit.task(case, "move")), "where it is called or recorded"
    Post(kit.desk, Letterbox()).deliver(kit.at)
    kit.complete("ann", case, "move", day=clock(31, 3, "14:00"))
    page = ann.visit(f"/cases/{case}/meetings")
    assert page.says("Tuesday 31 March 2026 at 2pm Moved 1 time") and page.says("Jo Doe’s school")
    assert page.says("Ann Archer, Ben Baker") and not page.says("not sent yet")
    assert not page.says("Lea Lamb"), "who got another mail is not invited"
    assert page.says("Move, by Ann Archer") and "Move" not in page.links(), "done, so recorded"


def test_who_sees_a_part_of_a_case_does_not_see_its_meetings(
    browser_of: Callable[[str], Browser], case: str
) -> None:
    browser_of("pol").visit(f"/cases/{case}/meetings", 404)
