"""A history run again gives the same facts and hashes; what was changed behind it is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.audit import entries
from app.audit.narrative.frames import frame_at, frames
from app.audit.verification import replay, verify_all, verify_case
from app.casework.access import SYSTEM
from app.casework.commands import Cancel, Claim, DeliverMessage, MoveDeadline, ReplanCase, Suspend
from app.casework.errors import NotFound
from app.engine import limits, meaning
from app.engine.events import Event, Placed
from app.engine.feel import Calendar
from app.engine.meaning import Change
from app.store import CaseKey, Keys, cases
from tests.kit import Kit, diagram, form, settings

LONG = (
    diagram(
        "start > task:ask > xor:needed > task:answer > end; needed > end:none; "
        "boundary:late > task:chase > end:chased",
        var={"wanted": '"no"', "code": '""'},
        ask={"groups": "clerk,lead", "form": "ask", "due": "=working_days_after(today(), 2)"},
        answer={
            "groups": "clerk", "condition": '=wanted = "yes"',
            "due": "=working_days_after(today(), 3)",
        },
        none={"condition": "default"},
        late={"on": "answer", "timer": "=due", "interrupting": "false"},
        chase={"groups": "lead"},
    )
    | form("ask", "wanted")
)  # fmt: skip


def walked(kit: Kit) -> str:
    """A case that has seen most kinds of orders."""
    kit.deploy(LONG)
    case = kit.start("ann")
    kit.do(Claim, "ann", case=case, task=kit.task(case, "ask"))
    kit.later(hours=1)
    kit.complete("ann", case, "ask", wanted="yes")
    kit.later(hours=1)
    kit.do(MoveDeadline, "lea", case=case, task=kit.task(case, "answer"),
           due=kit.at.date().replace(day=12), reason="asked for")  # fmt: skip
    unheard = {"message": "unheard", "given": {"when": "2026-03-05"}}
    kit.desk.do(DeliverMessage(actor=SYSTEM, at=kit.at, case=case, **unheard))
    kit.later(days=20)
    kit.desk.wake_due(kit.at)
    kit.complete("lea", case, "chase")
    kit.do(Suspend, "lea", case=case, reason="court")
    return case


def test_a_history_runs_again_to_the_same_facts_and_hashes(both: Kit) -> None:
    case = walked(both)
    verdict = verify_case(both.store, case)
    assert verdict.lines() == [
        f"{verdict.reference}: history good. {verdict.chain.sentence}",
        f"{verdict.reference}: replay good. {verdict.replay and verdict.replay.sentence}",
    ]
    assert verdict.good
    assert verdict.replay is not None
    assert verdict.replay.orders == 6


def test_a_case_replanned_and_cancelled_runs_again(kit: Kit) -> None:
    case = walked(kit)
    second = kit.start("ann")
    kit.desk.settings = settings(
        calendar=Calendar.of("england-and-wales", closed=[kit.at.date().replace(day=30)])
    )
    object.__setattr__(kit.desk.installation, "settings", kit.desk.settings)
    kit.desk.do(ReplanCase(actor=SYSTEM, at=kit.at, case=second))
    kit.do(Cancel, "lea", case=second, reason="a mistake")
    assert [one.good for one in verify_all(kit.store)] == [True, True]
    assert len({entry.calendar for entry in history(kit, second)}) == 2
    assert verify_case(kit.store, case).good


def history(kit: Kit, case: str) -> list[entries.Entry]:
    with kit.store.reading() as unit:
        found = cases.find(unit, case)
        assert found is not None
        return list(entries.of_case(unit, found.id))


def again(kit: Kit, case: str, told: list[entries.Entry]) -> replay.Replayed:
    with kit.store.reading() as unit:
        return replay.reexecute(
            case, told,
            lambda digest: kit.desk.installation.programs.of(unit, digest).program,
            lambda version: kit.desk.settings.calendar,
        )  # fmt: skip


def test_what_was_accepted_runs_again_whoever_has_spent_their_budget(kit: Kit) -> None:
    case = walked(kit)
    told = history(kit, case)
    with limits.budget(steps=0, seconds=0):
        assert again(kit, case, told).good


def spoil(told: list[entries.Entry], how: str) -> list[entries.Entry]:
    at = next(n for n, one in enumerate(told) if one.kind == "CompleteTask")
    one = told[at]
    if how == "answer":
        command = {**one.command, "answers": {**one.command["answers"], "wanted": "no"}}
        return [*told[:at], replace(one, command=command), *told[at + 1 :]]
    if how == "event":
        return [*told[:at], replace(one, events=one.events[:-1]), *told[at + 1 :]]
    if how == "state":
        return [*told[:at], replace(one, state="00" * 32), *told[at + 1 :]]
    return [*told[:at], *told[at + 1 :]]


def test_what_an_older_meaning_did_otherwise_is_told_and_not_called_wrong(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only a fact differs it goes on; where the state does, no further."""
    change = Change(since=2, name="moons", sentence="Moons were square.", followed=False)
    monkeypatch.setattr(meaning, "CHANGES", (change,))
    case = walked(kit)
    told = [replace(one, engine="SpiffWorkflow 3.2.0; steps 1") for one in history(kit, case)]
    good = again(kit, case, told)
    assert (good.word, good.orders) == ("good", 6)
    at = next(n for n, one in enumerate(told) if one.kind == "CompleteTask")
    fact = replace(told[at], events=told[at].events[:-1])
    found = again(kit, case, [*told[:at], fact, *told[at + 1 :]])
    assert (found.word, found.orders) == ("told", 6)
    assert f"Entry {told[at].seq} (CompleteTask)" in found.sentence
    assert "moons: Moons were square." in found.sentence
    state = replace(told[at], state="00" * 32)
    found = again(kit, case, [*told[:at], state, *told[at + 1 :]])
    assert found.good and found.word == "told" and found.orders < 6
    assert f"From entry {told[at].seq} on nothing was run." in found.sentence


