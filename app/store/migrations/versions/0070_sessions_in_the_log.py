"""From here on each session stands in the installation's log. Those of before would stand in no
entry, so everybody signs in once more."""

from alembic import op

revision = "0070"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM session")
