"""Turns a step into the command it means: who gives it, about which case and task, with what.

Here: starting, messages, and orders about a task. Those about a whole case, and cover, are
`case_orders`'. Giving a command is `player`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.casework import SYSTEM, Person, commands, takes
from app.casework.orders import startable
from app.engine.forms import Form, by_path
from app.journeys.file import (
    STEP_ORDERS,
    Instants,
    JourneyFault,
    Names,
    Step,
    fitted,
    payload,
    strange,
)
from app.journeys.run.case_orders import Target, known_person, target
from app.journeys.run.refusals import NotOpen
from app.journeys.stage import (
    Cast,
    Ledger,
    Stage,
    Task,
    as_at,
    entry_of_message,
    filled,
    form_of_event,
    form_of_start,
    form_of_task,
    same,
    signed,
)

#: why a journey corrects what is known: it has no words for it
CORRECTED = "As this journey tells it"


class Orders:
    def __init__(self, stage: Stage, cast: Cast, names: Names, instants: Instants) -> None:
        self.stage, self.cast, self.names, self.instants = stage, cast, names, instants

    def of(self, step: Step) -> Target:
        """NotOpen, UnknownPerson, BadInstant, JourneyFault."""
        order = step.order or ""
        if order in STEP_ORDERS and STEP_ORDERS[order].on_task:
            return self._on_task(step)
        finds = {"start": self._start, "message": self._message, "take_back": self._take_back}
        if order in finds:
            return finds[order](step)
        person = self._present(self._who(step))
        return target(step, self.stage, self.cast, self.names, self.instants, person)

    def _start(self, step: Step) -> Target:
        process = self.names.process(step.target, step.line_of("start"))
        known = self.stage.program.processes[process]
        offered = startable.start_groups(known, self.stage.program.settings)
        person = self._present(self._who(step), sorted(offered))
        form, scope = form_of_start(self.stage.desk, process)
        given, made_up = self._given(step, form, scope)
        command = commands.StartCase(
            actor=person, at=self.stage.now, process=process, given=given, confirmed=True
        )
        words = f"{person.name} starts {known.name or process}"
        return Target(command, words, tuple(sorted(offered)), made_up)

    def _on_task(self, step: Step) -> Target:
        spots = self.names.tasks(step.target, step.line_of(step.order or ""))
        case, who = self.stage.case(step.case), self._who(step)
        ledger = self.stage.ledger(step.case)
        task = self._pick(step, who, ledger, ledger.open_tasks(spots))
        person = self._present(who, task.groups)
        about = f"{task.name} for {task.label}" if task.label else task.name
        words = f"{person.name} {STEP_ORDERS[step.order or ''].does(about)}"
        offered = (*task.groups, *task.users)
        if step.order in ("do", "draft"):
            command, made_up = self._answered(step, case, task, person)
            return Target(command, words, offered, made_up)
        return Target(self._moved(step, case, task, person), words, offered)

    def _answered(
        self, step: Step, case: str, task: Task, person: Person
    ) -> tuple[commands.Command, Mapping[str, Any]]:
        form, scope = form_of_task(self.stage.desk, case, task.id)
        version, first = signed(self.stage.desk, case, task.id)
        at = self.stage.now
        if step.order == "draft":
            given, _ = self._given(step, form, scope, {})
            return commands.SaveDraft(actor=person, at=at, case=case, task=task.id, given=given), {}
        given, made_up = self._given(step, form, scope, first)
        return commands.CompleteTask(
            actor=person,
            at=at,
            case=case,
            task=task.id,
            given=given,
            version=version,
            confirmed=True,
            reasons={} if step.refused else _reasons(form, given),
        ), made_up

    def _moved(self, step: Step, case: str, task: Task, person: Person) -> commands.Command:
        """Orders about the task itself: who has it, when it is due."""
        command: Any = STEP_ORDERS[step.order or ""].command
        about: dict[str, Any] = {"case": case, "task": task.id}
        if "person" in takes(command):
            about["person"] = known_person(self.stage, self.cast, step, step.to, "to", task.groups)
        if "to" in takes(command):
            about["to"] = known_person(self.stage, self.cast, step, step.to, "to", task.groups)
        if "due" in takes(command):
            about["due"] = self.instants.day_or_instant(step.to)
        if "reason" in takes(command):
            about["reason"] = step.reason
        moved: commands.Command = command(actor=person, at=self.stage.now, **about)
        return moved

    def _message(self, step: Step) -> Target:
        line = step.line_of("message")
        name = self.names.message(step.target, line)
        self.names.content(name, step.answers, step.line_of("answers"))
        case = self.stage.case(step.case)
        form, scope = (
            form_of_event(self.stage.desk, case, name, self.stage.now) if step.who else (None, {})
        )
        about: dict[str, Any] = {"at": self.stage.now, "case": case, "message": name}
        if form is None:  # it comes from elsewhere, or nothing is asked
            actor = self._present(step.who) if step.who else SYSTEM
            given = payload(step.answers, self.instants)
            command = commands.DeliverMessage(actor=actor, given=given, **about)
            return Target(command, f"message {name} arrives")
        given = fitted(form, step.answers, self.instants)
        filling = filled(form, given, scope, self.stage.world(), keep=True)
        command = commands.DeliverMessage(
            actor=self._present(self._who(step)), given=filling.answers, confirmed=True,
            reasons={} if step.refused else _reasons(form, filling.answers),
            another="" if step.refused else CORRECTED, **about,
        )  # fmt: skip
        return Target(command, f"message {name} arrives", made_up=filling.made_up)

    def _take_back(self, step: Step) -> Target:
        """The newest message of that name is meant."""
        name = self.names.message(step.target, step.line_of("take_back"))
        case, person = self.stage.case(step.case), self._present(self._who(step))
        entry = entry_of_message(self.stage.desk, case, name)
        if entry is None:
            raise JourneyFault(f"“{name}” has not come.", line=step.line_of("take_back"))
        command = commands.TakeBack(
            actor=person, at=self.stage.now, case=case, entry=entry, reason=step.reason
        )
        return Target(command, f"{person.name} takes back {name}")

    def _present(self, who: str, offered: Sequence[str] = ()) -> Person:
        """Who acts, as they are at this instant. UnknownPerson."""
        return as_at(self.stage.desk, self.cast.person(who, offered), self.stage.now)

    def _who(self, step: Step) -> str:
        if step.who is None:
            raise JourneyFault(f"Who? “{step.order}” needs “who”.")
        return step.who

    def _pick(self, step: Step, who: str, ledger: Ledger, tasks: Sequence[Task]) -> Task:
        """The open task that is meant: by `for`, then by who may do it, then the oldest."""
        if not tasks:
            raise NotOpen(step.target, sorted({task.element for task in ledger.open_tasks()}))
        chosen = [task for task in tasks if _is_meant(step, ledger, task)]
        if not chosen:
            labels = ", ".join(task.label or str(dict(task.item)) for task in tasks)
            said = (
                f"No open “{step.target}” is for {dict(step.chosen)}. Open are those for {labels}."
            )
            raise JourneyFault(said, line=step.line_of("for"))
        return next((task for task in chosen if self._offered(who, task)), chosen[0])

    def _offered(self, who: str, task: Task) -> bool:
        person = self._present(who, task.groups)
        stands = (person, *(cover.person for cover in person.covers))
        return any(
            stand_in.id in task.users or stand_in.groups & set(task.groups) for stand_in in stands
        )

    def _given(
        self,
        step: Step,
        form: Form | None,
        scope: Mapping[str, Any],
        first: Mapping[str, Any] | None = None,
    ) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """The step's answers, and which of them were made up.

        A second person begins with what the `first` one gave; then nothing is filled.
        """
        if form is None:
            if step.answers:
                said = f"“{step.target}” asks nothing, so it takes no answers."
                raise JourneyFault(said, line=step.line_of("answers"))
            return {}, {}
        given = fitted(form, step.answers, self.instants)
        unasked = strange(form, given)
        if unasked:
            raise JourneyFault(unasked, line=step.line_of("answers"))
        if first is not None:
            return {**first, **given}, {}
        filling = filled(form, given, scope, self.stage.world(), step.fill)
        return dict(filling.answers), filling.made_up


def _reasons(form: Form | None, given: Mapping[str, Any]) -> dict[str, str]:
    """Why a step corrects what was known, where the form asks for it; lists lose rows too."""
    if form is None:
        return {}
    paths = {*given, *by_path(given)}
    asked = ((path, form.at(path)) for path in paths)
    return {path: CORRECTED for path, field in asked if field and field.rules.correction_reason}


def _is_meant(step: Step, ledger: Ledger, task: Task) -> bool:
    variables = ledger.scopes.get(task.instance, {})
    return all(
        same(task.item[key], value)
        if key in task.item
        else same(task.label, value) or same(variables.get(key), value)
        for key, value in step.chosen.items()
    )
