"""Turns given answers (texts, parts of dates) into what inputs hold and what people read.

Given answers are as a person typed them, right or wrong; nothing here judges them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from app.engine import attached, iso_clock, iso_minute, saying

if TYPE_CHECKING:
    from app.web.forms.blocks import Choice

ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}).*)?")
TRUE = (True, "true", "on", "yes", "1")


def texts(value: Any) -> list[str]:
    """The chosen values, for one choice and for many."""
    if value is None:
        return []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [text(chosen) for chosen in value]
    return [text(value)]


def text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return iso_minute(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def for_inputs(kind: str, value: Any) -> Any:
    """What the inputs of this kind hold: text, list, bool, or a mapping of date parts."""
    if kind == "checkbox":
        return value in TRUE
    if kind in ("checklist", "filepicker"):
        return texts(value)
    if kind in ("date", "datetime"):
        return _parts(value)
    if kind == "time" and isinstance(value, time | datetime):
        return iso_clock(value)
    return text(value)


def _parts(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {name: text(value.get(name)) for name in ("day", "month", "year", "time")}
    match = ISO_DATE.fullmatch(text(value))
    if not match:
        # A text that is no date is shown where it can be corrected, not dropped.
        return {"day": text(value), "month": "", "year": "", "time": ""}
    year, month, day, clock = match.groups()
    return {"day": str(int(day)), "month": str(int(month)), "year": year, "time": clock or ""}


def in_words(kind: str, value: Any, choices: Sequence[Choice]) -> str:
    """A read-only answer for people; `value` as `for_inputs` gave it."""
    if choices:
        return saying.joined(choice.label for choice in choices if choice.checked)
    if kind == "checkbox":
        return saying.answer(bool(value))
    if kind == "filepicker":
        return saying.joined(file.words for file in attached.read_all(value))
    if kind in ("date", "datetime"):
        return _date_in_words(value)
    return str(value)


def _date_in_words(parts: Mapping[str, str]) -> str:
    try:
        day = saying.day(date(int(parts["year"]), int(parts["month"]), int(parts["day"])))
        clock = saying.clock(time.fromisoformat(parts["time"])) if parts.get("time") else ""
    except ValueError:
        return " ".join(part for part in parts.values() if part)
    return f"{day} at {clock}" if clock else day
