"""Random lives of a few cases: how orders are given, what always holds, how a life ends.

Which orders there are is `task_rules`' and `orders_model`'s; what a case must be, `expected`'s.
"""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hypothesis import strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from app.audit.verification import verify_case
from app.casework import accounts
from app.casework import commands as c
from app.casework.access import SYSTEM
from app.casework.commands import CaseCommand, Command, Done
from app.casework.errors import CaseworkError, Conflict, NotFound, Refused
from app.engine import day_in_london
from app.store import cases
from app.store.work.tasks import TaskRow
from tests.kit import PEOPLE, START, Kit
from tests.soak.expected import Expected
from tests.soak.report import Report

pick = strategies.integers(0, 11)
doers = strategies.sampled_from(["ann", "ben", "lea", "pol"])
MOST_CASES = 3


@dataclass
class Cover:
    """Pol stands for Lea; one in a life. On its days, once it was set and until it is ended."""

    id: str
    first: date
    last: date
    since: datetime
    ended: datetime | None = None

    def runs(self, at: datetime) -> bool:
        inside = self.first <= day_in_london(at) <= self.last and self.since <= at
        return inside and (self.ended is None or at < self.ended)


class Life(RuleBasedStateMachine):
    """A few cases, from their start on; `kit`, `report` and `numbers` are of the whole drill."""

    kit: Kit
    report: Report
    numbers = itertools.count(1)

    def __init__(self) -> None:
        super().__init__()
        self.at = START
        self.cases: list[Expected] = []
        self.done: list[tuple[Command, Done]] = []
        self.closed: list[tuple[str, str]] = []
        self.cover: Cover | None = None

    def give(self, kind: type[Command], who: str, **rest: Any) -> Done:
        """Raises what the desk raises."""
        self.report.counts["orders"] += 1
        key = f"m{next(self.numbers)}"
        with self.kit.store.reading() as unit:
            actor = accounts.present(self.kit.desk, unit, PEOPLE[who], self.at)
        command = kind(actor=actor, at=self.at, key=key, **rest)
        done = self.kit.desk.do(command)
        self.done.append((command, done))
        return done

    def order(
        self, about: Expected, kind: type[CaseCommand], who: str, refused: bool, **rest: Any
    ) -> Done | None:
        """The answer; None where it is refused, as it has to be when `refused` says so."""
        self.first_fires(about, who)
        try:
            done = self.give(kind, who, case=about.case, **rest)
        except CaseworkError as error:
            assert refused, f"{kind.__name__} by {who}: {error}"
            return None
        assert not refused, f"{kind.__name__} by {who} was taken"
        return done

    def first_fires(self, about: Expected, who: str) -> None:
        """What is due happens before an order of somebody who may see the case, and of nobody
        else's."""
        if self.doer(who) is not None:
            about.fires(self.at)

    def due(self, about: Expected) -> None:
        """The clock was here first."""
        if about.fires(self.at):
            self.kit.desk.wake(about.case, self.at)

    def row(self, about: Expected, number: int) -> TaskRow | None:
        rows = sorted(self.kit.tasks(about.case), key=lambda row: row.task)
        return rows[number % len(rows)] if rows else None

    def doer(self, who: str) -> str | None:
        """For whom they act: themselves, or whom they cover for; None for an outsider."""
        if who != "pol":
            return who
        return "lea" if self.covered() else None

    def covered(self) -> bool:
        return self.cover is not None and self.cover.runs(self.at)

    def one(self, number: int) -> Expected:
        return self.cases[number % len(self.cases)]

    def gone(self, about: Expected) -> list[str]:
        """Tasks that were just ended by something else than their completion."""
        left = {row.task for row in self.kit.tasks(about.case)}
        return [task for task in about.taken if task not in left] or [""]

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule()
    def start(self) -> None:
        done = self.give(c.StartCase, "ann", process="p")
        self.cases.append(Expected(done.case, self.at))
        order = c.AddMember(actor=SYSTEM, at=self.at, case=done.case, person="lea", reason="r")
        self.kit.desk.do(order)
        self.cases[-1].seq += 1

    @initialize()
    def first(self) -> None:
        self.start()

    @invariant()
    def every_case_is_as_expected(self) -> None:
        for about in self.cases:
            rows = self.kit.tasks(about.case)
            assert (now := Counter(row.element for row in rows)) == about.open, (now, about.open)
            taken = {row.task: row.assignee for row in rows if row.assignee}
            assert taken == about.taken, (taken, about.taken)
            with self.kit.store.reading() as unit:
                row = cases.find(unit, about.case)
            assert row is not None and row.seq == about.seq, "an entry too many, or too few"
            assert (row.ended_at is not None) == about.ended, f"ended at {row.ended_at}"
            if not about.rests:
                assert row.wake_at == about.late, (row.wake_at, about.late)

    def teardown(self) -> None:
        for about in self.cases:
            verdict = verify_case(self.kit.store, about.case)
            assert verdict.good, verdict.lines()
            self.report.counts["histories run again"] += 1
        self._leave()

    def _leave(self) -> None:
        """The next life has the database to itself: nothing waits in it any more."""
        for about in sorted(self.cases, key=lambda one: one.into is None):
            for kind in (c.Unmerge, c.Resume, c.Cancel):
                with suppress(Refused, Conflict, NotFound):
                    order = kind(actor=PEOPLE["lea"], at=self.at, case=about.case, reason="r")
                    self.kit.desk.do(order)
        with self.kit.store.writing() as unit:
            for table in ("cover_end", "cover"):
                unit.run(text(f"DELETE FROM {table}"))
