"""The tables beside the installation's log: its newest entry, whom entries are about, refusals."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from app.store.columns import METADATA, Instant

log_head = Table(
    "log_head",
    METADATA,
    Column("name", String, primary_key=True),
    Column("seq", Integer, nullable=False),  # of the newest entry
    Column("head", LargeBinary, nullable=False),  # its hash
    Column("head_seal", LargeBinary),  # vouches for both, with a key that is not in here
)
#: whom an entry is about, beside who gave the order: for searching
log_about = Table(
    "log_about",
    METADATA,
    Column("person", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
)
#: what was refused in an hour that is not yet in the log
refusal = Table(
    "refusal",
    METADATA,
    Column("hour", Instant, primary_key=True),
    Column("what", String, primary_key=True),
    Column("who", String, primary_key=True),  # "p:<person>" or "a:<address>"
    Column("count", Integer, nullable=False),
)
#: a block of old entries that lies in a file elsewhere; nothing of it is ever changed
log_block = Table(
    "log_block",
    METADATA,
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("head", LargeBinary, nullable=False),  # hash of its last entry
    Column("at", Instant, nullable=False),
    Column("sha256", String, nullable=False),  # of the file, in hex
    Column("body", LargeBinary, nullable=False),  # the rows as they stood then, sealed
    Column("seal", LargeBinary, nullable=False),  # vouches for all this
)
