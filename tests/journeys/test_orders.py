"""Every order of a journey: what it does, and what is said of a name that nobody knows."""

from __future__ import annotations

import pytest

from app.casework import Desk
from app.journeys import JourneyFailed
from app.journeys.file.step_orders import ORDERS
from app.journeys.file.steps import STEP_KEYS
from tests.casework.test_retention import KEPT
from tests.journeys.stories import ANSWERED, ASKED, FILES, PRESENT, START, story
from tests.kit import Kit, diagram, settings
from tests.rows import need_rows


@pytest.fixture
def desk(kit: Kit) -> Kit:
    kit.desk = Desk(kit.store, settings(retention=KEPT))
    kit.deploy(FILES, STOPS)
    return kit


#: an hour after it began it comes to a way that there is not
STOPS = diagram(
    "start > and:fork > catch:hour > xor:which > task:high > end:a; which > task:low > end:b;"
    " fork > task:mend > end:c", process="stops", start_groups="clerk",
    hour={"timer": "PT1H"}, high={"groups": "clerk", "condition": "=x > 3"},
    low={"groups": "clerk", "condition": "=x < 1"}, mend={"groups": "clerk,lead", "out": "=5->x"},
    var={"x": "2"},
)  # fmt: skip
STOPPED = (
    "  - {at: 2026-06-01 10:15, who: clerk, start: stops, case: A}\n"
    "  - {at: 2026-06-01 11:15, stops: which}\n"
)
HELD = START + "  - {who: lead, hold: trial}\n"
OVER = START + "  - {who: lead, cancel: true}\n"

BOTH = START + "  - {who: clerk, start: p, case: B}\n"
#: order → (story so far, its steps)
DONE = {
    "claim": (START, "{who: clerk, claim: ask, check: {history: [clerk took Ask]}}"),
    "release": (
        START + "  - {who: clerk, claim: ask}\n",
        "{who: clerk, release: ask, check: {history: [gave back Ask]}}",
    ),
    "assign": (START, "{who: lead, assign: ask, to: 'clerk:b', check: {history: [assigned Ask]}}"),
    "take_over": (
        START + "  - {who: 'clerk:b', draft: ask, answers: {wanted: maybe}}\n",
        "{who: clerk, take_over: ask, to: 'clerk:b', check: {history: [had begun of Ask]}}",
    ),
    "draft": (START, "{who: clerk, draft: ask, answers: {wanted: maybe}, check: {open: [ask]}}"),
    "move_deadline": (
        START, "{who: lead, move_deadline: ask, to: 2026-06-10 12:00, reason: Ann is ill,"
        " check: {due: {ask: 2026-06-10 12:00}, history: [Ann is ill]}}",
    ),
    "document": (
        ASKED, "{who: clerk, document: note, contains: [The answer is yes, For T-2026-0001],"
        " hides: [maybe], check: {history: [The note]}}",
    ),
    "look_across": (
        START, "{who: lead, look_across: true, check: {history: ['Shown: none']}}",
    ),
    "lay_beside": (
        BOTH, "{who: lead, lay_beside: A, case: B, check: {history: [looked at this case beside]}}",
    ),
    "merge_into": (BOTH, "{who: lead, merge_into: A, case: B, check: {status: merged}}"),
    "unmerge": (
        BOTH + "  - {who: lead, merge_into: A, case: B}\n",
        "{who: lead, unmerge: true, case: B, reason: Two sisters, check: {history: [Two sisters]}}",
    ),
    "suspend": (
        START, "{who: lead, suspend: true, reason: The court asked,"
        " check: {suspended: true, history: [The court asked]}}",
    ),
    "resume": (
        START + "  - {who: lead, suspend: true}\n",
        "{who: lead, resume: true, check: {suspended: false}}",
    ),
    "cancel": (START, "{who: lead, cancel: true, check: {ended: true, open: []}}"),
    "exclude": (
        START, "{who: lead, exclude: clerk, reason: A cousin, check: {cannot_see: [clerk],"
        " can_see: ['clerk:b'], history: [A cousin]}}",
    ),
    "lift_exclusion": (
        START + "  - {who: lead, exclude: clerk}\n  - {who: lead, lift_exclusion: clerk}\n",
        "{who: 'lead:b', lift_exclusion: clerk, check: {can_see: [clerk]}}",
    ),
    "break_glass": (  # nobody of these answers for the data
        START, "{who: 'agency:gp', break_glass: true, refused: nothing here}",
    ),
    "take_back": (
        START + "  - {message: call}\n",
        "{who: lead, take_back: call, reason: Another case, check: {history: [Another case]}}",
    ),
    "hold": (START, "{who: lead, hold: trial, reason: Next May, check: {history: [A trial]}}"),
    "lift_hold": (
        HELD + "  - {who: lead, lift_hold: trial}\n"
        "  - {who: lead, lift_hold: trial, refused: Somebody else must agree}\n",
        "{who: 'lead:b', lift_hold: trial, reason: It is over, check: {history: [It is over]}}",
    ),
    "erase": (
        OVER + "  - {who: lead, erase: court, reason: The court asked}\n"
        "  - {who: lead, erase: due, refused: The time of this case is not over}\n",
        "{who: 'lead:b', erase: court, check: {history: [destroyed]}}",
    ),
    "keep": (
        OVER + "  - {who: lead, erase: court}\n",
        "{who: lead, keep: true, reason: A mistake, check: {history: [A mistake]}}",
    ),
    "retry": (
        STOPPED + "  - {who: clerk, do: mend}\n", "{who: lead, retry: which, check: {open: [high],"
        " history: [tried again]}}",
    ),
    "send_again": (
        ANSWERED, "{who: lead, send_again: 'agency:police', check: {history: [sent again]}}",
    ),
    "add_member": (START, "{who: lead, add_member: 'agency:gp', check: {can_see: ['agency:gp']}}"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "step"), DONE.values(), ids=DONE)
