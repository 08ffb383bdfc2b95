"""Mail for who looks after it: what waits, failed and was sent; sending it again; the alarm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import demo
from app.audit.installation import log_page
from app.casework import SYSTEM, Person, accounts, mail
from app.casework.access import Role
from app.casework.commands import SendAgain, SetCover
from app.casework.errors import Conflict, NotFound
from app.casework.people import daily_mail
from app.config import Config
from app.config.mail import read_mail
from app.config.sections import Section
from app.scheduler.account_mail import ask_link
from app.scheduler.sending import CLAIM, Sender
from app.scheduler.way import Never
from app.store import cases, people
from app.store.work import letters
from tests.anyshire import PASSWORD
from tests.app.test_people_commands import Terminal, type_  # noqa: F401
from tests.guests import ADDRESS, asked
from tests.kit import PEOPLE, ROLES, Kit, diagram
from tests.post import Letterbox, Post, letters_of, told
from tests.templates import create_site
from tests.web.conftest import Browser

FILES = diagram(
    "start > send:tell > task:check > end",
    tell={"effect": "mail", "to": "clerk, gil", "template": "due"},
    check={"groups": "clerk,lead"},
) | {"forms/mail/due.txt": b"Subject: Secret words\n\nVery secret.\n"}


class Refusing(Letterbox):
    def send(self, message: EmailMessage) -> None:
        if message["To"] == "ben@example.org":
            raise Never("The mail server did not take the address: 550 no such user")
        super().send(message)


@pytest.fixture
def case(kit: Kit) -> str:
    """Its reference: three mails, of which one was refused."""
    kit.deploy(FILES)
    done = kit.started("ann")
    Post(kit.desk, Refusing()).deliver(kit.at)
    return done.reference


def cover(kit: Kit) -> None:
    days: dict[str, Any] = {"first": date(2026, 3, 4), "last": date(2026, 3, 6)}
    kit.do(SetCover, "ann", person="ann", by="ben", reason="an operation", **days)


def test_the_page_names_whom_a_mail_did_not_reach_and_why(lea: Browser, case: str) -> None:
    page = lea.visit("/mail")
    row = page.words("//main//table//tbody/tr")
    assert "Ben Baker Mail" in row and case in row and "550 no such user" in row
    assert "Ann Archer" not in row, "what was sent stands elsewhere"
    sent = lea.visit("/mail?show=sent").words("//main//table//tbody")
    assert "Ann Archer" in sent and "Gil Gp" in sent and "Ben Baker" not in sent
    for each in (page, lea.visit("/mail?show=all"), lea.visit(f"/cases/{case}/mail")):
        assert "@example.org" not in each.words() and "ecret" not in each.words()


def test_what_came_back_stands_with_what_failed(lea: Browser, kit: Kit, case: str) -> None:
    gil = _letters(kit, case)["gil"]
    with kit.store.writing() as unit:
        letters.bounced(unit, gil, kit.at, "It came back (5.1.1, the address).")
    row = lea.visit("/mail").words("//main//tbody/tr[contains(., 'Gil Gp')]")
    assert "Came back" in row and "5.1.1" in row and "Send again" in row
    assert lea.visit("/mail").says("2 mails failed or came back in the last seven days.")


def test_what_failed_is_sent_again_and_stands_in_the_history(
    lea: Browser, kit: Kit, case: str
) -> None:
    page = lea.visit(f"/cases/{case}/mail")
    (failed,) = [row for row in _letters(kit, case).values() if row.state == letters.FAILED]
    path = f"/cases/{case}/mail/{failed.id}/again"
    assert lea.send(path, page.form(path)).says("It waits to be sent")
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ben"]
    history = lea.visit(f"/cases/{case}/history")
    assert history.says("Lea Lamb (Lead) had a mail to Ben Baker sent again on Wednesday 4 March")


def test_what_arrived_and_was_lost_is_sent_again_as_another_mail(kit: Kit, case: str) -> None:
    ann = _letters(kit, case)["ann"]
    kit.do(SendAgain, "lea", case=case, letter=ann.id)
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ann"] and ".again1@" in str(box.got[0]["Message-ID"])


def test_what_is_being_sent_is_not_sent_again(kit: Kit, case: str) -> None:
    ben = _letters(kit, case)["ben"]
    kit.do(SendAgain, "lea", case=case, letter=ben.id)
    with kit.store.writing() as unit:
        assert letters.claim(unit, kit.at, kit.at + CLAIM, "somebody") is not None
    with pytest.raises(Conflict):
        kit.do(SendAgain, "lea", case=case, letter=ben.id)


def test_a_mail_that_could_not_be_worded_is_worded_again(kit: Kit, case: str) -> None:
    id = next(iter(_letters(kit, case).values())).case_id
    with kit.store.writing() as unit:
        for row in letters.of_case(unit, id):
            letters.drop(unit, row)
        whole = letters.LetterRow(
            case_id=id, id="1-1", kind=letters.EFFECT, source="1-1", person=None, at=kit.at,
            since=kit.at, state=letters.FAILED, ended_at=kit.at,
        )  # fmt: skip
        letters.add(unit, [whole])
    kit.do(SendAgain, "lea", case=case, letter="1-1")
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ann", "ben", "gil"] and len(_letters(kit, case)) == 3


def test_of_a_case_that_one_does_not_see_no_number_is_told_but_to_who_sees_none_at_all(
    browser_of: Callable[[str], Browser], kit: Kit
) -> None:
    kit.deploy(diagram("start > send:tell > task:check > end",
        tell={"effect": "mail", "to": "clerk", "template": "due"}, check={"groups": "clerk"},
    ) | {"forms/mail/due.txt": FILES["forms/mail/due.txt"]})  # fmt: skip
    done = kit.started("ann")
    Post(kit.desk, Refusing()).deliver(kit.at)
    lea = browser_of("lea")
    page = lea.visit("/mail")
    assert page.says("0 mails wait. 0 mails failed or came back in the last seven days.")
    assert page.says("There is none that you may see.")
    assert done.reference not in page.text and "Ben Baker" not in page.words()
    lea.visit(f"/cases/{done.reference}/mail", 404)
    keeper = Role("keeper", "Keeper", "none", frozenset({"mail"}))
    kit.desk.settings = replace(kit.desk.settings, roles={**ROLES, "keeper": keeper})
    kim = Person("kim", "Kim Keeper", frozenset({"keeper"}))
    found = mail.mail_page(kit.desk, kim, kit.at, timedelta(hours=1))
    assert (found.lines, found.hidden.number, found.stands.failed) == ((), 1, 1)


def test_for_whoever_lacks_the_power_there_is_no_mail(ann: Browser, kit: Kit, case: str) -> None:
    page = ann.visit("/tasks")
    assert "Mail" not in page.links() and "Mail" not in ann.visit(f"/cases/{case}").links()
    for path in ("/mail", f"/cases/{case}/mail"):
        ann.visit(path, 404)
    with pytest.raises(NotFound):
        mail.send_again(kit.desk, PEOPLE["ann"], "notice.x", kit.at)


def test_a_guest_is_named_and_their_address_is_not(lea: Browser, kit: Kit) -> None:
    asked(kit)
    Post(kit.desk, Letterbox()).deliver(kit.at)
    lines = mail.every_line(kit.desk, "sent").lines
    assert {line.to for line in lines if line.what == "Link for a guest"} == {
        "Jo Bright (Elm Surgery)"
    }
    assert ADDRESS not in str(lines)


def test_notices_and_links_are_sent_again_and_stand_in_the_log(lea: Browser, kit: Kit) -> None:
    cover(kit)
    Post(kit.desk, Refusing()).deliver(kit.at)
    page = lea.visit("/mail")
    id = letters_of(kit)["ben"].id
    path = f"/mail/{id}/again"
    assert lea.send(path, page.form(path)).says("It waits to be sent")
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.at)
    assert told(box.got) == ["ben"]
    newest = log_page(kit.desk, PEOPLE["aud"], topic="mail").lines[0]
    assert newest.sentence == "Lea Lamb had a mail to Ben Baker sent again."


def test_a_link_to_set_a_password_is_tried_like_every_mail(kit: Kit) -> None:
    with kit.store.reading() as unit:
        ben = people.accounts.find(unit, "ben")
    assert ben is not None
    ask_link(kit.desk, SYSTEM, ben, kit.at)
    Post(kit.desk, Letterbox(away=1)).deliver(kit.at)
    with kit.store.reading() as unit:
        assert people.access.open_links(unit, "ben") == [], "none was made for nothing"
    box = Letterbox()
    Post(kit.desk, box).deliver(kit.later(minutes=1))
    (message,) = box.got
    assert "/set-password/" in message.get_content()
    with kit.store.reading() as unit:
        assert len(people.access.open_links(unit, "ben")) == 1


def test_who_looks_after_mail_is_told_above_lists_when_it_stands_badly(
    browser_of: Callable[[str], Browser], ann: Browser, kit: Kit, case: str
) -> None:
    lea = browser_of("lea")
    assert lea.visit("/tasks").says("Mail needs somebody to look. Something failed or came back.")
    assert not ann.visit("/tasks").says("Mail needs somebody")
    ben = _letters(kit, case)["ben"]
    kit.do(SendAgain, "lea", case=case, letter=ben.id)
    assert not lea.visit("/tasks").says("Mail needs somebody")
    kit.later(minutes=61)
    lea = browser_of("lea")
    assert lea.visit("/tasks").says("Something waits too long.")
    Post(kit.desk, Letterbox()).deliver(kit.at)
    assert not lea.visit("/tasks").says("Mail needs somebody")


#: what config.yaml has → who hears what of mails that nothing sends
SILENT: dict[str, tuple[dict[str, Any], str, bool]] = {
    "a demonstration": (
        {"demo": {"password": PASSWORD}},
        "This demonstration sends no mail",
        False,
    ),
    "an installation": ({}, "No mail server is set up, so nothing is sent", True),
}


@pytest.mark.parametrize(("has", "words", "alarms"), SILENT.values(), ids=SILENT)
def test_that_a_demonstration_sends_nothing_is_said_and_alarms_nobody(
    kit: Kit, config: Config, app: Flask, caplog: pytest.LogCaptureFixture,
    has: dict[str, Any], words: str, alarms: bool,
) -> None:  # fmt: skip
    top = Section(
        {"organisation": "Anyshire", "mail": {"sender": "a@example.org"}, **has}, "config.yaml", ""
    )
    settings = read_mail(top, frozenset())
    site = create_site(kit.desk, replace(config, mail=settings), lambda: kit.at)
    kit.deploy(FILES)
    kit.started("ann")
    Post(kit.desk, None).deliver(kit.at)
    kit.later(minutes=61)
    accounts.ensure(kit.desk, "lea", "Lea", ["lead"], kit.at, password=PASSWORD)
    lea = Browser(site.test_client())
    lea.sign_in("lea")
    assert lea.visit("/mail").says(words)
    tasks = lea.visit("/tasks")
    assert tasks.says(words if alarms else "This is a demonstration. Do not enter real people’s")
    assert tasks.says("It sends no mail.") != alarms
    assert tasks.says("Mail needs somebody to look") == alarms
    ready = site.test_client().get("/readyz").json
    assert ready is not None and str(ready["mail"]).startswith(words)
    Sender(kit.desk, settings, None, lambda: kit.at).look()
    assert (words in caplog.text) == alarms
    said: list[str] = []
    demo.prepare(
        kit.desk, replace(config, mail=settings, people=()), kit.at, said.append, new=False
    )
    assert words in " ".join(said)


def test_the_command_says_what_waits_and_failed(type_: Terminal, tmp_path: Path) -> None:  # noqa: F811
    type_("person", "first", "ada", "Ada Admin", "ada@example.org")
    said = type_("mail")
    assert "No mail server is set up" in said and "0 wait, 0 of them too long" in said


def _letters(kit: Kit, reference: str) -> dict[str, Any]:
    with kit.store.reading() as unit:
        row = cases.find(unit, reference)
    assert row is not None
    return letters_of(kit, row.id)


def test_a_long_list_of_mails_says_that_it_has_more_and_leads_to_its_end(
    lea: Browser, kit: Kit, case: str
) -> None:
    id = next(iter(_letters(kit, case).values())).case_id
    _failed(kit, id, 505)
    _failed(kit, "of a case that is gone", 60)  # nobody sees it, and no number is told of it
    first = lea.visit("/mail")
    assert first.says("Showing 1 to 50 of more than 500 mails")
    assert first.says("506 mails failed or came back"), "with that of the case itself"
    assert len(first.tree.xpath("//tbody/tr")) == 50 and not first.says("that you do not see")
    end = lea.visit("/mail?show=open&page=11")
    assert end.says("Showing 501 to 506 of 506 mails")
    assert not any(words.startswith("Next") for words in end.links())
    assert lea.visit("/mail?page=99").says("There is none that you may see.")
    everything = mail.every_line(kit.desk)
    assert len(everything.lines) == 500 and everything.more


def _failed(kit: Kit, case: str, number: int) -> None:
    several = [
        letters.LetterRow(
            case_id=case,
            id=f"{n}",
            kind=letters.MAIL,
            source="1-1",
            person="ben",
            at=kit.at,
            since=kit.at,
            state=letters.FAILED,
            ended_at=kit.at,
        )
        for n in range(number)
    ]
    with kit.store.writing() as unit:
        letters.add(unit, several)


# one mail a day


def test_a_person_chooses_one_mail_a_day_and_goes_back_on_their_account(
    ann: Browser, kit: Kit
) -> None:
    assert ann.visit("/account").form("/account/mail")["mail"] == "at_once"
    assert ann.visit("/account").says("On working days at 8am")
    for choice in ("daily", "at_once"):
        form = ann.visit("/account").form("/account/mail")
        page = ann.send("/account/mail", form | {"mail": choice})
        assert page.form("/account/mail")["mail"] == choice
        assert daily_mail.wants_daily(kit.desk, PEOPLE["ann"]) == (choice == "daily")
    wrong = ann.send("/account/mail", form | {"mail": "never"}, 422)
    assert wrong.says("Choose when you get mail")


def test_the_page_says_what_goes_with_the_mail_of_the_day_and_what_went_with_it(
    lea: Browser, kit: Kit
) -> None:
    waits = {"effect": "mail", "to": "ann", "template": "due", "may_wait": "true"}
    drawn = diagram("start > send:tell > task:check > end", tell=waits, check={"groups": "clerk"})
    kit.deploy(FILES | drawn)
    daily_mail.choose(kit.desk, PEOPLE["ann"], True, kit.at)
    case = kit.started("lea").reference
    Post(kit.desk, Letterbox()).deliver(kit.at)
    for address in ("/mail", f"/cases/{case}/mail"):
        words = "Waits Goes with the mail of the day on 5 March 2026 at 8am"
        assert lea.visit(address).says(words)
    Post(kit.desk, Letterbox()).deliver(kit.at + timedelta(days=1))
    page = lea.visit(f"/cases/{case}/mail")
    assert page.says("Sent 5 March 2026 at 10am, with the mail of the day")
