"""Tasks that two people give: who signed first, and where their answers stand."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("signed_by", sa.String()))
    op.add_column("task", sa.Column("signed_at", Instant()))
    op.add_column("task", sa.Column("signed_seq", sa.Integer()))
    op.add_column("done", sa.Column("signed_by", sa.String()))
