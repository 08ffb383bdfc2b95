"""The tables of accounts: people, groups, sessions, API tokens, links, absence cover; and what
somebody has begun to send before there is a case.

They belong to no case. Reading and writing them is `accounts`', `covers`' and `begun`'s.
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
    false,
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
    Column("role_days", String),  # JSON map: role → its first and last day in London, or null
    Column("mail_daily", Boolean, server_default=false(), nullable=False),  # one mail a day
)
person_group = Table(
    "person_group",
    METADATA,
    Column("group", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("first", String),  # ISO days in London, both included; none: it has no such end
    Column("last", String),
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
    Column("device", String),  # the browser in plain words
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
    Column("scope", String),  # JSON list of what it may be used for; none: as before scopes, all
    Column("by", String),  # who made it
    Column("used_at", Instant),
    UniqueConstraint("person", "name"),
)
#: by which somebody sets a password, once
link = Table(
    "link",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("how", String),  # "used", "replaced" or "withdrawn"
)
throttle = Table(
    "throttle",
    METADATA,
    Column("what", String, primary_key=True),  # "account:…" or "address:…", hashed
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
#: who covers for whom: a row is never changed, and an early end is a row of its own
cover = Table(
    "cover",
    METADATA,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),  # who is away
    Column("cover", String, nullable=False),  # who covers for them
    Column("first", String, nullable=False),  # ISO dates, days in London, both included
    Column("last", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the reason, sealed
    Index(None, "cover", "last"),
)
cover_end = Table(
    "cover_end",
    METADATA,
    Column("cover", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
)
#: a start form that somebody has begun and not sent
start_draft = Table(
    "start_draft",
    METADATA,
    Column("id", String, primary_key=True),  # says nothing
    Column("person", String, nullable=False, index=True),
    Column("process", String, nullable=False),
    Column("deployment", String, nullable=False),  # whose form it was typed in
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False, index=True),  # then it goes
    Column("sent", Boolean, server_default=false(), nullable=False),  # nothing is kept any more
    Column("body", LargeBinary, nullable=False),  # whose it is and what was typed, sealed
)
#: sign-ins from before there was a log; nothing is added any more
signing = Table(
    "signing",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("person", String),
    Column("what", String, nullable=False),  # "in", "out", "failed", "throttled"
    Column("address", String),
)
saved_list = Table(
    "saved_list",
    METADATA,
    Column("person", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("wish", String, nullable=False),  # JSON
    Column("shared", String, nullable=False, server_default="", index=True),  # "g:…"
    Column("at", Instant, nullable=False),
)
