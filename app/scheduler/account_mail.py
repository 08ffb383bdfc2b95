"""The mail with a one-time link: sent at once, kept nowhere, since only the link's hash is stored.

It names nobody. What else is mailed is about cases, and waits in the outbox.
"""

from __future__ import annotations

import logging
import os
import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from app.config import Mail
from app.documents import BREAK
from app.engine import moment
from app.scheduler.outbox import by_smtp

_LOG = logging.getLogger(__name__)
_TEXT = """Somebody who keeps accounts for {title} made a link for you to set your password:

{link}

It opens once, until {until}. Nobody will ask you for it. If you did not expect this, do nothing \
and tell them.
"""


def address(mail: Mail, secret: str) -> str:
    """Where the link leads."""
    return f"{mail.address.rstrip('/')}/set-password/{secret}"


def sends(mail: Mail, to: str | None) -> bool:
    """Whether a link can be mailed to this address at all."""
    return bool(mail.host and to) and not BREAK.search(f"{to}{mail.sender}")


def send_link(mail: Mail, to: str, title: str, secret: str, until: datetime, at: datetime) -> bool:
    """Whether the mail server took it."""
    if not sends(mail, to):
        return False
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, to
    message["Subject"] = f"{title}: set your password"
    message["Date"] = format_datetime(at)
    link = address(mail, secret)
    message.set_content(_TEXT.format(title=title, link=link, until=moment(until)))
    try:
        by_smtp(mail, os.environ.get("RAPID_REVIEW_MAIL_PASSWORD"))([message])
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        _LOG.warning("a mail with a link could not be sent: %s", type(fault).__name__)
        return False
    return True
