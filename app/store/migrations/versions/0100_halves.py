"""Steps in two halves, and what devices know people by.

From here on a step says in which half it is: `half = "expand"` (the default) or "contract". The
table names the newest step that a program must know to work with these tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("passkey", sa.Column("handle", sa.LargeBinary(), nullable=True))
    floor = op.create_table(
        "schema_floor",
        sa.Column("step", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("step", name="pk_schema_floor"),
    )
    op.bulk_insert(floor, [{"step": revision}])
