"""One way to say things: a value and its words, on pages, in history, documents and mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.engine import saying
from app.engine.feel import YearsMonths

APP = Path(saying.__file__).parents[1]
WINTER = datetime(2026, 1, 5, 14, 5, tzinfo=UTC)
SUMMER = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)

CASES: list[Any] = [
    pytest.param(saying.day, date(2026, 3, 4), "Wednesday 4 March 2026", id="a day"),
    pytest.param(saying.day, SUMMER, "Tuesday 7 July 2026", id="day of an instant in London"),
    pytest.param(saying.short_day, date(2026, 3, 4), "4 March 2026", id="a day, short"),
    pytest.param(saying.clock, time(10, 5), "10:05am", id="a clock time"),
    pytest.param(saying.clock, time(9), "9am", id="a full hour"),
    pytest.param(saying.clock, time(14, 5), "2:05pm", id="an afternoon"),
    pytest.param(saying.clock, time(12), "midday", id="midday"),
    pytest.param(saying.clock, time(0), "midnight", id="midnight"),
    pytest.param(saying.clock, time(0, 30), "12:30am", id="half past midnight"),
    pytest.param(saying.clock, datetime(2026, 7, 5, 13, tzinfo=UTC), "2pm", id="summer time"),
    pytest.param(saying.moment, WINTER, "Monday 5 January 2026 at 2:05pm", id="an instant"),
    pytest.param(saying.moment, SUMMER, "Tuesday 7 July 2026 at 12:30am", id="one in summer"),
    pytest.param(saying.short_moment, WINTER, "5 January 2026 at 2:05pm", id="instant, short"),
    pytest.param(saying.duration, timedelta(days=1), "1 day", id="one day"),
    pytest.param(saying.duration, timedelta(days=2, hours=1), "2 days and 1 hour", id="2 days"),
    pytest.param(
        saying.duration, timedelta(hours=-3, minutes=-5, seconds=-1),
        "3 hours, 5 minutes and 1 second", id="a negative duration",
    ),
    pytest.param(saying.duration, timedelta(), "no time", id="no duration"),
    pytest.param(saying.roughly, timedelta(seconds=12), "1 minute", id="roughly, seconds"),
    pytest.param(saying.roughly, timedelta(minutes=125), "2 hours", id="roughly, hours"),
    pytest.param(saying.roughly, timedelta(days=3, hours=1), "3 days", id="roughly, days"),
    pytest.param(saying.joined, [], "", id="an empty list"),
    pytest.param(saying.joined, ["a"], "a", id="a list of one"),
    pytest.param(saying.joined, ["a", "b"], "a and b", id="a list of two"),
    pytest.param(saying.joined, ["a", "", "b", "c"], "a, b and c", id="a list of three"),
    pytest.param(saying.value, None, "nothing", id="nothing in a sentence"),
    pytest.param(saying.value, "", "nothing", id="an empty text in a sentence"),
    pytest.param(saying.value, [], "nothing", id="an empty list in a sentence"),
    pytest.param(saying.answer, None, "Not given", id="nothing alone"),
    pytest.param(saying.text, None, "", id="nothing filled in"),
    pytest.param(saying.value, True, "yes", id="yes in a sentence"),
    pytest.param(saying.answer, False, "No", id="no alone"),
    pytest.param(saying.text, Decimal("12.50"), "12.50", id="a number as it was worked out"),
    pytest.param(saying.answer, Decimal("12.50"), "12.5", id="a number without needless zeros"),
    pytest.param(saying.value, Decimal("1E+2"), "100", id="a number without an exponent"),
    pytest.param(saying.value, date(2026, 3, 4), "Wednesday 4 March 2026", id="day in a sentence"),
    pytest.param(saying.answer, date(2026, 3, 4), "4 March 2026", id="a day alone"),
    pytest.param(saying.answer, WINTER, "5 January 2026 at 2:05pm", id="an instant alone"),
    pytest.param(saying.answer, time(12), "midday", id="a time alone"),
    pytest.param(saying.answer, timedelta(days=1), "1 day", id="a duration alone"),
    pytest.param(saying.answer, YearsMonths(14), "1 year and 2 months", id="months"),
    pytest.param(saying.answer, ["police", "health"], "police and health", id="a list alone"),
    pytest.param(
        saying.value, {"the_date": date(2026, 3, 4), "late": True},
        "the date: Wednesday 4 March 2026; late: yes", id="named values",
    ),
    pytest.param(saying.value, "x" * 400, "x" * 299 + "…", id="a long text in a sentence"),
]  # fmt: skip


@pytest.mark.parametrize(("say", "given", "words"), CASES)
def test_a_value_is_said_in_one_way(say: Callable[[Any], str], given: Any, words: str) -> None:
    assert say(given) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 days"), (1, "1 day"), (-1, "-1 day"), (2, "2 days")]
)
def test_one_is_one_and_others_are_many(number: int, words: str) -> None:
    assert saying.count(number, "day") == words


#: who may write a time for a machine, and London's own
ELSEWHERE = {
    "engine/london.py": "London, and ISO 8601 there",
    "engine/saying.py": "clock times of sums, kept as facts",
    "store/chain/history.py": "the instant in a header",
    "journeys/run/reports.py": "JUnit",
}
_FORMAT = re.compile(
    r"strftime\(|\{[^{}\n]*:%[A-Za-z]|ZoneInfo\(\"Europe/London|\"January\"|\"Monday\""
    r"|[a-z]\(s\) [a-z]|\" and \"\.join|' and '\.join|== 1 else '?s'?"
)


def untidy(content: str) -> list[str]:
    lines = content.splitlines()
    said = (line.strip() for line in lines)
    return [line for line in said if _FORMAT.search(line) and not line.startswith(("#", '"""'))]


def test_nobody_else_words_dates_lists_and_plurals_or_knows_london() -> None:
    said = {
        path.relative_to(APP).as_posix(): lines
        for path in sorted(APP.rglob("*.py"))
        if (lines := untidy(path.read_text()))
    }
    assert {name: lines for name, lines in said.items() if name not in ELSEWHERE} == {}


@pytest.mark.parametrize(
    "line",
    [
        'f"{at:%H:%M}"',
        'at.strftime("%d %B")',
        'LONDON = ZoneInfo("Europe/London")',
        '" and ".join(names)',
        "f\"{n} day{'' if n == 1 else 's'}\"",
        'f"{n} order(s) were run"',
    ],
)
def test_the_look_for_other_wordings_can_fail(line: str) -> None:
    assert untidy(line) == [line]
