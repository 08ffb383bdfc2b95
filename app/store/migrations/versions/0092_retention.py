"""Holds on cases, and content that was destroyed."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0092"
down_revision = "0090"
branch_labels = None
depends_on = None

#: columns in the open that may repeat words of an answer: the planner's samples must hold none
_WORDS = {
    "cases": ("status",),
    "task": ("label", "item", "name"),
    "done": ("label", "item"),
    "deadline": ("label", "name", "sum", "rule", "backstop_sum"),
    "incident": ("sentence",),
    "inbox": ("sentence",),
    "guest": ("name",),
    "idempotency": ("key",),
}


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("lift_at", Instant(), nullable=True),
        sa.Column("lift_by", sa.String(), nullable=True),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_hold"),
    )
    op.create_table(
        "erasure",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("agreed_at", Instant(), nullable=True),
        sa.Column("agreed_by", sa.String(), nullable=True),
        sa.Column("swept_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name="pk_erasure"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in _WORDS.items():
            for column in columns:
                op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS 0')
