"""Mails about accounts: a one-time link, kept nowhere, since only its hash is; a reset.

It names nobody. What else is mailed is about cases, and waits in the outbox.
"""

from __future__ import annotations

import logging
import os
import secrets
import smtplib
from datetime import datetime

from app.config import Mail
from app.documents import BREAK, enveloped
from app.engine import moment
from app.scheduler.outbox import by_smtp

_LOG = logging.getLogger(__name__)
_TEXT = """Somebody who keeps accounts for {title} made a link for you to set your password:

{link}

It opens once, until {until}. Nobody will ask you for it. If you did not expect this, do nothing \
and tell them.
"""

_RESET = """Somebody who keeps accounts for {title} reset the second step of your sign-in on {at}: \
your authenticator app, recovery codes and passkeys open nothing there any more.

If you did not ask for this, tell whoever keeps the accounts at once.
"""


def address(mail: Mail, secret: str) -> str:
    """Where the link leads."""
    return f"{mail.address.rstrip('/')}/set-password/{secret}"


def sends(mail: Mail, to: str | None) -> bool:
    """Whether a link can be mailed to this address at all."""
    return bool(mail.host and to) and not BREAK.search(f"{to}{mail.sender}")


def send_link(mail: Mail, to: str, title: str, secret: str, until: datetime, at: datetime) -> bool:
    """Whether the mail server took it."""
    text = _TEXT.format(title=title, link=address(mail, secret), until=moment(until))
    return _send(mail, to, f"{title}: set your password", text, at)


def send_reset(mail: Mail, to: str | None, title: str, at: datetime) -> bool:
    """That a second factor was reset. Whether the mail server took it."""
    subject = f"{title}: your second step was reset"
    return _send(mail, to, subject, _RESET.format(title=title, at=moment(at)), at)


def _send(mail: Mail, to: str | None, subject: str, text: str, at: datetime) -> bool:
    if not to or not sends(mail, to):
        return False
    message = enveloped(mail.sender, to, subject, text, at, f"account-{secrets.token_hex(12)}")
    try:
        by_smtp(mail, os.environ.get("RAPID_REVIEW_MAIL_PASSWORD"))([message])
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        _LOG.warning("a mail about an account could not be sent: %s", type(fault).__name__)
        return False
    return True
