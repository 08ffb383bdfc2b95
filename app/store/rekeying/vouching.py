"""The wrapped keys of cases and of the log; what vouches for where chains and counters stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, bindparam, select, update

from app.store import cases
from app.store.chain import counters
from app.store.chain.log import blocks, entries
from app.store.chain.log.tables import log_block, log_head
from app.store.database.errors import WrongKey
from app.store.database.unit import Unit
from app.store.schema import case_key, counter
from app.store.schema import cases as case_table

KEYED: tuple[Column[Any], ...] = (
    case_key.c.wrapped, case_key.c.kek, case_table.c.head_seal, counter.c.head_seal,
    log_head.c.head_seal, log_block.c.seal,
)  # fmt: skip

_KEYS = select(case_key.c.case_id, case_key.c.wrapped).order_by(case_key.c.case_id)
_WRAP = update(case_key).where(case_key.c.case_id == bindparam("case"))
_WRAP = _WRAP.values(kek=bindparam("by"), wrapped=bindparam("anew"))
_SEALED = select(case_table.c.id).where(case_table.c.head_seal.is_not(None))
_VOUCH = update(case_table).where(case_table.c.id == bindparam("case"))
_VOUCH = _VOUCH.values(head_seal=bindparam("seal"))
_COUNTED = update(counter).where(counter.c.name == bindparam("called"))
_COUNTED = _COUNTED.values(head_seal=bindparam("seal"))
_BLOCK = update(log_block).where(log_block.c.first == bindparam("begins"))
_BLOCK = _BLOCK.values(seal=bindparam("anew"))


def wrap(unit: Unit, anew: Unit) -> tuple[int, list[str]]:
    """How many keys of cases, with the log's, and which opened with no key: those stay so. Cases'
    own keys, and what they seal, stay what they are."""
    rows, closed = unit.rows(_KEYS), []
    for case, wrapped in rows:
        try:
            wrapped = unit.keys.unwrap(case, wrapped).wrapped_by(anew.keys)
        except WrongKey:
            closed.append(f"case_key {case}")
        unit.run(_WRAP, {"case": case, "by": anew.keys.name, "anew": wrapped})
    return len(rows), closed


def vouch(unit: Unit, anew: Unit) -> list[str]:
    """Gives what the old key does not vouch for."""
    return [*_cases(unit, anew), *_counters(unit, anew), *_log(unit, anew)]


def _cases(unit: Unit, anew: Unit) -> Iterator[str]:
    for (id,) in unit.rows(_SEALED):
        row = cases.find(unit, id)
        assert row is not None
        if cases.vouched(unit, row):
            unit.run(_VOUCH, {"case": id, "seal": anew.keys.stand(row.id, row.seq, row.head)})
        else:
            yield row.reference


def _counters(unit: Unit, anew: Unit) -> Iterator[str]:
    for row in counters.all_of_them(unit):
        if row.head_seal is None:
            continue
        if counters.vouched(unit, row):
            unit.run(_COUNTED, {"called": row.name, "seal": counters.seal(anew, row)})
        else:
            yield f"counter {row.name}"


def _log(unit: Unit, anew: Unit) -> Iterator[str]:
    newest = entries.head(unit)
    if newest is not None and newest.seal is not None and not entries.vouched(unit, newest):
        yield entries.NAME  # the entry of the change itself is vouched for, and so its head
    for block in blocks.all_of_them(unit):
        if blocks.vouched(unit, block):
            unit.run(_BLOCK, {"begins": block.first, "anew": blocks.seal(anew, block)})
        else:
            yield f"log block {block.first}"
