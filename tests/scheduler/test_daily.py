"""One mail a day for who chose it: what waits for it, when it goes, and that all goes once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from app.casework.commands import ExcludePerson, SendAgain
from app.casework.errors import Conflict
from app.casework.mail import send_again
from app.casework.people import daily_mail
from app.config import Mail
from app.scheduler.bounces import NoBounce, take_in
from app.scheduler.outbox import Outbox
from app.scheduler.sending import Sender
from app.scheduler.way import Smtp
from app.store import LetterRow, Store
from app.store.queries import mail as standing
from app.store.work import letters
from tests.kit import PEOPLE, Kit, diagram
from tests.limits import PATIENCE_S
from tests.mail_server import MailServer, listening
from tests.post import MAIL, Letterbox, Post, letters_of, told
from tests.scheduler.test_bounces import report

LONDON = ZoneInfo("Europe/London")
TEXT = {"forms/mail/news.txt": b"Subject: News of {reference}\n\nIt went on. {link}\n"}
THURSDAY_8 = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


def drawn(to: str = "ann, ben", due: str = "", **headers: str) -> dict[str, bytes]:
    check = {"groups": "clerk"} | ({"due": due} if due else {})
    tell = {"effect": "mail", "to": to, "template": "news", **headers}
    return diagram("start > send:tell > task:check > end", tell=tell, check=check) | TEXT


def choose(kit: Kit, *people: str, daily: bool = True) -> None:
    for who in people:
        daily_mail.choose(kit.desk, PEOPLE[who], daily, kit.at)


def begun(kit: Kit, cases: int = 1, **more: str) -> list[str]:
    """Cases that each tell Ann, who wants one mail a day, and Ben, who does not."""
    kit.deploy(drawn(**{"may_wait": "true", **more}))
    choose(kit, "ann")
    several = []
    for _ in range(cases):
        several.append(kit.start("lea"))
        Outbox(kit.desk, MAIL).deliver(kit.at)
        kit.later(seconds=1)
    return several


def daily_rows(kit: Kit) -> list[LetterRow]:
    with kit.store.reading() as unit:
        rows = letters.of_case(unit, letters.NO_CASE)
    return [row for row in rows if row.kind == letters.DAILY]


def sends(kit: Kit, box: Letterbox | Smtp, at: datetime) -> None:
    kit.at = at
    Post(kit.desk, box).deliver(at)


def smtp(server: MailServer) -> Smtp:
    return Smtp(Mail("cases@example.org", host="127.0.0.1", port=server.port), seconds=20)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with listening(MailServer()) as running:
        yield running


WAITS, QUIET = {"may_wait": "true"}, {"working_days_only": "true"}
BY_FRIDAY = {"by": '=date("2026-03-06")'}
BY_THURSDAY = {"by": '=date and time("2026-03-05T09:00:00Z")'}


@pytest.mark.parametrize(
    ("daily", "headers", "at", "goes", "together"),
    [
        pytest.param(True, WAITS, "2026-03-04 10:00", "2026-03-05 08:00", True, id="tomorrow"),
        pytest.param(True, WAITS, "2026-03-04 07:59", "2026-03-04 08:00", True, id="still today"),
        pytest.param(True, WAITS, "2026-03-04 08:00", "2026-03-05 08:00", True, id="on the hour"),
        pytest.param(True, WAITS, "2026-03-06 17:00", "2026-03-09 08:00", True, id="weekend"),
        pytest.param(True, WAITS, "2026-04-02 09:00", "2026-04-07 08:00", True, id="Easter"),
        pytest.param(True, WAITS, "2026-12-24 12:00", "2026-12-29 08:00", True, id="Christmas"),
        pytest.param(True, WAITS, "2026-03-27 12:00", "2026-03-30 08:00", True, id="clocks on"),
        pytest.param(True, WAITS, "2026-10-23 12:00", "2026-10-26 08:00", True, id="clocks back"),
        pytest.param(True, {}, "2026-03-06 17:00", None, False, id="chose it; may not wait"),
        pytest.param(True, {"may_wait": "false"}, "2026-03-06 17:00", None, False, id="says false"),
        pytest.param(False, WAITS, "2026-03-06 17:00", None, False, id="at once as ever"),
        pytest.param(True, WAITS | BY_THURSDAY, "2026-03-04 10:00", None, False, id="near limit"),
        pytest.param(
            True, WAITS | BY_FRIDAY, "2026-03-04 10:00", "2026-03-05 08:00", True, id="far limit"
        ),
        pytest.param(
            True, WAITS | BY_FRIDAY, "2026-03-09 10:00", "2026-03-10 08:00", True, id="past day"
        ),
        pytest.param(False, QUIET, "2026-03-07 10:00", "2026-03-09 08:00", False, id="Saturday"),
        pytest.param(False, QUIET, "2026-04-03 10:00", "2026-04-07 08:00", False, id="Good Friday"),
        pytest.param(False, QUIET, "2026-03-04 22:00", None, False, id="evening of a working day"),
        pytest.param(True, QUIET, "2026-03-07 10:00", "2026-03-09 08:00", False, id="not daily"),
        pytest.param(
            True, WAITS | QUIET, "2026-03-07 10:00", "2026-03-09 08:00", True, id="both, daily"
        ),
        pytest.param(
            False, QUIET | BY_FRIDAY, "2026-03-05 10:00", None, False, id="near, at once for all"
        ),
    ],
)  # fmt: skip
def test_when_a_mail_goes_and_in_what(
    kit: Kit, daily: bool, headers: Mapping[str, str], at: str, goes: str | None, together: bool
) -> None:
    kit.at = datetime.fromisoformat(at).replace(tzinfo=LONDON).astimezone(UTC)
    kit.deploy(drawn("ann", **headers))
    choose(kit, "ann", daily=daily)
    case = kit.start("lea")
    Outbox(kit.desk, MAIL).deliver(kit.at)
    row = letters_of(kit, case)["ann"]
    hour = datetime.fromisoformat(goes).replace(tzinfo=LONDON) if goes else None
    assert (row.held_until, row.daily is not None) == (hour, together)
    assert row.next_at == (None if together else hour or kit.at)
    assert [one.next_at for one in daily_rows(kit)] == ([hour] if together else [])


def test_what_waits_goes_as_one_message_at_the_hour_and_once(both: Kit, server: MailServer) -> None:
    first, second = begun(both, 2)
    sends(both, smtp(server), both.at)
    assert server.told() == ["ben", "ben"]
    sends(both, smtp(server), THURSDAY_8 - timedelta(seconds=1))
    assert len(server.got) == 2
    for minutes in (0, 1, 600):
        sends(both, smtp(server), THURSDAY_8 + timedelta(minutes=minutes))
    assert server.told() == ["ann", "ben", "ben"]
    mail = server.got[-1]
    assert mail["Subject"] == "Thursday 5 March 2026: 2 messages"
    text = mail.get_content()
    for number, reference in ((1, "T-2026-0001"), (2, "T-2026-0002")):
        assert f"Message {number} of 2: News of {reference}" in text
        assert f"http://here:8000/cases/{reference}" in text
    assert "http://here:8000/account" in text and "Ann" not in text
    for case in (first, second):
        row = letters_of(both, case)["ann"]
        assert (row.state, row.ended_at, row.daily) == (
            letters.SENT, THURSDAY_8, daily_rows(both)[0].id
        )  # fmt: skip


def test_a_server_that_dies_in_mid_message_gets_the_same_mail_again(
    both: Kit, server: MailServer
) -> None:
    (case,) = begun(both)
    sends(both, smtp(server), both.at)
    server.dies = 1
    sends(both, smtp(server), THURSDAY_8)
    assert letters_of(both, case)["ann"].state == letters.WAITING and server.told() == ["ben"]
    (before,) = daily_rows(both)
    sends(both, smtp(server), THURSDAY_8 + timedelta(minutes=1))
    assert server.told() == ["ann", "ben"]
    assert server.got[-1]["Message-ID"] == f"<{before.id}.{before.about}@example.org>"
    assert letters_of(both, case)["ann"].state == letters.SENT


def test_a_sender_that_died_leaves_the_whole_mail_to_the_next(both: Kit) -> None:
    cases, box = begun(both, 2), Letterbox()
    sends(both, box, both.at)
    with both.store.writing() as unit:
        letters.claim(unit, THURSDAY_8, THURSDAY_8 + timedelta(minutes=5), "dead")
    sends(both, box, THURSDAY_8)
    assert told(box.got) == ["ben", "ben"]
    sends(both, box, THURSDAY_8 + timedelta(minutes=6))
    assert told(box.got) == ["ann", "ben", "ben"]
    assert {letters_of(both, case)["ann"].state for case in cases} == {letters.SENT}


def test_what_comes_once_the_mail_of_the_day_is_begun_goes_with_the_next(both: Kit) -> None:
    """Handed on just before the hour by a process that is slow, and kept just behind it."""
    begun(both)
    slow = both.at = THURSDAY_8 - timedelta(seconds=1)
    late = both.start("lea")
    with both.store.writing() as unit:
        letters.claim(unit, THURSDAY_8, THURSDAY_8 + timedelta(minutes=5), "ben's")
        assert letters.claim(unit, THURSDAY_8, THURSDAY_8 + timedelta(minutes=5), "ann's")
    Outbox(both.desk, MAIL).deliver(slow)
    assert letters_of(both, late)["ann"].held_until == datetime(2026, 3, 6, 8, tzinfo=UTC)
    assert sorted(row.source for row in daily_rows(both)) == ["2026-03-05", "2026-03-06"]


def test_processes_that_work_at_the_same_moment_make_one_message_a_person(
    postgres_store: Store,
) -> None:
    kit, box, together = Kit(postgres_store), Letterbox(), threading.Barrier(2)
    kit.deploy(drawn("clerk, gil", may_wait="true"))
    choose(kit, "ann", "ben", "gil")
    for _ in range(4):
        kit.start("lea")

    def work() -> None:
        together.wait(PATIENCE_S)
        Outbox(kit.desk, MAIL).deliver(kit.at)
        together.wait(PATIENCE_S)
        Sender(kit.desk, MAIL, box, lambda: THURSDAY_8).send_due()

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(PATIENCE_S)
    assert told(box.got) == ["ann", "ben", "gil"]
    assert {one["Subject"] for one in box.got} == {"Thursday 5 March 2026: 4 messages"}


def test_a_case_that_they_see_no_more_is_left_out(kit: Kit) -> None:
    (hidden, seen), box = begun(kit, 2), Letterbox()
    kit.do(ExcludePerson, "lea", case=hidden, person="ann", reason="related")
    sends(kit, box, THURSDAY_8)
    (mail,) = [one for one in box.got if one["To"] == "ann@example.org"]
    assert mail["Subject"] == "Thursday 5 March 2026: 1 message"
    assert "T-2026-0001" not in mail.get_content() and "T-2026-0002" in mail.get_content()
    states = [letters_of(kit, case)["ann"].state for case in (hidden, seen)]
    assert states == [letters.DROPPED, letters.SENT]


def test_with_nothing_to_say_there_is_no_mail(kit: Kit) -> None:
    (case,), box = begun(kit), Letterbox()
    kit.do(ExcludePerson, "lea", case=case, person="ann", reason="related")
    sends(kit, box, THURSDAY_8)
    assert told(box.got) == ["ben"]
    assert [row.state for row in daily_rows(kit)] == [letters.DROPPED]


def test_a_refused_address_names_itself_in_each_and_all_can_be_sent_again(
    kit: Kit, server: MailServer
) -> None:
    cases = begun(kit, 2)
    server.refuses = {"ann@example.org": "550 5.1.1 no such user"}
    sends(kit, smtp(server), THURSDAY_8)
    failed = [*daily_rows(kit), *(letters_of(kit, case)["ann"] for case in cases)]
    assert {row.state for row in failed} == {letters.FAILED}
    assert {row.fault for row in failed} == {
        "The mail server did not take the address: 550 5.1.1 no such user"
    }
    server.refuses = {}
    send_again(kit.desk, PEOPLE["lea"], failed[0].id, kit.at)
    sends(kit, smtp(server), kit.later(minutes=1))
    assert server.told() == ["ann", "ben", "ben"]
    assert server.got[-1]["Subject"] == "Thursday 5 March 2026: 2 messages"
    assert {letters_of(kit, case)["ann"].state for case in cases} == {letters.SENT}


def test_one_of_them_is_sent_again_by_itself_but_not_while_they_are_being_sent(kit: Kit) -> None:
    (first, second), box = begun(kit, 2), Letterbox()
    letter = letters_of(kit, first)["ann"].id
    with kit.store.writing() as unit:
        for mark in ("ben's", "ben's too", "ann's"):
            letters.claim(unit, THURSDAY_8, THURSDAY_8 + timedelta(minutes=5), mark)
    with pytest.raises(Conflict):
        kit.at = THURSDAY_8
        kit.do(SendAgain, "lea", case=first, letter=letter)
    kit.at = THURSDAY_8 + timedelta(minutes=6)
    kit.do(SendAgain, "lea", case=first, letter=letter)
    sends(kit, box, kit.at)
    mine = [str(one["Subject"]) for one in box.got if one["To"] == "ann@example.org"]
    assert sorted(mine) == ["News of T-2026-0001", "Thursday 5 March 2026: 1 message"]
    assert letters_of(kit, second)["ann"].state == letters.SENT


def test_who_goes_back_to_each_at_once_gets_what_waits_at_once(both: Kit) -> None:
    (case,), box = begun(both), Letterbox()
    sends(both, box, both.later(hours=1))
    choose(both, "ann", daily=False)
    sends(both, box, both.at)
    assert [str(one["Subject"]) for one in box.got] == ["News of T-2026-0001"] * 2
    row = letters_of(both, case)["ann"]
    assert (row.state, row.daily, row.held_until) == (letters.SENT, None, None)
    assert daily_rows(both) == []


def test_what_is_given_up_with_the_server_and_what_comes_back_is_said_of_each(kit: Kit) -> None:
    choose(kit, "ben")
    (case,), away = begun(kit), Letterbox(away=10_000)
    at = THURSDAY_8
    for _ in range(7):
        sends(kit, away, at)
        at += timedelta(days=1)
    for row in letters_of(kit, case).values():  # one of the two was tried, the other waited for it
        assert row.state == letters.FAILED and str(row.fault).endswith("Given up after 5 days.")
    mine = next(row for row in daily_rows(kit) if row.person == "ann")
    send_again(kit.desk, PEOPLE["lea"], mine.id, at)
    box = Letterbox()
    sends(kit, box, at)
    with pytest.raises(NoBounce):  # who never got it cannot say that it came back
        take_in(kit.store, report(f"<{mine.id}@example.org>"), at)
    take_in(kit.store, report(str(box.got[0]["Message-ID"])), at)
    row = letters_of(kit, case)["ann"]
    assert (row.state, str(row.fault)[:12]) == (letters.BOUNCED, "It came back")


def test_what_waits_for_its_hour_alarms_nobody_before_it(kit: Kit) -> None:
    kit.at = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
    begun(kit, to="ann")
    for hour, late in ((8, 0), (10, 2)):  # Monday; the letter and the mail of the day
        with kit.store.reading() as unit:
            at = datetime(2026, 3, 9, hour, 0, tzinfo=UTC)
            assert standing.standing(unit, at, timedelta(hours=1)).late == late


# work


def of_work(kit: Kit, at: datetime) -> list[EmailMessage]:
    kit.at, box = at, Letterbox()
    for _ in range(2):  # two processes
        Sender(kit.desk, MAIL, box, lambda: at).knock()
    return box.got


@pytest.mark.parametrize(
    ("due", "at", "subject", "line"),
    [
        pytest.param(
            '=date("2026-03-05")', "2026-03-05 08:00", "Thursday 5 March 2026: 1 task due today",
            "Due today:\n\n* Check, T-2026-0001, due Thursday 5 March 2026\n", id="due today",
        ),
        pytest.param(
            '=date and time("2026-03-04T15:30:00Z")', "2026-03-05 11:00",
            "Thursday 5 March 2026: 1 task late",
            "Late:\n\n* Check, T-2026-0001, due Wednesday 4 March 2026 at 3:30pm\n", id="late",
        ),
        pytest.param('=date("2026-03-06")', "2026-03-05 08:00", None, "", id="due tomorrow"),
        pytest.param('=date("2026-03-05")', "2026-03-05 07:59", None, "", id="too early"),
        pytest.param('=date("2026-03-05")', "2026-03-07 09:00", None, "", id="Saturday"),
        pytest.param("", "2026-03-05 08:00", None, "", id="without a limit"),
    ],
)  # fmt: skip
def test_late_work_and_what_is_due_today_are_told_without_a_letter(
    kit: Kit, due: str, at: str, subject: str | None, line: str
) -> None:
    kit.deploy(drawn("gil", due=due))
    choose(kit, "ben")
    kit.start("lea")
    got = of_work(kit, datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert [str(one["Subject"]) for one in got] == ([subject] if subject else [])
    for mail in got:
        assert mail["To"] == "ben@example.org"
        assert line in mail.get_content() and "http://here:8000/tasks" in mail.get_content()


def test_a_long_list_of_late_work_is_counted_and_cut(kit: Kit) -> None:
    kit.deploy(drawn("gil", due='=date("2026-03-04")'))
    choose(kit, "ben")
    for _ in range(22):
        kit.start("lea")
    (mail,) = of_work(kit, THURSDAY_8)
    assert mail["Subject"] == "Thursday 5 March 2026: 22 tasks late"
    assert mail.get_content().count("* Check") == 20 and "* and 2 more\n" in mail.get_content()
