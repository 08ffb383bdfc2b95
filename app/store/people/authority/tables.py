"""The tables of what somebody was allowed by two people, or for a while: agreed covers, lifted
exclusions, broken glass, conflicts, what people are told of it, and what a version was made from.

A row is never changed. Reading and writing is the neighbours'.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table

from app.store.columns import METADATA, Instant

#: a cover that the person who is away, or a second holder of the power, agreed to
cover_agreed = Table(
    "cover_agreed",
    METADATA,
    Column("cover", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
)
#: somebody asked that a person be let in again; it goes when a second person has said so too
exclusion_lift = Table(
    "exclusion_lift",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("who", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
)
#: somebody broke the glass of a case, and until when it counts
opened_case = Table(
    "opened_case",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("until", Instant, nullable=False),
    Index(None, "person", "until"),
)
#: who looked at a case while an order held it, until that is in its history
read_row = Table(
    "read_row",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("view", String, primary_key=True),
    Column("name", String, nullable=False),  # of the person
    Column("said", String, nullable=False),  # what else the entry says, as JSON
)
conflict = Table(
    "conflict",
    METADATA,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # with whom, sealed
)
conflict_end = Table(
    "conflict_end",
    METADATA,
    Column("conflict", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
)
#: what a person is told by mail of what concerns themselves
notice = Table(
    "notice",
    METADATA,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),  # subject and text, sealed
)
version_base = Table(
    "version_base",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("base", String, nullable=False),
)
