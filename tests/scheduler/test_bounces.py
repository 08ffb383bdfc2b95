"""What a mailbox sends back marks the one mail that it is about; anything else changes nothing."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from app.scheduler.bounces import MOST_BYTES, NoBounce, take_in
from app.store import queries
from app.store.work import letters
from tests.app.test_people_commands import Terminal, type_  # noqa: F401
from tests.guests import asked
from tests.kit import Kit
from tests.post import MAIL, Letterbox, Post, letters_of, told
from tests.scheduler.test_sending import begun

UNKNOWN = "smtp; 550 5.1.1 <ben@example.org>: User unknown"


def report(
    id: str, *, status: str = "5.1.1", action: str = "failed", diagnostic: str = UNKNOWN,
    returned: str = "message/rfc822", kind: str = "multipart/report; report-type=delivery-status",
) -> bytes:  # fmt: skip
    """As Postfix writes it, of the mail with this Message-ID."""
    return f"""\
From: MAILER-DAEMON@mail.example.org
To: cases@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: {kind}; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Wed,  4 Mar 2026 09:00:00 +0000

Final-Recipient: rfc822; ben@example.org
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b
Content-Type: {returned}

From: cases@example.org
To: ben@example.org
Message-ID: {id}
Subject: Secret words

Very secret.

--b--
""".encode()


def sent_to(kit: Kit, who: str, post: Letterbox) -> str:
    """The Message-ID of what they were sent."""
    Post(kit.desk, post).deliver(kit.at)
    (mail,) = [one for one in post.got if str(one["To"]).startswith(who)]
    return str(mail["Message-ID"])


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_mail_that_came_back_is_marked_and_alarms_and_no_word_of_it_is_kept(
    both: Kit, returned: str
) -> None:
    case = begun(both)
    id = sent_to(both, "ben", Letterbox())
    said = take_in(both.store, report(id, returned=returned), both.later(minutes=5))
    assert "Ben Baker" in said
    rows = letters_of(both, case)
    assert [rows[who].state for who in ("ann", "ben", "gil")] == ["sent", "bounced", "sent"]
    assert (rows["ben"].ended_at, rows["ben"].attempts) == (both.at, 1)
    assert rows["ben"].fault == "It came back (5.1.1, the address). 550 5.1.1 …: User unknown"
    with both.store.reading() as unit:
        stands = queries.mail.standing(unit, both.at, MAIL.late)
    assert (stands.failed, stands.alarming) == (1, True)


def test_what_came_back_is_sent_again_as_another_mail_which_the_old_report_is_not_about(
    kit: Kit,
) -> None:
    case = begun(kit)
    id = sent_to(kit, "ben", Letterbox())
    take_in(kit.store, report(id), kit.at)
    with kit.store.writing() as unit:
        letters.once_more(unit, letters_of(kit, case)["ben"], kit.at)
    with pytest.raises(NoBounce, match="no mail that is known"):
        take_in(kit.store, report(id), kit.at)
    assert sent_to(kit, "ben", again := Letterbox()) != id and told(again.got) == ["ben"]
    with pytest.raises(NoBounce, match="no mail that is known"):
        take_in(kit.store, report(id), kit.at)
    assert letters_of(kit, case)["ben"].state == letters.SENT


def test_a_link_for_a_guest_that_came_back_is_known_by_its_own_mail(kit: Kit) -> None:
    asked(kit)
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    said = [take_in(kit.store, report(str(mail["Message-ID"])), kit.at) for mail in box.got]
    assert said and all("Jo Bright" in each for each in said)


def test_only_of_an_address_is_the_servers_sentence_kept(kit: Kit) -> None:
    case = begun(kit)
    id = sent_to(kit, "ben", Letterbox())
    spam = report(id, status="5.7.1", diagnostic="smtp; 554 5.7.1 spam: “Very secret”")
    take_in(kit.store, spam, kit.at)
    assert letters_of(kit, case)["ben"].fault == "It came back (5.7.1, a rule of theirs)."


HOSTILE: dict[str, tuple[Callable[[str], bytes], str]] = {
    "nothing": (lambda id: b"", "no report"),
    "no message": (lambda id: b"\x00\xff\x80" * 99, "no report"),
    "an answer from a desk": (
        lambda id: f"Subject: Away\nReferences: {id}\n\nx".encode(), "no report"),
    "a report in words": (lambda id: report(id, kind="multipart/mixed"), "no report"),
    "only late": (lambda id: report(id, action="delayed"), "given up"),
    "it arrived": (lambda id: report(id, action="relayed"), "given up"),
    "no Message-ID": (lambda id: report("hello"), "no Message-ID"),
    "a mail of others": (lambda id: report("<1-1.ben@example.org>"), "is known"),
    "its beginning": (lambda id: report(id.replace(".ben@", "@")), "is known"),
    "more than it": (lambda id: report(id.replace("@", ".x@")), "is known"),
    "wild cards": (lambda id: report("<%.%.%@x>"), "is known"),
    "dots": (lambda id: report(f"<{'.' * 290}@x>"), "is known"),
    "a character set that is none": (
        lambda id: report(f"=?none\x00?b?{id}?=", returned="text/rfc822-headers; charset=none"),
        "no Message-ID"),
    "in ten thousand others": (
        lambda id: b"Content-Type: message/rfc822\n\n" * 10_000 + report(id), "Nothing is changed"),
    "as long as one likes": (lambda id: report(id) + b"x" * MOST_BYTES, "too long"),
}  # fmt: skip


def test_what_is_no_report_of_a_mail_of_ours_is_said_and_changes_nothing(kit: Kit) -> None:
    case = begun(kit)
    id = sent_to(kit, "ben", Letterbox())
    before = letters_of(kit, case)
    for name, (made, words) in HOSTILE.items():
        with pytest.raises(NoBounce) as said:
            take_in(kit.store, made(id), kit.at)
        assert words in str(said.value) and "Nothing is changed" in str(said.value), name
        assert letters_of(kit, case) == before, name


def test_the_command_reads_a_message_and_says_what_it_did(
    type_: Terminal,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = io.TextIOWrapper(io.BytesIO(report("<x.1-1.ben@example.org>")))
    monkeypatch.setattr(sys, "stdin", given)
    assert type_("mail", "bounced") == (
        "It is about no mail that is known here. Nothing is changed.\n"
    )
