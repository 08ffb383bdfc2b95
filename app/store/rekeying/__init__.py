"""What in the tables is made with the key-encryption key (KEK), and made anew with another.

All of it runs in the caller's one transaction, so there is never a database under two keys. What
the old key does not open or vouch for stays as it is: a change of keys makes nothing good. By what
cases are known to each other follows from their answers, and is casework's to work out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, select, text

from app.store.database.keys import Keys
from app.store.database.unit import Unit
from app.store.rekeying import bodies, prints, vouching
from app.store.schema import case_key, known_by
from app.store.tallies.sums import lose
from app.store.tallies.tables import tally, tally_gone

#: follows from what cases say
WORKED_OUT: tuple[Column[Any], ...] = (known_by.c.hash, tally.c.body, tally_gone.c.body)
#: every column that something made with the KEK stands in; a test asks it of each column of bytes
COLUMNS: tuple[Column[Any], ...] = (
    *(column for column, _ in bodies.SEALED), *bodies.KEYED, *vouching.KEYED, *prints.KEYED,
    *WORKED_OUT,
)  # fmt: skip
_NAMES = select(case_key.c.kek).distinct()


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What came of it."""

    #: keys of cases, and the log's
    keys: int
    #: references, and names of chains and counters, that were not vouched for before, and are not
    #: now
    unvouched: tuple[str, ...]
    #: what opened with no key before, and opens with none now: "<table> <row>"
    closed: tuple[str, ...]


def hold(unit: Unit) -> None:
    """Keeps everybody else out until the transaction ends, which may take minutes. Raises `Busy`.

    Whoever waits for it reads what is there afterwards, and finds that their key opens nothing.
    """
    if unit.connection.dialect.name != "postgresql":
        return  # a transaction that writes is alone there
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        unit.run(text(f"SET LOCAL {setting} = 0"))
    tables = ", ".join(sorted(f'"{column.table.name}"' for column in COLUMNS))
    unit.run(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))


def names(unit: Unit) -> frozenset[str]:
    """Names of the keys with which anything is sealed."""
    return frozenset(row[0] for row in unit.rows(_NAMES))


def rekey(unit: Unit, new: Keys) -> Rekeyed:
    """Everything but the marks of `known_by`; the sums of figures go. `unit` has the old keys. Call
    `hold` first."""
    anew = Unit(unit.connection, new)
    count, closed = vouching.wrap(unit, anew)
    unvouched = vouching.vouch(unit, anew)
    closed += bodies.seal(unit, new)
    bodies.keep_handles(unit)
    closed += prints.print_anew(unit, anew)
    prints.forget(unit)
    lose(unit)
    return Rekeyed(count, tuple(unvouched), tuple(closed))
