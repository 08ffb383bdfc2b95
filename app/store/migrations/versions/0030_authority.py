"""What two people must agree to, or what counts for a while: covers, exclusions, broken glass,
conflicts; what people are told of it; and from which version another one was made."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None


def _when_by() -> list[sa.Column[Any]]:
    return [
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "cover_agreed", sa.Column("cover", sa.String(), nullable=False), *_when_by(),
        sa.PrimaryKeyConstraint("cover", name=op.f("pk_cover_agreed")),
    )  # fmt: skip
    op.create_table(
        "exclusion_lift",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        *_when_by(),
        sa.PrimaryKeyConstraint("case_id", "who", name=op.f("pk_exclusion_lift")),
    )
    op.create_table(
        "opened_case",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person", "at", name=op.f("pk_opened_case")),
    )
    op.create_index(op.f("ix_opened_case_person_until"), "opened_case", ["person", "until"])
    op.create_table(
        "conflict",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        *_when_by(),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.create_index(op.f("ix_conflict_person"), "conflict", ["person"])
    op.create_table(
        "conflict_end", sa.Column("conflict", sa.String(), nullable=False), *_when_by(),
        sa.PrimaryKeyConstraint("conflict", name=op.f("pk_conflict_end")),
    )  # fmt: skip
    op.create_table(
        "notice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_person"), "notice", ["person"])
    op.create_index(op.f("ix_notice_next_at"), "notice", ["next_at"])
    op.create_table(
        "version_base",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_version_base")),
    )
