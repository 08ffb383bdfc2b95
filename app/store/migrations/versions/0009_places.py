"""What stands for an element names the process that holds it, and the runs that a task lies in.

Rows from before say what is known of them here: of a deadline the process of its open task, of a
start form the process itself. "" elsewhere: the only process that has the element is meant.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OF_TASK = """
UPDATE deadline SET process = (
    SELECT task.process FROM task
    WHERE task.case_id = deadline.case_id AND task.task = deadline.task
)
WHERE EXISTS (
    SELECT 1 FROM task WHERE task.case_id = deadline.case_id AND task.task = deadline.task
)
"""
_OF_START = "UPDATE done SET process = element WHERE how = 'started'"


def upgrade() -> None:
    for table in ("done", "deadline", "incident", "outbox"):
        _add(table, "process")
    for table in ("task", "done"):
        _add(table, "lies_in")
    op.execute(_OF_TASK)
    op.execute(_OF_START)


def _add(table: str, name: str) -> None:
    op.add_column(table, sa.Column(name, sa.String(), server_default="", nullable=False))
