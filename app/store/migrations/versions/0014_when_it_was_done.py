"""When a deadline was really met, as whoever did it stated, beside when that was recorded."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deadline", sa.Column("happened_at", Instant(), nullable=True))
