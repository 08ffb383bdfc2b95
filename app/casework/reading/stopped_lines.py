"""A line of what has stopped: what, where on the drawing, since when, what it holds up.

Which places are shown to whom is `stopped`'s and `case.stopped`'s, the words `stopped_words`'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework.cases import Installation, Loaded
from app.casework.cases.stalls import KeptStall, kept_stalls
from app.casework.errors import Unusable
from app.casework.reading import stopped_words as words
from app.casework.reading.unmanned import Unmanned
from app.store import DeadlineRow, IncidentRow, Unit

#: running deadlines looked at for each case
_DEADLINES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedLine:
    """A place where a case has stopped."""

    #: the reference
    case: str
    #: what stopped, or why it will never move, in a sentence
    sentence: str
    #: what would move it
    moves: str
    #: the step on the drawing, as people call it; "": it is the whole case
    step: str
    element: str | None
    process: str
    since: datetime
    #: names of the steps that come behind it on the drawing
    behind: tuple[str, ...]
    #: the case's earliest running deadline
    deadline: datetime | None
    whole_day: bool
    #: in vain so far; 0: it is no incident
    tries: int = 0
    #: when it is tried again; None: it waits for a person
    next_at: datetime | None = None
    #: by which the order to try it again names it; None: that is no use, or not for this person
    incident: int | None = None


class Lines:
    """Makes lines of what is stored, with the drawing of each case at hand."""

    def __init__(self, installation: Installation, unit: Unit, cases: Iterable[str]) -> None:
        self._installation, self._unit = installation, unit
        self._first: dict[str, DeadlineRow] = {}
        ids = sorted(cases)
        for row, _ in store.work.deadlines.open_in(unit, ids, len(ids) * _DEADLINES) if ids else ():
            self._first.setdefault(row.case_id, row)  # the earliest comes first

    def incident(
        self, row: IncidentRow, reference: str, deployment: str, *, retry: bool
    ) -> StoppedLine:
        may = retry and not row.task
        return StoppedLine(
            case=reference,
            sentence=row.sentence,
            moves=words.moves_incident(row),
            since=row.at,
            tries=row.tries,
            next_at=row.next_at,
            incident=row.seq if may else None,
            **self._place(row.case_id, deployment, row.process, row.element),
        )

    def stalls(
        self, stored: str | None, case: str, reference: str, deployment: str
    ) -> list[StoppedLine]:
        """`stored`: as the case's row keeps them."""
        place = case, reference, deployment
        return [self._stall(kept, *place) for kept in kept_stalls(stored)]

    def _stall(self, kept: KeptStall, case: str, reference: str, deployment: str) -> StoppedLine:
        stall = kept.stall
        loaded = self._loaded(deployment)
        return StoppedLine(
            case=reference,
            sentence=words.why(loaded, stall),
            moves=words.moves(stall),
            since=kept.since,
            **self._place(case, deployment, stall.process, stall.element),
        )

    def nobody(self, left: Unmanned, case: str, reference: str, deployment: str) -> StoppedLine:
        row = store.work.tasks.find(self._unit, case, left.left[0].task)
        process, element = (row.process, row.element) if row else ("", None)
        return StoppedLine(
            case=reference,
            sentence=left.why,
            moves=left.moves,
            since=left.since,
            **self._place(case, deployment, process, element),
        )

    def _place(
        self, case: str, deployment: str, process: str, element: str | None
    ) -> dict[str, Any]:
        loaded, first = self._loaded(deployment), self._first.get(case)
        return {
            "process": process,
            "element": element or None,
            "step": words.named(loaded, process, element) if element else "",
            "behind": words.behind(loaded, process, element) if element else (),
            "deadline": first.due if first else None,
            "whole_day": bool(first.whole_day) if first else True,
        }

    def _loaded(self, deployment: str) -> Loaded | None:
        try:
            return self._installation.programs.of(self._unit, deployment)
        except Unusable:
            return None
