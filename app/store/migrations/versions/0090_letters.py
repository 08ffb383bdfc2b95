"""A row for each person that something is mailed to. What waits in the outbox is taken up by the
next sender; what was given up there, and notices, are taken over here, so that they can be seen
and sent again."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0090"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("claim", sa.String(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "id", name="pk_letter"),
    )
    op.create_index("ix_letter_next_at", "letter", ["next_at"], unique=False)
    op.create_index("ix_letter_state_since", "letter", ["state", "since"], unique=False)
    op.execute(
        "INSERT INTO letter (case_id, id, kind, source, at, since, state, attempts, again,"
        " ended_at, fault) SELECT case_id, id, 'effect', id, at, at, 'failed', attempts, 0, at,"
        " fault FROM outbox WHERE sent_at IS NULL AND next_at IS NULL AND effect <> 'signal'"
    )
    op.execute(
        "INSERT INTO letter (case_id, id, kind, source, person, at, since, state, next_at,"
        " attempts, again, ended_at, fault) SELECT '', 'notice.' || id, 'notice', id, person, at,"
        " at, CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN next_at IS NULL THEN 'failed'"
        " ELSE 'waiting' END, next_at, attempts, 0,"
        " CASE WHEN next_at IS NULL THEN COALESCE(sent_at, at) END, fault FROM notice"
    )
    op.drop_index("ix_notice_next_at", "notice")
    for name in ("next_at", "attempts", "sent_at", "fault"):
        op.drop_column("notice", name)
