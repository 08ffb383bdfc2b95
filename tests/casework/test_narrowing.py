"""A person's work, narrowed and sorted: what is counted is what is shown, on both databases."""

from __future__ import annotations

import pytest

from app.casework.commands import SaveDraft
from app.casework.people.saved_lists import wished
from app.casework.reading import narrowing
from tests.kit import PEOPLE, Kit, diagram, form


def two_cases(kit: Kit) -> Kit:
    """The second began an hour later. “Agree” is Lead's, the other tasks are two groups'."""
    kit.deploy(
        diagram(
            "start > and:fork; fork > task:check > join; fork > task:agree > join;"
            " fork > task:reply > and:join > end",
            check={"groups": "clerk,lead", "form": "words",
                   "due": "=working_days_after(today(), 2)"},
            agree={"groups": "lead", "due": "=working_days_after(today(), 30)"},
            reply={"groups": "clerk,lead"},
        ),
        form("words", "reason"),
    )  # fmt: skip
    kit.start("ann")
    kit.later(hours=1)
    kit.start("ann")
    return kit


WISHES: dict[str, tuple[dict[str, str], list[str]]] = {
    "what it is called": ({"name": "Agree"}, ["Agree 1", "Agree 2"]),
    "whose": ({"group": "g:clerk"}, []),
    "theirs": ({"group": "g:lead", "name": "Reply"}, ["Reply 1", "Reply 2"]),
    "due soon": ({"due": "soon"}, ["Check 1", "Check 2"]),
    "due later": ({"due": "later"}, ["Agree 1", "Agree 2"]),
    "no deadline": ({"due": "none"}, ["Reply 1", "Reply 2"]),
    "late": ({"due": "late"}, []),
    "begun by me": ({"begun": "me"}, ["Check 1"]),
    "begun by somebody else": ({"begun": "others"}, ["Check 2"]),
    "begun by nobody, soon": ({"begun": "nobody", "due": "soon"}, []),
    "waiting longest": (
        {"order": "waiting", "due": "none"},
        ["Reply 1", "Reply 2"],
    ),
    "newest": ({"order": "newest", "due": "none"}, ["Reply 2", "Reply 1"]),
    "by what is to be done": (
        {"order": "name"},
        ["Agree 1", "Agree 2", "Check 1", "Check 2", "Reply 1", "Reply 2"],
    ),
    "by case": (
        {"order": "case"},
        ["Check 1", "Agree 1", "Reply 1", "Check 2", "Agree 2", "Reply 2"],
    ),
    "what cannot be wished": (
        {"due": "x' or 1=1", "order": "due; drop", "begun": "all", "name": "Reply"},
        ["Reply 1", "Reply 2"],
    ),
}


@pytest.mark.parametrize(("wish", "tasks"), WISHES.values(), ids=WISHES)
def test_what_is_wished_is_shown_and_counted(
    both: Kit, wish: dict[str, str], tasks: list[str]
) -> None:
    two_cases(both)
    first, second = "T-2026-0001", "T-2026-0002"
    for who, case in (("lea", first), ("ann", second)):
        task = both.task(case, "check")
        both.do(SaveDraft, who, case=case, task=task, given={"reason": "Half a word"})
    work = narrowing.narrowed_list(both.desk, PEOPLE["lea"], both.at, "all", wished(**wish), 1, 50)
    assert [f"{row.name} {row.case[-1]}" for row in work.rows] == tasks
    assert work.total == work.counts["all"] == len(tasks)


def test_pages_of_a_narrowed_list_follow_each_other(both: Kit) -> None:
    two_cases(both)
    pages = [
        narrowing.narrowed_list(
            both.desk, PEOPLE["lea"], both.at, "all", wished(due="none"), number, 1
        )
        for number in (1, 2, 3)
    ]
    assert [[row.case[-1] for row in page.rows] for page in pages] == [["1"], ["2"], []]
    assert {page.total for page in pages} == {2}


def test_what_there_is_to_choose_from_is_what_is_theirs_to_do(both: Kit) -> None:
    two_cases(both)
    for who, names in (("lea", ("Agree", "Check", "Reply")), ("ann", ("Check", "Reply"))):
        assert narrowing.choices(both.desk, PEOPLE[who], both.at).names == names
    assert narrowing.choices(both.desk, PEOPLE["lea"], both.at).groups == {"g:lead": "Lead"}
    assert narrowing.choices(both.desk, PEOPLE["out"], both.at).names == ()
