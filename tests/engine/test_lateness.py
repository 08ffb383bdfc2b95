"""Dates and deadlines in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.engine import lateness, saying
from app.engine.feel import Calendar
from app.engine.london import LONDON

WORKING = Calendar.of("england-and-wales").is_working_day


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def end_of(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T23:59:59").replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(date(2026, 4, 2), "Thursday 2 April 2026", id="a date"),
        pytest.param(at("2026-04-02T12:00"), "Thursday 2 April 2026", id="an instant"),
        pytest.param(
            at("2026-03-31T23:30"), "Wednesday 1 April 2026", id="after midnight in London"
        ),
    ],
)
def test_a_day_is_said_with_its_weekday(value: date, words: str) -> None:
    assert saying.day(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param("2026-01-05T14:05", "2:05pm", id="afternoon"),
        pytest.param("2026-01-05T09:00", "9am", id="full hour"),
        pytest.param("2026-01-05T12:00", "midday", id="midday"),
        pytest.param("2026-01-05T00:00", "midnight", id="midnight"),
        pytest.param("2026-01-05T00:30", "12:30am", id="half past midnight"),
        pytest.param("2026-07-05T14:05", "3:05pm", id="summer time"),
    ],
)
def test_a_time_is_said_as_people_in_london_say_it(value: str, words: str) -> None:
    assert saying.clock(at(value)) == words


@pytest.mark.parametrize(
    ("due", "now", "words"),
    [
        pytest.param("2026-04-09", "2026-04-01T09:00", "in 4 working days", id="over Easter"),
        pytest.param("2026-04-01", "2026-04-01T22:00", "today", id="today, late in the evening"),
        pytest.param("2026-04-05", "2026-04-02T09:00", "in 3 days", id="no working day between"),
        pytest.param(
            "2026-04-02", "2026-04-07T09:00", "late by 1 working day", id="late over Easter"
        ),
        pytest.param("2026-04-04", "2026-04-06T09:00", "late by 2 days", id="late, none working"),
        pytest.param("2028-04-04", "2026-04-06T09:00", "in 729 days", id="far away"),
    ],
)
def test_a_day_deadline_is_told_in_working_days(due: str, now: str, words: str) -> None:
    assert lateness.relative(end_of(due), True, at(now), WORKING) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        pytest.param("2026-04-04T10:00", "in 3 hours", id="hours"),
        pytest.param("2026-04-04T07:20", "in 20 minutes", id="minutes"),
        pytest.param("2026-04-04T06:59:30", "late by 1 minute", id="just late"),
        pytest.param("2026-04-01T07:00", "late by 3 days", id="days, weekends included"),
    ],
)
def test_an_instant_deadline_is_told_in_elapsed_time(due: str, words: str) -> None:
    assert lateness.relative(at(due), False, at("2026-04-04T07:00"), WORKING) == words


@pytest.mark.parametrize(
    ("due", "tag"),
    [
        pytest.param("2026-03-31", lateness.LATE, id="late"),
        pytest.param("2026-04-01", lateness.TODAY, id="today"),
        pytest.param("2026-04-07", lateness.DUE_SOON, id="two working days, over Easter"),
        pytest.param("2026-04-08", None, id="time enough"),
        pytest.param("2027-04-08", None, id="a year"),
    ],
)
def test_the_tag_says_how_urgent_it_is(due: str, tag: lateness.Urgency | None) -> None:
    assert lateness.urgency(end_of(due), True, at("2026-04-01T09:00"), WORKING) == tag


@pytest.mark.parametrize(
    ("now", "backstop", "tag"),
    [
        ("2026-03-31T09:00", "2026-04-08", lateness.DUE_SOON),
        ("2026-04-03T09:00", "2026-04-08", lateness.BEHIND),
        ("2026-04-09T00:01", "2026-04-08", lateness.BREACH),
        ("2026-04-03T09:00", "2026-04-02", lateness.BREACH),
        ("2026-04-03T09:00", None, lateness.LATE),
    ],
    ids=["neither", "own date only", "both", "the same day", "no national limit"],
)
def test_a_breach_is_another_thing_than_a_missed_target(
    now: str, backstop: str | None, tag: lateness.Urgency
) -> None:
    limit = end_of(backstop) if backstop else None
    due = end_of("2026-04-02")
    assert lateness.standing(due, True, limit, at(now), WORKING) == tag
