"""Numbers without gaps: of references, year by year, and of all cases ever opened.

Each counter names the case it counted last and is vouched for with the KEK, so that a case that
vanished from every table is missed. Asking whether one did is the audit room's.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.chain import headers
from app.store.database.errors import WrongKey
from app.store.database.unit import Unit
from app.store.schema import case_key, cases, counter

#: the counter of all cases ever opened; the others count references, e.g. "RR-2026"
OPENINGS = "openings"
_CHANGED = "The key of this installation was changed. Start this program anew."


@dataclass(frozen=True, slots=True)
class Counter:
    name: str
    value: int
    #: first hash of the case that was counted last, and what vouches for it; None: none was
    #: counted since there is one
    head: bytes | None
    head_seal: bytes | None


_COUNT = (
    upsert(counter)
    .values(name=bindparam("name"), value=bindparam("first"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    .returning(counter.c.value, counter.c.head)
)
_VOUCH = update(counter).where(counter.c.name == bindparam("counter_name"))
_VOUCH = _VOUCH.values(head=bindparam("newest"), head_seal=bindparam("seal"))
_COUNTERS = select(counter.c.name, counter.c.value, counter.c.head, counter.c.head_seal)
_COUNTERS = _COUNTERS.order_by(counter.c.name)
_NUMBERED = select(cases.c.id, cases.c.reference).order_by(cases.c.reference, cases.c.id)
_KNOWN = select(counter.c.value).where(counter.c.name == OPENINGS)
_ALL = select(func.count()).select_from(cases)
#: the key with which the log is sealed, and so everything
_KEY = select(case_key.c.kek).where(case_key.c.case_id == headers.INSTALLATION)


def count(unit: Unit, name: str) -> int:
    """The next number of this name, starting with 1, without gaps."""
    return int(unit.rows(_COUNT, {"name": name, "first": 1})[0][0])


def opening(unit: Unit) -> tuple[int, bytes]:
    """The number of the case to be opened next among all there ever were, and the first hash of
    the one before; `chain.START` when that was opened before openings were counted. Raises
    `WrongKey` where the installation's key was changed while this program ran."""
    if unit.value(_KEY) not in (None, unit.keys.name):
        raise WrongKey(_CHANGED)
    first = 1 if unit.value(_KNOWN) is not None else int(unit.value(_ALL)) + 1
    number, before = unit.rows(_COUNT, {"name": OPENINGS, "first": first})[0]
    return int(number), before or headers.START


def opened(unit: Unit, numbers: Mapping[str, int], head: bytes) -> None:
    """Vouches for counters, name → number, once the counted case's first entry is written."""
    given = [
        {"counter_name": name, "newest": head, "seal": _seal(unit, name, number, head)}
        for name, number in numbers.items()
    ]
    unit.many(_VOUCH, given)


def _seal(unit: Unit, name: str, number: int, head: bytes) -> bytes:
    return unit.keys.stand(f"counter {name}", number, head)


def seal(unit: Unit, row: Counter) -> bytes:
    """What vouches for a counter that stands so."""
    return _seal(unit, row.name, row.value, row.head or headers.START)


def vouched(unit: Unit, row: Counter) -> bool:
    """Whether the counter stands where somebody with the KEK left it."""
    if row.head is None or row.head_seal is None:
        return False
    return hmac.compare_digest(row.head_seal, seal(unit, row))


def all_of_them(unit: Unit) -> list[Counter]:
    return [Counter(*row) for row in unit.rows(_COUNTERS)]


def numbered(unit: Unit) -> list[tuple[str, str]]:
    """(id, reference) of every case, by reference."""
    return [(row[0], row[1]) for row in unit.rows(_NUMBERED)]
