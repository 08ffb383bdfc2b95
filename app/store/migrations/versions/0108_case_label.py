"""What tells a case from others in lists; what somebody did lately; lists that somebody saved."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_label",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_label"),
    )
    op.create_index("ix_done_by_at", "done", ["by", "at"])
    op.create_index("ix_done_signed_by_at", "done", ["signed_by", "at"])
    op.create_table(
        "saved_list",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("shared", sa.String(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("person", "name", name="pk_saved_list"),
    )
    op.create_index("ix_saved_list_shared", "saved_list", ["shared"])
