"""Turns a step into the command it means: who gives it, about which case and task, with what.

Giving it is `player`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.casework import commands, starting
from app.casework.access import SYSTEM, Person
from app.engine.drawing.fields import Form
from app.journeys import answers, covers
from app.journeys.cast import Cast
from app.journeys.instants import Instants
from app.journeys.ledger import Task
from app.journeys.lines import JourneyFault
from app.journeys.names import Names
from app.journeys.reading import Step
from app.journeys.refusals import NotOpen
from app.journeys.stage import Stage

#: the reasons that a journey gives
_MERGES, _PARTS = "Both are about the same.", "They are not about the same after all."


@dataclass(frozen=True, slots=True)
class Target:
    """What an order is about, found out before it is given."""

    command: commands.Command
    words: str


class Orders:
    def __init__(self, stage: Stage, cast: Cast, names: Names, instants: Instants) -> None:
        self.stage, self.cast, self.names, self.instants = stage, cast, names, instants

    def of(self, step: Step) -> Target:
        """NotOpen, UnknownPerson, BadInstant, JourneyFault."""
        finds = {
            "start": self._start, "do": self._do, "message": self._message,
            "merge_into": self._merge, "unmerge": self._unmerge,
            "cover": self._cover, "end_cover": self._cover,
        }  # fmt: skip
        return finds[step.order or ""](step)

    def _start(self, step: Step) -> Target:
        process = self.names.process(step.target, step.line_of("start"))
        known = self.stage.program.processes[process]
        offered = starting.start_groups(known, self.stage.program.settings)
        person = self._present(self._who(step), sorted(offered))
        form, scope = self.stage.form_of_start(process)
        given = self._given(step, form, scope)
        command = commands.StartCase(actor=person, at=self.stage.now, process=process, given=given)
        return Target(command, f"{person.name} starts {known.name or process}")

    def _do(self, step: Step) -> Target:
        process, element = self.names.step(step.target, step.line_of("do"))
        case, who = self.stage.case(step.case), self._who(step)
        open_ = self.stage.ledger(step.case).open_tasks(element)
        open_ = [one for one in open_ if process in (None, one.process)]
        task = self._pick(step, who, open_)
        person = self._present(who, task.groups)
        form, scope = self.stage.form_of_task(case, task.id)
        version, first = self.stage.signed(case, task.id)
        given = self._given(step, form, scope, first)
        command = commands.CompleteTask(
            actor=person, at=self.stage.now, case=case, task=task.id, given=given, version=version
        )
        label = f" for {task.label}" if task.label else ""
        return Target(command, f"{person.name} does {task.name}{label}")

    def _message(self, step: Step) -> Target:
        name = self.names.message(step.target, step.line_of("message"))
        actor = self._present(step.who) if step.who else SYSTEM
        given = answers.payload(step.answers, self.instants)
        command = commands.DeliverMessage(
            actor=actor, at=self.stage.now, case=self.stage.case(step.case), message=name,
            given=given,
        )  # fmt: skip
        return Target(command, f"message {name} arrives")

    def _merge(self, step: Step) -> Target:
        """`case` is the duplicate, the order names the case that goes on."""
        into = self.stage.ledger(step.target).reference
        person = self._present(self._who(step))
        command = commands.Merge(
            actor=person, at=self.stage.now, case=self.stage.case(step.case), into=into,
            reason=_MERGES,
        )  # fmt: skip
        return Target(command, f"{person.name} merges the case into {into}")

    def _unmerge(self, step: Step) -> Target:
        person = self._present(self._who(step))
        command = commands.Unmerge(
            actor=person, at=self.stage.now, case=self.stage.case(step.case), reason=_PARTS
        )
        return Target(command, f"{person.name} undoes the merge")

    def _cover(self, step: Step) -> Target:
        actor = self._present(self._who(step))
        about = step.about
        make = covers.cover if step.order == "cover" else covers.end_cover
        command = make(step, self.stage, self.cast, self.instants, actor)
        what = "covers" if step.order == "cover" else "no longer covers"
        return Target(command, f"{about['by']} {what} for {about['for']}")

    def _present(self, who: str, offered: Sequence[str] = ()) -> Person:
        """Who acts, as they are at this instant. UnknownPerson."""
        return self.stage.present(self.cast.person(who, offered))

    def _who(self, step: Step) -> str:
        if step.who is None:
            raise JourneyFault(f"Who? “{step.order}” needs “who”.")
        return step.who

    def _pick(self, step: Step, who: str, tasks: Sequence[Task]) -> Task:
        """The open task that is meant: by `for`, then by who may do it, then the oldest."""
        if not tasks:
            raise NotOpen(step.target, sorted({t.element for t in self._open(step)}))
        chosen = [task for task in tasks if self._is_meant(step, task)]
        if not chosen:
            labels = ", ".join(task.label or str(dict(task.item)) for task in tasks)
            said = (
                f"No open “{step.target}” is for {dict(step.chosen)}. Open are those for {labels}."
            )
            raise JourneyFault(said, line=step.line_of("for"))
        return next((task for task in chosen if self._offered(who, task)), chosen[0])

    def _open(self, step: Step) -> list[Task]:
        return self.stage.ledger(step.case).open_tasks()

    def _is_meant(self, step: Step, task: Task) -> bool:
        variables = self.stage.ledger(step.case).scopes.get(task.instance, {})
        return all(
            _same(task.item[key], value)
            if key in task.item
            else _same(task.label, value) or _same(variables.get(key), value)
            for key, value in step.chosen.items()
        )

    def _offered(self, who: str, task: Task) -> bool:
        person = self._present(who, task.groups)
        stands = (person, *(one.person for one in person.covers))
        return any(one.id in task.users or one.groups & set(task.groups) for one in stands)

    def _given(
        self,
        step: Step,
        form: Form | None,
        scope: Mapping[str, Any],
        first: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The step's answers. A second person begins with what the `first` one gave."""
        if form is None:
            return dict(step.answers)
        given = answers.fitted(form, step.answers, self.instants)
        strange = answers.strange(form, given)
        if strange:
            raise JourneyFault(strange, line=step.line_of("answers"))
        if first is not None:
            return {**first, **given}
        return answers.filled(form, given, scope, self.stage.world()) if step.fill else given


def _same(a: Any, b: Any) -> bool:
    return a is not None and str(a).casefold() == str(b).casefold()
