"""Every limit of the drawings, for every day of 2026 to 2028, against sums worked out here.

The sums here know nothing of the product: bank holidays are written down, days are counted singly.
Which calendar a limit counts on is said here by what the limit *is*, not read from the drawing; so
is that a local limit never lies behind the national one. A limit of a shape that is not known here
fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree

from app.config.installation import load
from app.engine.errors import UnknownHolidays
from app.engine.feel import Calendar, World, compile_expression

ROOT = Path(__file__).resolve().parents[2]
CONFIG = load(ROOT / "config.yaml")
SETTINGS: dict[str, Any] = dict(CONFIG.settings)
DAY = timedelta(days=1)
#: of England and Wales, from the calendar on the wall
_BANK = (
    "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25",
    "2025-12-25", "2025-12-26", "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04",
    "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28", "2027-01-01", "2027-03-26",
    "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28",
    "2028-01-03", "2028-04-14", "2028-04-17", "2028-05-01", "2028-05-29", "2028-08-28",
    "2028-12-25", "2028-12-26",
)  # fmt: skip
BANK = {date.fromisoformat(day) for day in _BANK}
#: beyond these, of Scotland (with that of 15 June 2026) and of Northern Ireland
_ELSEWHERE = (
    "2025-01-02", "2025-08-04", "2025-12-01", "2026-01-02", "2026-06-15", "2026-08-03",
    "2026-11-30", "2027-01-04", "2027-08-02", "2027-11-30", "2028-01-04", "2028-08-07",
    "2028-11-30", "2025-03-17", "2025-07-14", "2026-03-17", "2026-07-13", "2027-03-17",
    "2027-07-12", "2028-03-17", "2028-07-12",
)  # fmt: skip
KINGDOM = frozenset(map(date.fromisoformat, _ELSEWHERE))
LAST = date(2028, 12, 31)
#: of the office: Christmas weeks, and a week in the middle of a year
CLOSED = {
    date(2026, 12, 24), date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31),
    date(2027, 12, 24), date(2027, 12, 29), date(2027, 12, 30), date(2027, 12, 31),
    *(date(2027, 6, 7) + DAY * n for n in range(5)),
    *(date(2028, 3, 6) + DAY * n for n in range(12)),
}  # fmt: skip
#: limits by law or national guidance: no closure moves them
NATIONAL = {
    "sin_days", "report_backstop_days", "lcspr_months", "copy_days", "delay_notice_days",
    "triage_days", "review_meeting_months", "overview_panel_days", "data_request_months",
    "data_request_months + data_extra_months", "data_days_stopped", "foi_days",
}  # fmt: skip
#: local limits, and the national one that they may never lie behind
WITHIN = {
    **dict.fromkeys(("concern_days", "decision_days", "dispute_days", "draft_days"), "sin_days"),
    **dict.fromkeys(
        ("choose_day", "first_day", "second_day", "family_contact_day", "meeting_day",
         "meeting_latest_day", "draft_day", "draft_escalation_day", "final_day", "report_day",
         "return_days"),
        "report_backstop_days",
    ),
}  # fmt: skip
#: how the case of this test stands, so that each `if` goes one way
STANDS = {
    "info_rounds = 0": True, "asked_on = null": False, "search_until = null": True,
    "meeting_at = null": True, "next_contact_on = null": True,
    "next_look = null": True, "meeting_number = 1": True, "settings.window_hours > 0": False,
    "serious_incident": False, 'report_approval = "changes"': False, "answer_until = null": True,
    "asked_again_at = null": True, "supplement_until = null": True, "published_on = null": False,
    "panel_wants_by = null": True,
    "ask_again_on = null": True, 'extension_granted = "yes"': True, "promised_on = null": True,
    "data_days_stopped = 0": False, "foi_new_date = null": True, "sin_date = null": True,
    "due = null": True, "look_on = null": True,
    'report_accepted = "no"': True, "imr_due = first_due": True, 'clearance = "not_agreed"': False,
}  # fmt: skip
FIXED = {
    "info_rounds": 0, "meeting_number": 1, "serious_incident": False, "report_approval": "",
    "extension_granted": "yes", "report_accepted": "no", "clearance": "agreed",
    "extension_days": 10, "data_days_stopped": 6, "data_extra_months": 2, **dict.fromkeys(
        ("search_until", "next_look", "answer_until", "asked_again_at", "ask_again_on",
         "panel_wants_by", "promised_on", "foi_new_date", "sin_date", "look_on",
         "next_contact_on")),
}  # fmt: skip
ANCHORS = (
    "la_aware_at", "review_anchor", "decided_on", "due", "report_sent_on",
    "panel_from", "died_on", "publish_by", "copies_sent_on", "published_on",
    "requested_on", "search_from", "letter_on", "tell_from", "briefing_from",
    "sent_on", "asked_on", "first_due", "imr_due", "meeting_at",
    "next_meeting_on", "received_at", "meeting_on", "supplement_until",
    "complaint_received_on", "data_clock_from", "foi_received_on",
)  # fmt: skip
FUNCTION = re.compile(r"(working_days?_?\w*|months_after|days_after)\(")
CALL = re.compile(r"\b(min|max|at_clock|working_days?_?\w*|months_after|days_after)\(")
#: what hangs on the hour, or on what was done
BOUND = re.compile(
    r"now\(\)|working_days_between|approval_cap\b|asked_again_at|supplement_until = "
    r"|asked_later|P1D|clarification_came|answered_on|question_asked_on|due = null"
)


class Unknown(Exception):
    """It lies beyond the bank holidays that are written down."""


class Apart(Exception):
    """It does not stand there."""


def works(day: date, closed: frozenset[date]) -> bool:
    if day > LAST:
        raise Unknown
    return day.weekday() < 5 and day not in BANK and day not in closed


@cache
def counted(day: date, n: int, closed: frozenset[date]) -> date:
    """The n-th working day after; before, where n is negative; for 0 itself or the next one."""
    step = DAY if n >= 0 else -DAY
    if n == 0:
        while not works(day, closed):
            day += DAY
    for _ in range(abs(n)):
        day += step
        while not works(day, closed):
            day += step
    return day


def months(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    there = date(year, month + 1, 1)
    while there.day < day.day and (there + DAY).month == there.month:
        there += DAY
    return there


def rolled(day: date, roll: str, closed: frozenset[date]) -> date:
    step = {"back": -DAY, "forward": DAY}.get(roll)
    while step and not works(day, closed):
        day += step
    return day


def parts(text: str) -> list[str]:
    """What stands between the commas of a call."""
    depth, found, start = 0, [], 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append(text[start:at].strip())
            start = at + 1
    return [*found, text[start:].strip()]


class Plain:
    """What an expression of the drawings comes to, on one day."""

    def __init__(self, day: date, closed: frozenset[date], shift: int) -> None:
        self.day, self.closed, self.shift = day, closed, shift

    def on(self, key: str, *how: str) -> frozenset[date]:
        if '"united_kingdom"' in how:
            return KINGDOM
        return frozenset() if key in NATIONAL else self.closed

    def of(self, text: str) -> Any:
        text = text.strip()
        if text.startswith("if "):
            condition, rest = self._ways(text[3:], " then ")
            yes, no = self._ways(rest, " else ")
            return self.of(yes if self._stands(condition) else no)
        if text.startswith("(") and text.endswith(").days"):
            last, first = self._ways(text[1 : -len(").days")], " - ")
            return (self.of(last) - self.of(first)).days
        name, _, inner = text.partition("(")
        if text.startswith("(") and text.endswith(")"):
            return self.of(text[1:-1])
        if text == "null":
            return None
        if text.endswith(").days"):
            last, first = self._ways(text[1:].removesuffix(").days"), " - ")
            return (self.of(last) - self.of(first)).days
        if not inner:
            assert text in ANCHORS, text
            return self.day
        assert text.endswith(")"), text
        given = parts(inner[:-1])
        return getattr(self, f"_{name}")(*given)

    def _stands(self, condition: str) -> bool:
        for sign, holds in ((" >= ", date.__ge__), (" < ", date.__lt__)):
            with suppress(Apart):
                first, second = self._ways(condition, sign)
                return bool(holds(self.of(first), self.of(second)))
        return STANDS[condition.partition(" or ")[0]]

    @staticmethod
    def _ways(rest: str, between: str) -> tuple[str, str]:
        """What stands before and after the first of these words outside brackets."""
        depth = 0
        for at in range(len(rest)):
            depth += (rest[at] == "(") - (rest[at] == ")")
            if not depth and rest.startswith(between, at):
                return rest[:at], rest[at + len(between) :]
        raise Apart(rest)

    def _number(self, text: str) -> tuple[str, int]:
        if text.startswith("12 * "):
            key, years = self._number(text.removeprefix("12 * "))
            return key, 12 * years
        key = text.removeprefix("settings.")
        if key.lstrip("-").isdigit():
            return "", int(key)
        if key == "complaint_days - 1":  # the day of receipt is the first
            return key, SETTINGS["complaint_days"] - 1
        if key.endswith(" + data_extra_months"):
            return key, SETTINGS["data_request_months"] + FIXED["data_extra_months"]
        return key, FIXED[key] if key in FIXED else SETTINGS[key]

    def _today(self, _: str = "") -> date:
        return self.day

    _now = _today

    def _london_date(self, day: str) -> date:
        return self.of(day)

    def _at_clock(self, day: str, clock: str) -> tuple[date, str]:
        return self.of(day), SETTINGS[clock.removeprefix("settings.")]

    def _within(self, key: str, local: date) -> date:
        cap = WITHIN.get(key)
        return min(local, counted(self.day, SETTINGS[cap], frozenset())) if cap else local

    def _working_days_after(self, day: str, n: str, *how: str) -> date:
        key, count = self._number(n)
        return self._within(key, counted(self.of(day), count, self.on(key, *how)))

    def _working_days_before(self, day: str, n: str, _: str = "") -> date:
        key, count = self._number(n)
        return counted(self.of(day), -count, self.on(key))

    def _working_day(self, day: str, n: str, shift: str) -> date:
        assert shift == "settings.day_shift"
        key, count = self._number(n)
        first = counted(self.of(day), 0, self.closed)
        further = count - 1 + self.shift
        there = counted(first, further, self.closed) if further else first
        return self._within(key, there)

    def _months_after(self, day: str, n: str, *how: str) -> date:
        key, count = self._number(n)
        roll = next(
            (one.strip('"') for one in how if one.strip('"') in ("forward", "none")), "back"
        )
        return rolled(months(self.of(day), count), roll, self.on(key))

    def _days_after(self, day: str, n: str, *how: str) -> date:
        key, count = self._number(n)
        roll = next(
            (one.strip('"') for one in how if one.strip('"') in ("forward", "back")), "none"
        )
        return rolled(self.of(day) + DAY * count, roll, self.on(key))

    def _min(self, *texts: str) -> Any:
        if texts[0].startswith("["):  # anchors, which are all the same day here
            return self.day
        return min(self.of(text) for text in texts)

    def _max(self, *texts: str) -> Any:
        return max(self.of(text) for text in texts)


def drawn() -> Iterator[str]:
    """Every text of the drawings that counts days."""
    for path in sorted((ROOT / "bpmn").glob("*.bpmn")):
        for element in etree.parse(str(path)).iter():
            if isinstance(element.tag, str):
                texts = [*element.attrib.values(), element.text or ""]
                yield from (text[1:] for text in texts if text.startswith("="))


def calls(text: str) -> Iterator[str]:
    """The calls in it that count days, the outer ones; of one that asks for the hour, or whose
    worth hangs on what was done, those inside."""
    past = 0
    for found in CALL.finditer(text):
        if found.start() < past:
            continue
        depth = 0
        for at in range(found.end() - 1, len(text)):
            depth += (text[at] == "(") - (text[at] == ")")
            if not depth:
                break
        whole = text[found.start() : at + 1]
        if BOUND.search(whole):
            yield from calls(whole[found.end() - found.start() :])
        else:
            yield whole
        past = at + 1


def said() -> Iterator[tuple[str, str]]:
    """Every call that counts days, in forms and documents, with the file that says it."""
    for path in sorted((ROOT / "forms").rglob("*.*")):
        text = ""
        if path.suffix == ".form":
            text = path.read_text("utf-8").replace('\\"', '"')
        elif path.suffix == ".docx":
            with ZipFile(path) as file:
                parts = [file.read(name).decode() for name in file.namelist()
                         if name.startswith("word/") and name.endswith(".xml")]  # fmt: skip
            text = unescape(re.sub(r"<[^>]+>", "", " ".join(parts)))
        yield from ((path.name, call) for call in calls(text))


def limits() -> list[str]:
    """Each once."""
    found: dict[str, None] = {}
    for text in drawn():
        if FUNCTION.search(text):
            found.update(dict.fromkeys(calls(text) if BOUND.search(text) else [text]))
    return [text for text in found if FUNCTION.search(text)]


def alike(text: str) -> str:
    """Limits that differ in the name of their anchor, or in a setting of the same number and sort,
    come to the same days."""

    def number(found: re.Match[str]) -> str:
        key = found[1]
        value = FIXED.get(key, SETTINGS.get(key))
        return f"{value}{'n' if key in NATIONAL else ''}{WITHIN.get(key, '')}"

    bare = re.sub(r"settings\.(\w+)", number, text)
    return re.sub(rf"\b({'|'.join(ANCHORS)}|today\(\))\b", "A", bare)


SWEPT = list({alike(text): text for text in limits()}.values())


def calendar(closed: frozenset[date]) -> Calendar:
    house = CONFIG.calendar
    return CONFIG.others.around(type(house)(house.region, tuple(sorted(closed)), house.called))


def test_the_limits_of_the_drawings_are_found() -> None:
    assert len(limits()) > 110
    assert len(SWEPT) > 50


def test_forms_and_documents_count_national_limits_on_the_calendar_of_the_country() -> None:
    """So the day that a letter names is the one that the drawing counts. What is rolled nowhere
    counts on no calendar."""
    inner = r"(?:[^()]|\([^()]*\))*"
    right = re.compile(rf'{FUNCTION.pattern}{inner}"(?:national|united_kingdom|none)"\)')
    keys = "|".join(key for key in NATIONAL if " " not in key)
    speaks = [(file, one) for file, one in said() if re.search(rf"settings\.({keys})\b", one)]
    assert len(speaks) > 15
    rest = [(file, right.sub("…", right.sub("…", one))) for file, one in speaks]
    assert [one for one in rest if re.search(rf"settings\.({keys})\b", one[1])] == []


@pytest.mark.parametrize("closures", ["without closures", "with closures"])
@pytest.mark.parametrize("shift", [0, 1], ids=["Day 1", "Day 0"])
def test_every_limit_is_right_on_every_day(closures: str, shift: int) -> None:
    """0 differences; national limits are the same with and without closures by what is written
    above, and no local limit lies behind its national one."""
    closed = frozenset(CLOSED) if closures == "with closures" else frozenset()
    by = calendar(closed)
    settings = {**SETTINGS, "day_shift": shift}
    wrong: list[str] = []
    for text in SWEPT:
        if shift and "day_shift" not in text:
            continue
        expression = compile_expression(text)
        for n in range((LAST - date(2026, 1, 1)).days + 1):
            day = date(2026, 1, 1) + DAY * n
            try:
                expected = Plain(day, closed, shift).of(text)
            except Unknown:
                expected = "not known yet"
            scope = {**FIXED, **dict.fromkeys(ANCHORS, day), "settings": settings}
            if "meeting_at = null" in text:
                scope["meeting_at"] = None
            now = datetime.combine(day, time(10), UTC)
            try:
                value = expression.evaluate(scope, World(now=now, calendar=by))
            except UnknownHolidays:
                value = "not known yet"
            if isinstance(value, datetime):
                value = (value.date(), value.strftime("%H:%M"))
            if value != expected:
                wrong.append(f"{text} from {day}: {value}, not {expected}")
    assert not wrong, f"{len(wrong)} differences, the first: {wrong[:5]}"
