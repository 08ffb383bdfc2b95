"""Workers say that they are there."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0093"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "beat",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_beat"),
    )
