"""The table of single messages: one row for each person that something is mailed to.

Reading and writing it is `letters`'.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from app.store.columns import METADATA, Instant

#: neither words nor addresses: both are worked out when it is sent
letter = Table(
    "letter",
    METADATA,
    Column("case_id", String, primary_key=True),  # "": it is about no case
    Column("id", String, primary_key=True),  # of its Message-ID too
    Column("kind", String, nullable=False),
    Column("source", String, nullable=False),  # the row that asks for it, or who does
    Column("person", String),  # id of the account; none: a guest, or nobody is known yet
    Column("about", String),  # the guest's task; hours of a link; what hides a daily Message-ID
    Column("at", Instant, nullable=False),
    Column("since", Instant, nullable=False),  # it waits, or waited
    Column("state", String, nullable=False),  # "waiting", "sent", "failed", "bounced", "dropped"
    Column("next_at", Instant, index=True),  # when it is tried next; none unless it waits
    Column("attempts", Integer, nullable=False),
    Column("again", Integer, nullable=False),  # how often somebody had it sent once more
    Column("failing_since", Instant),  # the first try that failed, since it waits
    Column("claim", String),  # mark of the sender that tries it now
    Column("ended_at", Instant),  # when it was sent, given up or dropped
    Column("fault", String),
    Column("receipt", String),  # its id at a service that sends for us and can be asked
    Column("ask_at", Instant, index=True),  # when that is asked next whether it was delivered
    Column("held_until", Instant),  # nobody means it to go before then
    Column("daily", String, index=True),  # id of the daily mail that it goes, or went, with
    Index(None, "state", "since"),
)
