"""Mail for who looks after it: what was mailed, waits and failed, and sending it once more."""

from app.casework.mail.again import send_again
from app.casework.mail.of_case import case_mail
from app.casework.mail.page import (
    STATES,
    MailLine,
    MailPage,
    every_line,
    mail_page,
    mail_stands,
)
from app.casework.mail.walk import FARTHEST

__all__ = [
    "FARTHEST",
    "STATES",
    "MailLine",
    "MailPage",
    "case_mail",
    "every_line",
    "mail_page",
    "mail_stands",
    "send_again",
]
