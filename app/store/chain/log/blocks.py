"""Blocks of old log entries that lie in files elsewhere: a sealed stub of each stays.

A stub names the file by its hash and holds what stood in the tables at its end, so that what
follows can be checked without the file. Nothing of a stub is ever changed.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select

from app.store.chain import headers, history
from app.store.chain.log.tables import log_block
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import history as entries


@dataclass(frozen=True, slots=True)
class Block:
    #: numbers of its first and its last entry
    first: int
    last: int
    #: hash of the last
    head: bytes
    at: datetime
    #: of the file, in hex
    sha256: str
    #: sealed with the log's key
    body: bytes
    seal: bytes


_NAMES = ("first", "last", "head", "at", "sha256", "body", "seal")
_ALL = select(*(log_block.c[name] for name in _NAMES)).order_by(log_block.c.first)
_ADD = insert(log_block)
_BEFORE = select(func.max(entries.c.seq)).where(
    entries.c.case_id == headers.INSTALLATION, entries.c.at < bindparam("before")
)


def all_of_them(unit: Unit) -> list[Block]:
    return [Block(*row) for row in unit.rows(_ALL)]


def last_before(unit: Unit, before: datetime) -> int:
    """Number of the newest entry of before that instant; 0: there is none."""
    return int(unit.value(_BEFORE, {"before": before}) or 0)


def put(
    unit: Unit, key: CaseKey, first: int, last: history.HistoryRow, file: bytes, content: bytes,
    at: datetime,
) -> None:  # fmt: skip
    """Keeps the stub, and takes the entries that lie in the file out of the table."""
    sha256 = hashlib.sha256(file).hexdigest()
    body = key.seal(content, _place(first))
    block = Block(first, last.seq, last.hash, at, sha256, body, b"")
    given = {name: getattr(block, name) for name in _NAMES} | {"seal": seal(unit, block)}
    unit.run(_ADD, given)
    history.drop(unit, headers.INSTALLATION, last.seq)


def content(block: Block, key: CaseKey) -> bytes:
    """Raises `Sealed`."""
    return key.open(block.body, _place(block.first))


def vouched(unit: Unit, block: Block) -> bool:
    """Whether somebody with the installation's key made the stub."""
    return hmac.compare_digest(block.seal, seal(unit, block))


def seal(unit: Unit, block: Block) -> bytes:
    """What vouches for the stub, with the installation's key."""
    said = b"".join((block.head, bytes.fromhex(block.sha256), block.body))
    name = f"log block {block.first}"
    return unit.keys.stand(name, block.last, hashlib.sha256(said).digest())


def _place(first: int) -> str:
    return f"block:{first}"
