"""What a service that sends for us became of a mail can be asked: by which id, and when next."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("receipt", sa.String()))
    op.add_column("letter", sa.Column("ask_at", Instant()))
    op.create_index("ix_letter_ask_at", "letter", ["ask_at"])
