"""Every check of a journey can fail, names what nobody knows, and never holds by saying nothing."""

from __future__ import annotations

import json

import pytest

from app.journeys import JourneyFailed
from app.journeys.file.claims import CHECKS
from tests.journeys.stories import ANSWERED, ASKED, FILES, START, story
from tests.kit import Kit


@pytest.fixture
def desk(kit: Kit) -> Kit:
    kit.deploy(FILES)
    return kit


SIGNED = ANSWERED + "  - {who: lead, do: decide, answers: {decided: yes}}\n"
LATE = ASKED + "  - at: 2026-06-05\n"
MOVED = ASKED + "  - {who: lead, move_deadline: answer, for: {item: gp}, to: 2026-06-09}\n"
ENDED = SIGNED + "  - {who: 'lead:b', do: decide}\n  - {message: call}\n"
WAITS = START + "  - {who: lead, suspend: true}\n"
DRAFTED = START + "  - {who: clerk, draft: ask, answers: {wanted: perhaps}}\n"

#: (story so far, what holds, what does not, what is said of it)
CLAIMS = {
    "open": (START, "open: [ask]", "open: [answer]", "“answer” should be open; open is ask."),
    "open so many": (
        ASKED, "open: {answer: 2}", "open: {answer: 3}",
        "“answer” should be open 3 times; open is answer ×2.",
    ),
    "open for one": (
        ANSWERED, "open: {decide: 1}", "open: {answer: [police, gp]}",
        "“answer” for police should be open; open is decide.",
    ),
    "nothing open": (ENDED, "open: []", None, ""),
    "something open": (START, "open: [ask]", "open: []", "Nothing should be open; open is ask."),
    "no block open": (START, "open: ask", "open: {}", "Nothing should be open; open is ask."),
    "not_open": (START, "not_open: [answer]", "not_open: [ask]", "“ask” is open."),
    "not_open for one": (
        ASKED + "  - {who: agency, do: answer, for: {item: gp}, answers: {text: a, more: b}}\n",
        "not_open: {answer: gp}", "not_open: {answer: police}", "“answer” for police is open.",
    ),
    "signed": (
        SIGNED, "signed: [decide]", "not_signed: [decide]",
        "“decide” has been signed by a first person.",
    ),
    "not_signed": (
        ANSWERED, "not_signed: [decide]", "signed: [decide]",
        "“decide” has not been signed by anybody.",
    ),
    "signed, not open": (SIGNED, "signed: decide", None, ""),
    "offered": (
        START, "offered: {ask: [lead, clerk]}", "offered: {ask: clerk}",
        "“ask” is offered to clerk, lead.",
    ),
    "offered to nobody": (
        "  - {at: 2026-06-01 10:15, who: clerk, start: idle}\n", "offered: {rest: nobody}",
        "offered: {rest: clerk}", "“rest” is offered to nobody.",
    ),
    "page": (DRAFTED, "page: {ask: Wanted}", "page: {ask: Unwanted}",
             "The page of “ask” does not say “Unwanted”."),
    "due": (START, "due: {ask: 2026-06-08}", "due: {ask: 2026-06-09}",
            "“ask” is due by Monday 8 June 2026, not 2026-06-09"),
    "due at an instant": (
        START, "due: {ask: 2026-06-08}", "due: {ask: 2026-06-08 10:15}", "not 2026-06-08 10:15",
    ),
    "due for one": (
        MOVED, "due: {answer: {gp: 2026-06-09, police: 2026-06-04}}",
        "due: {answer: {police: 2026-06-09}}", "“answer” for police is due by Thursday 4 June 2026",
    ),
    "backstop": (START, "backstop: {ask: 2026-06-15}", "backstop: {ask: 2026-06-16}",
                 "The backstop of “ask” is Monday 15 June 2026, not 2026-06-16."),
    "no backstop": (ASKED, "backstop: {answer: null}", "backstop: {answer: 2026-06-15}",
                    "“answer” has no backstop."),
    "a backstop there is": (START, "due: {ask: 2026-06-08}", "backstop: {ask: null}", "not none"),
    "sum": (START, "sum: {ask: 5 working days}", "sum: {ask: 6 working days}",
            "The sum of “ask” does not say “6 working days”"),
    "late": (LATE, "late: [answer]", "late: [ask]", "“ask” is not late: it is due by Monday"),
    "late for one": (
        MOVED + "  - at: 2026-06-05\n", "late: {answer: police}", "late: {answer: gp}",
        "“answer” for gp is not late: it is due by Tuesday 9 June 2026.",
    ),
    "nothing late": (START, "late: []", None, ""),
    "something late": (LATE, "late: [answer]", "late: []",
                       "Nothing should be or have been late; late is answer (due by Thursday 4"),
    "not_late": (LATE, "not_late: [ask]", "not_late: [answer]",
                 "“answer” is late: it was due by Thursday 4 June 2026, Thursday 4 June 2026."),
    "no_deadline": (ASKED, "no_deadline: [ask]", "no_deadline: [answer]",
                    "“answer” has a deadline: Thursday 4 June 2026"),
    "no_deadline at all": (ANSWERED, "no_deadline: true", None, ""),
    "some deadline": (START, "due: {ask: 2026-06-08}", "no_deadline: true",
                      "No deadline should run; running are ask (due by Monday 8 June 2026)."),
    "status": (START, "status: being_asked", "status: done", "The status is Being asked, not"),
    "ended": (ENDED, "ended: true", "ended: false", "The case has ended."),
    "not ended": (START, "ended: false", "ended: true", "The case has not ended."),
    "suspended": (WAITS, "suspended: true", "suspended: false", "The case is suspended."),
    "not suspended": (START, "suspended: false", "suspended: true", "The case is not suspended."),
    "variables": (ASKED, "variables: {wanted: yes, number: 0}", "variables: {number: 1}",
                  "“number” is 0, not 1."),
    "variable that was not set": (
        START, "variables: {who: [police, gp]}", "variables: {item: gp}",
        "No variable “item” was set.",
    ),
    "history": (ASKED, "history: [started, completed Ask]", "history: [completed Ask, started]",
                "The history does not say “started” after the one before."),
    "not_history": (ASKED, "not_history: [completed Decide]", "not_history: [Completed “Ask”]",
                    "The history says “Completed “Ask””: clerk completed"),
    "mail": (ANSWERED, "mail: [{to: agency, template: told, contains: is answered}]",
             "mail: [{to: lead}]", "No mail fits to: lead. Mails so far: clerk: begun; agency"),
    "mail that says otherwise": (
        ANSWERED, "mail: [{contains: T-2026-0001}]", "mail: [{template: told, contains: Never}]",
        "No mail fits template: told, contains: Never.",
    ),
    "mail so many times": (
        ASKED, "mail: [{template: begun, times: 1}, {template: told, times: 0}]",
        "mail: [{template: begun, times: 2}]", "1 mail fits template: begun; 2 should.",
    ),
    "no_mail": (ASKED, "no_mail: [{to: agency}, {template: late}]", "no_mail: [{to: clerk}]",
                "A mail fits to: clerk: clerk: begun."),
    "no_mail at all": (START, "no_mail: true", None, ""),
    "some mail": (ASKED, "open: [answer]", "no_mail: true",
                  "There should be no mail. Mails so far: clerk: begun."),
    "instances": (START, "instances: {p: 1, part: 0}", "instances: {p: 2}",
                  "“p” was started once, not 2."),
    "instances that were called": (
        ASKED, "instances: {part: 1}", "instances: {part: 0}", "“part” was started once, not 0.",
    ),
    "can_see": (START, "can_see: [clerk]", "can_see: ['agency:gp']",
                "“agency:gp” cannot see the case."),
    "cannot_see": (START, "cannot_see: ['agency:gp']", "cannot_see: [clerk]",
                   "“clerk” can see the case."),
}  # fmt: skip


