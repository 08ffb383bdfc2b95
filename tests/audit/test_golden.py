"""Histories that earlier releases wrote stay readable, provable and alive: each database in
tests/golden is opened, checked, told, run again, and its running cases go on.

How the histories of a release join is said in docs/history-format.md.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import wiring
from app.audit import exports, narrative
from app.audit.entries import of_case
from app.audit.narrative.frames import frames
from app.audit.narrative.names import Words
from app.audit.verification import verify_all, verify_case
from app.audit.verification.beside import Kept
from app.audit.verification.chain import UNVOUCHED
from app.casework import views
from app.casework.access import Person
from app.casework.commands import CompleteTask
from app.casework.desk import Desk
from app.casework.errors import CaseworkError
from app.config.installation import load
from app.engine.meaning import told_since
from app.store import cases
from app.store.chain import counters, history
from app.store.work import tasks
from tests.audit.test_story import in_parts, whole

FOLDER = Path(__file__).resolve().parents[1] / "golden"
CONFIG = Path(__file__).resolve().parents[2] / "config.yaml"
#: cases that are asked to go on, and what must come of them at least
MOST, LEAST = 15, 5


@dataclass(frozen=True)
class Golden:
    desk: Desk
    #: (id, reference) of every case
    known: list[tuple[str, str]]


@pytest.fixture(scope="module", params=sorted(FOLDER.glob("*.db.xz")), ids=lambda path: path.name)
def golden(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Golden]:
    path = tmp_path_factory.mktemp("golden") / "golden.db"
    path.write_bytes(lzma.decompress(request.param.read_bytes()))
    config = replace(load(CONFIG), secrets_dir=FOLDER)
    desk = wiring.open_desk(config, database=f"sqlite:///{path}", upgrade=True)
    with desk.store.reading() as unit:
        known = counters.numbered(unit)
    yield Golden(desk, known)
    desk.store.close()


def test_every_case_is_good_and_runs_again_save_where_a_change_of_meaning_is_told(
    golden: Golden,
) -> None:
    found = list(verify_all(golden.desk.store))
    assert [one.lines() for one in found if not one.good] == []
    assert {one.reference for one in found} == {reference for _, reference in golden.known}
    names = [one.name for one in told_since(1)]
    for one in found:
        assert one.replay is not None
        for sentence in one.replay.told:
            assert any(name in sentence for name in names), sentence


def test_entries_of_before_heads_were_sealed_are_said_to_be_so(golden: Golden) -> None:
    with golden.desk.store.reading() as unit:
        old = [id for id, _ in golden.known if (row := cases.find(unit, id)) and not row.head_seal]
    for id in old[:3]:
        assert verify_case(golden.desk.store, id, run_again=False).chain.sentence.endswith(
            UNVOUCHED
        )


def test_every_history_is_told_drawn_and_exported_without_a_word_that_cannot_be_read(
    golden: Golden,
) -> None:
    programs = golden.desk.installation.programs
    with golden.desk.store.reading() as unit:
        for id, _ in golden.known:
            row = cases.find(unit, id)
            assert row is not None
            program = programs.of(unit, row.deployment).program
            told = list(of_case(unit, id, program=program))
            assert [one.unread for one in told if one.unread] == []
            sentences = narrative.tell(told, Words(program=program, people={}, groups={}))
            assert not [one.text for one in sentences if "by this release" in one.text]
            assert len(exports.sentences_csv(sentences).splitlines()) > len(sentences)
            assert len(list(exports.entries_jsonl(told))) == row.seq == len(frames(told, program))
            placed = [one for entry in told for one in entry.events if hasattr(one, "process")]
            assert all(one.process for one in placed if getattr(one, "element", None))


def test_every_case_page_opens(golden: Golden) -> None:
    auditor = Person("auditor", "Auditor", frozenset({"auditor"}))
    at = latest(golden)
    for _, reference in golden.known[::6]:
        assert views.case_page(golden.desk, auditor, reference, at).case == reference


def test_a_story_from_checkpoints_is_the_whole_one(golden: Golden) -> None:
    """Those of old cases are made when somebody first looks at them."""
    auditor = Person("auditor", "Auditor", frozenset({"auditor"}))
    at = latest(golden)
    for _, reference in golden.known[::9]:
        expected = whole(golden.desk, auditor, reference, at)
        assert in_parts(golden.desk, auditor, reference, at) == expected
        assert in_parts(golden.desk, auditor, reference, at) == expected


def latest(golden: Golden) -> datetime:
    with golden.desk.store.reading() as unit:
        rows = [cases.find(unit, id) for id, _ in golden.known]
    return max(row.last_at for row in rows if row is not None) + timedelta(days=1)


def holder(groups: list[str]) -> Person:
    """Somebody to whom a task is offered."""
    parts = [one.removeprefix("g:").partition(":") for one in groups if one.startswith("g:")]
    values = {f"a{number}": part[2] for number, part in enumerate(parts) if part[2]}
    return Person("tester", "Tester", frozenset(part[0] for part in parts), values)


def test_running_cases_go_on_and_old_and_new_entries_hold_together(golden: Golden) -> None:
    desk, at = golden.desk, latest(golden)
    fired = desk.wake_due(at, limit=MOST)
    done = []
    with desk.store.reading() as unit:
        open_ = [id for id, _ in cases.open_ones(unit)]
        rows_of = {id: tasks.of_case(unit, id) for id in open_}
        offers = {id: sorted(tasks.offers_of(unit, id, rows[0].task))
                  for id, rows in rows_of.items() if rows}  # fmt: skip
    for id, groups in offers.items():
        if len(done) < MOST:
            order = CompleteTask(
                actor=holder(groups), at=at, case=id, task=rows_of[id][0].task, given={},
                confirmed=True,
            )  # fmt: skip
            try:
                done.append(desk.do(order).case)
            except CaseworkError:
                continue  # its form wants answers, or the case was merged
    assert len(fired) >= LEAST and len(done) >= LEAST
    kept = Kept()
    for id in {*done, *(one.case for one in fired)}:
        verdict = verify_case(desk.store, id, programs=desk.installation.programs, kept=kept)
        assert verdict.good, verdict.lines()
        assert UNVOUCHED not in verdict.chain.sentence
        with desk.store.reading() as unit:
            newest = list(history.rows(unit, id))[-1]
        assert '"v":2' in newest.header
