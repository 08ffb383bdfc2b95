"""The table of files that came with answers. What they are called stands in the answers alone:
reading and writing it is `files`'.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from app.store.columns import METADATA, Instant

answer_file = Table(
    "answer_file",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("digest", String, primary_key=True),  # SHA-256 of its content, in hex
    Column("kind", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),  # who brought it
    Column("seq", Integer, nullable=False),  # the first history row that names it; 0: none yet
    Column("body", LargeBinary, nullable=False),  # sealed with the case's key
)
