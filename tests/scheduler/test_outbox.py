"""Mails: to whom, with which words, at least once, and nothing smuggled into a header."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email.message import EmailMessage

import pytest

from app.casework.commands import ExcludePerson
from app.config.installation import Mail
from app.documents.mail import NoLetter, worded
from app.scheduler.outbox import TRIES, Outbox, by_smtp
from app.store import cases
from app.store.work import messages
from app.store.work.messages import OutboxRow
from tests import mail_server
from tests.kit import Kit, diagram

TEMPLATE = b"Subject: Due in {reference}\n\nPlease act by {by_when}. {link}\n{unknown}\n"
MAIL = Mail(sender="cases@example.org", host="127.0.0.1", address="http://here:8000")


class Letterbox:
    """What a mail server would have got; fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.got: list[EmailMessage] = []
        self.failures = failures

    def __call__(self, several: Sequence[EmailMessage]) -> None:
        if self.failures:
            self.failures -= 1
            raise smtplib.SMTPServerDisconnected("gone")
        self.got += several


@pytest.fixture
def case(both: Kit) -> str:
    files = diagram(
        "start > send:tell > task:check > end",
        tell={"effect": "mail", "to": "clerk, gil", "template": "due"},
        check={"groups": "clerk,lead"},
    )
    content = files["bpmn/p.bpmn"].replace(
        b"</zeebe:taskHeaders>",
        b'<zeebe:header key="by_when" value="=date(&quot;2026-03-06&quot;)"/></zeebe:taskHeaders>',
    )
    both.deploy(files | {"bpmn/p.bpmn": content, "forms/mail/due.txt": TEMPLATE})
    return both.start("ann")


def rows(kit: Kit, case: str) -> list[OutboxRow]:
    with kit.store.reading() as unit:
        return messages.outbox_of(unit, case)


def test_each_person_of_the_group_gets_one_mail(both: Kit, case: str) -> None:
    box = Letterbox()
    assert Outbox(both.desk, MAIL, box).deliver(both.at) == 1
    assert sorted(one["To"] for one in box.got) == [
        "ann@example.org", "ben@example.org", "gil@example.org",
    ]  # fmt: skip
    assert box.got[0]["Subject"] == "Due in T-2026-0001"
    text = box.got[0].get_content()
    assert "by Friday 6 March 2026. http://here:8000/cases/T-2026-0001" in text
    assert "{unknown}" in text
    (row,) = rows(both, case)
    assert (row.sent_at, row.sent_to, row.next_at) == (both.at, 3, None)
    assert Outbox(both.desk, MAIL, box).deliver(both.at) == 0


def test_a_mail_is_tried_again_with_the_same_id(both: Kit, case: str) -> None:
    first, box = Letterbox(failures=2), Letterbox()
    for _ in range(2):
        Outbox(both.desk, MAIL, first).deliver(both.at)
        assert first.got == []
        assert Outbox(both.desk, MAIL, box).deliver(both.at) == 0, "not before its time"
        both.later(minutes=10)
    Outbox(both.desk, MAIL, box).deliver(both.at)
    ids = {one["Message-ID"] for one in box.got}
    assert len(ids) == 3 and all(one.startswith(f"<{case}.1-1.") for one in ids)


def test_after_many_tries_a_mail_is_given_up_and_stays_visible(both: Kit, case: str) -> None:
    for _ in range(TRIES):
        Outbox(both.desk, MAIL, Letterbox(failures=1)).deliver(both.later(days=1))
    (row,) = rows(both, case)
    assert row.next_at is None and row.sent_at is None and row.fault


def test_a_claimed_mail_is_somebody_elses_only_when_we_die(both: Kit, case: str) -> None:
    with both.store.writing() as unit:
        until = both.at + timedelta(minutes=2)
        assert messages.claim_effect(unit, both.at, until) is not None
    box = Letterbox()
    assert Outbox(both.desk, MAIL, box).deliver(both.at) == 0
    assert Outbox(both.desk, MAIL, box).deliver(both.later(minutes=3)) == 1


def test_several_senders_send_each_mail_once(both: Kit, case: str) -> None:
    for _ in range(9):
        both.start("ann")
    box = Letterbox()
    threads = [
        threading.Thread(target=Outbox(both.desk, MAIL, box).deliver, args=(both.at,))
        for _ in range(3)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(box.got) == 30 == len({one["Message-ID"] for one in box.got})


def test_without_a_server_the_mail_stays_visible(both: Kit, case: str) -> None:
    Outbox(both.desk, MAIL, None).deliver(both.at)
    (row,) = rows(both, case)
    assert row.fault and "for 3 people" in row.fault and row.sent_at is None


def test_nobody_who_is_excluded_gets_mail(both: Kit, case: str) -> None:
    both.do(ExcludePerson, "lea", case=case, person="ben", reason="related")
    box = Letterbox()
    Outbox(both.desk, MAIL, box).deliver(both.at)
    assert sorted(one["To"] for one in box.got) == ["ann@example.org", "gil@example.org"]


def test_what_would_make_a_false_header_is_no_letter() -> None:
    for template in ("no subject\n\ntext", "Subject: a\nBcc: eve@example.org\n\ntext"):
        with pytest.raises(NoLetter):
            worded(template, {"x": "a"})


@pytest.mark.parametrize("field", ["a\r\nBcc: eve@example.org", "a\nb", "a\x0bb", "a\u202eb"])
def test_no_field_breaks_a_header_and_none_keeps_the_mail_back(field: str) -> None:
    """It stands in the subject in one line, as it can be read, and the mail goes."""
    subject, _ = worded("Subject: {x}\n\ntext", {"x": field})
    assert subject.startswith("a") and not set(subject) & set("\r\n\x0b\u202e")


def test_a_field_is_not_read_as_a_template() -> None:
    assert worded("Subject: s\n\n{x}", {"x": "{y}", "y": "secret"}) == ("s", "{y}")


def test_what_is_to_be_sent_is_encrypted(both: Kit, case: str) -> None:
    (row,) = rows(both, case)
    assert b"clerk" not in row.body
    with both.store.reading() as unit:
        assert b"clerk" in row.content(cases.key_of(unit, case))


@pytest.fixture
def server() -> Iterator[tuple[mail_server.Catcher, int]]:
    with mail_server.running() as running:
        yield running


def test_a_real_mail_server_takes_it(
    both: Kit, case: str, server: tuple[mail_server.Catcher, int]
) -> None:
    catcher, port = server
    mail = Mail(sender="cases@example.org", host="127.0.0.1", port=port)
    Outbox(both.desk, mail, by_smtp(mail)).deliver(both.at)
    assert sorted(one.rcpt_tos[0] for one in catcher.got) == [
        "ann@example.org", "ben@example.org", "gil@example.org",
    ]  # fmt: skip


def test_every_mail_says_where_the_case_is_opened(both: Kit) -> None:
    files = diagram(
        "start > send:tell > task:check > end",
        tell={"effect": "mail", "to": "gil", "template": "bare"},
        check={"groups": "clerk"},
    )
    both.deploy(files | {"forms/mail/bare.txt": b"Subject: Hello\n\nPlease look at it.\n"})
    started = both.started("ann")
    box = Letterbox()
    Outbox(both.desk, MAIL, box).deliver(both.at)
    (mail,) = box.got
    assert mail.get_content() == (
        f"Please look at it.\n\nOpen the case: http://here:8000/cases/{started.reference}\n"
    )
