"""By what cases are known to each other, as keyed hashes. “rapid-review index” fills it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_by",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "sort", "hash", name="pk_known_by"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_known_by_sort_hash", "known_by", ["sort", "hash"])
