"""Single messages as rows: the one that waits longest goes first, and each is touched alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.store import LetterRow, Store
from app.store.work import letters
from tests.kit import START

CLAIM = timedelta(minutes=5)


def waits(id: str, minutes: int = 0, case: str = "c") -> LetterRow:
    """Due so many minutes after the first."""
    asked = letters.asked(letters.MAIL, id, "e", id, START, case=case)
    return replace(asked, next_at=START + timedelta(minutes=minutes))


def kept(store: Store, *rows: LetterRow) -> None:
    with store.writing() as unit:
        letters.add(unit, rows)


def found(store: Store, id: str, case: str = "c") -> LetterRow:
    with store.reading() as unit:
        row = letters.find(unit, case, id)
    assert row is not None
    return row


def claimed(store: Store, minutes: int = 0, mark: str = "m") -> LetterRow | None:
    at = START + timedelta(minutes=minutes)
    with store.writing() as unit:
        return letters.claim(unit, at, at + CLAIM, mark)


def test_what_has_been_due_longest_is_claimed_first(store: Store) -> None:
    older = replace(waits("older", 2), at=START - timedelta(hours=1))
    kept(store, waits("a", 2), older, waits("z", 1), waits("later", 9))
    order = [row.id for _ in range(3) if (row := claimed(store, 3)) is not None]
    assert order == ["z", "older", "a"]
    assert claimed(store, 3) is None, "nobody else gets it, and what is not due waits"
    again = claimed(store, 8)
    assert again is not None and (again.id, again.attempts) == ("older", 2)


def test_of_one_moment_each_stands_on_one_page_of_those_that_wait(store: Store) -> None:
    kept(store, *(waits(id, case=case) for id, case in zip("cab" * 2, "dddccc", strict=True)))
    with store.writing() as unit:  # a row that was touched last lies last
        letters.all_later(unit, START, START, START, "not now", "over")
        pages = [letters.in_state(unit, [letters.WAITING], 2, skip) for skip in (0, 2, 4)]
    shown = [f"{row.case_id}{row.id}" for page in pages for row in page]
    assert shown == ["ca", "cb", "cc", "da", "db", "dc"]


def test_a_letter_that_is_dropped_goes_alone(store: Store) -> None:
    kept(store, waits("a"), waits("b"), waits("a", case="d"))
    with store.writing() as unit:
        letters.drop(unit, waits("a"))
    with store.reading() as unit:
        assert [row.id for row in letters.of_case(unit, "c")] == ["b"]
        assert [row.id for row in letters.of_case(unit, "d")] == ["a"]


def test_one_that_is_tried_again_is_free_and_tells_since_when_it_fails(store: Store) -> None:
    kept(store, waits("a"))
    for minutes in (0, 10):
        mine = claimed(store, minutes)
        assert mine is not None
        at = START + timedelta(minutes=minutes)
        with store.writing() as unit:
            letters.later(unit, mine, at + CLAIM, at, "not now")
        row = found(store, "a")
        assert (row.claim, row.fault, row.failing_since) == (None, "not now", START)
        assert row.next_at == at + CLAIM


def test_whoever_lost_the_claim_changes_nothing(store: Store) -> None:
    kept(store, waits("a"), waits("b"))
    lost = claimed(store)
    assert lost is not None and claimed(store) is not None
    theirs = claimed(store, 5, "other")
    assert theirs is not None and theirs.id == lost.id
    with store.writing() as unit:
        assert not letters.renew(unit, lost, START + timedelta(days=1))
        letters.later(unit, lost, START + timedelta(days=1), START, "too late")
        letters.ended(unit, lost, letters.FAILED, START, "too late")
        assert letters.renew(unit, theirs, START + timedelta(days=2))
    assert found(store, "a") == replace(theirs, next_at=START + timedelta(days=2))
    assert found(store, "b").next_at == START + CLAIM, "one that is renewed is renewed alone"


def test_once_more_is_as_new_and_of_what_arrived_another_mail(store: Store) -> None:
    kept(store, waits("sent"), waits("failed"))
    at, again = START + timedelta(days=1), START + timedelta(days=2)
    for id in ("failed", "sent"):
        mine = claimed(store)
        assert mine is not None and mine.id == id
        with store.writing() as unit:
            letters.later(unit, mine, START, START, "not now")
            if id == "sent":
                letters.sent(unit, mine, at)
            else:
                mine = letters.claim(unit, START, at, "n")
                assert mine is not None and mine.id == id
                letters.ended(unit, mine, letters.FAILED, at, "never")
        with store.writing() as unit:
            letters.once_more(unit, found(store, id), again)
        row = found(store, id)
        assert (row.state, row.since, row.next_at) == (letters.WAITING, again, again)
        assert (row.attempts, row.again) == (0, int(id == "sent"))
        assert (row.failing_since, row.claim, row.ended_at) == (None, None, None)


def test_a_server_that_is_away_ends_what_fails_for_too_long_and_puts_off_the_rest(
    store: Store,
) -> None:
    old = replace(waits("old"), failing_since=START - timedelta(days=5))
    young = replace(waits("young"), failing_since=START - timedelta(days=5, microseconds=-1))
    kept(store, old, young, waits("new"), waits("later", 1))
    until, given_up = START + timedelta(minutes=15), START - timedelta(days=5)
    with store.writing() as unit:
        letters.all_later(unit, START, until, given_up, "away", "over")
    over = found(store, "old")
    assert (over.state, over.next_at, over.ended_at, over.fault) == (
        letters.FAILED, None, START, "over",
    )  # fmt: skip
    for id, since in (("young", young.failing_since), ("new", START)):
        row = found(store, id)
        assert (row.state, row.next_at, row.fault) == (letters.WAITING, until, "away")
        assert row.failing_since == since
    assert found(store, "later") == waits("later", 1), "it is not due"
