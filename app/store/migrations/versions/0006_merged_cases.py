"""Cases merged into another one; tasks that rest meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("merged_into", sa.String(), nullable=True))
    op.add_column("cases", sa.Column("merged_seq", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_cases_merged_into"), "cases", ["merged_into"])
    resting: sa.Column[bool] = sa.Column(
        "resting", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("task", resting)