@pytest.mark.parametrize(("before", "right", "wrong", "words"), CLAIMS.values(), ids=CLAIMS)
def test_a_check_holds_when_true_and_says_what_is_when_not(
    desk: Kit, before: str, right: str, wrong: str | None, words: str
) -> None:
    story(desk, f"{before}  - check: {{{right}}}\n")
    if wrong is None:
        return
    with pytest.raises(JourneyFailed) as caught:
        story(desk, f"{before}  - check: {{{wrong}}}\n")
    assert words in caught.value.sentence
    assert caught.value.sentence.startswith(f"check {wrong.partition(':')[0]}: ")
    assert caught.value.line == before.count("\n") + 3


def test_every_check_there_is_was_seen_to_fail() -> None:
    assert {row[2].partition(":")[0] for row in CLAIMS.values() if row[2]} == set(CHECKS)


UNKNOWN = {
    "open: [asq]": "No diagram has the task “asq”. Did you mean “ask”?",
    "not_open: [asq]": "No diagram has the task “asq”. Did you mean “ask”?",
    "not_open: [inform]": "“inform” is no task but a call activity.",
    "not_open: {answer: polise}": "“answer” was never for “polise”; so far it was for police, gp."
    " Did you mean “police”?",
    "not_open: {ask: police}": "so far there was none to tell apart",
    "not_late: {answer: dentist}": "“answer” was never for “dentist”",
    "no_deadline: {answer: dentist}": "“answer” was never for “dentist”",
    "signed: [decid]": "Did you mean “decide”?",
    "not_signed: [ask]": "“ask” needs one person, so nobody signs it first.",
    "offered: {ask: clark}": "Nobody is called “clark”, and no role is. Did you mean “clerk”?",
    "page: {asq: Wanted}": "Did you mean “ask”?",
    "due: {asq: 2026-06-08}": "No diagram has the element “asq”. Did you mean “ask”?",
    "backstop: {asq: 2026-06-08}": "Did you mean “ask”?",
    "sum: {asq: 5}": "Did you mean “ask”?",
    "late: [asq]": "Did you mean “ask”?",
    "not_late: [asq]": "Did you mean “ask”?",
    "no_deadline: [asq]": "Did you mean “ask”?",
    "status: being_aksed": "No diagram sets the status “being_aksed”. Did you mean “Being asked”?",
    "variables: {nmber: null}": "No diagram has the variable “nmber”. Did you mean “number”?",
    "mail: [{to: clark}]": "Nobody is called “clark”, and no role is. Did you mean “clerk”?",
    "no_mail: [{to: clark}]": "Nobody is called “clark”, and no role is. Did you mean “clerk”?",
    "no_mail: [{to: 'agency:polize'}]": "Nobody is called “agency:polize”",
    "mail: [{template: tolt}]": "There is no mail template “tolt”. Did you mean “told”?",
    "no_mail: [{template: tolt}]": "There is no mail template “tolt”. Did you mean “told”?",
    "instances: {parts: 0}": "No diagram has the process “parts”. Did you mean “part”?",
    "can_see: [clark]": "Nobody is called “clark”, and no role is. Did you mean “clerk”?",
    "cannot_see: [clark]": "Nobody is called “clark”, and no role is. Did you mean “clerk”?",
    "cannot_see: ['agency:polise']": "Did you mean “agency:police”?",
    "history_not: [x]": "A check has no key “history_not”. Did you mean",
    "mail: [{two: clerk}]": "A mail has no key “two”.",
    "no_mail: [{to: clerk, times: 1}]": "A mail has no key “times”.",
}


