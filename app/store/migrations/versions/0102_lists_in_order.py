"""Lists of tasks and cases are walked in their order."""

from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_task_in_order", "task", ["due", "opened_at", "case_id", "task"])
    op.create_index("ix_cases_opened_at_id", "cases", ["opened_at", "id"])
