"""Each time that a limit ran and is told, or will be if nothing happens, as bytes and as a line.

What such a time is `occurrences` says; where its line stands among others the store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from app.audit.occurrences import Limit, Occurrence, judged
from app.audit.shares import first_over, named, runs
from app.engine.feel import Calendar
from app.store.tallies import BEHIND, LATE, OVER, LineRow

_FIELDS = [field.name for field in fields(Occurrence)]


def worth_telling(occurrence: Occurrence, calendar: Calendar) -> bool:
    """Whether it is told, or will be if nothing happens."""
    if runs(occurrence):
        return True
    return named(judged(occurrence, occurrence.begun_at, calendar))


def lines_of(reference: str, times: Sequence[Occurrence]) -> Iterator[LineRow]:
    """The lines of a case's times that are worth telling."""
    for number, time in enumerate(times):
        if time.limit is None:  # has nothing to be late for
            continue
        place: dict[str, Any] = {
            "case_id": time.case_id, "number": number, "reference": reference, "task": time.task,
            "limit_at": time.limit.at,
        }  # fmt: skip
        if not runs(time):
            yield LineRow(kind=OVER, **place)
            continue
        late = first_over(time.limit)
        yield LineRow(kind=LATE, from_at=late, **place)
        if time.target is not None and (behind := first_over(time.target)) < late:
            yield LineRow(kind=BEHIND, from_at=behind, until_at=late, **place)


def packed(times: Sequence[Occurrence]) -> bytes:
    """As JSON; none where there is nothing."""
    rows = [[_plain(getattr(time, name)) for name in _FIELDS] for time in times]
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass") if rows else b""


def unpacked(content: bytes) -> list[Occurrence]:
    rows = json.loads(content.decode("utf-8", "surrogatepass")) if content else ()
    return [Occurrence(**dict(zip(_FIELDS, map(_read, row), strict=True))) for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Limit):
        return {"limit": value.at.isoformat(), "whole": value.whole_day, "sum": value.sum}
    return value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    if "day" in value:
        return date.fromisoformat(value["day"])
    at = datetime.fromisoformat(value["limit"])
    return Limit(at=at, whole_day=value["whole"], sum=value["sum"])
