"""What vouches for the newest entry of a chain and for counters; settings that were in force."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("head_seal", sa.LargeBinary()))
    op.add_column("counter", sa.Column("head", sa.LargeBinary()))
    op.add_column("counter", sa.Column("head_seal", sa.LargeBinary()))
    op.create_table(
        "settings",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_settings"),
    )
