"""Cases: state, history, tasks, deadlines."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _case_key()
    _cases()
    _deadline()
    _done()
    _draft()
    _history()
    _incident()
    _instance()
    _member()
    _offer()
    _task()


def _case_key() -> None:
    op.create_table(
        "case_key",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("kek", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_key")),
        sqlite_with_rowid=False,
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("deployment", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("next_due", Instant(), nullable=True),
        sa.Column("wake_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("reference", name=op.f("uq_cases_reference")),
    )
    op.create_index(op.f("ix_cases_wake_at"), "cases", ["wake_at"], unique=False)


def _deadline() -> None:
    op.create_table(
        "deadline",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("due", Instant(), nullable=False),
        sa.Column("whole_day", sa.Boolean(), nullable=False),
        sa.Column("sum", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("backstop", Instant(), nullable=True),
        sa.Column("backstop_sum", sa.String(), nullable=True),
        sa.Column("backstop_whole_day", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("was_late", sa.Boolean(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "task", name=op.f("pk_deadline")),
    )
    op.create_index(op.f("ix_deadline_ended_at_due"), "deadline", ["ended_at", "due"], unique=False)


def _done() -> None:
    op.create_table(
        "done",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("offers", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "task", name=op.f("pk_done")),
        sqlite_with_rowid=False,
    )


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "task", "person", name=op.f("pk_draft")),
    )


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_history")),
    )


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("element", sa.String(), nullable=True),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_incident")),
    )


def _instance() -> None:
    op.create_table(
        "instance",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "instance", name=op.f("pk_instance")),
    )


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "who", name=op.f("pk_member")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_member_who_excluded"), "member", ["who", "excluded"], unique=False)


def _offer() -> None:
    op.create_table(
        "offer",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "task", "who", name=op.f("pk_offer")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_offer_who_case_id_task"), "offer", ["who", "case_id", "task"], unique=False
    )


def _task() -> None:
    op.create_table(
        "task",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("due", Instant(), nullable=True),
        sa.Column("whole_day", sa.Boolean(), nullable=True),
        sa.Column("backstop", Instant(), nullable=True),
        sa.Column("backstop_whole_day", sa.Boolean(), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "task", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_assignee"), "task", ["assignee"], unique=False)
