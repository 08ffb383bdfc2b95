"""The chain of the installation's log: taken for one entry, added to, and read in pages.

Who writes holds the row of its newest entry, so entries come one after another on every database.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store import cases
from app.store.chain import headers, history
from app.store.chain.log.tables import log_about, log_head
from app.store.database.errors import Sealed
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import case_key
from app.store.schema import history as entries

NAME = headers.INSTALLATION


@dataclass(frozen=True, slots=True)
class Head:
    #: number of the newest entry; 0: there is none yet
    seq: int
    hash: bytes
    seal: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which entries are looked for."""

    kinds: tuple[str, ...] = ()
    #: who gave the order, or whom it is about
    person: str | None = None
    #: from this instant on, and before that one
    since: datetime | None = None
    until: datetime | None = None


_BEGIN = upsert(log_head).on_conflict_do_nothing()
_HEAD = select(log_head.c.seq, log_head.c.head, log_head.c.head_seal)
_HEAD = _HEAD.where(log_head.c.name == NAME)
_LOCK = _HEAD.with_for_update()
_MOVE = update(log_head).where(log_head.c.name == NAME)
_MOVE = _MOVE.values(seq=bindparam("number"), head=bindparam("hash"), head_seal=bindparam("seal"))
_ADD_KEY = insert(case_key)
_ADD_ABOUT = insert(log_about)
_ABOUT = select(log_about.c.person, log_about.c.seq).order_by(log_about.c.seq, log_about.c.person)


def head(unit: Unit) -> Head | None:
    """None in a database from before there was a log."""
    row = unit.row(_HEAD)
    return None if row is None else Head(*row)


def lock(unit: Unit) -> tuple[Head, CaseKey]:
    """The newest entry, ours alone until the transaction ends, and the log's key; begins both."""
    row = unit.row(_LOCK)
    if row is None:
        unit.run(_BEGIN, {"name": NAME, "seq": 0, "head": headers.START, "head_seal": None})
        row = unit.row(_LOCK)
    assert row is not None
    newest = Head(*row)
    return newest, _key(unit) if newest.seq else _new_key(unit)


def _key(unit: Unit) -> CaseKey:
    return cases.key_of(unit, NAME)


def _new_key(unit: Unit) -> CaseKey:
    try:
        return _key(unit)
    except Sealed:
        key = CaseKey.new(NAME)
        wrapped = key.wrapped_by(unit.keys)
        unit.run(_ADD_KEY, {"case_id": NAME, "kek": unit.keys.name, "wrapped": wrapped})
        return key


def key_of(unit: Unit) -> CaseKey:
    """Raises `Sealed` when it is not there, `WrongKey`."""
    return _key(unit)


def append(
    unit: Unit,
    key: CaseKey,
    newest: Head,
    entry: history.Entry,
    content: history.Content,
    about: Iterable[str] = (),
) -> Head:
    """Adds the entry behind the newest, which is locked. `about`: ids of people."""
    seq = newest.seq + 1
    hash = history.append(unit, key, seq, newest.hash, entry, content)
    seal = unit.keys.stand(NAME, seq, hash)
    unit.run(_MOVE, {"number": seq, "hash": hash, "seal": seal})
    unit.many(_ADD_ABOUT, [{"person": person, "seq": seq} for person in sorted(set(about))])
    return Head(seq, hash, seal)


def vouched(unit: Unit, newest: Head) -> bool:
    """Whether somebody with the installation's key wrote the newest entry."""
    return newest.seal is not None and hmac.compare_digest(
        newest.seal, unit.keys.stand(NAME, newest.seq, newest.hash)
    )


def about(unit: Unit) -> set[tuple[int, str]]:
    """(entry, person) of all that is kept for searching."""
    return {(seq, person) for person, seq in unit.rows(_ABOUT)}


def count(unit: Unit, asked: Asked) -> int:
    return int(unit.value(select(func.count()).select_from(entries).where(*_where(asked))))


def page(unit: Unit, asked: Asked, skip: int, most: int) -> list[history.HistoryRow]:
    """The newest first."""
    seqs = select(entries.c.seq).where(*_where(asked))
    seqs = seqs.order_by(entries.c.seq.desc()).offset(skip).limit(most)
    wanted: Sequence[Any] = unit.rows(seqs)
    return list(reversed(history.some(unit, NAME, [row[0] for row in wanted])))


def _where(asked: Asked) -> list[Any]:
    where: list[Any] = [entries.c.case_id == NAME]
    if asked.kinds:
        where.append(entries.c.kind.in_(asked.kinds))
    if asked.person is not None:
        told = select(log_about.c.seq).where(log_about.c.person == asked.person)
        where.append(or_(entries.c.actor == asked.person, entries.c.seq.in_(told)))
    if asked.since is not None:
        where.append(entries.c.at >= asked.since)
    if asked.until is not None:
        where.append(entries.c.at < asked.until)
    return where