def test_an_order_does_what_the_pages_do(desk: Kit, before: str, step: str) -> None:
    story(desk, f"{before}  - {step}\n")


#: order → (its step, what is said)
UNKNOWN = {
    "start": ("{who: clerk, start: q}", "No diagram has the process “q”."),
    "do": ("{who: clerk, do: asq}", "No diagram has the task “asq”. Did you mean “ask”?"),
    "do a call": ("{who: clerk, do: inform}", "“inform” is no task but a call activity."),
    "draft": ("{who: clerk, draft: asq}", "No diagram has the task “asq”. Did you mean “ask”?"),
    "claim": ("{who: clerk, claim: asq}", "No diagram has the task “asq”. Did you mean “ask”?"),
    "take_over": (
        "{who: clerk, take_over: ask, to: clark}", "Nobody is called “clark”, and no role is.",
    ),
    "release": ("{who: clerk, release: asq}", "Did you mean “ask”?"),
    "assign": ("{who: lead, assign: ask, to: clark}", "Nobody is called “clark”, and no role is."),
    "move_deadline": ("{who: lead, move_deadline: asq, to: 2026-06-10}", "Did you mean “ask”?"),
    "move_deadline when": ("{who: lead, move_deadline: ask, to: soon}", "“soon” is no instant."),
    "message": ("{message: cal}", "No diagram has the message “cal”. Did you mean “call”?"),
    "take_back": (
        "{who: lead, take_back: cal}", "No diagram has the message “cal”. Did you mean “call”?"
    ),
    "message content": (
        "{message: call, answers: {nws: x}}",
        "Nobody who hears “call” takes in “nws”. Did you mean “news”?",
    ),
    "document": ("{who: clerk, document: notes}", "There is no document “notes”."
                 " Did you mean “note”?"),
    "look_across": ("{who: leed, look_across: true}", "Did you mean “lead”?"),
    "lay_beside": ("{who: lead, lay_beside: B}", "No case is called “B”."),
    "merge_into": ("{who: lead, merge_into: B}", "No case is called “B”."),
    "exclude": ("{who: lead, exclude: clark}", "Nobody is called “clark”, and no role is."),
    "lift_exclusion": (
        "{who: lead, lift_exclusion: clark}", "Nobody is called “clark”, and no role is.",
    ),
    "break_glass": ("{who: leed, break_glass: true}", "Did you mean “lead”?"),
    "hold": ("{who: lead, hold: trail}", "config.yaml has no hold “trail”. Did you mean “trial”?"),
    "lift_hold": ("{who: lead, lift_hold: trial}", "No hold “trial” stands on this case."),
    "erase": ("{who: lead, erase: boredom}", "Only the content of a case that is over"),
    "keep": ("{who: lead, keep: true}", "Nobody has asked that its content be destroyed."),
    "retry": ("{who: lead, retry: which}", "Nothing has stopped at “which”."),
    "send_again": ("{who: lead, send_again: clerk}", "No mail of this case is for “clerk”."),
    "add_member": ("{who: lead, add_member: clark}", "Did you mean “clerk”?"),
    "unmerge": ("{who: lead, unmerge: true, case: B}", "No case is called “B”."),
    "suspend": ("{who: leed, suspend: true}", "Did you mean “lead”?"),
    "resume": ("{who: leed, resume: true}", "Did you mean “lead”?"),
    "cancel": ("{who: leed, cancel: true}", "Did you mean “lead”?"),
    "cover": (
        "{who: lead, cover: {for: clark, by: lead, from: 2026-06-01, until: 2026-06-02,"
        " reason: x}}", "Nobody is called “clark”",
    ),
    "end_cover": ("{who: lead, end_cover: {for: clerk, by: leed}}", "Did you mean “lead”?"),
    "question": ("{who: clerk, do: ask, answers: {wantd: x}}", "“wantd”"),
    "question of a start without a form": (
        "{who: clerk, start: p, answers: {wanted: x}}", "“p” asks nothing, so it takes no answers.",
    ),
    "which": ("{who: clerk, do: ask, for: {item: gp}}", "No open “ask” is for {'item': 'gp'}."),
}  # fmt: skip


