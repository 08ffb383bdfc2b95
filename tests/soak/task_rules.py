"""Orders about tasks: done, done too late, taken, given back, written down, and given once more."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies
from hypothesis.stateful import precondition, rule

from app.casework import commands as c
from app.casework.commands import CaseCommand
from app.casework.errors import Conflict, Refused
from tests.soak.lives import Life, doers, pick


class TaskRules(Life):
    """What somebody may do with a task, or try to."""

    @rule(number=pick, task=pick, who=doers, stale=strategies.booleans())
    def complete(self, number: int, task: int, who: str, stale: bool) -> None:
        about = self.one(number)
        self.first_fires(about, who)
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
                about.worked_on.add(about.reports[row.task])
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
        self.first_fires(about, who)
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
        self.first_fires(about, who)
        row, doer = self.row(about, task), self.doer(who)
        if row is None:
            return
        taken = about.taken.get(row.task)
        # whoever stands for somebody has their tasks, not their powers
        refused = about.rests or taken is None or (doer != taken and who != "lea")
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
        if isinstance(command, c.Merge):  # it is about both
            next(one for one in self.cases if one.case == command.into).fires(self.at)
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
