"""Of what a record of the case divides among successors, the part that the case belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("part", sa.String(), nullable=False, server_default=""))
