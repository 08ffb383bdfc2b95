"""The tables of what documents said, version for version, of who had which before them, and of what
stands beside a case in lists.

Reading and writing them is `document_texts`' and `case_labels`'.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from app.store.columns import METADATA, Instant

document_text = Table(  # what a document said when somebody saw it
    "document_text",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("document", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seq", Integer, nullable=False),  # the newest history row then
    Column("body", LargeBinary, nullable=False),  # sealed with the case's key
)
document_reader = Table(  # who had which version before them
    "document_reader",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("document", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("person", String, primary_key=True),
    # the history row of what they did with it; 0: they looked
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("process", String, nullable=False),
    Column("element", String, nullable=False),
)
document_reader.dialect_options["sqlite"]["with_rowid"] = False
case_label = Table(  # what stands beside the case in lists
    "case_label",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # sealed with the case's key
)
