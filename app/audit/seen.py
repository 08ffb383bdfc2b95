"""What is read for the figures, once for all measures: limits, ends, answers, moves by hand.

The tables read are written with the history's entries; stated times and moved limits are read in
the entries themselves. What an occurrence is, `gathering` and `duties` say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app import store
from app.audit.entries import Entry, of_case
from app.audit.occurrences import BY_HAND, Limit, ruled
from app.casework import Cancel, answers_in
from app.config import Measure
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
    #: (step, case id) → the completions of it, the earliest first
    completed: Mapping[Place, list[EndRow]]
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


def read(unit: Unit, measures: Sequence[Measure], cases: Sequence[str] | None = None) -> Seen:
    """`cases`: ids of those that are read; None: all."""
    tasks = sorted({step for one in measures for step in (*one.tasks, *one.begins)})
    tellers = {t for measure in measures if measure.happened for t in tellers_of(measure)}
    conditions = [measure.where for measure in measures if measure.where]
    tellers |= {where.step for where in conditions}
    told = {*tasks, *tellers, *(name for one in measures for name in one.released)}
    elements = store.queries.figures.elements_of(tasks)
    orders = store.queries.figures.orders(unit, elements, (BY_HAND, _CANCEL), cases)
    keys = {measure.happened for measure in measures if measure.happened}
    keys |= {where.key for where in conditions}
    ended = store.queries.figures.ends(unit, store.queries.figures.elements_of(told), cases)
    ended.sort(key=lambda row: row.at)
    ends = _by_step(told, ended)
    return Seen(
        unit=unit,
        facts=store.queries.figures.facts(unit, cases),
        limits=_by_step(tasks, store.queries.figures.limits(unit, elements, cases)),
        open=_by_step(tasks, store.queries.figures.opened(unit, elements, cases)),
        ends=ends,
        completed=_completed(ends),
        answers={
            (case, task): None if body is None else answers_in(body, keys)
            for case, task, body in store.queries.figures.answered(
                unit, store.queries.figures.elements_of(sorted(tellers)), cases
            )
        },
        moved=frozenset(case for case, kind, _ in orders if kind == BY_HAND),
        cancelled=frozenset((case, at) for case, kind, at in orders if kind == _CANCEL),
    )


def tellers_of(measure: Measure) -> tuple[str, ...]:
    return (measure.told_by,) if measure.told_by else measure.tasks


def _by_step(steps: Iterable[str], rows: Sequence[Any]) -> dict[str, list[Any]]:
    return {step: [row for row in rows if store.queries.figures.is_of(row, step)] for step in steps}


def _completed(ends: Mapping[str, list[EndRow]]) -> dict[Place, list[EndRow]]:
    completed: dict[Place, list[EndRow]] = {}
    for step, rows in ends.items():
        for row in rows:
            if row.how == "completed":
                completed.setdefault((step, row.case_id), []).append(row)
    return completed


def by_hand(seen: Seen, row: LimitRow) -> bool:
    """It was this one that somebody moved, not another of its case."""
    return (
        row.moved > 0
        and row.case_id in seen.moved
        and any(
            entry.kind == BY_HAND and (entry.sealed or entry.command.get("task") == row.task)
            for entry in seen.history(row.case_id)
        )
    )


def standing(row: LimitRow, which: str) -> Limit | None:
    """The limit as it stands: nobody moved it by hand."""
    if which == "due":
        return Limit(at=row.due, whole_day=row.whole_day, sum=row.sum)
    if row.backstop is None:
        return None
    return Limit(at=row.backstop, whole_day=row.backstop_whole_day, sum=row.backstop_sum)


def by_rule(seen: Seen, row: LimitRow, which: str, *, moved: bool) -> Limit | None:
    """The limit that a rule gave. `moved`: see `by_hand`."""
    return ruled(seen.history(row.case_id), row.task, which) if moved else standing(row, which)


def why_dropped(seen: Seen, case: str, at: datetime | None) -> str:
    if at is not None and (case, at) in seen.cancelled:
        return "the case was cancelled"
    status = seen.facts[case].status
    stands = f"; the case stands at “{status.replace('_', ' ')}”" if status else ""
    return f"no longer needed{stands}"
