"""The API's part on mail: what waits, failed and was sent; sending again what is about no case;
when mail comes to whoever asks.

Sending a mail of a case again is an order, and stands in `web.orders`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.casework import mail
from app.casework.people import daily_mail
from app.web.api.operations import EVERYBODY, WHO_SEES_IT, read, write
from app.web.api.queries import PAGING, Choice
from app.web.api.shapes import (
    COUNT,
    INSTANT,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    TEXT,
    TRUTH,
    Body,
    one_of,
    several,
    shape,
)
from app.web.site import desk, now, person, site

LETTER = shape(
    "Letter", letter=TEXT("its id"), case=MAYBE_TEXT("reference; null: it is about no case"),
    what=TEXT, to=TEXT("a name, never an address"),
    state=one_of("waiting", "sent", "failed", "bounced", "dropped"), since=INSTANT, tries=COUNT,
    next=MAYBE_INSTANT("when it is tried next").of("next_at"),
    ended=MAYBE_INSTANT("when it was sent, came back, was given up or dropped").of("ended_at"),
    fault=MAYBE_TEXT, held=MAYBE_INSTANT("it does not go before then").of("held_until"),
    daily=TRUTH("it goes, or went, with the mail of the day"),
)  # fmt: skip
MAIL = several(
    "Mail", LETTER, waiting=COUNT, late=COUNT("of these, too long"),
    failed=COUNT("within seven days"), hidden=COUNT("of cases, for who sees none"),
    page=COUNT, size=COUNT, total=COUNT,
)  # fmt: skip
CASE_MAIL = several("CaseMail", LETTER)
ASKED_AGAIN = shape("AskedAgain", letter=TEXT)
CHOICE = shape("MailChoice", daily=TRUTH("one mail a day, for what may wait; else each at once"))


def _mail(page: int, size: int, state: str) -> Body:
    late = site().config.mail.alarms_after
    found = mail.mail_page(desk(), person(), now(), late, state, page, size, mail.FARTHEST)
    stands = found.stands
    return {
        "items": found.lines, "hidden": found.hidden.number, "waiting": stands.waiting,
        "late": stands.late, "failed": stands.failed, "total": found.listed.number,
        "page": page, "size": size,
    }  # fmt: skip


def _again(_body: Any, at: datetime, letter: str) -> Body:
    mail.send_again(desk(), person(), letter, at)
    return {"letter": letter}


def _choose(said: Any, at: datetime) -> Body:
    daily_mail.choose(desk(), person(), said["daily"], at)
    return {"daily": said["daily"]}


OPERATIONS = (
    read(path="/mail", name="listMail", summary="What was mailed, what waits and what failed",
         sight=WHO_SEES_IT, answer=MAIL, reads=_mail,
         query=(*PAGING, Choice("state", tuple(mail.STATES)))),
    read(path="/cases/{case}/mail", name="listCaseMail", summary="What of a case was mailed",
         sight=WHO_SEES_IT, answer=CASE_MAIL,
         reads=lambda case: {"items": mail.case_mail(desk(), person(), case, now())}),
    write(path="/mail/{letter}/send-again", name="sendNoticeAgain",
          summary="Send again what was mailed about no case", asked=None, answer=ASKED_AGAIN,
          does=_again),
    read(path="/account/mail", name="readMailChoice", summary="When mail comes to you",
         sight=EVERYBODY, answer=CHOICE,
         reads=lambda: {"daily": daily_mail.wants_daily(desk(), person())}),
    write(path="/account/mail", name="chooseMail", summary="Choose when mail comes to you",
          asked=CHOICE, answer=CHOICE, does=_choose),
)  # fmt: skip
