"""Figures are kept as sums, to which a case's share is added when it has changed."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("years", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "years", name="pk_tally"),
    )
    op.create_table(
        "tally_gone",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tally_gone"),
    )
    op.create_table(
        "share",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("times", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_share"),
    )
    op.create_index("ix_share_mark", "share", ["mark"])
    op.create_table(
        "late_line",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("limit_at", Instant(), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "number", name="pk_late_line"),
    )
    op.create_index(
        "ix_late_line_kind_limit_at_reference", "late_line", ["kind", "limit_at", "reference"]
    )
    op.add_column(
        "cases", sa.Column("counted", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index(
        "ix_cases_to_count",
        "cases",
        ["id"],
        sqlite_where=sa.text("counted <> seq"),
        postgresql_where=sa.text("counted <> seq"),
    )
