"""Whom to telephone: only lines that somebody answers at that hour are told, with until when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.config.sections import ConfigError, Section
from app.config.telephone import answered, read_telephone
from app.engine import LONDON

LINES: list[dict[str, Any]] = [
    {"name": "Danger", "number": "999"},
    {"name": "Desk", "number": "0300 470 9100", "working": "09:00-12:30, 13:00-17:00"},
    {"name": "Nights", "number": "01483 517898", "working": "00:00-09:00, 17:00-24:00",
     "other": "00:00-24:00"},
]  # fmt: skip
#: Monday 4 May 2026 is a bank holiday
HOLIDAYS = {date(2026, 5, 4)}


def working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def lines(given: Any = None) -> Any:
    return read_telephone(Section({"telephone": LINES if given is None else given}, "c.yaml", ""))


TOLD = {
    "a working day": ((2026, 5, 6, 10, 0), ["Danger ", "Desk until 12:30pm"]),
    "the first minute": ((2026, 5, 6, 9, 0), ["Danger ", "Desk until 12:30pm"]),
    "the minute before": ((2026, 5, 6, 8, 59), ["Danger ", "Nights until 9am"]),
    "at lunch nobody": ((2026, 5, 6, 12, 30), ["Danger "]),
    "at the end": ((2026, 5, 6, 17, 0), ["Danger ", "Nights until 9am on Thursday"]),
    "Friday evening, a long weekend": (
        (2026, 5, 1, 18, 0),
        ["Danger ", "Nights until 9am on Tuesday"],
    ),
    "a bank holiday at ten": ((2026, 5, 4, 10, 0), ["Danger ", "Nights until 9am on Tuesday"]),
    "the night in which clocks go back": (
        (2026, 10, 25, 1, 30),
        ["Danger ", "Nights until 9am on Monday"],
    ),
}


@pytest.mark.parametrize(("at", "told"), TOLD.values(), ids=TOLD)
def test_who_answers_now_is_told_with_until_when(at: tuple[int, ...], told: list[str]) -> None:
    now = datetime(*at, tzinfo=LONDON)  # type: ignore[arg-type,misc]
    assert [f"{one.line.name} {one.until}" for one in answered(lines(), now, working)] == told


def test_a_line_that_ends_at_midnight_says_so() -> None:
    (line,) = lines([{"name": "Late", "number": "0300", "working": "17:00-24:00"}])
    now = datetime(2026, 5, 6, 18, tzinfo=LONDON)
    assert [one.until for one in answered((line,), now, working)] == ["until midnight"]


def test_a_number_is_dialled_without_its_spaces() -> None:
    assert lines()[1].dialled == "03004709100"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "A", "number": "ask the team"}, "Write a telephone number"),
        ({"name": "A", "number": "0300", "working": "9-17"}, "like 09:00-17:00"),
        ({"name": "A", "number": "0300", "other": "17:00-09:00"}, "like 09:00-17:00"),
        ({"name": "A", "number": "0300", "working": "09:00-25:00"}, "like 09:00-17:00"),
        ({"name": "A", "number": "0300", "nights": "yes"}, "is not a known key"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_at_start(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        lines([given])
