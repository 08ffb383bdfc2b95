"""Those that are late, were recorded after their limit or are behind their local target, by name:
to whoever sees the whole of their case. How many others there are is told; nothing else of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.audit import shares
from app.audit.occurrences import Judged, judged
from app.audit.tally import times
from app.audit.tally.eyes import Eyes
from app.audit.tally.reckoning import reckoned
from app.config import Measure, Years
from app.store import tallies
from app.store.tallies import LineRow, late_lines

_ALL = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One that is late, was recorded after its limit or is behind its local target, in a case that
    the person may see."""

    measure: Measure
    #: the reference
    case: str
    judged: Judged


@dataclass(frozen=True, slots=True)
class Page:
    """Which of them: so many, behind so many others."""

    skip: int
    most: int


#: none of them, and nothing said of how many there are
NONE = Page(0, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """How many; with `more`, more than that."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    lines: tuple[Line, ...]
    #: how many the person sees; with `more`, more than that
    seen: int
    more: bool
    #: how many they do not; None: it is not counted
    unseen: int | None


def by_name(
    eyes: Eyes, at: datetime, of: tuple[Years, int | None], named: int, page: Page | None
) -> Late:
    """Of one year, or of all. `named`: how many there are in all; `page`: None: each is told, and
    counted."""
    if page == NONE:
        return Late(lines=(), seen=0, more=False, unseen=None)
    window = shares.window(*of)
    now = _read_now(eyes, at, window)
    whole = eyes.whole(line.case_id for line in now)
    mine = [line for line in now if line.case_id in whole]
    if eyes.found.kept:
        read = sorted(eyes.found.read)
        asked = late_lines.LineQuery(at=at, first=window[0], before=window[1], without=read)
        kept = _count(eyes, asked, named - len(now), page)
        far = _ALL if page is None else page.skip + page.most
        rows = late_lines.lines(eyes.unit, eyes.sight, asked, far) if kept.number else []
    else:
        kept, rows = Seen(0), []
    ordered = sorted([*rows, *mine], key=_latest_first, reverse=True)
    shown = ordered if page is None else ordered[page.skip : page.skip + page.most]
    lines = _opened(eyes, at, shown)
    seen = _at_the_end(Seen(kept.number + len(mine), kept.more), page, len(shown))
    return Late(
        lines=tuple(lines),
        seen=seen.number,
        more=seen.more,
        unseen=None if seen.more else named - seen.number,
    )


def _at_the_end(seen: Seen, page: Page | None, shown: int) -> Seen:
    """The end of a long list is known once somebody stands at it."""
    if page is not None and seen.more and shown and page.skip + shown > seen.number:
        return Seen(page.skip + shown, shown == page.most)
    return seen


def _latest_first(line: LineRow) -> tuple[datetime, str, str, int]:
    return line.limit_at, line.reference, line.task, -line.number


def _opened(eyes: Eyes, at: datetime, rows: Sequence[LineRow]) -> list[Line]:
    """With what is told of each; once more only to whoever sees the whole of its case."""
    found, unit = eyes.found, eyes.unit
    kept = {row.case_id for row in rows} - found.read.keys()
    content = tallies.times(unit, found.what.mark, sorted(kept)) if kept else {}
    ran = {case: times.unpacked(body) for case, body in content.items() if body is not None}
    closed = sorted(kept - ran.keys())  # its key was lost since: read as it is now
    read = reckoned(unit, found.what, closed) if closed else ()
    ran |= {one.case_id: list(one.times) for one in (*found.read.values(), *read)}
    whole = eyes.whole(kept) | (found.read.keys() & {row.case_id for row in rows})
    measures = {one.id: one for one in found.what.measures}
    lines = []
    for row in rows:
        if row.case_id in whole and row.number < len(ran[row.case_id]):
            time = ran[row.case_id][row.number]
            calendar = found.what.calendars[time.measure]
            one = judged(time, at, calendar)
            lines.append(Line(measure=measures[time.measure], case=row.reference, judged=one))
    return lines


def _read_now(eyes: Eyes, at: datetime, window: tuple[datetime, datetime]) -> list[LineRow]:
    """The lines of cases that were read just now."""
    calendars = eyes.found.what.calendars
    return [
        line
        for one in eyes.found.read.values()
        for line in times.lines_of(one.reference, one.times)
        if window[0] <= line.limit_at < window[1]
        and shares.named(judged(time := one.times[line.number], at, calendars[time.measure]))
        and line.from_at <= at < line.until_at
    ]


def _count(eyes: Eyes, asked: late_lines.LineQuery, named: int, page: Page | None) -> Seen:
    """How many of what is kept they see, of so many."""
    if eyes.sight.everything:
        return Seen(named - late_lines.count_shut_out(eyes.unit, eyes.person.id, asked))
    many = page is not None and eyes.sight.many
    most = late_lines.MOST_COUNTED if many else _ALL
    number = late_lines.count(eyes.unit, eyes.sight, asked, most + 1)
    return Seen(min(number, most), number > most)
