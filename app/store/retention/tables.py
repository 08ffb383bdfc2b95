"""The tables of holds and of destroyed content. Reading and writing them is the neighbours'."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from app.store.columns import METADATA, Instant

#: what stops the destruction of a case's content; it stays when it is lifted
hold = Table(
    "hold",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),  # the history row that set it
    Column("kind", String, nullable=False),  # as config.yaml names it
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the reason, sealed with the case's key
    Column("lift_at", Instant),  # when somebody asked that it be lifted
    Column("lift_by", String),
    Column("lifted_at", Instant),
    Column("lifted_by", String),  # who agreed
)
#: somebody asked that a case's content be destroyed, or it was
erasure = Table(
    "erasure",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("rule", String, nullable=False),  # of config.yaml, or ""
    Column("cause", String, nullable=False),  # one of a closed list
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("agreed_at", Instant),  # when it was destroyed
    Column("agreed_by", String),
    Column("swept_at", Instant),  # when what was kept of deleted rows was overwritten
)
