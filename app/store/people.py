"""The tables of accounts: people, their groups, sessions, API tokens, and who tried to sign in.

They belong to no case. Reading and writing them is `accounts`'.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from app.store.columns import METADATA, Instant

person = Table(
    "person",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, unique=True),
    Column("roles", String, nullable=False),  # JSON list
    Column("attributes", String, nullable=False),  # JSON map
    Column("password", String),  # argon2id
    Column("disabled", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
)
person_group = Table(
    "person_group",
    METADATA,
    Column("group", String, primary_key=True),
    Column("person", String, primary_key=True),
    Index(None, "person"),
)
session = Table(
    "session",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
token = Table(
    "token",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("person", String, nullable=False),
    Column("name", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    UniqueConstraint("person", "name"),
)
throttle = Table(
    "throttle",
    METADATA,
    Column("what", String, primary_key=True),  # "account:…" or "address:…", hashed
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
signing = Table(
    "signing",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("person", String),
    Column("what", String, nullable=False),  # "in", "out", "failed", "throttled"
    Column("address", String),
)
