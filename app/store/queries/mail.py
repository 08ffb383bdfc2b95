"""How the mail stands over the whole installation: what waits, what waits too long, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, func, select

from app.store.database.unit import Unit
from app.store.schema import outbox
from app.store.work.letter_tables import letter
from app.store.work.letters import BOUNCED, FAILED, WAITING

#: a failure older than this stays on its page and alarms nobody any more
ALARMS = timedelta(days=7)
#: nothing waits since before it
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MailStanding:
    #: letters, and effects that no sender has taken up
    waiting: int
    #: of these, since before the instant that was asked for; what is held waits from its hour on
    late: int
    #: since when the oldest waits
    oldest: datetime | None
    #: within `ALARMS`; what came back among them
    failed: int

    @property
    def alarming(self) -> bool:
        return bool(self.late or self.failed)


_WAITS = select(
    func.count(),
    func.count().filter(func.coalesce(letter.c.held_until, letter.c.since) < bindparam("late")),
    func.min(letter.c.since),
).where(letter.c.state == WAITING)
_FAILED = (
    select(func.count())
    .select_from(letter)
    .where(letter.c.state.in_((FAILED, BOUNCED)), letter.c.ended_at > bindparam("since_"))
)
_NOT_TAKEN_UP = select(
    func.count(), func.count().filter(outbox.c.at < bindparam("late")), func.min(outbox.c.at)
).where(outbox.c.next_at.is_not(None))


def standing(unit: Unit, at: datetime, late: timedelta | None) -> MailStanding:
    """`late`: how long something may wait before anybody need know; None: for good."""
    asked = {"late": _NEVER if late is None else at - late}
    letters, effects = unit.row(_WAITS, asked), unit.row(_NOT_TAKEN_UP, asked)
    assert letters is not None and effects is not None
    oldest = min((since for since in (letters[2], effects[2]) if since is not None), default=None)
    failed = int(unit.value(_FAILED, {"since_": at - ALARMS}))
    return MailStanding(letters[0] + effects[0], letters[1] + effects[1], oldest, failed)
