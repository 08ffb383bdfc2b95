"""What is counted, and what each case adds to it, read from what its history says.

Adding up is `shares`' and `looking`'s.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app import store
from app.audit import counts, shares
from app.audit.gathering import gathered
from app.audit.occurrences import Occurrence
from app.audit.shares import Amounts
from app.audit.tally import times
from app.config import Counts, Measure
from app.engine.feel import Calendar
from app.store import Unit

#: of what shares and sums say; another one makes all of them again, so that a release that does not
#: know the sums by months lets them be
_FORM = 2


@dataclass(frozen=True, kw_only=True)
class Reckoning:
    """What is counted, and by which days."""

    measures: tuple[Measure, ...]
    counts: Counts
    calendar: Calendar
    mark: str = field(init=False)

    def __post_init__(self) -> None:
        said = (_FORM, self.measures, self.counts.of, self.calendar.version)
        digest = hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()
        object.__setattr__(self, "mark", digest[:16])

    @property
    def calendars(self) -> dict[str, Calendar]:
        """By id of the measure."""
        return {one.id: self.calendar.chosen(one.calendar) for one in self.measures}


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """What one case adds."""

    case_id: str
    reference: str
    #: the entry up to which it was read
    seq: int
    amounts: Amounts
    #: each time of it that is worth telling
    times: tuple[Occurrence, ...]
    #: answers of it are counted
    asked: bool

    @property
    def empty(self) -> bool:
        return not (self.amounts or self.times)


def reckoned(unit: Unit, what: Reckoning, cases: Sequence[str] | None = None) -> list[Reckoned]:
    """What each of these cases adds, read from what its history says; None: every case."""
    facts = store.queries.figures.facts(unit, cases)  # with the entry, before what may be newer
    calendars = what.calendars
    amounts: dict[str, Amounts] = {case: Counter() for case in facts}
    told: dict[str, list[Occurrence]] = {case: [] for case in facts}
    for time in gathered(unit, what.measures, cases):
        if time.case_id in facts:  # else it began meanwhile
            calendar = calendars[time.measure]
            amounts[time.case_id].update(shares.share_of(time, calendar))
            if times.worth_telling(time, calendar):
                told[time.case_id].append(time)
    answered = set()
    for case, said in counts.given(unit, what.counts, cases):
        if case in facts:
            answered.add(case)
            amounts[case].update(said)
    return [
        Reckoned(
            case_id=case,
            reference=row.reference,
            seq=row.seq,
            amounts=amounts[case],
            times=tuple(told[case]),
            asked=case in answered,
        )
        for case, row in facts.items()
    ]
