"""Gathers every time that a measured step was there, out of what the history says of all cases.

The tables read are written with the history's entries; stated times and moved limits are read in
the entries themselves. Judging is `occurrences`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app import store
from app.audit.entries import Entry, of_case
from app.audit.occurrences import BY_HAND, Limit, Occurrence, ruled
from app.casework import Cancel, answers_in
from app.config import Condition, Measure
from app.engine import LONDON
from app.store import CaseFacts, EndRow, LimitRow, OpenRow, Unit

_CANCEL = Cancel.__name__
#: (case id, task)
Place = tuple[str, str]


@dataclass(frozen=True)
class Seen:
    """All that was read, once for every measure."""

    unit: Unit
    facts: Mapping[str, CaseFacts]
    limits: Mapping[str, list[LimitRow]]
    open: Mapping[str, list[OpenRow]]
    #: step → its ends, the earliest first
    ends: Mapping[str, list[EndRow]]
    #: answers of completed tasks; None: they cannot be read
    answers: Mapping[Place, Mapping[str, Any] | None]
    #: cases in which a deadline was moved by hand
    moved: frozenset[str]
    #: (case id, instant) at which a case was cancelled
    cancelled: frozenset[tuple[str, datetime]]
    #: case id → its entries, of the few that have to be read
    read: dict[str, list[Entry]] = field(default_factory=dict)

    def history(self, case: str) -> list[Entry]:
        if case not in self.read:
            self.read[case] = list(of_case(self.unit, case))
        return self.read[case]


def gathered(unit: Unit, measures: Sequence[Measure]) -> Iterator[Occurrence]:
    """Every occurrence of every measure, in no order."""
    seen = _seen(unit, measures)
    for measure in measures:
        for task in measure.tasks:
            for occurrence in _of(seen, measure, task):
                if measure.where is None or _meets(seen, measure.where, occurrence):
                    yield occurrence


def _seen(unit: Unit, measures: Sequence[Measure]) -> Seen:
    tasks = sorted({task for measure in measures for task in measure.tasks})
    tellers = {t for measure in measures if measure.happened for t in _tellers(measure)}
    conditions = [measure.where for measure in measures if measure.where]
    tellers |= {where.step for where in conditions}
    elements = store.queries.figures.elements_of(tasks)
    orders = store.queries.figures.orders(unit, elements, (BY_HAND, _CANCEL))
    keys = {measure.happened for measure in measures if measure.happened}
    keys |= {where.key for where in conditions}
    ended = store.queries.figures.ends(unit, store.queries.figures.elements_of([*tasks, *tellers]))
    ended.sort(key=lambda row: row.at)
    return Seen(
        unit=unit,
        facts=store.queries.figures.facts(unit),
        limits=_by_step(tasks, store.queries.figures.limits(unit, elements)),
        open=_by_step(tasks, store.queries.figures.opened(unit, elements)),
        ends=_by_step({*tasks, *tellers}, ended),
        answers={
            (case, task): None if body is None else answers_in(body, keys)
            for case, task, body in store.queries.figures.answered(
                unit, store.queries.figures.elements_of(sorted(tellers))
            )
        },
        moved=frozenset(case for case, kind, _ in orders if kind == BY_HAND),
        cancelled=frozenset((case, at) for case, kind, at in orders if kind == _CANCEL),
    )


def _meets(seen: Seen, where: Condition, occurrence: Occurrence) -> bool:
    """By the newest answer up to its end; where there is none, or none can be read, it counts."""
    over = occurrence.recorded_at or occurrence.dropped_at
    given = [
        row
        for row in seen.ends.get(where.step, ())
        if row.case_id == occurrence.case_id
        and row.how == "completed"
        and (over is None or row.at <= over)
    ]
    answers = seen.answers.get((given[-1].case_id, given[-1].task)) if given else None
    value = answers.get(where.key) if answers else None
    return value is None or value in where.values


def _tellers(measure: Measure) -> tuple[str, ...]:
    return (measure.told_by,) if measure.told_by else measure.tasks


def _by_step(steps: Iterable[str], rows: Sequence[Any]) -> dict[str, list[Any]]:
    return {step: [row for row in rows if store.queries.figures.is_of(row, step)] for step in steps}


def _of(seen: Seen, measure: Measure, task: str) -> Iterator[Occurrence]:
    ends = {(row.case_id, row.task): row for row in seen.ends.get(task, ())}
    told = _told_elsewhere(seen, measure)
    limited = set()
    for row in seen.limits.get(task, ()):
        limited.add((row.case_id, row.task))
        yield _limited(seen, measure, row, ends.get((row.case_id, row.task)), told)
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


def _told_elsewhere(seen: Seen, measure: Measure) -> dict[str, list[EndRow]]:
    """Case id → completions of the step that tells when it happened, the earliest first."""
    completions: dict[str, list[EndRow]] = {}
    for row in seen.ends.get(measure.told_by or "", ()):
        if row.how == "completed":
            completions.setdefault(row.case_id, []).append(row)
    return completions


def _limited(
    seen: Seen,
    measure: Measure,
    row: LimitRow,
    end: EndRow | None,
    told: Mapping[str, Sequence[EndRow]],
) -> Occurrence:
    by_hand = row.moved > 0 and row.case_id in seen.moved and _by_hand(seen, row)
    if measure.told_by:
        end = _within(row, told.get(row.case_id, ()))
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
        limit=ruled(seen.history(row.case_id), row.task, measure.limit)
        if by_hand
        else _standing(row, measure.limit),
        moved=by_hand,
        attested=attested,
        recorded_at=recorded,
        dropped_at=dropped,
        why=_why(seen, row) if dropped else "",
        unreadable=unreadable or (by_hand and any(e.sealed for e in seen.history(row.case_id))),
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


def _by_hand(seen: Seen, row: LimitRow) -> bool:
    """It was this one that somebody moved, not another of its case."""
    return any(
        entry.kind == BY_HAND and (entry.sealed or entry.command.get("task") == row.task)
        for entry in seen.history(row.case_id)
    )


def _standing(row: LimitRow, which: str) -> Limit | None:
    """The limit as it stands: nobody moved it by hand."""
    if which == "due":
        return Limit(at=row.due, whole_day=row.whole_day, sum=row.sum)
    if row.backstop is None:
        return None
    # A change of the calendar tells the new instant, not its sum.
    words = row.backstop_sum if row.moved == 0 else None
    return Limit(at=row.backstop, whole_day=row.backstop_whole_day, sum=words)


def _why(seen: Seen, row: LimitRow) -> str:
    if row.ended_at and (row.case_id, row.ended_at) in seen.cancelled:
        return "the case was cancelled"
    status = seen.facts[row.case_id].status
    stands = f"; the case stands at “{status.replace('_', ' ')}”" if status else ""
    return f"no longer needed{stands}"
