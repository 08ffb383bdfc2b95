"""The figures as they are now: the sums that are kept, and what has changed since.

A look takes from the sums what they held of the cases that changed, and adds what these are now; so
it is exact, however long nobody has kept the sums up, which `keeping` does. What cannot be opened,
and sums of something else than is asked, are as if they were not there: then all cases are counted.
Who may see what of it is `timeliness`'s.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app import store
from app.audit import counts, shares, times
from app.audit.gathering import gathered
from app.audit.occurrences import Occurrence
from app.audit.shares import Amounts
from app.config import Counts, Measure, Years
from app.engine.feel import Calendar
from app.store import LineRow, Sealed, Share, Unit

tallies = store.work.tallies
#: of what a share says; another one makes all of them again
_FORM = 1
#: so many that changed are counted by the way; of more, it is not asked what the sums held
BY_THE_WAY = 500


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
    def lines(self) -> list[LineRow]:
        return list(times.lines_of(self.reference, self.times))

    @property
    def empty(self) -> bool:
        return not (self.amounts or self.times)

    def share(self) -> Share:
        return Share(
            case_id=self.case_id,
            seq=self.seq,
            asked=self.asked,
            body=shares.packed(self.amounts),
            times=times.packed(self.times),
        )


@dataclass(frozen=True, kw_only=True)
class Found:
    """The figures, before the clock is asked."""

    what: Reckoning
    #: by years
    sums: Amounts
    #: case id → what it adds, of those that were read just now; nothing else kept of them counts
    read: Mapping[str, Reckoned]
    #: there are sums, and `read` is what changed since; else it is every case
    kept: bool


def look(unit: Unit, what: Reckoning, years: Years) -> Found:
    """As all cases stand at one instant of the database. The unit has read nothing yet."""
    unit.stands_still()
    try:
        found = _since(unit, what, years)
    except Sealed:
        found = None
    if found is not None:
        return found
    sums: Amounts = Counter()
    every = {one.case_id: one for one in reckoned(unit, what)}
    for one in every.values():
        shares.add(sums, one.amounts, years)
    return Found(what=what, sums=sums, read=every, kept=False)


def _since(unit: Unit, what: Reckoning, years: Years) -> Found | None:
    """With what is kept; None where that is too little. Raises `Sealed`."""
    content = tallies.sums(unit, what.mark).get(named(years))
    if content is None:
        return None
    changed = tallies.changed(unit, what.mark, BY_THE_WAY + 1)
    held = tallies.kept(unit, what.mark, changed)
    if len(changed) > BY_THE_WAY or None in held.values():
        return None
    sums = shares.unpacked(content)
    left = [*held.values(), *tallies.gone(unit, what.mark).values()]
    read = {one.case_id: one for one in reckoned(unit, what, changed)} if changed else {}
    exchange(sums, left, read.values(), years)
    return Found(what=what, sums=sums, read=read, kept=True)


def exchange(
    sums: Amounts, left: Iterable[bytes | None], now: Iterable[Reckoned], years: Years
) -> None:
    """Takes from sums what they held of some cases, and adds what these are now."""
    for content in left:
        shares.add(sums, shares.unpacked(content or b""), years, -1)
    for one in now:
        shares.add(sums, one.amounts, years)


def named(years: Years) -> str:
    """By which such years are kept; `begun` reads it."""
    return f"{years.month}-{years.day}"


def begun(name: str) -> Years:
    month, day = name.split("-")
    return Years(int(month), int(day))


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
