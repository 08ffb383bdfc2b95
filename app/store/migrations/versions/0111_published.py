"""What cases published, to be found again over all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "published",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("readers", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", "document", name="pk_published"),
        sa.UniqueConstraint("id", name="uq_published_id"),
    )
    op.create_index("ix_published_day_id", "published", ["day", "id"])
    op.create_table(
        "published_text",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", "document", name="pk_published_text"),
    )
    op.create_table(
        "published_theme",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", "document", "value", name="pk_published_theme"),
    )
    op.create_index("ix_published_theme_value", "published_theme", ["value"])