@pytest.mark.parametrize(("check", "words"), UNKNOWN.items(), ids=UNKNOWN)
def test_a_check_of_what_nobody_knows_is_a_fault_and_never_holds(
    desk: Kit, check: str, words: str
) -> None:
    with pytest.raises(JourneyFailed) as caught:
        story(desk, f"{ASKED}  - check:\n      {check}\n")
    assert words in caught.value.sentence
    assert caught.value.line == 6


#: a text of quotation marks only is nothing either
EMPTY = {
    **{key: "[]" for key in CHECKS if key not in ("open", "late")},
    **{f"{key} without a value": "" for key in CHECKS},
    "no_mail": "false", "no_deadline": "false", "status": "''", "offered": "{ask: []}",
    "page": "{ask: ''}", "due": "{ask: null}", "sum": "{ask: ''}", "history": "['']",
    "not_history": "['“”']", "mail": "[{}]", "can_see": "['']", "instances": "{p: many}",
    "mail that contains nothing": "[{template: told, contains: ''}]",
    "mail so many times": "[{times: 2}]",
}  # fmt: skip


@pytest.mark.parametrize(("key", "value"), EMPTY.items(), ids=EMPTY)
def test_a_check_that_says_nothing_is_a_fault(desk: Kit, key: str, value: str) -> None:
    with pytest.raises(JourneyFailed) as caught:
        story(desk, f"{ANSWERED}  - check:\n      {key.split()[0]}: {value}\n")
    assert caught.value.line == 8


