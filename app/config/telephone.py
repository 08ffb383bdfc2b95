"""Reads whom people telephone who cannot go on, and says which line is answered at an instant.

Clock times are London's. Which days are working days is the house calendar's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.config.sections import ConfigError, Section
from app.engine import LONDON, day_in_london, saying

#: minutes of a day, the end not included
Span = tuple[int, int]
_DAY = 24 * 60
_WHOLE: tuple[Span, ...] = ((0, _DAY),)
_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,18}[0-9]")
#: a line that is answered for so long is always answered
_MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Line:
    #: who answers
    name: str
    number: str
    #: when, on working days and on all others
    working: tuple[Span, ...] = _WHOLE
    other: tuple[Span, ...] = _WHOLE

    @property
    def dialled(self) -> str:
        """For a link that a telephone dials."""
        return self.number.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Answered:
    line: Line
    #: “until 5pm”, “until 9am on Monday”; "": always
    until: str


def read_telephone(top: Section) -> tuple[Line, ...]:
    """In the order of the file. Raises `ConfigError`."""
    lines: tuple[Line, ...] = top.each("telephone", _line, [])
    return lines


def _line(section: Section) -> Line:
    number = section.text("number")
    if not _NUMBER.fullmatch(number):
        raise ConfigError(
            f"{section.file}: “{section.name('number')}” is {number!r}. Write a telephone number:"
            " digits and spaces, a + in front where it is needed."
        )
    working, other = section.text("working", None), section.text("other", None)
    if working is None and other is None:
        return Line(section.text("name"), number)
    return Line(
        section.text("name"), number, _spans(section, "working", working),
        _spans(section, "other", other),
    )  # fmt: skip


def _spans(section: Section, key: str, text: str | None) -> tuple[Span, ...]:
    spans = []
    for part in (text or "").split(",") if text else ():
        read = _SPAN.fullmatch(part.strip())
        first, last = (
            (int(read[1]) * 60 + int(read[2]), int(read[3]) * 60 + int(read[4])) if read else (0, 0)
        )
        if not first < last <= _DAY:
            raise ConfigError(
                f"{section.file}: “{section.name(key)}” holds {part.strip()!r}. Write from when"
                " until when it is answered, like 09:00-17:00; several with commas between."
            )
        spans.append((first, last))
    return tuple(sorted(spans))


def answered(
    lines: tuple[Line, ...], at: datetime, is_working_day: Callable[[date], bool]
) -> tuple[Answered, ...]:
    """The lines that somebody answers at this instant, in their order."""
    told = ((line, _until(line, at, is_working_day)) for line in lines)
    return tuple(Answered(line, until) for line, until in told if until is not None)


def _until(line: Line, at: datetime, is_working_day: Callable[[date], bool]) -> str | None:
    """None: nobody answers."""
    today, local = day_in_london(at), at.astimezone(LONDON)
    minute = local.hour * 60 + local.minute
    end = _end(line, today, minute, is_working_day)
    if end is None:
        return None
    day = today
    while end == _DAY:  # on into the next day, where it is answered from midnight
        following = day + timedelta(days=1)
        on = _end(line, following, 0, is_working_day)
        if on is None:
            return "until midnight" + (f" on {saying.weekday(day)}" if day > today else "")
        day, end = following, on
        if day - today > timedelta(days=_MOST_DAYS):
            return ""
    said = f"until {saying.clock(time(end // 60, end % 60))}"
    return said if day == today else f"{said} on {saying.weekday(day)}"


def _end(line: Line, day: date, minute: int, is_working_day: Callable[[date], bool]) -> int | None:
    spans = line.working if is_working_day(day) else line.other
    return next((last for first, last in spans if first <= minute < last), None)
