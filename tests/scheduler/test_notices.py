"""Who is told by mail: of a case only who sees it, of what concerns themselves the person alone."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest

from app.casework.access import SYSTEM
from app.casework.commands import AddMember, ExcludePerson, Merge, SetCover
from app.casework.people import changes
from app.store.work import letters, messages
from tests.kit import Kit, diagram, form
from tests.post import Letterbox, Post, letters_of, told

PERSON = {"properties": {"persons": "child", "person_is": "name"}}


def cover(kit: Kit) -> None:
    days: dict[str, Any] = {"first": date(2026, 3, 4), "last": date(2026, 3, 6)}
    kit.do(SetCover, "ann", person="ann", by="ben", reason="an operation", **days)


def test_both_are_told_of_a_cover_once_and_never_why(both: Kit) -> None:
    cover(both)
    box = Letterbox()
    assert Post(both.desk, box).deliver(both.at) == 2
    assert Post(both.desk, box).deliver(both.later(days=1)) == 0
    assert told(box.got) == ["ann", "ben"]
    for mail in box.got:
        text = mail.get_content()
        assert "Ben Baker covers for Ann Archer" in text and "operation" not in text


def test_without_a_mail_server_a_notice_waits(kit: Kit) -> None:
    cover(kit)
    assert Post(kit.desk, None).deliver(kit.later(days=30)) == 0
    assert {row.state for row in letters_of(kit).values()} == {letters.WAITING}


def test_a_leaver_is_told_nothing(kit: Kit) -> None:
    cover(kit)
    changes.disable(kit.desk, SYSTEM, "ben", kit.at)
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ann"]
    assert letters_of(kit)["ben"].state == letters.DROPPED


# of a case


def drawn(to: str, subject: str = "{reference}", more: str = "") -> dict[str, bytes]:
    files = diagram(
        "start > task:ask > send:tell > task:check > end",
        ask={"groups": "clerk", "form": "ask"},
        tell={"effect": "mail", "to": to, "template": "due"},
        check={"groups": "clerk"},
        var={"name": "=null"},
    )
    header = f'<zeebe:header key="about" value="{more}"/></zeebe:taskHeaders>'.encode()
    content = files["bpmn/p.bpmn"].replace(b"</zeebe:taskHeaders>", header)
    if more:
        files["bpmn/p.bpmn"] = content
    mail = f"Subject: {subject}\n\nPlease look. {{link}}\n".encode()
    return files | form("ask", "name", **PERSON) | {"forms/mail/due.txt": mail}


def sent(kit: Kit) -> list[EmailMessage]:
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    return box.got


@pytest.mark.parametrize(
    ("to", "people"),
    [
        pytest.param("dra", [], id="a process owner by name, whose role sees no case"),
        pytest.param("drawer", [], id="process owners as a group"),
        pytest.param("dra, clerk", ["ann", "ben"], id="beside others"),
        pytest.param("gil", ["gil"], id="who sees a part may be told"),
    ],
)
def test_who_sees_nothing_of_a_case_gets_no_mail_of_it(
    kit: Kit, to: str, people: list[str]
) -> None:
    kit.deploy(drawn(to))
    kit.complete("ann", kit.start("ann"), "ask", name="Kim Carter")
    assert told(sent(kit)) == people


def test_the_name_of_a_child_is_mailed_to_nobody_whatever_is_drawn(kit: Kit) -> None:
    """As inputs/mail_to_process_owner.bpmn does it: by a header that is worked out."""
    kit.deploy(drawn("clerk", "{about}", "=name"))
    case = kit.start("ann")
    kit.complete("ann", case, "ask", name="Kim Carter")
    assert sent(kit) == []
    with kit.store.reading() as unit:
        (row,) = messages.outbox_of(unit, case)
    assert row.sent_at is None and row.fault is not None and "Kim" not in row.fault
    (only,) = letters_of(kit, case).values()
    assert (only.kind, only.state) == (letters.EFFECT, letters.FAILED), "one failure, of nobody's"


def test_the_mail_of_a_merge_goes_to_nobody_who_may_not_see_what_it_links_to(kit: Kit) -> None:
    kit.deploy(drawn("clerk, gil"))
    first, second = kit.start("ann"), kit.started("ann")
    for case in (first, second.case):
        kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="lea", reason="r"))
    kit.complete("ann", first, "ask", name="x")
    kit.do(ExcludePerson, "lea", case=second.case, person="gil", reason="r")
    kit.do(Merge, "lea", case=second.case, into=kit_reference(kit, first), reason="same")
    assert "gil@example.org" not in [mail["To"] for mail in sent(kit)]


def kit_reference(kit: Kit, case: str) -> str:
    from app.store import cases

    with kit.store.reading() as unit:
        row = cases.find(unit, case)
    assert row is not None
    return row.reference