@pytest.mark.parametrize(("step", "words"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_order_that_names_what_nobody_knows_is_a_fault(desk: Kit, step: str, words: str) -> None:
    with pytest.raises(JourneyFailed) as caught:
        story(desk, f"{START}  - {step}\n")
    assert words in caught.value.sentence
    assert caught.value.line == 4


def test_every_order_there_is_was_given_and_misspelt() -> None:
    played_elsewhere = {"start", "do", "message", "cover", "end_cover"}
    misspelt = {key.partition(" ")[0] for key in UNKNOWN}
    need_rows(__file__, "UNKNOWN", ORDERS, misspelt)
    need_rows(__file__, "DONE", ORDERS, {*DONE, *played_elsewhere})
    assert set(DONE) | played_elsewhere == set(ORDERS)


MISUSED = {
    "answers of a claim": ("{who: clerk, claim: ask, answers: {a: b}}", "“answers” needs “start”"),
    "hides without a document": ("{who: clerk, do: ask, hides: [x]}", "“hides” needs “document”."),
    "assigned to nobody": ("{who: lead, assign: ask}", "“assign” needs “to”."),
    "stops where it does not": ("{who: lead, suspend: true, stops: ask}", "but it did not."),
    "suspended falsely": ("{who: lead, suspend: false}", "Say “suspend: true”."),
    "a reason for doing": ("{who: clerk, do: ask, reason: x}", "“reason” needs “move_deadline”"),
    "hides nothing": ("{who: clerk, document: note, hides: []}", "a list of texts is expected"),
    "hides an empty text": ("{who: clerk, document: note, hides: ['']}", "not an empty one"),
    "refused for no reason": ("{who: clerk, do: ask, refused: ''}", "not an empty one"),
    "filled otherwise": ("{who: clerk, do: ask, fill: some}", "true, false or facts is expected"),
}


@pytest.mark.parametrize(("step", "words"), MISUSED.values(), ids=MISUSED)
def test_a_key_that_does_not_belong_to_the_order_is_a_fault(
    desk: Kit, step: str, words: str
) -> None:
    with pytest.raises(JourneyFailed) as caught:
        story(desk, f"{START}  - {step}\n")
    assert words in caught.value.sentence
    assert caught.value.line == 4


@pytest.mark.parametrize(
    ("look", "words"),
    [
        ("contains: [The answer is no]", "“note” does not say “The answer is no”."),
        ("hides: [the answer is YES]", "“note” says “the answer is YES”."),
        ("hides: [for t-2026-0001]", "“note” says “for t-2026-0001”."),
    ],
    ids=["lacks a text", "shows a text", "shows it in the footer"],
)
def test_a_document_that_says_otherwise_is_a_fault(desk: Kit, look: str, words: str) -> None:
    with pytest.raises(JourneyFailed) as caught:
        story(desk, f"{ASKED}  - {{who: clerk, document: note, {look}}}\n")
    assert caught.value.sentence == words


def test_a_document_that_cannot_be_made_yet_is_refused(kit: Kit) -> None:
    manifest = FILES["forms/documents/note.yaml"] + b"needs: [ask]\n"
    kit.deploy({**FILES, "forms/documents/note.yaml": manifest})
    story(kit, START + "  - {who: clerk, document: note, refused: what is entered in}\n")


NOT_OFFERED = {
    "a task offered to nobody": (
        "  - {at: 2026-06-01 10:15, who: clerk, start: idle}\n",
        "{who: lead, do: rest}",
        "do rest: “rest” is open, but offered to nobody: no group and no person is named",
    ),
    "a task of others": (
        ASKED, "{who: 'agency:dentist', do: answer, answers: {text: a}}",
        "“answer” is open, but offered to agency:police; agency:dentist may not, or may not see",
    ),
    "a process of others": (
        START, "{who: agency, start: p}", "“p” can be started by hand by clerk, lead;",
    ),
    "a document of others": (START, "{who: lead, document: note}", "“note” can be made by clerk;"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "step", "words"), NOT_OFFERED.values(), ids=NOT_OFFERED)
def test_what_is_offered_to_others_or_to_nobody_is_said_to_be_there(
    desk: Kit, before: str, step: str, words: str
) -> None:
    with pytest.raises(JourneyFailed) as caught:
        story(desk, f"{before}  - {step}\n")
    assert words in caught.value.sentence
    assert "nothing here" not in caught.value.sentence
    for expected in ("NotFound", "nothing here that you may see"):
        story(desk, f"{before}  - {step[:-1]}, refused: {expected}}}\n")


def test_a_story_of_its_own_settings_leaves_the_others_theirs(desk: Kit) -> None:
    head = "settings: {backstop_days: 3}\n"
    story(desk, START + "  - check: {backstop: {ask: 2026-06-04}}\n", head=head)
    story(desk, START + "  - check: {backstop: {ask: 2026-06-15}}\n")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("{backstop_day: 3}", "There is no setting “backstop_day”. Did you mean “backstop_days”?"),
        ("{roles: [x]}", "There is no setting “roles”."),
    ],
)
def test_a_setting_that_nobody_knows_is_a_fault(desk: Kit, settings: str, words: str) -> None:
    with pytest.raises(JourneyFailed) as caught:
        story(desk, START, head=f"settings: {settings}\n")
    assert (caught.value.sentence, caught.value.line) == (words, 2)


def test_a_region_that_nobody_knows_is_a_fault_with_its_line(desk: Kit) -> None:
    with pytest.raises(JourneyFailed, match="wales") as caught:
        story(desk, START, head="calendar: {region: wales}\n")
    assert caught.value.line == 2


def test_a_shared_desk_keeps_its_settings(desk: Kit) -> None:
    from app.journeys import play

    with pytest.raises(JourneyFailed, match="no settings of its own"):
        play("title: T\nsettings: {backstop_days: 1}\nsteps: []\n", desk.desk, present=PRESENT)


def test_the_keys_of_a_step_are_told_apart() -> None:
    assert len(STEP_KEYS) == len(set(STEP_KEYS))
