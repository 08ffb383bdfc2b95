"""A story opened from checkpoints says what the whole history says, and shows what it showed."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, text

from app.audit.narrative import Sentence, case_story
from app.audit.narrative.frames import Frame, frame_at
from app.audit.narrative.story import Story
from app.casework.access import Person
from app.casework.cases.history.past import EVERY
from app.casework.commands import Cancel, Claim, CompleteTask, ExcludePerson, MoveDeadline, Release
from app.casework.desk import Desk
from app.casework.reading.look import look
from app.store import cases
from app.store.chain import checkpoints
from app.store.schema import checkpoint
from tests.kit import PEOPLE, Kit, diagram, form

DRAWN = diagram(
    "start > task:tell > task:close > end; boundary:soon > end:told",
    tell={
        "groups": "clerk,lead", "form": "f", "people": "2",
        "due": "=working_days_after(today(), 2)",
    },
    close={"groups": "clerk,lead", "form": "f"},
    soon={"on": "tell", "timer": "P1D", "interrupting": "false"},
)  # fmt: skip
TELLER = PEOPLE["lea"]


def pause(both: Kit, case: str, element: str) -> None:
    """Entries enough that the next one lies in another block."""
    task = both.task(case, element)
    for _ in range(EVERY // 2):
        both.later(minutes=5)
        both.do(Claim, "ann", case=case, task=task)
        both.do(Release, "ann", case=case, task=task)


@pytest.fixture
def case(both: Kit) -> str:
    """What is told of each entry hangs on entries of blocks before it: names of tasks, who signed,
    what was due when, what was left behind at the drawing."""
    both.deploy(DRAWN, form("f", "what"))
    case = both.start("ann")
    task = both.task(case, "tell")
    give = {"case": case, "task": task, "given": {"what": "all"}}
    both.do(CompleteTask, "ben", **give)
    pause(both, case, "tell")
    both.do(
        MoveDeadline, "lea", case=case, task=task, reason="Asked for.",
        due=datetime.fromisoformat("2026-03-05T12:00+00:00"),
    )  # fmt: skip
    pause(both, case, "tell")
    both.do(ExcludePerson, "lea", case=case, person="ben", reason="Related to the child.")
    both.do(CompleteTask, "ann", **give)
    both.later(days=3)
    both.do(CompleteTask, "lea", **give, version=both.tasks(case)[0].version)
    pause(both, case, "close")
    both.complete("lea", case, "close", what="done")
    return case


@pytest.fixture
def cancelled(both: Kit) -> str:
    """Signed by one person in one block, cancelled in another."""
    both.deploy(DRAWN, form("f", "what"))
    case = both.start("ann")
    task = both.task(case, "tell")
    both.do(CompleteTask, "ben", case=case, task=task, given={"what": "all"})
    pause(both, case, "tell")
    both.do(Cancel, "lea", case=case, reason="Opened twice.")
    return case


def shown(story: Story) -> list[tuple[Sentence, Frame | None, str | None]]:
    """Every step of it."""
    processes = (story.process(step) for step in range(1, story.length + 1))
    return [
        (story.sentence(step), story.frame(step), process and process.id)
        for step, process in enumerate(processes, 1)
    ]


def whole(desk: Desk, person: Person, case: str, at: datetime) -> list[object]:
    """The same, of everything read and told at once."""
    with look(desk, person, case, at, None) as seen:
        told, program = case_story.told(seen), seen.locked.loaded.program
    steps: list[object] = []
    last = next(iter(program.processes), None)
    for sentence in told.sentences:
        last = sentence.process if sentence.process in program.processes else last
        index = None if sentence.index < 0 else sentence.index
        steps.append((sentence, frame_at(told.entries, program, sentence.seq, index), last))
    return steps


def in_parts(desk: Desk, person: Person, case: str, at: datetime) -> list[object]:
    with look(desk, person, case, at, None) as seen:
        return [*case_story.ask(seen, shown)]


def kept(kit: Kit) -> dict[str, list[int]]:
    with kit.store.reading() as unit:
        rows = unit.rows(select(checkpoint.c.about, checkpoint.c.seq).order_by(checkpoint.c.seq))
    return {about: [seq for name, seq in rows if name == about] for about, _ in rows}


def test_each_step_is_the_same_with_checkpoints_and_without(both: Kit, case: str) -> None:
    expected = whole(both.desk, TELLER, case, both.at)
    assert in_parts(both.desk, TELLER, case, both.at) == expected  # makes them
    assert kept(both) == {"drawings": [10, 20, 30], "sentences": [10, 20, 30]}
    assert in_parts(both.desk, TELLER, case, both.at) == expected  # begins at them


def test_a_signature_of_an_earlier_block_falls_with_its_task(both: Kit, cancelled: str) -> None:
    expected = whole(both.desk, TELLER, cancelled, both.at)
    assert "The signature of Ben Baker (Clerk) fell with it." in str(expected)
    assert in_parts(both.desk, TELLER, cancelled, both.at) == expected
    assert in_parts(both.desk, TELLER, cancelled, both.at) == expected


def test_what_lies_in_an_earlier_block_is_remembered(both: Kit, case: str) -> None:
    in_parts(both.desk, TELLER, case, both.at)
    with look(both.desk, TELLER, case, both.at, None) as seen:
        texts = case_story.ask(seen, lambda story: [told.text for told in story.behind(20, 99)[0]])
    assert any("Their signature of “Tell” no longer stands." in said for said in texts)
    assert any(said.startswith("Deadline missed: “Tell” was due by") for said in texts)


@pytest.mark.parametrize("most", [1, 2, 7, 200])
def test_pages_by_entries_cut_none_and_leave_none_out(both: Kit, case: str, most: int) -> None:
    expected = [step[0] for step in whole(both.desk, TELLER, case, both.at)]  # type: ignore[index]
    given: list[Sentence] = []
    more, last = True, 0
    while more:
        with look(both.desk, TELLER, case, both.at, None) as seen:
            told, more = case_story.ask(
                seen,
                lambda story, last=last: story.behind(last, most),  # type: ignore[misc]
            )
        given, last = given + told, told[-1].seq
    assert given == expected


def test_a_checkpoint_is_sealed_for_its_case_and_place(both: Kit, case: str) -> None:
    in_parts(both.desk, TELLER, case, both.at)
    with both.store.writing() as unit:
        bodies = unit.rows(select(checkpoint.c.body))
        assert not [body for (body,) in bodies if b"Tell" in body or b"tell" in body]
        unit.run(text("UPDATE checkpoint SET seq = 19 WHERE seq = 20"))
        key = cases.key_of(unit, case)
        assert [made.seq for made in checkpoints.behind(unit, key, "drawings", 0)] == [10, 30]
    assert in_parts(both.desk, TELLER, case, both.at) == whole(both.desk, TELLER, case, both.at)


def test_nothing_is_kept_behind_an_entry_that_cannot_be_read(both: Kit, case: str) -> None:
    with both.store.writing() as unit:
        unit.run(text("UPDATE history SET body = :b WHERE seq = 12"), {"b": b"x" * 40})
    expected = whole(both.desk, TELLER, case, both.at)
    assert in_parts(both.desk, TELLER, case, both.at) == expected
    assert in_parts(both.desk, TELLER, case, both.at) == expected
    assert kept(both) == {"drawings": [10], "sentences": [10]}


def test_an_entry_that_was_changed_since_is_told_as_it_is_now(both: Kit, case: str) -> None:
    in_parts(both.desk, TELLER, case, both.at)
    with both.store.writing() as unit:
        unit.run(text("UPDATE history SET body = :b WHERE seq = 12"), {"b": b"x" * 40})
    assert in_parts(both.desk, TELLER, case, both.at) == whole(both.desk, TELLER, case, both.at)
    assert kept(both) == {"drawings": [10], "sentences": [10]}
