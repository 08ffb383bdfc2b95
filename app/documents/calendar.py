"""Calendar entries as iCalendar (RFC 5545, 5546): an invitation for one person, a feed of many.

An entry says a reference, a kind and a time, and names nobody. Instants are written in UTC, which
every calendar shows by its own clock: nothing shifts when the clocks change. Which entries there
are, and for whom, is not said here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress

#: how often a program looks for news of a feed
REFRESH = timedelta(hours=1)
#: how long before it begins a meeting reminds people; one of a whole day, which begins at midnight,
#: at nine in the morning before
_REMINDS, _REMINDS_OF_A_DAY = timedelta(days=1), timedelta(hours=15)
_MAKER = "-//Rapid Review//EN"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    #: stays the same for ever (`unique`)
    uid: str
    title: str
    #: aware, or a whole day
    begins: datetime | date
    #: 0: it is a point in time
    minutes: int = 0
    #: grows with every change of its time
    sequence: int = 0
    off: bool = False
    place: str = ""
    #: where more is said to who may read it
    link: str = ""
    #: aware: when this was last so
    changed: datetime


def unique(*parts: str) -> str:
    """An id for an entry that tells nothing of what it is made of."""
    return f"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:40]}@rapid-review"


def invitation(entry: CalendarEntry, sender: str, to: str) -> tuple[str, str]:
    """(method, text) for one person: a request, which a later one replaces; or its end."""
    method = "CANCEL" if entry.off else "REQUEST"
    whole, event = _calendar(method), _event(entry)
    event.add("organizer", vCalAddress(f"mailto:{sender}"))
    attendee = vCalAddress(f"mailto:{to}")
    if not entry.off:
        event.add_component(_alarm(entry))
    attendee.params["ROLE"], attendee.params["RSVP"] = "REQ-PARTICIPANT", "FALSE"
    event.add("attendee", attendee, encode=False)
    whole.add_component(event)
    return method, whole.to_ical().decode()


def feed(title: str, entries: Iterable[CalendarEntry]) -> bytes:
    """All of them, for a program that asks for news; the same entries are the same bytes."""
    whole = _calendar("PUBLISH")
    whole.add("x-wr-calname", title)
    whole.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT1H")
    for entry in entries:
        whole.add_component(_event(entry))
    return bytes(whole.to_ical())


def _calendar(method: str) -> Calendar:
    whole = Calendar()
    whole.add("prodid", _MAKER)
    whole.add("version", "2.0")
    whole.add("method", method)
    return whole


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.off else "CONFIRMED")
    if isinstance(entry.begins, datetime):
        begins = entry.begins.astimezone(UTC)
        event.add("dtstart", begins)
        if entry.minutes:
            event.add("dtend", begins + timedelta(minutes=entry.minutes))
    else:  # a whole day takes no time from anybody
        event.add("dtstart", entry.begins)
        event.add("transp", "TRANSPARENT")
    if entry.place:
        event.add("location", entry.place)
    if entry.link:
        event.add("url", entry.link)
        event.add("description", f"Open the case: {entry.link}")
    return event


def _alarm(entry: CalendarEntry) -> Alarm:
    """The person's own program shows it; it says the title, and so names nobody either."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    timed = isinstance(entry.begins, datetime)
    alarm.add("trigger", -(_REMINDS if timed else _REMINDS_OF_A_DAY))
    return alarm
