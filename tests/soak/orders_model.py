"""A stateful model: random orders, stale forms, repeats, cover and a clock that jumps both ways.

After each order every case is exactly what `expected` says; a repeated order gets its first
answer; at the end every history runs again to the state that is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from app.casework import commands as c
from app.engine import day_in_london
from app.store import Store
from tests.kit import KEK, Kit
from tests.soak.expected import FILES, Expected
from tests.soak.lives import Cover, pick
from tests.soak.report import Report
from tests.soak.task_rules import TaskRules

#: orders in one life of a few cases
STEPS = 50
#: lives of one turn, which has a seed of its own
LIVES = 20
#: so long a recorded event can be taken back
BACK = timedelta(hours=24)


class Lives(TaskRules):
    """Beside tasks: what happens, time, whole cases, and who stands for whom."""

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
        before = self.reports(about)
        if self.order(about, c.DeliverMessage, "lea", about.suspended, **told) is not None:
            about.died(self.at)
            (report,) = self.reports(about) - before
            about.reports[report] = about.seq

    def reports(self, about: Expected) -> set[str]:
        return {row.task for row in self.kit.tasks(about.case) if row.element == "report"}

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
        max_examples=LIVES, stateful_step_count=STEPS, deadline=None, database=None,
        suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
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
