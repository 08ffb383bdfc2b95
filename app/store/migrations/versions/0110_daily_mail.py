"""One mail a day for who wants it: the choice, until when a letter is held, with what it goes."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "person",
        sa.Column("mail_daily", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("letter", sa.Column("held_until", Instant()))
    op.add_column("letter", sa.Column("daily", sa.String()))
    op.create_index("ix_letter_daily", "letter", ["daily"])
