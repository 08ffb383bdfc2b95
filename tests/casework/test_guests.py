"""Guests: who is asked by a link, and every way in which somebody else might try to use it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import store as rows
from app.audit.installation import log_page
from app.audit.verification.installation import verify_installation
from app.casework import accounts
from app.casework.access import SYSTEM
from app.casework.commands import Cancel, CompleteTask, ExcludePerson, Merge, SaveDraft
from app.casework.errors import NotFound, Refused, Throttled
from app.casework.people import guests
from app.store import Store
from tests.guests import ADDRESS, FILES, WHOM, Mailbox, asked, code_for, guest_form, link_to
from tests.kit import PEOPLE, Kit, diagram

GOOD = "violin carpet thunder 7"


@pytest.fixture
def kit(store: Store) -> Kit:
    """On either database."""
    return Kit(store)


def enter(kit: Kit, secret: str, code: str) -> str:
    return guests.enter(kit.desk, secret, code, kit.at).token


def arrived(kit: Kit, case: str, element: str = "reply") -> str:
    secret = link_to(kit, case, element)
    return enter(kit, secret, code_for(kit, case, element))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def test_a_link_and_a_code_open_exactly_the_one_task(kit: Kit) -> None:
    case = asked(kit)
    here = guests.holder(kit.desk, arrived(kit, case), kit.at)
    assert here is not None and here.task == kit.task(case, "reply")
    other = kit.task(case, "other")
    for task, said in ((other, NotFound), (kit.task(case, "correct"), NotFound)):
        with pytest.raises(said):
            kit.desk.do(CompleteTask(
                actor=here.person, at=kit.at, case=case, task=task, given={"known": "x"}
            ))  # fmt: skip
    kit.desk.do(CompleteTask(
        actor=here.person, at=kit.at, case=case, task=here.task, given={"known": "nothing"}
    ))  # fmt: skip
    assert "reply" not in kit.open(case)


def test_a_guest_sees_no_other_case(kit: Kit) -> None:
    case, other = asked(kit), None
    other = kit.start("ann")
    here = guests.holder(kit.desk, arrived(kit, case), kit.at)
    assert here is not None
    with pytest.raises(NotFound):
        kit.desk.do(SaveDraft(
            actor=here.person, at=kit.at, case=other, task=kit.task(other, "choose"), given={}
        ))  # fmt: skip


def test_the_history_says_who_answered_as_a_guest_and_how_they_came(kit: Kit) -> None:
    case = asked(kit)
    here = guests.holder(kit.desk, arrived(kit, case), kit.at)
    assert here is not None
    said = here.person.name
    assert "Jo Bright (Elm Surgery), as guest, by link to j…@surgery.example.org" in said
    assert "code read out by Ben Baker" in said and ADDRESS not in said


def test_the_team_may_still_answer_and_the_guest_is_over(kit: Kit) -> None:
    case = asked(kit)
    token = arrived(kit, case)
    kit.complete("ben", case, "reply", known="they rang")
    assert guests.holder(kit.desk, token, kit.at) is None


# ---------------------------------------------------------------- links


def test_a_used_link_opens_nothing(kit: Kit) -> None:
    case = asked(kit)
    secret, code = link_to(kit, case), code_for(kit, case)
    enter(kit, secret, code)
    with pytest.raises(NotFound):
        enter(kit, secret, code)


def test_opening_a_link_uses_nothing_up(kit: Kit) -> None:
    case = asked(kit)
    secret = link_to(kit, case)
    for _ in range(3):
        guests.demand(kit.desk, secret, kit.at)
    assert enter(kit, secret, code_for(kit, case))


def test_a_link_opens_nothing_after_its_time(kit: Kit) -> None:
    case = asked(kit)
    secret = link_to(kit, case)
    kit.later(days=14)
    with pytest.raises(NotFound):
        guests.demand(kit.desk, secret, kit.at)


def test_a_newer_link_ends_the_older_one(kit: Kit) -> None:
    case = asked(kit)
    first = link_to(kit, case)
    link_to(kit, case)
    with pytest.raises(NotFound):
        guests.demand(kit.desk, first, kit.at)


def test_the_code_of_one_task_does_not_open_the_link_of_another(kit: Kit) -> None:
    case = asked(kit)
    link_to(kit, case, "other")
    secret = link_to(kit, case)
    with pytest.raises(Refused):
        enter(kit, secret, code_for(kit, case, "other"))


def test_a_forwarded_link_opens_nothing_without_a_code(kit: Kit) -> None:
    case = asked(kit)
    secret = link_to(kit, case)
    with pytest.raises(Refused):
        enter(kit, secret, "00000000")


def _team_withdraws(kit: Kit, case: str) -> None:
    guests.withdraw(kit.desk, PEOPLE["ben"], case, kit.task(case, "reply"), kit.at)


def _number_is_corrected(kit: Kit, case: str) -> None:
    kit.complete("ben", case, "correct", telephone="01306 555 999")


def _case_is_cancelled(kit: Kit, case: str) -> None:
    kit.desk.do(Cancel(actor=SYSTEM, at=kit.at, case=case, reason="r"))


def _case_is_merged(kit: Kit, case: str) -> None:
    into = kit.started("ann").reference
    kit.desk.do(Merge(actor=SYSTEM, at=kit.at, case=case, into=into, reason="r"))


def _guest_is_shut_out(kit: Kit, case: str) -> None:
    with kit.store.writing() as unit:
        person = rows.PersonRow("jo", "Jo Bright", ADDRESS.upper(), (), {}, None, False)
        rows.people.accounts.put(unit, person, [], kit.at)
    kit.desk.do(ExcludePerson(actor=SYSTEM, at=kit.at, case=case, person="jo", reason="r"))


ENDS: dict[str, Callable[[Kit, str], None]] = {
    "withdrawn": _team_withdraws,
    "the number is corrected": _number_is_corrected,
    "cancelled": _case_is_cancelled,
    "merged": _case_is_merged,
    "shut out": _guest_is_shut_out,
}


@pytest.mark.parametrize("how", ENDS)
def test_link_code_and_session_end_when_it_is(kit: Kit, how: str) -> None:
    case = asked(kit)
    token = arrived(kit, case)
    secret, code = link_to(kit, case), code_for(kit, case)
    here = guests.holder(kit.desk, token, kit.at)
    assert here is not None
    ENDS[how](kit, case)
    assert guests.holder(kit.desk, token, kit.at) is None
    with pytest.raises(NotFound):
        enter(kit, secret, code)


# ---------------------------------------------------------------- codes


def test_after_five_tries_the_right_code_is_wrong_too(kit: Kit) -> None:
    case = asked(kit)
    secret, code = link_to(kit, case), code_for(kit, case)
    for _ in range(5):
        with pytest.raises(Refused):
            enter(kit, secret, wrong(code))
    with pytest.raises(Refused):
        enter(kit, secret, code)


def test_guesses_made_at_once_are_five_at_most(kit: Kit) -> None:
    case = asked(kit)
    secret, code = link_to(kit, case), code_for(kit, case)

    def guess(number: int) -> bool:
        try:
            enter(kit, secret, f"{(int(code) + 1 + number) % 10**8:08d}")
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(guess, range(24)))
    with kit.store.reading() as unit:
        guest = rows.people.guests.newest_of(unit, case, kit.task(case, "reply"))
        assert guest is not None
        kept = rows.people.guests.open_code(unit, guest.id, kit.at)
    assert kept is not None and kept.tries == 5


def test_one_code_typed_twice_at_once_opens_once(kit: Kit) -> None:
    case = asked(kit)
    secret, code = link_to(kit, case), code_for(kit, case)

    def come(_: int) -> bool:
        try:
            enter(kit, secret, code)
        except (Refused, NotFound):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(come, range(4))) == 1


def test_a_code_lasts_a_quarter_of_an_hour(kit: Kit) -> None:
    case = asked(kit)
    secret, code = link_to(kit, case), code_for(kit, case)
    kit.later(minutes=15)
    with pytest.raises(Refused):
        enter(kit, secret, code)


def test_a_newer_code_ends_the_older_one(kit: Kit) -> None:
    case = asked(kit)
    secret, code = link_to(kit, case), code_for(kit, case)
    while code_for(kit, case) == code:
        pass
    with pytest.raises(Refused):
        enter(kit, secret, code)


@pytest.mark.parametrize("number", ["", ADDRESS, "ring the surgery", "12"])
def test_no_code_goes_to_what_is_no_telephone_number(kit: Kit, number: str) -> None:
    case = asked(kit, telephone=number)
    link_to(kit, case)
    with pytest.raises(Refused, match="no telephone number"):
        code_for(kit, case)


def test_a_code_is_read_out_only_by_who_sees_all_of_the_case(kit: Kit) -> None:
    case = asked(kit)
    link_to(kit, case)
    for who in ("pol", "dra", "out"):
        with pytest.raises(NotFound):
            code_for(kit, case, who=who)


# ---------------------------------------------------------------- sessions and drafts


def test_a_session_ends_when_nothing_happens_and_at_the_latest_after_hours(kit: Kit) -> None:
    token = arrived(kit, asked(kit))
    kit.later(minutes=30)
    assert guests.holder(kit.desk, token, kit.at) is None


def test_who_comes_in_anew_ends_the_session_of_before(kit: Kit) -> None:
    case = asked(kit)
    first = arrived(kit, case)
    second = arrived(kit, case)
    assert guests.holder(kit.desk, first, kit.at) is None
    assert guests.holder(kit.desk, second, kit.at) is not None


def test_a_draft_is_for_the_guest_alone_and_there_again_with_a_new_link(kit: Kit) -> None:
    from app.casework.views import task_page

    case = asked(kit)
    here = guests.holder(kit.desk, arrived(kit, case), kit.at)
    assert here is not None
    draft: dict[str, Any] = {"known": "half a sentence"}
    kit.desk.do(SaveDraft(
        actor=here.person, at=kit.at, case=case, task=here.task, given=draft
    ))  # fmt: skip
    assert task_page(kit.desk, PEOPLE["ben"], case, here.task, kit.at).draft is None
    back = guests.holder(kit.desk, arrived(kit, case), kit.at)
    assert back is not None
    assert task_page(kit.desk, back.person, case, here.task, kit.at).draft == draft


# ---------------------------------------------------------------- mails and the log


def test_every_task_that_asks_a_guest_mails_a_link(kit: Kit) -> None:
    case, mailbox = asked(kit), Mailbox(kit)
    secrets = mailbox.fetch(kit.at)
    assert len(set(secrets)) == 2
    letter = mailbox.letters[0]
    text = letter.get_content()
    assert letter["To"] == ADDRESS and "code of eight digits" in text and "Ring the team" in text
    assert "Jo Bright" not in text and "T-2026" not in f"{letter['Subject']}{text}"
    assert all(guests.demand(kit.desk, secret, kit.at) for secret in secrets)
    assert kit.open(case)


def test_a_mail_that_could_not_be_sent_goes_later_with_a_link_that_opens(kit: Kit) -> None:
    asked(kit)
    mailbox = Mailbox(kit)
    mailbox.away = True
    assert mailbox.fetch(kit.at) == []
    mailbox.away = False
    kit.later(minutes=5)
    secrets = mailbox.fetch(kit.at)
    assert len(secrets) == 2 and all(guests.demand(kit.desk, s, kit.at) for s in secrets)


def test_no_secret_stands_in_the_database(kit: Kit) -> None:
    case, mailbox = asked(kit), Mailbox(kit)
    secrets = mailbox.fetch(kit.at)
    code = code_for(kit, case)
    with kit.store.reading() as unit:
        from app.store.columns import METADATA

        for table in METADATA.sorted_tables:
            for row in unit.rows(text(f'SELECT * FROM "{table.name}"')):
                for value in row:
                    said = value if isinstance(value, bytes) else str(value).encode()
                    assert not any(secret.encode() in said for secret in secrets), table.name
                    assert said != code.encode(), table.name
        for row in rows.work.messages.outbox_of(unit, case):
            body = row.content(rows.cases.key_of(unit, case))
            assert not any(secret.encode() in body for secret in secrets)


def test_a_new_link_goes_to_the_same_mailbox_and_not_too_often(kit: Kit) -> None:
    case, mailbox = asked(kit), Mailbox(kit)
    secret = mailbox.fetch(kit.at)[0]
    guests.again(kit.desk, secret, kit.at)
    assert mailbox.fetch(kit.at) == []
    kit.later(minutes=11)
    for _ in range(3):
        guests.again(kit.desk, secret, kit.at)
    assert len(mailbox.fetch(kit.at)) == 1 and mailbox.letters[-1]["To"] == ADDRESS
    guests.again(kit.desk, "made up", kit.at)
    assert kit.open(case)


def test_a_withdrawn_guest_gets_no_link_by_asking_but_by_the_team(kit: Kit) -> None:
    case, mailbox = asked(kit), Mailbox(kit)
    mailbox.fetch(kit.at)
    secret = link_to(kit, case)
    _team_withdraws(kit, case)
    kit.later(hours=1)
    guests.again(kit.desk, secret, kit.at)
    assert mailbox.fetch(kit.at) == []
    guests.send_anew(kit.desk, PEOPLE["ben"], case, kit.task(case, "reply"), kit.at)
    assert len(mailbox.fetch(kit.at)) == 1


def test_the_log_tells_all_of_it_and_agrees_with_the_tables(kit: Kit) -> None:
    case = asked(kit)
    token = arrived(kit, case)
    guests.leave(kit.desk, token, kit.at)
    verdict = verify_installation(kit.store)
    assert verdict is not None and verdict.good
    kinds = _kinds(kit.store)
    assert kinds[-4:] == ["InviteGuest", "MakeGuestCode", "GuestIn", "GuestOut"]


def test_no_code_is_read_out_where_no_link_would_take_it(kit: Kit) -> None:
    case = asked(kit)
    arrived(kit, case)
    with pytest.raises(Refused, match="used up"):
        code_for(kit, case)


def test_a_session_that_is_over_is_swept_and_the_log_still_agrees(kit: Kit) -> None:
    arrived(kit, asked(kit))
    over = "SELECT count(*) FROM guest_session"
    for hours, left in ((20, 1), (20, 0)):  # what is typed within a day is kept for them
        kit.later(hours=hours)
        accounts.ensure(kit.desk, "eve", "Eve Early", ["clerk"], kit.at, password=GOOD)
        accounts.sign_in(kit.desk, "eve", GOOD, kit.at, "10.0.0.1")
        with kit.store.reading() as unit:
            assert unit.value(text(over)) == left
        verdict = verify_installation(kit.store)
        assert verdict is not None and verdict.good


def test_a_session_that_somebody_wrote_into_the_database_is_found(kit: Kit) -> None:
    case = asked(kit)
    arrived(kit, case)
    with kit.store.writing() as unit:
        guest = rows.people.guests.newest_of(unit, case, kit.task(case, "reply"))
        assert guest is not None
        until = kit.at.replace(year=2030)
        rows.people.guests.add_session(unit, bytes(32), guest.id, "", kit.at, until)
    verdict = verify_installation(kit.store)
    assert verdict is not None and not verdict.good


@pytest.mark.parametrize("table", ["guest", "guest_link", "guest_code"])
def test_a_row_that_was_changed_behind_the_log_is_found(kit: Kit, table: str) -> None:
    from sqlalchemy import text

    arrived(kit, asked(kit))
    with kit.store.writing() as unit:
        unit.run(text(f"UPDATE {table} SET how = 'x'"))
    verdict = verify_installation(kit.store)
    assert verdict is not None and not verdict.good


def _kinds(database: Store) -> list[str]:
    from app.store.chain import log

    with database.reading() as unit:
        return [row.kind for row in rows.chain.history.rows(unit, log.entries.NAME)]


def test_a_mail_of_a_drawing_reminds_the_guest_with_a_new_link(kit: Kit) -> None:
    drawn = diagram(
        "start > task:choose > task:reply > end; boundary:late > send:remind > end:told",
        choose={"groups": "clerk", "form": "chosen"},
        reply={"groups": "clerk", "form": "answer", "guest": "whom"},
        late={"on": "reply", "timer": "P2D", "interrupting": "false"},
        remind={"effect": "mail", "to": "clerk", "template": "hello", "guest_of": "reply"},
    )
    plain = {**WHOM, "telephone": "=records.choose.telephone"}
    hello = {"forms/mail/hello.txt": b"Subject: Hello\n\nSomebody has not answered.\n"}
    asked(kit, {**FILES, **drawn, **hello, **guest_form(**plain)})
    mailbox = Mailbox(kit)
    (first,) = mailbox.fetch(kit.at)
    kit.later(days=2)
    kit.desk.wake_due(kit.at)
    (second,) = mailbox.fetch(kit.at)
    assert guests.demand(kit.desk, second, kit.at)
    with pytest.raises(NotFound):
        guests.demand(kit.desk, first, kit.at)


def test_a_code_by_text_message_goes_to_the_number_of_the_case_three_times_an_hour(
    kit: Kit,
) -> None:
    case = asked(kit)
    secret = link_to(kit, case)
    for _ in range(3):
        made = guests.texted(kit.desk, secret, kit.at)
        assert made.contact.telephone == "01306555123"
    with pytest.raises(Throttled):
        guests.texted(kit.desk, secret, kit.at)
    here = guests.holder(kit.desk, enter(kit, secret, made.code), kit.at)
    assert here is not None and "code by SMS" in here.person.name


def test_the_log_says_what_a_guest_is_and_not_who(kit: Kit) -> None:
    case = asked(kit)
    arrived(kit, case)
    with kit.store.reading() as unit:
        reference = rows.cases.find(unit, case).reference  # type: ignore[union-attr]
    place = f"guest of case {reference} (Elm Surgery)"
    lines = [line.sentence for line in log_page(kit.desk, PEOPLE["aud"], topic="guests").lines]
    assert f"A {place} came in by their link, which is used up." in lines
    assert any(f"made a link for the {place}, to " in line for line in lines), lines
    assert any(f", for the {place}." in line for line in lines), lines
    assert not any("Jo Bright" in line or "guest:" in line for line in lines), lines


def test_a_guest_has_no_sight_of_another_case(kit: Kit) -> None:
    case = asked(kit)
    other = kit.start("ann")
    here = guests.holder(kit.desk, arrived(kit, case), kit.at)
    assert here is not None
    with kit.store.reading() as unit:
        seen = [
            kit.desk.roles.sight(here.person, rows.cases.members(unit, each))
            for each in (case, other)
        ]
    assert seen == ["guest", "none"]


def test_a_reminder_sends_no_link_to_who_was_withdrawn(kit: Kit) -> None:
    case = asked(kit)
    link_to(kit, case)
    _team_withdraws(kit, case)
    lasts = timedelta(days=1)
    assert guests.invite(kit.desk, case, kit.task(case, "reply"), kit.at, lasts) is None


def test_a_guest_is_over_in_a_merged_case_also_where_its_process_goes_on(kit: Kit) -> None:
    from sqlalchemy import text

    case = asked(kit)
    token = arrived(kit, case)
    with kit.store.writing() as unit:  # its tasks do not rest
        unit.run(text("UPDATE cases SET merged_into = 'T-2026-0009'"))
    assert guests.holder(kit.desk, token, kit.at) is None
