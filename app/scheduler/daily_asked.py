"""That who chose one mail a day gets one for their work alone, where it is late or due today."""

from __future__ import annotations

import logging
from datetime import datetime

from app import store
from app.casework import Desk
from app.config import Mail
from app.engine import day_in_london
from app.scheduler import hours
from app.scheduler.daily_work import work_of
from app.store import StoreFault
from app.store.work import daily

_LOG = logging.getLogger(__name__)


def ask_daily(desk: Desk, mail: Mail, at: datetime) -> bool:
    """On a working day, from its hour on: a daily mail for who chose one and has late work, or some
    that is due today, though nothing waited for it. False: it is too early, or no such day."""
    day = day_in_london(at)
    opening = hours.opening(day, mail.digest_at)
    if at < opening or not hours.works(desk.installation.settings.calendar, day):
        return False
    with desk.store.reading() as unit:
        people = [id for id in daily.wanting(unit) if not daily.begun(unit, id, day)]
    for id in people:
        try:
            with desk.store.reading() as unit:
                row = store.people.accounts.find(unit, id)
            if row is not None and work_of(desk, row, at):
                with desk.store.writing() as unit:
                    daily.opened(unit, id, opening, at)
        except StoreFault:
            raise
        except Exception:  # the work of one must not keep the mail of all others back
            _LOG.exception("the work of somebody could not be looked at for their daily mail")
    return True
