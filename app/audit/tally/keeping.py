"""Keeps up the sums of the figures: cases that changed are counted again, a few in a transaction.

`work` does it all the time, and whoever looks where much has changed. Nobody waits for it: a case
that an order holds is left for the next time, and so is everything while somebody else does it.
What is kept follows from the histories; thrown away, it is made again from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from app.audit import shares
from app.audit.shares import Amounts, Months
from app.audit.tally import times
from app.audit.tally.looking import Found, begun, exchange, look, named
from app.audit.tally.reckoning import Reckoned, Reckoning, reckoned
from app.casework import Desk
from app.config import Counts, Measure, Years
from app.store import CaseKey, Sealed, Store, StoreFault, Unit, tallies
from app.store.tallies import Share

#: cases that are counted in one transaction
BATCH = 200
#: so many cases that changed are worth keeping, before somebody looks again
_MANY = 20
#: and no more of them than these hold anybody up who looks
_MOST_BATCHES = 3


class Keeper:
    """Of one installation, as config.yaml says what is counted."""

    def __init__(
        self, desk: Desk, measures: Sequence[Measure], counts: Counts, years: Years
    ) -> None:
        self.desk = desk
        self._said = tuple(measures), counts
        self._years = (Years(), years, Months())

    def keep_up(self) -> int:
        """As `keep_up`, by the calendar in force."""
        measures, counts = self._said
        calendar = self.desk.settings.calendar
        what = Reckoning(measures=measures, counts=counts, calendar=calendar)
        return keep_up(self.desk.store, what, self._years)


def keep_up(
    store_: Store,
    what: Reckoning,
    years: Sequence[Years | Months],
    most: int = BATCH,
    *,
    instead: bool = True,
) -> int:
    """Takes up to so many cases that changed into what is kept; how many, or 1 where sums were
    added up anew. 0: nothing has changed, or somebody else does it. Raises a `StoreFault`.

    `years`: kinds that somebody may ask for. `instead`: also where something else is kept, which
    then goes.
    """
    with store_.reading() as unit:
        there = tallies.stand(unit)
        others = any(mark != what.mark for mark, _ in there)
        if others and not instead:
            return 0
        missing = {(what.mark, named(kind)) for kind in years} - there
        made, keys = _able(unit, what, tallies.changed(unit, what.mark), most)
        if not (made or missing or others or tallies.any_gone(unit)):
            return 0
    kinds = {named(kind): kind for kind in years}
    kinds |= {name: begun(name) for mark, name in there if mark == what.mark}
    with store_.writing() as unit:
        return _kept(unit, what, kinds, made, keys) if tallies.alone(unit) else 0


@contextmanager
def looked(desk: Desk, what: Reckoning, years: Years | Months) -> Iterator[tuple[Unit, Found]]:
    """What is found, in its unit. Where much has changed it is kept first, so that the next who
    looks has it; nobody waits for that where somebody else does it."""
    with desk.store.reading() as unit:
        found = look(unit, what, years)
        if found.kept and len(found.read) < _MANY:
            yield unit, found
            return
    with suppress(StoreFault):
        for _ in range(_MOST_BATCHES):
            if not keep_up(desk.store, what, (years,), instead=False):
                break
    with desk.store.reading() as unit:
        yield unit, look(unit, what, years)


def _able(
    unit: Unit, what: Reckoning, changed: Sequence[str], most: int
) -> tuple[list[Reckoned], Mapping[str, CaseKey]]:
    """The first that can be kept, with their keys: what a case says is sealed with its own, and
    without that it is read anew by every look."""
    for first in range(0, len(changed), most):
        part = changed[first : first + most]
        keys = tallies.keys(unit, part)
        made = [one for one in reckoned(unit, what, part) if one.case_id in keys or one.empty]
        if made:
            return made, keys
    return [], {}


def _kept(
    unit: Unit,
    what: Reckoning,
    kinds: Mapping[str, Years | Months],
    made: Sequence[Reckoned],
    keys: Mapping[str, CaseKey],
) -> int:
    stands = _standing(unit, what, kinds)
    if stands is None:
        return _anew(unit, what, kinds)
    sums, gone = stands
    taken = {share.case_id: share for share in tallies.take(unit, [_share(one) for one in made])}
    now = [one for one in made if one.case_id in taken]
    held = tallies.kept(unit, what.mark, list(taken))
    if None in held.values():
        return _anew(unit, what, kinds)
    for name, kind in kinds.items():
        exchange(sums[name], held.values(), now, kind)
    lines = [line for one in now for line in times.lines_of(one.reference, one.times)]
    tallies.put(unit, what.mark, list(taken.values()), lines, keys)
    _put(unit, what, sums, gone)
    return len(taken)


def _share(one: Reckoned) -> Share:
    return Share(
        case_id=one.case_id,
        seq=one.seq,
        asked=one.asked,
        body=shares.packed(one.amounts),
        times=times.packed(one.times),
    )


def _standing(
    unit: Unit, what: Reckoning, kinds: Mapping[str, Years | Months]
) -> tuple[dict[str, Amounts], list[str]] | None:
    """The sums of each kind of years, without destroyed cases; and ids of what these had left.
    None: some are not there, or do not open."""
    content = tallies.sums(unit, what.mark)
    if not content.keys() >= kinds.keys():
        return None
    try:
        gone = tallies.gone(unit, what.mark)
    except Sealed:
        return None
    sums = {name: shares.unpacked(content[name]) for name in kinds}
    for name, kind in kinds.items():
        exchange(sums[name], gone.values(), (), kind)
    return sums, list(gone)


def _anew(unit: Unit, what: Reckoning, kinds: Mapping[str, Years | Months]) -> int:
    """The sums, added up from what is kept of each case; no case is held up."""
    everything = tallies.everything(unit, what.mark)
    tallies.drop(unit, everything.closed)
    amounts = [shares.unpacked(body) for body in everything.bodies]
    sums: dict[str, Amounts] = {name: Counter() for name in kinds}
    for name, kind in kinds.items():
        for one in amounts:
            shares.add(sums[name], one, kind)
    _put(unit, what, sums, everything.gone)
    return 1


def _put(unit: Unit, what: Reckoning, sums: Mapping[str, Amounts], gone: Sequence[str]) -> None:
    tallies.put_sums(unit, what.mark, {name: shares.packed(one) for name, one in sums.items()})
    tallies.drop_gone(unit, gone)