def test_what_is_followed_excuses_no_difference(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    change = Change(since=2, name="moons", sentence="Moons were square.", followed=True)
    monkeypatch.setattr(meaning, "CHANGES", (change,))
    case = walked(kit)
    told = [replace(one, engine="SpiffWorkflow 3.2.0; steps 1") for one in history(kit, case)]
    assert again(kit, case, spoil(told, "event")).word == "WRONG"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("answer", "is not the same this time"),
        ("event", "events, this time to"),
        ("state", "state hash"),
        ("order left out", "refused"),
    ],
)
def test_the_first_difference_is_said(kit: Kit, how: str, words: str) -> None:
    case = walked(kit)
    found = again(kit, case, spoil(history(kit, case), how))
    assert not found.good
    assert words in found.sentence


def test_a_key_that_is_gone_without_an_entry_that_says_so_is_a_loss(kit: Kit) -> None:
    """Content destroyed on purpose is told by an entry: see test_tampering."""
    case = walked(kit)
    with kit.store.writing() as unit:
        unit.connection.exec_driver_sql("DELETE FROM case_key WHERE case_id = ?", (case,))
    verdict = verify_case(kit.store, case)
    assert not verdict.good
    assert all("key is lost" in line for line in verdict.lines())


def test_another_key_than_the_one_it_began_with_is_found(kit: Kit) -> None:
    case = walked(kit)
    with kit.store.writing() as unit:
        wrapped = CaseKey.new(case).wrapped_by(unit.keys)
        unit.connection.exec_driver_sql(
            "UPDATE case_key SET wrapped = ? WHERE case_id = ?", (wrapped, case)
        )
    assert "not the one its history began with" in verify_case(kit.store, case).lines()[1]


def test_a_key_of_another_installation_is_said(kit: Kit) -> None:
    case = walked(kit)
    kit.store.keys = Keys(bytes(32))
    assert "this installation's key" in verify_case(kit.store, case).lines()[1]


def _states(kit: Kit, case: str) -> list[tuple[str, bytes]]:
    with kit.store.reading() as unit:
        found = unit.connection.exec_driver_sql(
            "SELECT instance, state FROM instance WHERE case_id = ?", (case,)
        )
        return [(row[0], row[1]) for row in found]


def _put_back(kit: Kit, case: str, states: list[tuple[str, bytes]]) -> None:
    with kit.store.writing() as unit:
        for name, state in states:
            unit.connection.exec_driver_sql(
                "UPDATE instance SET state = ? WHERE case_id = ? AND instance = ?",
                (state, case, name),
            )


def test_an_older_state_put_back_behind_the_history_is_found(kit: Kit) -> None:
    kit.deploy(LONG)
    case = kit.start("ann")
    older = _states(kit, case)
    kit.complete("ann", case, "ask", wanted="yes")
    _put_back(kit, case, older)
    verdict = verify_case(kit.store, case)
    assert verdict.chain.good
    assert verdict.replay is not None
    assert "state stored now" in verdict.replay.sentence


def test_a_state_of_another_case_put_in_is_found(kit: Kit) -> None:
    case, other = walked(kit), kit.start("ann")
    _put_back(kit, case, [one for one in _states(kit, other) if one[0] == "1"])
    assert not verify_case(kit.store, case).good


def test_a_row_changed_in_the_database_is_found(kit: Kit) -> None:
    case = walked(kit)
    with kit.store.writing() as unit:
        unit.connection.exec_driver_sql(
            "UPDATE history SET actor = 'ben' WHERE case_id = ? AND seq = 3", (case,)
        )
    verdict = verify_case(kit.store, case)
    assert verdict.chain.wrong_seq == 3
    assert "WRONG" in verdict.lines()[0]


def test_an_unknown_case_is_not_found(kit: Kit) -> None:
    with pytest.raises(NotFound):
        verify_case(kit.store, "T-2026-0099")


def test_frames_show_open_done_late_and_ways_taken(kit: Kit) -> None:
    case = walked(kit)
    told = history(kit, case)
    program = kit.desk.installation.programs
    with kit.store.reading() as unit:
        drawn = program.of(unit, told[0].definition).program
    first, *_, last = frames(told, drawn)
    assert first.marks["bpmn/p.bpmn"]["ask"] == "active now"
    assert "needed_answer" in last.taken["bpmn/p.bpmn"]
    assert last.marks["bpmn/p.bpmn"]["answer"] == "late active"
    assert last.marks["bpmn/p.bpmn"]["chase"].startswith("done")
    opened = frame_at(told, drawn, 1, 0)
    assert opened is not None
    assert "ask" not in opened.marks.get("bpmn/p.bpmn", {})
    assert frame_at([], drawn, 1) is None
    old = [replace(one, events=tuple(map(_untold, one.events))) for one in told]
    assert frames(old, drawn) == frames(told, drawn)  # where an id is one process's alone


def _untold(event: Event) -> Event:
    """As facts were kept before they named the process of their element."""
    return replace(event, process="") if isinstance(event, Placed) else event
