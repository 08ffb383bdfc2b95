"""A mail about a meeting brings an entry for the calendar, which follows when the meeting moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from app.documents import meeting_in
from app.documents.calendar import CalendarEntry, feed, invitation
from app.engine import LONDON
from app.scheduler.way.notify import _words
from app.store.work import meetings
from tests.kit import START, Kit, diagram, form
from tests.post import Letterbox, Post

TEMPLATE = b"Subject: Meeting in {reference}\n\nThe meeting is {meeting_at}. {link}\n"


def header(name: str, text: str) -> bytes:
    return f'<zeebe:header key="{name}" value="{text}"/>'.encode()


def files(at: str = "=day", place: str = "Room 4") -> dict[str, bytes]:
    """A meeting that is called, and told once more after each answer."""
    mail = {"effect": "mail", "to": "clerk", "template": "meeting"}
    drawn = diagram(
        "start > task:set > send:call > task:move > send:again > end",
        call=mail,
        again=mail,
        set={"groups": "clerk", "form": "when", "out": "=day -> day"},
        move={"groups": "clerk", "form": "when", "out": "=day -> day"},
        var={"day": "null"},
    )
    said = header("meeting_id", "panel") + header("meeting_name", "Panel meeting")
    said += header("meeting_at", at) + header("meeting_place", place)
    text = drawn["bpmn/p.bpmn"].replace(b"</zeebe:taskHeaders>", said + b"</zeebe:taskHeaders>")
    when = form("when", "day", kind="datetime", subtype="datetime", required=False)
    return drawn | when | {"bpmn/p.bpmn": text, "forms/mail/meeting.txt": TEMPLATE}


def entry_in(message: EmailMessage) -> Any:
    """The one event of a mail's calendar, with its method, as a calendar's own reader has it."""
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    whole = Calendar.from_ical(part.get_content())
    (event,) = whole.walk("VEVENT")
    over = str(event["STATUS"]) == "CANCELLED"
    assert str(whole["METHOD"]) == part.get_param("method") == ("CANCEL" if over else "REQUEST")
    return event


def set_to(kit: Kit, case: str, element: str, typed: dict[str, str] | None) -> EmailMessage:
    """The mail to one of the two that are told."""
    kit.complete("ann", case, element, day=typed or "")
    box = Letterbox()
    assert Post(kit.desk, box).deliver(kit.at) == 2
    return box.got[0]


def clock(day: int, month: int, at: str) -> dict[str, str]:
    return {"day": str(day), "month": str(month), "year": "2026", "time": at}


def test_an_invitation_follows_when_the_meeting_moves_and_ends_when_it_is_called_off(
    both: Kit,
) -> None:
    both.deploy(files())
    case = both.start("ann")
    called = set_to(both, case, "set", clock(27, 3, "10:00"))
    first = entry_in(called)
    assert str(first["SUMMARY"]) == "T-2026-0001: Panel meeting" and first["SEQUENCE"] == 0
    assert first["DTSTART"].dt == datetime(2026, 3, 27, 10, tzinfo=LONDON), "before clocks change"
    assert first["DTEND"].dt - first["DTSTART"].dt == timedelta(hours=1)
    assert str(first["LOCATION"]) == "Room 4" and str(first["STATUS"]) == "CONFIRMED"
    assert str(first["ATTENDEE"]) == f"mailto:{called['To']}"
    assert called.get_body(("plain",)).get_content() == _words(called), "words stay what they are"
    both.later(days=1)
    moved = entry_in(set_to(both, case, "move", clock(30, 3, "10:00")))
    assert (str(moved["UID"]), moved["SEQUENCE"]) == (str(first["UID"]), 1)
    assert moved["DTSTART"].dt == datetime(2026, 3, 30, 10, tzinfo=LONDON)
    off = _told_off(both)
    assert str(off["STATUS"]) == "CANCELLED" and off["SEQUENCE"] == 1


def test_a_meeting_that_has_begun_is_called_off_no_more(kit: Kit) -> None:
    kit.deploy(files())
    case = kit.start("ann")
    set_to(kit, case, "set", clock(27, 3, "10:00"))
    kit.later(days=60)
    message = set_to(kit, case, "move", None)
    assert "text/calendar" not in {part.get_content_type() for part in message.walk()}
    with kit.store.reading() as unit:
        (row,) = meetings.of_case(unit, case)
    assert not row.off and row.sequence == 0


@pytest.mark.parametrize(
    ("begins", "reminds"),
    [
        pytest.param(datetime(2026, 3, 27, 10, tzinfo=LONDON), timedelta(days=-1), id="a time"),
        pytest.param(date(2026, 3, 27), timedelta(hours=-15), id="a day: at nine the day before"),
    ],
)
def test_a_calendar_reminds_of_a_meeting_with_its_title_alone(
    begins: date, reminds: timedelta
) -> None:
    entry = CalendarEntry(uid="u", title="T-1: Panel", begins=begins, place="x", changed=START)
    whole = Calendar.from_ical(invitation(entry, "cases@example.org", "ann@example.org")[1])
    (alarm,) = whole.walk("VALARM")
    assert alarm["TRIGGER"].dt == reminds and str(alarm["DESCRIPTION"]) == "T-1: Panel"
    assert str(alarm["ACTION"]) == "DISPLAY"


def test_what_is_called_off_reminds_of_nothing_and_a_feed_neither() -> None:
    entry = CalendarEntry(uid="u", title="T", begins=START, off=True, changed=START)
    assert "VALARM" not in invitation(entry, "cases@example.org", "ann@example.org")[1]
    assert b"VALARM" not in feed("All", [replace(entry, off=False)])


def _told_off(kit: Kit) -> Any:
    case = kit.start("ann")
    set_to(kit, case, "set", clock(27, 3, "10:00"))
    return entry_in(set_to(kit, case, "move", None))


def test_told_again_at_the_same_time_it_is_the_same_entry(kit: Kit) -> None:
    kit.deploy(files())
    case = kit.start("ann")
    for element in ("set", "move"):
        entry = entry_in(set_to(kit, case, element, clock(27, 3, "10:00")))
        assert entry["SEQUENCE"] == 0
    with kit.store.reading() as unit:
        (row,) = meetings.of_case(unit, case)
    assert row.changed_at == START


HEADERS = {"meeting_id": "a", "meeting_name": "Panel", "meeting_at": date(2026, 3, 4)}
NONE = {
    "no id": {**HEADERS, "meeting_id": None}, "no name": {**HEADERS, "meeting_name": ""},
    "a text for its time": {**HEADERS, "meeting_at": "soon"},
    "no word of one": {"to": "clerk"},
}  # fmt: skip


@pytest.mark.parametrize("headers", NONE.values(), ids=NONE.keys())
def test_a_mail_that_does_not_say_when_brings_no_entry(headers: dict[str, Any]) -> None:
    assert meeting_in(headers) is None


@pytest.mark.parametrize(
    ("begins", "written"),
    [
        pytest.param(datetime(2026, 3, 28, 23, 30, tzinfo=LONDON), "20260328T233000Z", id="winter"),
        pytest.param(datetime(2026, 3, 29, 0, 30, tzinfo=LONDON), "20260329T003000Z",
                     id="the night the clocks go on, before"),
        pytest.param(datetime(2026, 3, 29, 2, 30, tzinfo=LONDON), "20260329T013000Z",
                     id="the night the clocks go on, behind"),
        pytest.param(datetime(2026, 10, 25, 1, 30, tzinfo=LONDON), "20261025T003000Z",
                     id="the hour that comes twice, first"),
        pytest.param(datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1), "20261025T013000Z",
                     id="the hour that comes twice, second"),
    ],
)  # fmt: skip
def test_an_instant_is_the_same_in_every_calendar(begins: datetime, written: str) -> None:
    entry = CalendarEntry(uid="u", title="T", begins=begins, minutes=60, changed=START)
    text = invitation(entry, "cases@example.org", "ann@example.org")[1]
    assert f"DTSTART:{written}" in text
    (event,) = Calendar.from_ical(feed("All", [entry])).walk("VEVENT")
    there = begins.astimezone(UTC)
    assert event["DTSTART"].dt == there and event["DTEND"].dt - there == timedelta(hours=1)


def test_a_day_is_a_whole_day_and_keeps_nobody_from_other_things() -> None:
    entry = CalendarEntry(uid="u", title="T", begins=date(2026, 3, 29), changed=START)
    (event,) = Calendar.from_ical(feed("All", [entry])).walk("VEVENT")
    assert event["DTSTART"].dt == date(2026, 3, 29) and str(event["TRANSP"]) == "TRANSPARENT"


def test_what_is_typed_into_a_place_stays_in_its_place() -> None:
    place = "Room 4\r\nATTENDEE:mailto:eve@example.org; x, y"
    told = meeting_in({**HEADERS, "meeting_place": place})
    assert told is not None
    entry = CalendarEntry(uid="u", title="T", begins=START, place=told.place, changed=START)
    (event,) = Calendar.from_ical(feed("All", [entry])).walk("VEVENT")
    assert "ATTENDEE" not in event and str(event["LOCATION"]) == " ".join(place.split())
