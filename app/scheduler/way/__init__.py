"""The ways by which a mail leaves: a mail server, or GOV.UK Notify, behind one door.

When something is tried, and what becomes of it, is `sending`'s.
"""

from __future__ import annotations

import threading

from app.config import Mail
from app.scheduler.way.door import Never, NotNow, Telling, Unreachable, Way, secret
from app.scheduler.way.notify import Notify
from app.scheduler.way.smtp import Smtp

__all__ = ["Never", "NotNow", "Notify", "Smtp", "Telling", "Unreachable", "Way", "way_out"]
#: out of the environment, or out of the file that the same name with _FILE names
PASSWORD, NOTIFY_KEY = "RAPID_REVIEW_MAIL_PASSWORD", "RAPID_REVIEW_NOTIFY_KEY"


def way_out(mail: Mail, stopping: threading.Event | None = None) -> Way | None:
    """The one that the settings name; None: nothing is sent, and mails wait. Once `stopping` is
    set, what hangs is soon cut off."""
    if mail.notify is not None:
        return Notify(mail.notify, secret(NOTIFY_KEY))
    if mail.host:
        return Smtp(mail, secret(PASSWORD), stopping=stopping)
    return None
