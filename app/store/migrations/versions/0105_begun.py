"""Start forms that somebody has begun and not sent are kept for them."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "start_draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("deployment", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("sent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_start_draft"),
    )
    op.create_index("ix_start_draft_person", "start_draft", ["person"])
    op.create_index("ix_start_draft_until", "start_draft", ["until"])
