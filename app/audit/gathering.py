"""Gathers every time that a measured step was there, out of what the history says of all cases.

What is read is `seen`'s, duties that run before their step has opened are `duties`', judging is
`occurrences`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from app.audit import duties
from app.audit.occurrences import Occurrence
from app.audit.seen import Seen, by_hand, by_rule, read, why_dropped
from app.config import Condition, Measure
from app.engine import LONDON
from app.store import EndRow, LimitRow, Unit


def gathered(
    unit: Unit, measures: Sequence[Measure], cases: Sequence[str] | None = None
) -> Iterator[Occurrence]:
    """Every occurrence of every measure, one measure after the other. `cases`: only in these."""
    seen = read(unit, measures, cases)
    for measure in measures:
        for occurrence in _of_measure(seen, measure):
            if measure.where is None or _meets(seen, measure.where, occurrence):
                yield occurrence


def _of_measure(seen: Seen, measure: Measure) -> Iterator[Occurrence]:
    begun: dict[str, datetime] = {}  # case id → when the step itself opened last
    for task in measure.tasks:
        for occurrence in _of(seen, measure, task):
            case, at = occurrence.case_id, occurrence.begun_at
            begun[case] = max(at, begun.get(case, at))
            yield occurrence
    yield from duties.ahead(seen, measure, begun)


def _meets(seen: Seen, where: Condition, occurrence: Occurrence) -> bool:
    """By the newest answer up to its end, and of a duty whose step has not opened, since its
    beginning; where there is none, or none can be read, it counts."""
    over = occurrence.recorded_at or occurrence.dropped_at
    given = [
        row
        for row in seen.completed.get((where.step, occurrence.case_id), ())
        if (over is None or row.at <= over)
        and not (occurrence.ahead and row.at < occurrence.begun_at)
    ]
    answers = seen.answers.get((given[-1].case_id, given[-1].task)) if given else None
    value = answers.get(where.key) if answers else None
    return value is None or value in where.values


def _of(seen: Seen, measure: Measure, task: str) -> Iterator[Occurrence]:
    ends = {(row.case_id, row.task): row for row in seen.ends.get(task, ())}
    awake = {(row.case_id, row.task) for row in seen.open.get(task, ()) if not row.resting}
    limited = set()
    for row in seen.limits.get(task, ()):
        limited.add((row.case_id, row.task))
        place = (row.case_id, row.task)
        occurrence = _limited(seen, measure, row, ends.get(place))
        asleep = seen.facts[row.case_id].merged_into is not None and place not in awake
        yield replace(occurrence, merged=asleep and row.how is None)
    for opened in seen.open.get(task, ()):
        if (opened.case_id, opened.task) not in limited:
            yield Occurrence(
                measure=measure.id, case_id=opened.case_id, task=opened.task, name=opened.name,
                label=opened.label, begun_at=opened.opened_at, limit=None,
            )  # fmt: skip
    for place, end in ends.items():
        if place not in limited:
            yield Occurrence(
                measure=measure.id, case_id=end.case_id, task=end.task, name=measure.name,
                label=end.label, begun_at=end.at, limit=None,
                recorded_at=end.at if end.how == "completed" else None,
                dropped_at=end.at if end.how == "cancelled" else None,
            )  # fmt: skip


def _limited(seen: Seen, measure: Measure, row: LimitRow, end: EndRow | None) -> Occurrence:
    moved = by_hand(seen, row)
    if measure.told_by:
        end = _within(row, seen.completed.get((measure.told_by, row.case_id), ()))
    recorded = end.at if end and end.how == "completed" else None
    if recorded is None and row.how == "met":
        recorded = row.ended_at
    dropped = row.ended_at if row.how == "dropped" else None
    attested, unreadable = _attested(seen, measure, end)
    return Occurrence(
        measure=measure.id,
        case_id=row.case_id,
        task=row.task,
        name=row.name,
        label=row.label,
        begun_at=row.set_at,
        limit=by_rule(seen, row, measure.limit, moved=moved),
        target=by_rule(seen, row, measure.target, moved=moved) if measure.target else None,
        moved=moved,
        attested=attested,
        recorded_at=recorded,
        dropped_at=dropped,
        why=why_dropped(seen, row.case_id, dropped) if dropped else "",
        unreadable=unreadable or (moved and any(e.sealed for e in seen.history(row.case_id))),
    )


def _within(row: LimitRow, told: Sequence[EndRow]) -> EndRow | None:
    """The first that was recorded while the activity ran."""
    return next(
        (t for t in told if row.set_at <= t.at and (row.ended_at is None or t.at <= row.ended_at)),
        None,
    )


def _attested(
    seen: Seen, measure: Measure, end: EndRow | None
) -> tuple[date | datetime | None, bool]:
    """What was stated, and whether it can no longer be read."""
    if end is None or end.how != "completed" or measure.happened is None:
        return None, False
    given = seen.answers.get((end.case_id, end.task), {})
    if given is None:
        return None, True
    value = given.get(measure.happened)
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=LONDON)
    return (value if isinstance(value, date) else None), False