@pytest.mark.parametrize("check", ["", "{}", "[]"])
def test_an_empty_check_is_a_fault(desk: Kit, check: str) -> None:
    with pytest.raises(JourneyFailed, match="This check checks nothing"):
        story(desk, f"{START}  - check: {check}\n")


def test_a_name_that_two_tasks_bear_means_both(kit: Kit) -> None:
    files = {
        path: content.replace(b'name="Decide"', b'name="Ask"') for path, content in FILES.items()
    }
    kit.deploy(files)
    story(kit, f"{ANSWERED}  - check: {{open: [Ask], not_open: [ask]}}\n")
    with pytest.raises(JourneyFailed, match="“Ask” is open"):
        story(kit, f"{ANSWERED}  - check: {{not_open: [Ask]}}\n")


def test_a_step_is_named_with_its_process_where_that_helps(desk: Kit) -> None:
    story(desk, f"{START}  - check: {{open: [p.ask]}}\n")
    with pytest.raises(JourneyFailed, match=r"No diagram has the task “part\.ask”"):
        story(desk, f"{START}  - check: {{not_open: [part.ask]}}\n")


def test_a_page_opens_with_the_draft_of_who_looks(desk: Kit) -> None:
    story(desk, f"{DRAFTED}  - {{who: clerk, check: {{page: {{ask: perhaps}}}}}}\n")
    with pytest.raises(JourneyFailed, match="does not say “perhaps”"):
        story(desk, f"{DRAFTED}  - {{who: lead, check: {{page: {{ask: perhaps}}}}}}\n")


def test_a_mail_to_somebody_who_cannot_open_the_case_stops_a_journey(kit: Kit) -> None:
    """Nobody has to ask for it: every mail of every journey is looked at."""
    blind = {
        path: content.replace(b'"agency:police"', b'"drawer"') for path, content in FILES.items()
    }
    kit.deploy(blind)
    with pytest.raises(JourneyFailed, match=r"“drawer” is told by mail .told. and cannot open"):
        story(kit, ANSWERED)


def test_a_mail_that_names_a_person_of_the_case_stops_a_journey(kit: Kit) -> None:
    name = {"type": "textfield", "id": "q", "key": "wanted", "label": "Who", "properties": {
        "persons": "child", "person_is": "name"}}  # fmt: skip
    ask = {"type": "default", "id": "ask", "schemaVersion": 18, "components": [name]}
    said = {"forms/mail/told.txt": b"Subject: All told\n\nMerrow is answered in {reference}."}
    kit.deploy(FILES | {"forms/ask.form": json.dumps(ask).encode()} | said)
    story(kit, ANSWERED.replace("wanted: yes", "wanted: Zola Sample"))
    with pytest.raises(JourneyFailed, match="The mail told names a person of the case: “Merrow”"):
        story(kit, ANSWERED.replace("wanted: yes", "wanted: Zola Merrow"))


@pytest.mark.parametrize("time", ["2026-03-04", "09:30:00", "23:00Z"])
def test_a_mail_that_says_a_time_as_machines_do_stops_a_journey(kit: Kit, time: str) -> None:
    kit.deploy(FILES | {"forms/mail/told.txt": f"Subject: Told\n\nBy {time}.".encode()})
    with pytest.raises(JourneyFailed, match=f"The mail told says “{time}”, as machines write"):
        story(kit, ANSWERED)
