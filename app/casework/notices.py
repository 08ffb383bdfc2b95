"""Tells people by mail of what concerns themselves: who covers for whom, a case that was opened.

Words that say nothing of a case's content and name nobody of it. Sending is the scheduler's.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from datetime import datetime

from app import store
from app.store import NoticeRow, Unit


def tell(unit: Unit, people: Iterable[str], subject: str, text: str, at: datetime) -> None:
    """Each of these once; whoever cannot sign in any more is not told."""
    for person in sorted(set(people)):
        row = store.people.accounts.find(unit, person)
        if row is not None and not row.disabled:
            id = base64.b32encode(os.urandom(10)).decode().lower()
            store.people.notices.add(unit, NoticeRow(id, person, at, subject, text))
