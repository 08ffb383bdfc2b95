"""Duties that have begun though the step that does them has not opened, or never will.

A duty runs from the first of the steps whose backstop is its limit already. It ends with the step
that does it, which `gathering` counts, with what shows that there is none, or with its case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from app.audit.occurrences import Occurrence, over
from app.audit.seen import Seen, by_hand, by_rule, standing, why_dropped
from app.config import Measure
from app.engine import saying
from app.engine.events import ElementPassed
from app.store import LimitRow

#: when, and the name of the step or event
Release = tuple[datetime, str]


def ahead(seen: Seen, measure: Measure, begun: Mapping[str, datetime]) -> Iterator[Occurrence]:
    """One for each duty that runs, or ran, without its step. `begun`: case id → when the step
    itself opened last; a duty before that is the step's."""
    for case, rows in _chains(seen, measure).items():
        after = [row for row in rows if case not in begun or row.set_at > begun[case]]
        releases = _releases(seen, measure, case, after) if after else []
        for part, release in _parts(after, releases):
            yield _duty(seen, measure, part, release)


def _chains(seen: Seen, measure: Measure) -> dict[str, list[LimitRow]]:
    """Case id → the limits of steps that carry the duty's, in the order in which they were set."""
    chains: dict[str, dict[str, LimitRow]] = {}
    for step in measure.begins:
        for row in seen.limits.get(step, ()):
            if row.backstop is not None:
                chains.setdefault(row.case_id, {})[row.task] = row
    return {
        case: sorted(rows.values(), key=lambda row: (row.set_at, row.task))
        for case, rows in chains.items()
    }


def _releases(seen: Seen, measure: Measure, case: str, rows: Sequence[LimitRow]) -> list[Release]:
    """What showed that there is no duty, the earliest first."""
    known = [
        (row.at, name) for name in measure.released for row in seen.completed.get((name, case), ())
    ]
    if not any(at >= rows[-1].set_at for at, _ in known) and _is_open_question(seen, rows):
        # Events leave no row of their own: the few cases where nothing else tells are read.
        known += [
            (entry.at, name)
            for entry in seen.history(case)
            for event in entry.events
            if isinstance(event, ElementPassed)
            for name in measure.released
            if name in (event.element, f"{event.process}.{event.element}")
        ]
    return sorted(set(known))


def _is_open_question(seen: Seen, rows: Sequence[LimitRow]) -> bool:
    """None of its steps is open, and it may count as late."""
    if any(row.how is None for row in rows):
        return False
    ended, limit = seen.facts[rows[-1].case_id].ended_at, standing(rows[-1], "backstop")
    return ended is None or limit is None or over(ended, limit)


def _parts(
    rows: Sequence[LimitRow], releases: Sequence[Release]
) -> Iterator[tuple[list[LimitRow], Release | None]]:
    """The rows up to each release, with it; what comes after the last has none."""
    left = list(rows)
    for release in releases:
        part = [row for row in left if row.set_at <= release[0]]
        if part:
            yield part, release
        left = left[len(part) :]
    if left:
        yield left, None


def _duty(
    seen: Seen, measure: Measure, rows: Sequence[LimitRow], release: Release | None
) -> Occurrence:
    first, last = rows[0], rows[-1]
    facts = seen.facts[first.case_id]
    runs = [row for row in rows if row.how is None]
    # As long as one of its steps is open the newest of these tells; a move reaches them alone.
    tells = runs[-1] if runs else last
    moved = by_hand(seen, tells)
    ended = facts.ended_at if not runs and release is None else None
    return Occurrence(
        measure=measure.id,
        case_id=first.case_id,
        task=first.task,
        name=tells.name,
        label=tells.label,
        begun_at=first.set_at,
        limit=by_rule(seen, tells, "backstop", moved=moved),
        moved=moved,
        dropped_at=ended,
        why=why_dropped(seen, first.case_id, ended) if ended else "",
        merged=facts.merged_into is not None and ended is None,
        released=f"no such duty: {saying.plain(release[1].rpartition('.')[2])}" if release else "",
        unreadable=not runs and any(entry.sealed for entry in seen.history(first.case_id))
        if ended
        else False,
        ahead=True,
    )
