"""The installation's log; links, scopes of tokens, days of roles, devices of sessions."""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0020"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _log()
    _people()


def _log() -> None:
    op.create_table(
        "log_head",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("head_seal", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_log_head"),
    )
    op.create_table(
        "log_about",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person", "seq", name="pk_log_about"),
    )
    op.create_table(
        "log_block",
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first", name="pk_log_block"),
    )
    op.create_table(
        "refusal",
        sa.Column("hour", Instant(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "what", "who", name="pk_refusal"),
    )


def _people() -> None:
    op.create_table(
        "link",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_link"),
    )
    op.create_index("ix_link_person", "link", ["person"], unique=False)
    op.add_column("person", sa.Column("role_days", sa.String(), nullable=True))
    op.add_column("person_group", sa.Column("first", sa.String(), nullable=True))
    op.add_column("person_group", sa.Column("last", sa.String(), nullable=True))
    op.add_column("session", sa.Column("device", sa.String(), nullable=True))
    op.add_column("token", sa.Column("scope", sa.String(), nullable=True))
    op.add_column("token", sa.Column("by", sa.String(), nullable=True))
    op.add_column("token", sa.Column("used_at", Instant(), nullable=True))
