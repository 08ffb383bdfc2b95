"""Meetings of cases, as the mails of their drawings call, move and end them."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0107"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("begins_at", Instant(), nullable=False),
        sa.Column("whole_day", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_begins_at", "meeting", ["begins_at"])
