"""The table of meetings of cases, as the mails of their drawings called, moved and ended them.

Nothing in it names anybody: reading and writing it is `meetings`'.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table

from app.store.columns import METADATA, Instant

meeting = Table(
    "meeting",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("id", String, primary_key=True),  # as the drawing tells them apart
    Column("name", String, nullable=False),  # what kind of meeting, as drawn
    Column("begins_at", Instant, nullable=False, index=True),  # of a whole day: its begin in London
    Column("whole_day", Boolean, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("off", Boolean, nullable=False),  # it was called off
    Column("sequence", Integer, nullable=False),  # how often its time changed
    Column("changed_at", Instant, nullable=False),  # when it did so last
)
