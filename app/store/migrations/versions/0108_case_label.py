"""What stands beside a case in lists, to tell it from others; what somebody has done lately."""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0104"
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
