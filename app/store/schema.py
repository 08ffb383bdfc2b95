"""All tables but those of people. Every key of a table that belongs to a case starts with its id.

Names and free text of people stand only in encrypted columns (`body`). The rest: `people.tables`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, false, text

from app.store.columns import METADATA, Instant

blob = Table(
    "blob",
    METADATA,
    Column("sha256", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # zlib
)
deployment = Table(
    "deployment",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("note", String, nullable=False),
    Column("errors", Integer, nullable=False),  # found when it was stored; 0: it can run
)
deployment_file = Table(
    "deployment_file",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("sha256", String, nullable=False),
)
activation = Table(
    "activation",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
)
calendar = Table(
    "calendar",
    METADATA,
    Column("version", String, primary_key=True),
    Column("content", String, nullable=False),
    Column("at", Instant, nullable=False),
)
counter = Table(
    "counter",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", Integer, nullable=False),
    Column("head", LargeBinary),  # first hash of the case that was counted last
    Column("head_seal", LargeBinary),  # vouches for both, with a key that is not in here
)
#: what of config.yaml decided who may do what, and is in no deployment
settings = Table(
    "settings",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("content", String, nullable=False),  # canonical JSON
    Column("at", Instant, nullable=False),
)

_TO_COUNT = text("counted <> seq")
cases = Table(
    "cases",
    METADATA,
    Column("id", String, primary_key=True),
    Column("reference", String, nullable=False, unique=True),
    Column("process", String, nullable=False),
    Column("deployment", String, nullable=False),
    Column("status", String),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("ended_at", Instant),
    Column("suspended", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),  # of the newest history row
    Column("head", LargeBinary, nullable=False),  # its hash
    Column("last_at", Instant, nullable=False),
    Column("state", LargeBinary, nullable=False),  # state hash after the newest command
    Column("calendar", String, nullable=False),
    Column("next_due", Instant),  # what the engine waits for next
    Column("wake_at", Instant, index=True),  # when the waker should look; none while parked
    Column("attempts", Integer, nullable=False),
    Column("merged_into", String, index=True),  # the other case's reference
    Column("merged_seq", Integer),  # the other case's history row of the merge
    Column("head_seal", LargeBinary),  # vouches for seq and head, with a key that is not in here
    Column("part", String, nullable=False, server_default=""),  # divided among successors
    # what nobody and nothing will ever move, as JSON; "": nothing; none: not looked at yet
    Column("stalls", String),
    Column("counted", Integer, nullable=False, server_default="0"),  # seq that figures know
    Index(None, "opened_at", "id"),
    Index("ix_cases_to_count", "id", sqlite_where=_TO_COUNT, postgresql_where=_TO_COUNT),
)
#: apart from the case, so that keys can be kept and backed up elsewhere, and destroyed
case_key = Table(
    "case_key",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("kek", String, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)
instance = Table(
    "instance",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("instance", String, primary_key=True),
    Column("state", LargeBinary, nullable=False),  # sealed with the case's key
    Column("sha256", String, nullable=False),
    Column("ended", Boolean, nullable=False),
)
member = Table(
    "member",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("who", String, primary_key=True),  # "g:<group>" or "p:<person>"
    Column("excluded", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    Index(None, "who", "excluded"),
)
history = Table(
    "history",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("header", String, nullable=False),  # canonical JSON
    Column("hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),  # nonce and ciphertext
)
#: what follows from the entries up to one, so that a look need not read them all; kept on need
checkpoint = Table(
    "checkpoint",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("about", String, primary_key=True),  # "drawings", "sentences" or "chapters"
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the last entry taken in
    Column("body", LargeBinary, nullable=False),  # sealed with the case's key
)
#: by what a case is known to others: keyed hashes, nothing that anybody could read
known_by = Table(
    "known_by",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("sort", String, primary_key=True),  # "number", "name", "word" …
    Column("hash", LargeBinary, primary_key=True),  # made with a key that is not in here
    Index(None, "sort", "hash"),
)

task = Table(
    "task",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("instance", String, nullable=False),
    Column("element", String, nullable=False),
    Column("process", String, nullable=False),
    Column("name", String, nullable=False),
    Column("label", String),
    Column("form", String),
    Column("item", String),  # feel.codec
    Column("assignee", String, index=True),
    Column("due", Instant),
    Column("whole_day", Boolean),
    Column("backstop", Instant),
    Column("backstop_whole_day", Boolean),
    Column("opened_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),  # history row that last changed what it asks
    Column("resting", Boolean, server_default=false(), nullable=False),  # its process sleeps
    Column("lies_in", String, server_default="", nullable=False),  # the runs around it
    Column("signed_by", String),  # who gave it first, where two people have to
    Column("signed_at", Instant),
    Column("signed_seq", Integer),  # the history row that holds the first one's answers
    Index("ix_task_in_order", "due", "opened_at", "case_id", "task"),
)
offer = Table(
    "offer",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("who", String, primary_key=True),  # "g:<group>" or "p:<person>"
    Index(None, "who", "case_id", "task"),
)
done = Table(
    "done",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("element", String, nullable=False),
    Column("process", String, server_default="", nullable=False),  # that holds the element
    Column("label", String),
    Column("item", String),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("how", String, nullable=False),  # "completed", "started", "told" or "cancelled"
    Column("offers", String, nullable=False),  # to whom it was offered: "g:… p:…"
    Column("lies_in", String, server_default="", nullable=False),  # as that of task
    Column("signed_by", String),  # who gave it first, where two people had to
    Index(None, "by", "at"),
    Index(None, "signed_by", "at"),
)
draft = Table(
    "draft",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
document = Table(
    "document",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("document", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("format", String, nullable=False),
    Column("name", String, nullable=False),  # of the file, made without anybody's words
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("seq", Integer, nullable=False),  # the history row that holds its hash
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed with the case's key
)
deadline = Table(
    "deadline",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("task", String, primary_key=True),
    Column("element", String, nullable=False),
    Column("process", String, server_default="", nullable=False),  # that holds the element
    Column("name", String, nullable=False),
    Column("label", String),
    Column("due", Instant, nullable=False),
    Column("whole_day", Boolean, nullable=False),
    Column("sum", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("basis", String),
    Column("backstop", Instant),
    Column("backstop_sum", String),
    Column("backstop_whole_day", Boolean, nullable=False),
    Column("calendar", String, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("moved", Integer, nullable=False),
    Column("was_late", Boolean, nullable=False),  # moved only after it had passed: stays late
    Column("ended_at", Instant),
    Column("how", String),  # "met" or "dropped"
    Column("happened_at", Instant),  # when it was really done, as was stated
    Index(None, "ended_at", "due"),
)

inbox = Table(
    "inbox",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("message", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String, nullable=False),  # "waiting" or "dead"
    Column("sentence", String),
    Index(None, "state", "at"),
)
outbox = Table(
    "outbox",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("effect", String, nullable=False),
    Column("element", String, nullable=False),
    Column("process", String, server_default="", nullable=False),  # that holds the element
    Column("body", LargeBinary, nullable=False),  # headers, under the case key
    Column("at", Instant, nullable=False),
    Column("next_at", Instant, index=True),  # none once it is sent or given up
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("sent_to", Integer, nullable=False),  # how many people got it
    Column("fault", String),
)
idempotency = Table(
    "idempotency",
    METADATA,
    Column("actor", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("case_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

#: small rows, kept inside their key's own tree; SQLite gives longer ones a page each there
for _table in (member, offer, done, case_key, known_by):
    _table.dialect_options["sqlite"]["with_rowid"] = False
