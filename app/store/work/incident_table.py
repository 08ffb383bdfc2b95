"""The table of what stopped in cases. Reading and writing it are `incidents`', over many cases
`queries.stopped`'.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, text

from app.store.columns import METADATA, Instant

incident = Table(
    "incident",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("element", String),
    Column("process", String, server_default="", nullable=False),  # that holds the element
    Column("sentence", String, nullable=False),
    Column("resolved_at", Instant),
    Column("timer", String, server_default="", nullable=False),  # that is held
    Column("task", String, server_default="", nullable=False),  # while that is open
    Column("tries", Integer, server_default="1", nullable=False),
    Column("next_at", Instant),  # tried again; none: waits for a person
    Index(
        "ix_incident_open",
        "case_id",
        sqlite_where=text("resolved_at IS NULL"),
        postgresql_where=text("resolved_at IS NULL"),
    ),
)
