"""Timers that are held one by one, and what stands for ever.

What was parked under the old rule is tried once more under the new one: of a case only the timer
that fails is held.
"""

import sqlalchemy as sa
from alembic import op

from app.store.columns import Instant

revision = "0091"
down_revision = "0092"
branch_labels = None
depends_on = None

_CASES = sa.table(
    "cases",
    sa.column("attempts", sa.Integer()),
    sa.column("wake_at", Instant()),
    sa.column("next_due", Instant()),
    sa.column("suspended", sa.Boolean()),
)
_INCIDENT = sa.table(
    "incident", sa.column("at", sa.BigInteger()), sa.column("resolved_at", sa.BigInteger())
)


def upgrade() -> None:
    op.add_column("cases", sa.Column("stalls", sa.String(), nullable=True))
    for name in ("timer", "task"):
        op.add_column("incident", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column("incident", sa.Column("tries", sa.Integer(), server_default="1", nullable=False))
    op.add_column("incident", sa.Column("next_at", Instant(), nullable=True))
    still = sa.text("resolved_at IS NULL")
    op.create_index(
        "ix_incident_open",
        "incident",
        ["case_id"],
        unique=False,
        sqlite_where=still,
        postgresql_where=still,
    )
    op.execute(
        _INCIDENT.update()
        .where(_INCIDENT.c.resolved_at.is_(None))
        .values(resolved_at=_INCIDENT.c.at + 1)  # not at once, as an order’s is
    )
    op.execute(
        _CASES.update()
        .where(_CASES.c.attempts > 0, sa.not_(_CASES.c.suspended))
        .values(attempts=0, wake_at=_CASES.c.next_due)
    )
