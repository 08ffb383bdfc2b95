"""The tables of guests. Of what opens something only hashes; where they are reached is sealed."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from app.store.columns import METADATA, Instant

#: somebody who is asked one task of one case, at one address and number
guest = Table(
    "guest",
    METADATA,
    Column("id", String, primary_key=True),  # "guest:" and 16 hex digits
    Column("case_id", String, nullable=False, index=True),
    Column("task", String, nullable=False),
    Column("name", String, nullable=False),  # and organisation, as entries say them
    Column("at", Instant, nullable=False),
    Column("print", LargeBinary, nullable=False),  # of all that the case says of them, keyed
    Column("body", LargeBinary, nullable=False),  # address and number, sealed with the case's key
    Column("ended_at", Instant),
    Column("how", String),  # "done", "changed", "withdrawn" or "closed"
)
guest_link = Table(
    "guest_link",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("guest", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("how", String),  # "used", "replaced" or "withdrawn"
)
guest_code = Table(
    "guest_code",
    METADATA,
    Column("id", String, primary_key=True),
    Column("guest", String, nullable=False, index=True),
    Column("hash", LargeBinary, nullable=False),  # keyed, with a key that is not in here
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),  # who read it out; "sms"
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("ended_at", Instant),
    Column("how", String),  # "used", "replaced" or "withdrawn"
)
guest_session = Table(
    "guest_session",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("guest", String, nullable=False, index=True),
    Column("code", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
