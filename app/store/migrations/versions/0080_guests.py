"""Guests of one task: their links, codes and sessions."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0080"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_guest"),
    )
    op.create_index("ix_guest_case_id", "guest", ["case_id"], unique=False)
    op.create_table(
        "guest_link",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("guest", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_guest_link"),
    )
    op.create_index("ix_guest_link_guest", "guest_link", ["guest"], unique=False)
    op.create_table(
        "guest_code",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("guest", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_guest_code"),
    )
    op.create_index("ix_guest_code_guest", "guest_code", ["guest"], unique=False)
    op.create_table(
        "guest_session",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("guest", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_guest_session"),
    )
    op.create_index("ix_guest_session_guest", "guest_session", ["guest"], unique=False)
