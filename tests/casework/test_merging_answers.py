"""Answers from two windows come together question by question; what both changed is kept twice."""

from __future__ import annotations

from typing import Any

import pytest

from app.casework.drafts import KNOWN, Draft, Made, Typed, after, elsewhere, stand

Answers = dict[str, Any]
#: how the page stood: a text, a date, ticked boxes, a list of two, and what it shows as known
STOOD: Answers = {
    "what": "A fall", "why": "", "seen": {"day": "4", "month": "3", "year": "2026"},
    "who": ["ben", "lea"], "people": [{"name": "Zoe"}, {"name": "Max"}],
}  # fmt: skip
PATHS = ("what", "why", "seen", "who", "people", "people.0.name", "people.1.name")
MADE = Made(page="mine", stood=stand(STOOD, PATHS) | {"known": KNOWN})


def typed(**changes: Any) -> Typed:
    return Typed(given={**STOOD, **changes}, made=MADE)


def kept(**changes: Any) -> Draft:
    return Draft(given={**STOOD, **changes}, page="theirs")


ZOE, MAX, ADA = {"name": "Zoe"}, {"name": "Max"}, {"name": "Ada"}
#: what I typed, what was saved meanwhile → the answer that counts; and what is kept beside it
ROWS: dict[str, tuple[Answers, Answers, Answers, Answers]] = {
    "only I changed it": ({"what": "A fire"}, {}, {"what": "A fire"}, {}),
    "only the other window did": ({}, {"what": "A fire"}, {"what": "A fire"}, {}),
    "each another question": (
        {"what": "A fire"}, {"why": "Wind"}, {"what": "A fire", "why": "Wind"}, {},
    ),
    "both the same": ({"what": "A fire"}, {"what": "A fire "}, {"what": "A fire"}, {}),
    "both, differently": (
        {"what": "A fire"}, {"what": "A flood"}, {"what": "A fire"}, {"what": "A flood"},
    ),
    "one emptied it": ({"what": ""}, {}, {"what": ""}, {}),
    "one emptied it, one changed it": (
        {"what": ""}, {"what": "A flood"}, {"what": ""}, {"what": "A flood"},
    ),
    "a date in one box or in three": (
        {"seen": "5/3/2026"}, {"seen": {"day": "5", "month": "3", "year": "2026"}},
        {"seen": "5/3/2026"}, {},
    ),
    "a date is one answer": (
        {"seen": {"day": "5", "month": "3", "year": "2026"}},
        {"seen": {"day": "4", "month": "5", "year": "2026"}},
        {"seen": {"day": "5", "month": "3", "year": "2026"}},
        {"seen": {"day": "4", "month": "5", "year": "2026"}},
    ),
    "boxes in another order are the same": (
        {"who": ["lea", "ben"]}, {"who": ["ben"]}, {"who": ["ben"]}, {},
    ),
    "each another row": (
        {"people": [ADA, MAX]}, {"people": [ZOE, {"name": "Tom"}]},
        {"people": [ADA, {"name": "Tom"}]}, {},
    ),
    "one took a row away, one changed another": (
        {"people": [MAX]}, {"people": [ZOE, ADA]}, {"people": [MAX]}, {"people": [ZOE, ADA]},
    ),
    "one added a row": ({"people": [ZOE, MAX, ADA]}, {}, {"people": [ZOE, MAX, ADA]}, {}),
    "what is known was corrected there": ({}, {"known": "New"}, {"known": "New"}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("mine", "theirs", "counts", "beside"), ROWS.values(), ids=ROWS.keys())
def test_what_only_one_window_changed_is_taken_from_there(
    mine: Answers, theirs: Answers, counts: Answers, beside: Answers
) -> None:
    draft = after(kept(**theirs), typed(**mine))
    assert {name: draft.given[name] for name in counts} == counts
    assert {entry.path: entry.value for entry in draft.apart} == beside


@pytest.mark.parametrize(("mine", "theirs", "counts", "beside"), ROWS.values(), ids=ROWS.keys())
def test_nothing_is_sent_while_another_window_says_more(
    mine: Answers, theirs: Answers, counts: Answers, beside: Answers
) -> None:
    more = bool(beside) or any(counts[name] != mine.get(name, STOOD.get(name)) for name in counts)
    assert elsewhere(kept(**theirs), typed(**mine)) is more


def test_a_page_knows_better_than_its_own_earlier_save() -> None:
    draft = Draft(given={**STOOD, "what": "A fi"}, page="mine")
    assert after(draft, typed(what="A fire")).apart == ()
    assert not elsewhere(draft, typed(what="A fire"))


def test_a_box_that_was_emptied_posts_nothing_and_is_empty() -> None:
    given = {name: value for name, value in STOOD.items() if name != "who"}
    assert after(kept(), Typed(given=given, made=MADE)).given["who"] == ""


def test_both_answers_stay_until_the_person_has_chosen_and_each_is_kept_once() -> None:
    first = after(kept(what="A flood"), typed(what="A fire"))
    again = after(first, typed(what="A fire"))
    assert [entry.value for entry in again.apart] == ["A flood"]
    assert Draft.read(again.content()) == again
    settled = Made(page="mine", stood=MADE.stood, settled=frozenset({again.apart[0].mark}))
    chosen = Typed(given={**STOOD, "what": "A fire"}, made=settled)
    assert elsewhere(again, typed(what="A fire")) and not elsewhere(again, chosen)
    assert after(again, chosen).apart == ()


def test_two_reasons_for_one_correction_stand_one_behind_the_other() -> None:
    was = Draft(given=STOOD, reasons={"what": "He rang"}, page="theirs")
    mine = Typed(given=STOOD, reasons={"what": "She wrote"}, made=MADE)
    assert after(was, mine).reasons == {"what": "She wrote\nHe rang"}
