"""Every mail arrives once, or its page says why not, whatever the mail server does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from app.casework.access import SYSTEM
from app.config import Mail
from app.scheduler.account_mail import ask_link
from app.scheduler.outbox import Outbox
from app.scheduler.sending import CLAIM, GIVEN_UP, Sender, wait
from app.scheduler.ticking import Ticker
from app.scheduler.way import Never, NotNow, Smtp, Unreachable
from app.store import queries
from app.store.people import accounts
from app.store.work import letters
from tests.kit import Kit, diagram
from tests.limits import PATIENCE_S
from tests.mail_server import MailServer, listening
from tests.post import MAIL, Letterbox, Post, letters_of, told

FRIDAY = datetime(2026, 3, 6, 18, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
FILES = diagram(
    "start > send:tell > task:check > end; boundary:late > task:remind > end:done",
    tell={"effect": "mail", "to": "clerk, gil", "template": "due"},
    check={"groups": "clerk,lead"},
    late={"on": "check", "timer": "PT1H", "interrupting": "false"},
    remind={"groups": "clerk"},
) | {"forms/mail/due.txt": b"Subject: Due in {reference}\n\nPlease act. {link}\n"}
ALL = ["ann", "ben", "gil"]


def smtp(server: MailServer, seconds: float = 20, **more: float) -> Smtp:
    return Smtp(Mail("cases@example.org", host="127.0.0.1", port=server.port), seconds=seconds,
                **more)  # type: ignore[arg-type]  # fmt: skip


def begun(kit: Kit) -> str:
    """A case that mails three people."""
    kit.deploy(FILES)
    return kit.start("ann")


def faults(kit: Kit, case: str) -> dict[str, str]:
    return {who: row.fault for who, row in letters_of(kit, case).items() if row.fault}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with listening(MailServer()) as running:
        yield running


def test_a_server_that_is_away_for_a_weekend_gets_every_mail_once(both: Kit) -> None:
    both.at = FRIDAY
    case = begun(both)
    away, moment, looks = MailServer(port=1), FRIDAY, 0
    while moment < MONDAY:
        Post(both.desk, smtp(away)).deliver(moment)
        row = letters_of(both, case)["ann"]
        assert row.next_at is not None and row.fault is not None
        assert row.fault.startswith("The mail server cannot be reached")
        wanted = wait(looks + 1, timedelta(minutes=15))
        assert row.next_at - moment == wanted >= timedelta(minutes=1), "soon after it is back"
        moment, looks = max(row.next_at, moment + timedelta(hours=1)), looks + 1
    assert looks > 50
    with listening(MailServer()) as back:
        for later in (0, 1, 60, 6000):
            Post(both.desk, smtp(back)).deliver(moment + timedelta(minutes=later))
        assert back.told() == ALL
    assert {row.attempts for row in letters_of(both, case).values()} == {1, looks + 1}


def test_after_five_days_a_mail_is_given_up_and_can_be_sent_again(kit: Kit) -> None:
    case, box = begun(kit), Letterbox(away=10_000)
    first = kit.at
    waits: datetime | None = first
    while waits is not None:
        kit.at = waits
        assert kit.at < first + GIVEN_UP + timedelta(days=1), "it is tried for ever"
        Post(kit.desk, box).deliver(kit.at)
        waits = letters_of(kit, case)["ann"].next_at
    over = letters_of(kit, case)
    assert {row.state for row in over.values()} == {letters.FAILED}
    assert timedelta(days=4) < GIVEN_UP <= kit.at - first < GIVEN_UP + timedelta(hours=1)
    assert over["ann"].fault is not None and over["ann"].fault.endswith("Given up after 5 days.")
    with kit.store.writing() as unit:
        letters.once_more(unit, over["ann"], kit.at)
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ann"]


def test_one_that_is_not_taken_for_five_days_is_given_up_alone(kit: Kit) -> None:
    class Full(Letterbox):
        def send(self, message: EmailMessage) -> None:
            if message["To"] == "ann@example.org":
                raise NotNow("The mailbox is full.")
            super().send(message)

    case, box, first = begun(kit), Full(), kit.at
    Post(kit.desk, box).deliver(kit.at)
    for at, state in (
        (first + timedelta(days=5, microseconds=-1), letters.WAITING),
        (first + timedelta(days=6), letters.FAILED),
    ):
        Post(kit.desk, box).deliver(at)
        assert letters_of(kit, case)["ann"].state == state
    assert faults(kit, case) == {"ann": "The mailbox is full. Given up after 5 days."}
    assert told(box.got) == ["ben", "gil"]


@pytest.mark.parametrize(
    ("tries", "minutes"),
    [
        pytest.param(1, 1, id="the first"),
        pytest.param(2, 2, id="doubled"),
        pytest.param(8, 128, id="the eighth"),
        pytest.param(9, 240, id="four hours at most"),
        pytest.param(5000, 240, id="however often"),
    ],
)
def test_what_is_not_taken_waits_longer_each_time(tries: int, minutes: int) -> None:
    assert wait(tries) == timedelta(minutes=minutes)


def test_a_refused_address_is_named_and_stops_nobody_else(both: Kit, server: MailServer) -> None:
    case = begun(both)
    server.refuses = {"ben@example.org": "550 5.1.1 <ben@example.org>: no such user here"}
    for _ in range(3):
        Post(both.desk, smtp(server)).deliver(both.at)
        assert server.told() == ["ann", "gil"]
        both.later(days=1)
    said = "The mail server did not take the address: 550 5.1.1 …: no such user here"
    assert faults(both, case) == {"ben": said}
    assert letters_of(both, case)["ben"].state == letters.FAILED


def test_an_address_that_is_full_today_gets_its_mail_tomorrow(kit: Kit, server: MailServer) -> None:
    case = begun(kit)
    server.refuses = {"ben@example.org": "452 4.2.2 mailbox full"}
    Post(kit.desk, smtp(server)).deliver(kit.at)
    assert letters_of(kit, case)["ben"].state == letters.WAITING and server.told() == ["ann", "gil"]
    server.refuses = {}
    Post(kit.desk, smtp(server)).deliver(kit.later(days=1))
    assert server.told() == ALL and faults(kit, case) == {}


def test_a_server_that_dies_in_mid_message_gets_it_again_with_the_same_id(
    both: Kit, server: MailServer
) -> None:
    case = begun(both)
    server.dies = 2
    Post(both.desk, smtp(server)).deliver(both.at)
    assert len(server.got) == 1
    broken = [row for row in letters_of(both, case).values() if row.state == letters.WAITING]
    assert len(broken) == 2
    Post(both.desk, smtp(server)).deliver(both.later(minutes=1))
    assert server.told() == ALL
    ids = {str(one["Message-ID"]) for one in server.got}
    assert ids == {f"<{case}.1-1.{who}@example.org>" for who in ALL}


def test_what_comes_after_the_message_was_taken_sends_it_no_second_time(
    kit: Kit, server: MailServer
) -> None:
    class Cut(Smtp):
        def _server(self):  # type: ignore[no-untyped-def]
            made = super()._server()

            def quit() -> None:
                raise TimeoutError

            made.quit = quit
            return made

    case = begun(kit)
    Post(kit.desk, Cut(smtp(server).mail)).deliver(kit.at)
    assert {row.state for row in letters_of(kit, case).values()} == {letters.SENT}


def test_timers_fire_on_time_while_the_mail_server_hangs(kit: Kit, server: MailServer) -> None:
    case = begun(kit)
    Outbox(kit.desk, MAIL).deliver(kit.at)
    server.hangs.set()
    sender = Sender(kit.desk, MAIL, smtp(server, PATIENCE_S), lambda: kit.at)
    sending = threading.Thread(target=sender.send_due)
    sending.start()
    assert server.asked.wait(PATIENCE_S)
    kit.later(hours=1)
    Ticker(kit.desk, Outbox(kit.desk, MAIL), clock=lambda: kit.at).tick()
    assert kit.open(case) == ["check", "remind"] and sending.is_alive()
    server.released.set()
    sending.join(PATIENCE_S)
    assert server.told() == ALL


def test_a_server_that_hangs_is_left_after_a_while_and_when_the_program_stops(
    kit: Kit, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = begun(kit)
    server.hangs.set()
    mail, long = smtp(server).mail, 3600.0
    for way in (
        Smtp(mail, seconds=0.2, most=long),  # each answer
        Smtp(mail, seconds=long, most=0.3),  # the whole message
    ):
        Outbox(kit.desk, MAIL).deliver(kit.at)
        trying = threading.Thread(
            target=Sender(kit.desk, MAIL, way, lambda: kit.at).send_due, args=(1,), daemon=True
        )
        trying.start()
        trying.join(PATIENCE_S)
        assert not trying.is_alive()
    assert len([fault for fault in faults(kit, case).values() if "broke off" in fault]) == 2
    monkeypatch.setattr("app.scheduler.way.smtp._GRACE_SECONDS", 0.3)
    stopping = threading.Event()
    way = Smtp(mail, stopping=stopping, seconds=long, most=long)
    sender = Sender(kit.desk, MAIL, way, lambda: kit.at, stopping=stopping)
    sending = threading.Thread(target=sender.send_due, daemon=True)
    server.asked.clear()
    sending.start()
    assert server.asked.wait(PATIENCE_S)
    stopping.set()
    sending.join(PATIENCE_S)
    assert not sending.is_alive() and server.got == []
    assert {row.state for row in letters_of(kit, case).values()} == {letters.WAITING}


def test_two_senders_at_a_slow_server_send_each_mail_once(kit: Kit) -> None:
    """27 people, five seconds each: longer than any claim of the whole lot would last."""
    with kit.store.writing() as unit:
        ann = accounts.find(unit, "ann")
        assert ann is not None
        for number in range(24):
            id = f"clerk{number}"
            accounts.put(unit, replace(ann, id=id, email=f"{id}@example.org"), ["clerk"], kit.at)
    case = begun(kit)
    Outbox(kit.desk, MAIL).deliver(kit.at)
    box, present = Letterbox(), [kit.at]

    class Slow:
        """While it takes one message the other sender tries the next."""

        def __init__(self) -> None:
            self.other: Sender | None = None

        def reach(self) -> None:
            pass

        def send(self, message: EmailMessage) -> None:
            other, self.other = self.other, None
            present[0] += timedelta(seconds=5)
            if other is not None:
                other.send_due(1)
            box.send(message)
            self.other = other

    first, second = Slow(), Slow()
    two = Sender(kit.desk, MAIL, second, lambda: present[0])
    first.other = two
    Sender(kit.desk, MAIL, first, lambda: present[0]).send_due()
    assert present[0] - kit.at == timedelta(seconds=5 * 27) and len(box.got) == 27
    assert len({one["Message-ID"] for one in box.got}) == 27
    assert {row.state for row in letters_of(kit, case).values()} == {letters.SENT}


def test_two_senders_at_once_send_each_mail_once(both: Kit, server: MailServer) -> None:
    both.deploy(FILES)
    for _ in range(9):
        both.start("ann")
    Outbox(both.desk, MAIL).deliver(both.at)
    senders = [
        threading.Thread(target=Sender(both.desk, MAIL, smtp(server), lambda: both.at).send_due)
        for _ in range(2)
    ]
    for one in senders:
        one.start()
    for one in senders:
        one.join(PATIENCE_S)
    assert len(server.got) == 27 == len({one["Message-ID"] for one in server.got})


def test_a_sender_that_lost_its_claim_neither_sends_nor_undoes_what_another_did(kit: Kit) -> None:
    case = begun(kit)
    Outbox(kit.desk, MAIL).deliver(kit.at)
    with kit.store.writing() as unit:
        mine = letters.claim(unit, kit.at, kit.at + CLAIM, "mine")
        assert mine is not None
        theirs = letters.claim(unit, kit.at + CLAIM, kit.at + 2 * CLAIM, "theirs")
        while theirs is not None and theirs.id != mine.id:
            theirs = letters.claim(unit, kit.at + CLAIM, kit.at + 2 * CLAIM, "theirs")
        assert theirs is not None
        assert not letters.renew(unit, mine, kit.at + 3 * CLAIM)
        assert letters.renew(unit, theirs, kit.at + 3 * CLAIM)
        letters.sent(unit, theirs, kit.at)
        letters.ended(unit, mine, letters.FAILED, kit.at, "too late")
        letters.later(unit, mine, kit.at, kit.at, "too late")
    assert letters_of(kit, case)[str(mine.person)].state == letters.SENT


def test_what_somebody_else_took_up_before_it_was_sent_is_sent_by_them_alone(kit: Kit) -> None:
    """Looking whether the server is there took longer than the claim lasts."""
    theirs = Letterbox()

    class Slow(Letterbox):
        def reach(self) -> None:
            kit.at += CLAIM
            Sender(kit.desk, MAIL, theirs, lambda: kit.at).send_due(1)

    with kit.store.reading() as unit:
        ben = accounts.find(unit, "ben")
    assert ben is not None
    ask_link(kit.desk, SYSTEM, ben, kit.at)
    slow = Slow()
    Sender(kit.desk, MAIL, slow, lambda: kit.at).send_due(1)
    assert (told(slow.got), told(theirs.got)) == ([], ["ben"])


def test_a_program_that_stops_begins_no_other_mail(kit: Kit) -> None:
    stopping = threading.Event()

    class Last(Letterbox):
        def send(self, message: EmailMessage) -> None:
            super().send(message)
            stopping.set()

    begun(kit)
    Outbox(kit.desk, MAIL).deliver(kit.at)
    box = Last()
    sender = Sender(kit.desk, MAIL, box, lambda: kit.at, stopping=stopping)
    assert sender.send_due() == 1 == len(box.got)


def test_each_knock_sends_and_looks_once_a_minute_how_mail_stands(kit: Kit) -> None:
    begun(kit)
    Outbox(kit.desk, MAIL).deliver(kit.at)
    box = Letterbox()
    sender = Sender(kit.desk, MAIL, box, lambda: kit.at)
    sender.knock()
    assert told(box.got) == ALL
    kit.later(seconds=59)
    assert sender.look() is None
    kit.later(seconds=1)
    assert sender.look() is not None


def test_a_sender_that_died_gives_its_mail_up_after_a_while(kit: Kit) -> None:
    begun(kit)
    Outbox(kit.desk, MAIL).deliver(kit.at)
    with kit.store.writing() as unit:
        assert letters.claim(unit, kit.at, kit.at + CLAIM, "dead") is not None
    box = Letterbox()
    assert Post(kit.desk, box).deliver(kit.at) == 2
    assert Post(kit.desk, box).deliver(kit.later(minutes=5)) == 1
    assert told(box.got) == ALL


@pytest.mark.parametrize("address", ["ann@[", "ann", "a@b@c", "ann@example.org\nBcc: eve@x.org"])
def test_an_address_that_is_none_stops_nobody_and_ends_at_once(kit: Kit, address: str) -> None:
    """It came into the database by an earlier release."""
    with kit.store.writing() as unit:
        ben = accounts.find(unit, "ben")
        assert ben is not None
        accounts.put(unit, replace(ben, email=address), ["clerk"], kit.at)
    case, box = begun(kit), Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ann", "gil"] and list(faults(kit, case)) == ["ben"]


def test_what_nobody_foresaw_ends_one_mail_and_not_the_others(kit: Kit) -> None:
    class Odd(Letterbox):
        def send(self, message: EmailMessage) -> None:
            if message["To"] == "ann@example.org":
                raise AttributeError("odd")
            super().send(message)

    case, box = begun(kit), Odd()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ben", "gil"]
    assert faults(kit, case) == {"ann": "This mail could not be made (AttributeError)."}


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        pytest.param(Unreachable("away"), letters.WAITING, id="a server that is away"),
        pytest.param(NotNow("later"), letters.WAITING, id="not this time"),
        pytest.param(Never("never"), letters.FAILED, id="never"),
    ],
)
def test_mail_alarms_when_it_waits_too_long_or_fails(
    kit: Kit, fault: Exception, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(Letterbox):
        def send(self, message: EmailMessage) -> None:
            raise fault

    case = begun(kit)
    Post(kit.desk, Faulty()).deliver(kit.at)
    assert {row.state for row in letters_of(kit, case).values()} == {state}
    sender = Sender(kit.desk, MAIL, Faulty(), lambda: kit.at)
    for _ in range(3):
        sender.look()
        kit.later(minutes=31)
    stands = sender.look()
    assert stands is not None and stands.alarming
    assert (stands.late, stands.failed) == ((3, 0) if state == letters.WAITING else (0, 3))
    said = [row for row in caplog.records if "mail stands badly" in row.getMessage()]
    assert len(said) == 1, "one line, not one a minute"


def test_what_no_worker_takes_up_alarms_too(kit: Kit) -> None:
    begun(kit)
    with kit.store.reading() as unit:
        stands = queries.mail.standing(unit, kit.later(hours=2), timedelta(hours=1))
    assert (stands.waiting, stands.late) == (1, 1) and stands.alarming
