"""The tables of the figures that are kept: sums over all cases, and what each case adds to them.

All of it follows from the histories and can be thrown away. What is in the open here, `deadline`
and `done` say too; what an answer decides is sealed. Reading and writing are `shares`' and `sums`'.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from app.store.columns import METADATA, Instant

#: one row for what is counted (a mark) and how years begin; one without either, which is locked
tally = Table(
    "tally",
    METADATA,
    Column("mark", String, primary_key=True),
    Column("years", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # sealed with the key-encryption key
)
#: shares of cases that were destroyed, as long as the sums still hold them
tally_gone = Table(
    "tally_gone",
    METADATA,
    Column("id", String, primary_key=True),  # says nothing of the case
    Column("mark", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed with the key-encryption key
)
share = Table(
    "share",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("mark", String, nullable=False, index=True),
    Column("asked", Boolean, nullable=False),  # answers of it are counted
    Column("body", LargeBinary, nullable=False),  # what the sums hold of it; the case's key
    Column("times", LargeBinary, nullable=False),  # each time a limit ran; the case's key
)
#: each time a limit ran that is told, or will be told if nothing happens: late or behind
late_line = Table(
    "late_line",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("kind", Integer, primary_key=True, autoincrement=False),  # `shares.KINDS`
    Column("number", Integer, primary_key=True, autoincrement=False),  # among the case's times
    Column("reference", String, nullable=False),
    Column("task", String, nullable=False),
    Column("limit_at", Instant, nullable=False),
    Column("from_at", Instant, nullable=False),  # told from here on
    Column("until_at", Instant, nullable=False),  # and before this
    Index(None, "kind", "limit_at", "reference"),
)
