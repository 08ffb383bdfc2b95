"""A stateful model: random orders, stale forms, repeats, cover and a clock that jumps both ways.

After each order every case is exactly what `expected` says; a repeated order gets its first
answer; at the end every history runs again to the state that is stored.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sqlalchemy import text

from app.audit.verification import verify_case
from app.casework import commands as c
from app.casework.access import SYSTEM
from app.casework.commands import CaseCommand, Command, Done
from app.casework.errors import CaseworkError, Conflict, NotFound, Refused
from app.casework import accounts
from app.engine import day_in_london
from app.store import Store, cases
from app.store.work.tasks import TaskRow
from tests.kit import KEK, PEOPLE, START, Kit
from tests.soak.expected import FILES, Expected
from tests.soak.report import Report

pick = strategies.integers(0, 11)
doers = strategies.sampled_from(["ann", "ben", "lea", "pol"])
#: orders in one life of a few cases
STEPS = 50
#: so long a recorded event can be taken back
BACK = timedelta(hours=24)
MOST_CASES = 3


@dataclass
class Cover:
    """Pol stands for Lea; one in a life. Between its days, once it was set and until it is ended."""

    id: str
    first: date
    last: date
    since: datetime
    ended: datetime | None = None

    def runs(self, at: datetime) -> bool:
        inside = self.first <= day_in_london(at) <= self.last and self.since <= at
        return inside and (self.ended is None or at < self.ended)


class Lives(RuleBasedStateMachine):
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

    # -- giving orders

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
        about.fires(self.at)
        try:
            done = self.give(kind, who, case=about.case, **rest)
        except CaseworkError as error:
            assert refused, f"{kind.__name__} by {who}: {error}"
            return None
        assert not refused, f"{kind.__name__} by {who} was taken"
        return done

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

    # -- rules

    @initialize()
    def first(self) -> None:
        self.start()

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule()
    def start(self) -> None:
        done = self.give(c.StartCase, "ann", process="p")
        self.cases.append(Expected(done.case, self.at))
        order = c.AddMember(actor=SYSTEM, at=self.at, case=done.case, person="lea", reason="r")
        self.kit.desk.do(order)
        self.cases[-1].seq += 1

    @rule(number=pick, task=pick, who=doers, stale=strategies.booleans())
    def complete(self, number: int, task: int, who: str, stale: bool) -> None:
        about = self.one(number)
        about.fires(self.at)
        row = self.row(about, task)
        if row is None:
            return
        doer = self.doer(who)
        taken = about.taken.get(row.task)
        version = row.version - 1 if stale and row.version else None
        refused = about.rests or doer is None or taken not in (None, doer) or version is not None
        given = {"what": "x"} if row.element == "a" else {}
        done = self.order(
            about, c.CompleteTask, who, refused, task=row.task, given=given, version=version
        )
        if done is not None:
            self.closed.append((about.case, row.task))
            about.taken.pop(row.task, None)
            if row.element == "report":
                about.worked_on |= set(about.deaths)
            about.completed(row.element, self.at)
            assert done.seq == about.seq

    @precondition(lambda self: self.closed)
    @rule(number=pick, who=doers)
    def complete_what_is_closed(self, number: int, who: str) -> None:
        case, task = self.closed[number % len(self.closed)]
        about = next(one for one in self.cases if one.case == case)
        self.order(about, c.CompleteTask, who, True, task=task, given={"what": "late"})

    @rule(number=pick, task=pick, who=doers)
    def claim(self, number: int, task: int, who: str) -> None:
        about = self.one(number)
        about.fires(self.at)
        row, doer = self.row(about, task), self.doer(who)
        if row is None:
            return
        taken = about.taken.get(row.task)
        refused = about.rests or doer is None or taken not in (None, doer)
        done = self.order(about, c.Claim, who, refused, task=row.task)
        if done is None:
            return
        if taken == doer:  # it was theirs: nothing is written, and no key remembered
            self.done.pop()
        else:
            about.recorded(self.at)
            about.taken[row.task] = str(doer)

    @rule(number=pick, task=pick, who=doers)
    def release(self, number: int, task: int, who: str) -> None:
        about = self.one(number)
        about.fires(self.at)
        row, doer = self.row(about, task), self.doer(who)
        if row is None:
            return
        taken = about.taken.get(row.task)
        refused = about.rests or taken is None or doer not in (taken, "lea")
        if self.order(about, c.Release, who, refused, task=row.task) is not None:
            about.recorded(self.at)
            del about.taken[row.task]

    @rule(number=pick, task=pick, who=strategies.sampled_from(["ann", "ben"]))
    def draft(self, number: int, task: int, who: str) -> None:
        about = self.one(number)
        self.due(about)
        row = self.row(about, task)
        if row is None or about.rests or row.assignee not in (None, who):
            return
        self.order(about, c.SaveDraft, who, False, task=row.task, given={"what": "half"})
        self.done.pop()  # a draft is no fact of the case, and has no answer to keep

    @rule(number=pick)
    def halt(self, number: int) -> None:
        about = self.one(number)
        self.due(about)
        if about.into is not None or not about.open["c"]:
            return
        if self.order(about, c.DeliverMessage, "lea", about.rests, message="halt") is not None:
            (closed,) = self.gone(about)
            about.taken.pop(closed, None)
            about.halted(self.at)

    @rule(number=pick)
    def died(self, number: int) -> None:
        about = self.one(number)
        if about.into is not None or about.open["report"] > 1:
            return
        given = {"who": f"Child {next(self.numbers)}"}
        told = {"message": "died", "given": given}
        if self.order(about, c.DeliverMessage, "lea", about.suspended, **told) is not None:
            about.died(self.at)

    @rule(number=pick, entry=pick)
    def take_back(self, number: int, entry: int) -> None:
        about = self.one(number)
        self.due(about)
        if not about.deaths:
            return
        back = sorted(about.deaths)[entry % len(about.deaths)]
        now = max(self.at, about.at)
        refused = about.rests or about.ended or now - about.deaths[back] > BACK
        refused = refused or back in about.worked_on
        done = self.order(about, c.TakeBack, "lea", refused, entry=back, reason="A mistake")
        if done is not None:
            for task in self.gone(about):
                about.taken.pop(task, None)
            about.taken_back(back, self.at)

    def gone(self, about: Expected) -> list[str]:
        """Tasks that were just ended by something else than their completion."""
        left = {row.task for row in self.kit.tasks(about.case)}
        return [task for task in about.taken if task not in left] or [""]

    @rule(number=pick)
    def suspend(self, number: int) -> None:
        about = self.one(number)
        self.due(about)
        refused = about.rests or about.ended
        if self.order(about, c.Suspend, "lea", refused, reason="Police") is not None:
            about.recorded(self.at)
            about.suspended = True

    @rule(number=pick)
    def resume(self, number: int) -> None:
        about = self.one(number)
        refused = about.ended or not about.suspended
        if self.order(about, c.Resume, "lea", refused, reason="Go on") is not None:
            about.recorded(self.at)
            about.suspended = False

    @rule(number=pick, odds=pick)
    def cancel(self, number: int, odds: int) -> None:
        about = self.one(number)
        self.due(about)
        if odds > 1:  # else few cases grow old
            return
        refused = about.ended or about.into is not None
        if self.order(about, c.Cancel, "lea", refused, reason="No case") is not None:
            about.cancelled(self.at)

    @precondition(lambda self: self.done)
    @rule(number=strategies.integers(0, 1000), other=strategies.booleans())
    def repeat(self, number: int, other: bool) -> None:
        """The same order again, whatever happened since: its first answer. Other words: refused."""
        command, first = self.done[number % len(self.done)]
        about = next((one for one in self.cases if one.case == first.case), None)
        self.report.counts["orders"] += 1
        self.report.counts["repeats"] += 1
        if about is not None and isinstance(command, CaseCommand):
            about.fires(self.at)
        command = replace(command, at=self.at)
        if other and isinstance(command, c.CompleteTask):
            try:
                self.kit.desk.do(replace(command, given={"what": "other words"}))
            except (Refused, Conflict):
                return
            raise AssertionError("a used key was taken with other answers")
        again = self.kit.desk.do(command)
        assert again.replayed, "the order was done twice"
        assert (again.case, again.seq) == (first.case, first.seq)

    @rule(minutes=strategies.sampled_from([1, 59, 61, 125, 60 * 25, -1, -50, -130]))
    def clock(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def wake(self) -> None:
        """What is due anywhere fires, each once, and nothing else."""
        due = [about for about in self.cases if about.fires(self.at)]
        fired = self.kit.desk.wake_due(self.at)
        self.report.counts["orders"] += 1
        assert Counter(done.case for done in fired) == Counter(about.case for about in due)

    @rule(number=pick, other=pick)
    def merge(self, number: int, other: int) -> None:
        about, into = self.one(number), self.one(other)
        if about is into or any(x.rests or x.takes_in or x.ended for x in (about, into)):
            return
        about.fires(self.at)
        into.fires(self.at)
        told = {"into": into.case, "reason": "The same"}
        if self.order(about, c.Merge, "lea", False, **told) is not None:
            about.recorded(self.at)
            into.recorded(self.at)
            about.into, into.takes_in = into.case, True

    @rule(number=pick)
    def unmerge(self, number: int) -> None:
        about = self.one(number)
        main = next((one for one in self.cases if one.case == about.into), None)
        if main is None or main.rests or main.ended:
            return
        main.fires(self.at)
        if self.order(about, c.Unmerge, "lea", False, reason="Not the same") is not None:
            about.recorded(self.at)
            main.recorded(self.at)
            about.into, main.takes_in = None, False

    @precondition(lambda self: self.cover is None)
    @rule()
    def set_cover(self) -> None:
        first = day_in_london(self.at)
        last = first + timedelta(days=1)
        told = {"person": "lea", "by": "pol", "first": first, "last": last, "reason": "Leave"}
        id = str(self.give(c.SetCover, "lea", **told).answer["cover"])
        self.cover = Cover(id, first, last, self.at)

    @precondition(lambda self: self.covered() and self.cover.ended is None)
    @rule()
    def end_cover(self) -> None:
        assert self.cover is not None
        self.give(c.EndCover, "lea", cover=self.cover.id)
        self.cover.ended = self.at

    # -- what always holds

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
                with tolerant():
                    order = kind(actor=PEOPLE["lea"], at=self.at, case=about.case, reason="r")
                    self.kit.desk.do(order)
        with self.kit.store.writing() as unit:
            for table in ("cover_end", "cover"):
                unit.run(text(f"DELETE FROM {table}"))


@contextmanager
def tolerant() -> Any:
    try:
        yield
    except (Refused, Conflict, NotFound):
        pass


def drill(
    seed: int,
    size: int,
    folder: Path,
    planted: Callable[[], None] | None = None,
    *,
    shrink: bool = True,
) -> Report:
    """`size`: orders to give at least. `shrink`: looks for the shortest life that shows a fault."""
    report = Report("orders", seed)
    store = Store(f"sqlite:///{folder / 'orders.db'}", KEK)
    store.migrate()
    Lives.kit, Lives.report = Kit(store), report
    Lives.kit.deploy(FILES)
    if planted is not None:
        planted()
    asked = settings(
        max_examples=20, stateful_step_count=STEPS, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=False,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,), report_multiple_bugs=False,
    )  # fmt: skip
    turn = 0
    while report.counts["orders"] < size and not report.faults:
        machine = hypothesis.seed(seed * 1_000 + turn)(Lives)
        try:
            run_state_machine_as_test(machine, settings=asked)
        except Exception as error:
            notes = "\n".join(getattr(error, "__notes__", ()))
            report.faults.append(f"{type(error).__name__}: {error}\n{notes}")
        turn += 1
    store.close()
    return report.ended()
