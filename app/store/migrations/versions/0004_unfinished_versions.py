"""Versions that cannot be used yet: how much stands against them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    errors = sa.Column("errors", sa.Integer(), nullable=False, server_default="0")
    op.add_column("deployment", errors)
