"""Who sees only their own part of a case hears of the rest what is meant for them, and no more."""

from __future__ import annotations

import json

import pytest

from app.casework import NotFound, views
from app.casework.commands import Cancel, Merge, Resume, Suspend
from app.config.installation import Mail
from app.scheduler.letters import words
from app.store import cases
from app.store.work import messages
from tests.kit import PEOPLE, Kit, diagram, form

TELLS = {"suspended": "paused", "resumed": "goes_on", "cancelled": "closed"}
SHOWN = {
    "type": "default", "id": "weigh", "schemaVersion": 18,
    "components": [
        {"type": "textfield", "id": "a", "key": "answer", "label": "What we tell them",
         "properties": {"shown_to": "starter", "shown_as": "About your request"}},
        {"type": "textfield", "id": "b", "key": "inside", "label": "What we think"},
        {"type": "textfield", "id": "c", "key": "for_gp", "label": "What the GP is told",
         "properties": {"shown_to": "agency:gp, clerk"}},
    ],
}  # fmt: skip
FILES = (
    diagram(
        "start > task:weigh > send:tell > task:ask > task:rest > end",
        start_groups="clerk,agency",
        weigh={"groups": "clerk,lead", "form": "weigh"},
        tell={"effect": "mail", "to": "starter", "template": "decided"},
        ask={"groups": "agency:gp"},
        rest={"groups": "clerk"},
    )
    | form("tick", "note")
    | {
        "forms/weigh.form": json.dumps(SHOWN).encode(),
        "forms/mail/decided.txt": b"Subject: Decided in {reference}\n\nPlease look.",
        "forms/mail/paused.txt": b"Subject: Paused: {reference}\n\nNothing to do. {reason}",
        "forms/mail/goes_on.txt": b"Subject: Goes on: {reference}\n\nPlease look.",
        "forms/mail/closed.txt": b"Subject: Closed: {reference}\n\nNothing more to do.",
        "settings.json": json.dumps({"tells": TELLS}).encode(),
    }
)
MAIL = Mail(sender="cases@example.org")


@pytest.fixture
def case(both: Kit) -> str:
    """Begun by the police, weighed by a clerk; the GP is asked."""
    both.deploy(FILES)
    case = both.start("pol")
    both.complete(
        "ann", case, "weigh", answer="We look into it", inside="Weak", for_gp="Please say"
    )
    return case


def told(kit: Kit, case: str, who: str) -> tuple[list[str], list[str]]:
    """(questions that are shown, subjects of mails)."""
    page = views.told_page(kit.desk, PEOPLE[who], case, kit.at)
    return [one.question for one in page.answers], [one.subject for one in page.mails]


def sent_to(kit: Kit, case: str) -> list[tuple[str, list[str]]]:
    """(subject, people) of each mail, in order."""
    installation, sent = kit.desk.installation, []
    with kit.store.reading() as unit:
        row = cases.find(unit, case)
        assert row is not None
        for effect in messages.outbox_of(unit, case):
            people, subject, _ = words(unit, effect, row, MAIL, installation, kit.at)
            sent += [(subject, sorted(person.id for person in people))] if people else []
    return sent


def reference(kit: Kit, case: str) -> str:
    return views.case_page(kit.desk, PEOPLE["ann"], case, kit.at).case


def test_who_began_a_case_gets_the_mail_for_the_starter_and_nobody_else(
    both: Kit, case: str
) -> None:
    assert sent_to(both, case) == [(f"Decided in {reference(both, case)}", ["pol"])]


def test_they_read_the_answers_that_are_for_them_and_their_mail(both: Kit, case: str) -> None:
    assert told(both, case, "pol") == (
        ["About your request"], [f"Decided in {reference(both, case)}"],
    )  # fmt: skip


def test_a_group_reads_the_answers_that_are_for_it(both: Kit, case: str) -> None:
    assert told(both, case, "gil") == (["What the GP is told"], [])


def test_who_sees_all_of_the_case_finds_it_in_the_history(both: Kit, case: str) -> None:
    assert told(both, case, "ann") == ([], [])


def test_who_is_not_in_the_case_is_told_nothing(both: Kit, case: str) -> None:
    with pytest.raises(NotFound):
        told(both, case, "out")


def test_a_pause_and_its_end_are_told_to_who_waits_and_who_began_it(both: Kit, case: str) -> None:
    both.do(Suspend, "lea", case=case, reason="The court asked for it")
    both.do(Resume, "lea", case=case, reason="It is over")
    name = reference(both, case)
    assert sent_to(both, case)[1:] == [
        (f"Paused: {name}", ["gil", "pol"]), (f"Goes on: {name}", ["gil", "pol"]),
    ]  # fmt: skip


def test_a_close_is_told_also_to_who_had_done_a_task(both: Kit, case: str) -> None:
    both.complete("gil", case, "ask", note="Done")
    both.do(Cancel, "lea", case=case, reason="A double")
    subject, people = sent_to(both, case)[-1]
    assert subject == f"Closed: {reference(both, case)}"
    assert {"gil", "pol", "ann"} <= set(people)


def test_the_reason_stays_in_the_case(both: Kit, case: str) -> None:
    both.do(Suspend, "lea", case=case, reason="Zoë is in court")
    page = views.told_page(both.desk, PEOPLE["pol"], case, both.at)
    assert not [one for one in page.mails if "Zoë" in one.subject + one.text]


def test_without_a_text_in_the_settings_nobody_is_told(both: Kit) -> None:
    both.deploy(FILES | {"settings.json": b"{}"})
    case = both.start("pol")
    both.do(Suspend, "lea", case=case, reason="It waits")
    assert sent_to(both, case) == []


def test_after_a_merge_who_began_either_case_is_told(both: Kit, case: str) -> None:
    other = both.start("gil")
    both.do(Merge, "lea", case=other, into=case, reason="Both are about the same")
    both.do(Suspend, "lea", case=case, reason="It waits")
    assert set(sent_to(both, case)[-1][1]) >= {"pol", "gil"}
    assert set(told(both, case, "gil")[0]) == {"What the GP is told", "About your request"}


def test_those_who_were_asked_are_told_whatever_became_of_their_task(both: Kit) -> None:
    both.deploy(
        diagram(
            "start > task:ask > send:tell > task:rest > end",
            ask={"groups": '=["agency:gp", "agency:police"]'},
            tell={"effect": "mail", "to": "contributors", "template": "decided"},
            rest={"groups": "clerk"},
        ),
        form("tick", "note"),
        {"forms/mail/decided.txt": b"Subject: Over\n\nNothing more is asked."},
    )
    case = both.start("ann")
    both.complete("gil", case, "ask", note="Done")
    assert [(subject, sorted(people)) for subject, people in sent_to(both, case)] == [
        ("Over", ["gil", "pol"])
    ]
    assert told(both, case, "pol")[1] == ["Over"]


def test_what_a_start_form_shows_is_read_too(both: Kit) -> None:
    asks = {"type": "textfield", "id": "q", "key": "about", "label": "What it is about"}
    begin = {"type": "default", "id": "begin", "schemaVersion": 18, "components": [
        asks | {"properties": {"shown_to": "agency:gp"}},
    ]}  # fmt: skip
    both.deploy(
        diagram("start > task:ask > end", start={"form": "begin"}, ask={"groups": "agency:gp"}),
        form("tick", "note"),
        {"forms/begin.form": json.dumps(begin).encode()},
    )
    case = both.start("ann", about="A fall")
    assert told(both, case, "gil")[0] == ["What it is about"]
