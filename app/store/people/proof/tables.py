"""The tables of how people prove who they are beside a password: work accounts, second factors.

Reading and writing them is `identities`' and `factors`'.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from app.store.columns import METADATA, Instant

#: who an account is at a provider of single sign-on: what it calls them, never an address
identity = Table(
    "identity",
    METADATA,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),  # who made the link, or whose rules made the account
)
#: sessions that began at a provider, for signing out at both
session_origin = Table(
    "session_origin",
    METADATA,
    Column("session", LargeBinary, primary_key=True),  # hash
    Column("issuer", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("sid", String),  # what the provider calls its session
    Column("body", LargeBinary),  # the token by which it knows it again, sealed
    Index(None, "issuer", "subject"),
)
#: what serves once and was used, by its hash; kept as long as it could serve
spent = Table(
    "spent",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("until", Instant, nullable=False, index=True),
)
#: an authenticator app: a person has one
totp = Table(
    "totp",
    METADATA,
    Column("person", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # its key, sealed
    Column("at", Instant, nullable=False),
    Column("counter", BigInteger, nullable=False),  # of the last code that was taken
)
recovery_code = Table(
    "recovery_code",
    METADATA,
    Column("hash", LargeBinary, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("used_at", Instant),
)
passkey = Table(
    "passkey",
    METADATA,
    Column("credential", LargeBinary, primary_key=True),
    Column("person", String, nullable=False),
    Column("name", String, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("used_at", Instant),
    Column("handle", LargeBinary),  # by which the device knows the person; none: as it is made now
    UniqueConstraint("person", "name"),
)
