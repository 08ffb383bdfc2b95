"""The tables of what cases published: readable, for everybody may read it; what is told beside it
is sealed.

No name of a person and no reference of a case stands in them in the open. Writing them is
`published`'s, asking them `queries.published`'s.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table

from app.store.columns import METADATA

published = Table(
    "published",
    METADATA,
    Column("case_id", String, primary_key=True),
    # the history row of the step that published it
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("document", String, primary_key=True),
    Column("id", String, nullable=False, unique=True),  # in addresses; says nothing of the case
    Column("kind", String, nullable=False),
    Column("title", String, nullable=False),
    Column("day", Date, nullable=False),  # London's
    Column("year", Integer, nullable=False),
    Column("readers", String, nullable=False),  # roles with spaces between; "": everybody
    Index(None, "day", "id"),
)
#: beside it, so that counting and narrowing read short rows
published_text = Table(
    "published_text",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("document", String, primary_key=True),
    Column("words", String, nullable=False),  # each once, a space around each
    Column("body", LargeBinary, nullable=False),  # what is told beside it; the case's key
)
published_theme = Table(
    "published_theme",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("document", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("number", Integer, nullable=False),  # its place among them
    Column("label", String, nullable=False),  # in the words of its time
    Index(None, "value"),
)
