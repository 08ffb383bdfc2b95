"""A held timer waits for its next try or for a person; every other timer fires as planned."""

from datetime import timedelta

import pytest

from app.engine.errors import NotOpen
from app.engine.events import IncidentEnded, IncidentRaised, IncidentRetried, TimerFired
from app.engine.run import Case
from tests.engine.run.kit import (
    CALENDAR,
    MONDAY,
    E,
    Play,
    S,
    boundary,
    catch,
    gate,
    process,
    program,
    user,
)

HOUR = timedelta(hours=1)
TWO = S + gate("f", "parallel") + catch("c", "timer PT1H") + user("A") + E
TWO += boundary("late", "A", "timer PT2H", cancels=False) + user("R")
ARCS = "s->f; f->c; f->A; c->e; A->e; late->R; R->e"
WRONG = {"sentence": "No way on.", "element": "x", "process": "P"}


def held(until: timedelta | None) -> tuple[Play, str]:
    """After an hour, with the timer that was due held."""
    play = Play(program(process(TWO, ARCS))).start()
    play.at += HOUR
    due = play.case.earliest(play.at)
    assert due is not None and due.tries == 0
    stop(play, due.id, until)
    return play, due.id


def stop(play: Play, timer: str, until: timedelta | None) -> None:
    then = None if until is None else play.at + until
    case = Case(play.program, case_id="c", calendar=CALENDAR, states=play.states)
    play.events += case.stop_timer(timer, play.at, until=then, **WRONG)
    play.states.update({key: one.state for key, one in case.snapshots().items()})
    play.case = case


def test_it_is_told_where_and_until_when() -> None:
    play, timer = held(timedelta(minutes=1))
    (told,) = play.told(IncidentRaised)
    assert (told.timer, told.element, told.process, told.instance) == (timer, "x", "P", "1")
    assert told.until == MONDAY + HOUR + timedelta(minutes=1)


def test_it_is_tried_at_its_next_instant_with_its_tries_counted() -> None:
    play, timer = held(timedelta(minutes=1))
    assert play.case.earliest(play.at) is None and play.do("wake") == []
    play.at = play.case.next_due()
    due = play.case.earliest(play.at)
    assert due is not None and (due.id, due.tries) == (timer, 1)
    play.do("wake")
    assert [one.how for one in play.told(IncidentEnded, timer=timer)] == ["fired"]
    assert play.told(TimerFired, element="c")[0].due == MONDAY + HOUR


def test_while_it_waits_for_a_person_the_others_fire() -> None:
    play, _ = held(None)
    assert play.case.next_due() == MONDAY + 2 * HOUR
    play.advance(hours=9)
    assert play.open == ["A", "R"] and play.case.next_due() is None


def test_a_person_lets_it_be_tried_at_once_and_it_stays_held_until_it_fires() -> None:
    play, timer = held(None)
    play.do("release_timer", timer)
    assert [one.element for one in play.told(IncidentRetried)] == ["c"]
    assert play.case.next_due() == play.at
    stop(play, timer, None)
    assert play.case.next_due() == MONDAY + 2 * HOUR
    play.do("release_timer", timer)
    play.do("wake")
    assert len(play.told(IncidentEnded)) == 1 and not play.told(IncidentEnded, how="dropped")


def test_it_is_dropped_with_what_it_belongs_to() -> None:
    play = Play(program(process(TWO, ARCS))).start()
    play.advance(hours=1)
    play.at += HOUR
    timer = play.case.earliest(play.at)
    assert timer is not None
    stop(play, timer.id, None)
    play.complete("A")
    assert [(one.element, one.how) for one in play.told(IncidentEnded)] == [("late", "dropped")]


def test_a_timer_that_never_was_held_ends_without_a_word_of_it() -> None:
    play = Play(program(process(TWO, ARCS))).start()
    play.advance(hours=9)
    play.complete("A")
    assert not play.told(IncidentEnded)


@pytest.mark.parametrize("timer", ["1-99", "9-1", "x"])
def test_there_must_be_such_a_timer(timer: str) -> None:
    play, _ = held(None)
    with pytest.raises(NotOpen):
        play.do("release_timer", timer)


def test_one_that_is_not_held_is_not_released() -> None:
    play = Play(program(process(TWO, ARCS))).start()
    play.at += HOUR
    due = play.case.earliest(play.at)
    assert due is not None
    with pytest.raises(NotOpen, match="not held"):
        play.do("release_timer", due.id)


def test_held_or_not_the_state_says_so() -> None:
    play = Play(program(process(TWO, ARCS))).start()
    before = play.case.state_hash()
    held_one, _ = held(None)
    assert held_one.case.state_hash() != before
