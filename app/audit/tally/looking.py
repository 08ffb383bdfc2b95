"""The figures as they are now: the sums that are kept, and what has changed since.

A look takes from the sums what they held of the cases that changed, and adds what these are now; so
it is exact, however long nobody has kept the sums up, which `keeping` does. What cannot be opened,
and sums of something else than is asked, are as if they were not there: then all cases are counted.
Who may see what of it is `timeliness`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.audit import shares
from app.audit.shares import Amounts, Months
from app.audit.tally.reckoning import Reckoned, Reckoning, reckoned
from app.config import Years
from app.store import Sealed, Unit, tallies

#: so many that changed are counted by the way; of more, it is not asked what the sums held
BY_THE_WAY = 500
_MONTHS = "months"


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


def look(unit: Unit, what: Reckoning, years: Years | Months) -> Found:
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


def _since(unit: Unit, what: Reckoning, years: Years | Months) -> Found | None:
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
    sums: Amounts, left: Iterable[bytes | None], now: Iterable[Reckoned], years: Years | Months
) -> None:
    """Takes from sums what they held of some cases, and adds what these are now."""
    for content in left:
        shares.add(sums, shares.unpacked(content or b""), years, -1)
    for one in now:
        shares.add(sums, one.amounts, years)


def named(years: Years | Months) -> str:
    """By which such years are kept; `begun` reads it."""
    return _MONTHS if isinstance(years, Months) else f"{years.month}-{years.day}"


def begun(name: str) -> Years | Months:
    if name == _MONTHS:
        return Months()
    month, day = name.split("-")
    return Years(int(month), int(day))
