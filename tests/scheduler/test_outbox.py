"""What waits in the outbox becomes a letter for each person who sees the case, with its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.casework.commands import ExcludePerson
from app.documents.mail import NoLetter, worded
from app.scheduler.letters import NO_ADDRESS
from app.scheduler.outbox import Outbox
from app.store import OutboxRow, cases
from app.store.people import accounts
from app.store.work import letters, messages
from tests.kit import Kit, diagram
from tests.post import MAIL, Letterbox, Post, letters_of, told

TEMPLATE = b"Subject: Due in {reference}\n\nPlease act by {by_when}. {link}\n{unknown}\n"


def drawn(to: str = "clerk, gil") -> dict[str, bytes]:
    files = diagram(
        "start > send:tell > task:check > end",
        tell={"effect": "mail", "to": to, "template": "due"},
        check={"groups": "clerk,lead"},
    )
    content = files["bpmn/p.bpmn"].replace(
        b"</zeebe:taskHeaders>",
        b'<zeebe:header key="by_when" value="=date(&quot;2026-03-06&quot;)"/></zeebe:taskHeaders>',
    )
    return files | {"bpmn/p.bpmn": content, "forms/mail/due.txt": TEMPLATE}


@pytest.fixture
def case(both: Kit) -> str:
    both.deploy(drawn())
    return both.start("ann")


def rows(kit: Kit, case: str) -> list[OutboxRow]:
    with kit.store.reading() as unit:
        return messages.outbox_of(unit, case)


def test_each_person_of_the_group_gets_one_mail(both: Kit, case: str) -> None:
    box = Letterbox()
    assert Post(both.desk, box).deliver(both.at) == 3
    assert told(box.got) == ["ann", "ben", "gil"]
    assert box.got[0]["Subject"] == "Due in T-2026-0001"
    text = box.got[0].get_content()
    assert "by Friday 6 March 2026. http://here:8000/cases/T-2026-0001" in text
    assert "{unknown}" in text
    (row,) = rows(both, case)
    assert (row.sent_at, row.sent_to, row.next_at) == (both.at, 3, None)
    assert {one.state for one in letters_of(both, case).values()} == {letters.SENT}
    assert Post(both.desk, box).deliver(both.at) == 0


def test_a_mail_is_handed_on_by_somebody_else_only_when_we_die(both: Kit, case: str) -> None:
    with both.store.writing() as unit:
        assert messages.claim_effect(unit, both.at, both.at.replace(minute=2)) is not None
    box = Letterbox()
    assert Post(both.desk, box).deliver(both.at) == 0
    assert Post(both.desk, box).deliver(both.later(minutes=3)) == 3


def test_what_somebody_else_handed_on_at_the_same_moment_stays_as_it_is(
    both: Kit, case: str
) -> None:
    (row,) = rows(both, case)
    for _ in range(2):  # both had claimed it, the first too long ago
        Outbox(both.desk, MAIL)._hand_on(row, both.at)
    assert len(letters_of(both, case)) == 3


def test_what_nobody_foresaw_ends_one_effect_and_not_the_others(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    rings = diagram("start > throw:alarm > end", process="r", alarm={"signal": "fire"})
    wants = {"settings.json": b'{"signals_across_cases": ["fire"], "roles": ["clerk", "lead"]}'}
    kit.deploy(drawn(), rings, wants)
    odd = kit.start("ann", process="r")
    case = kit.start("ann")

    def spread(row: OutboxRow, at: datetime) -> int:
        raise AttributeError("Secret")

    assert Outbox(kit.desk, MAIL, spread).deliver(kit.at) == 2
    assert sorted(letters_of(kit, case)) == ["ann", "ben", "gil"]
    (row,) = rows(kit, odd)
    why = "This could not be done (AttributeError)."
    assert (row.sent_at, row.next_at, row.fault) == (None, None, why)
    (letter,) = letters_of(kit, odd).values()
    assert (letter.kind, letter.state, letter.fault) == (letters.EFFECT, letters.FAILED, why)
    (told_,) = [line for line in caplog.records if line.levelname == "ERROR"]
    assert "AttributeError" in told_.getMessage() and "Secret" not in told_.getMessage()


def test_without_a_server_every_letter_waits_and_is_never_given_up(both: Kit, case: str) -> None:
    for _ in range(3):
        assert Post(both.desk, None).deliver(both.at) == 0
        both.later(days=30)
    waiting = letters_of(both, case)
    assert {(one.state, one.attempts) for one in waiting.values()} == {(letters.WAITING, 0)}
    box = Letterbox()
    Post(both.desk, box).deliver(both.at)
    assert told(box.got) == ["ann", "ben", "gil"]


def test_nobody_who_is_excluded_gets_mail(both: Kit, case: str) -> None:
    both.do(ExcludePerson, "lea", case=case, person="ben", reason="related")
    box = Letterbox()
    Post(both.desk, box).deliver(both.at)
    assert told(box.got) == ["ann", "gil"]


def test_who_is_excluded_while_a_mail_waits_does_not_get_it(kit: Kit) -> None:
    kit.deploy(drawn())
    case = kit.start("ann")
    Post(kit.desk, None).deliver(kit.at)
    kit.do(ExcludePerson, "lea", case=case, person="ben", reason="related")
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ann", "gil"]
    assert letters_of(kit, case)["ben"].state == letters.DROPPED


def test_who_has_no_address_is_named_and_keeps_nobody_from_theirs(kit: Kit) -> None:
    kit.deploy(drawn())
    with kit.store.writing() as unit:
        row = accounts.find(unit, "ben")
        assert row is not None
        accounts.put(unit, replace(row, email=None), ["clerk"], kit.at)
    case = kit.start("ann")
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ann", "gil"]
    ben = letters_of(kit, case)["ben"]
    assert (ben.state, ben.fault) == (letters.FAILED, NO_ADDRESS)


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


def test_every_mail_says_where_the_case_is_opened(both: Kit) -> None:
    files = diagram(
        "start > send:tell > task:check > end",
        tell={"effect": "mail", "to": "gil", "template": "bare"},
        check={"groups": "clerk"},
    )
    both.deploy(files | {"forms/mail/bare.txt": b"Subject: Hello\n\nPlease look at it.\n"})
    started = both.started("ann")
    box = Letterbox()
    Post(both.desk, box).deliver(both.at)
    (mail,) = box.got
    assert mail.get_content() == (
        f"Please look at it.\n\nOpen the case: http://here:8000/cases/{started.reference}\n"
    )
