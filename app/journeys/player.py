"""Plays a journey step by step: turns the clock, gives the orders, looks at refusals.

What is checked afterwards is `checks`'s; which answers a form takes, `answers`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.casework import starting
from app.casework.access import SYSTEM
from app.casework.commands import Command, CompleteTask, DeliverMessage, StartCase
from app.casework.errors import CaseworkError, Refused
from app.engine.drawing.answers import unknown
from app.engine.drawing.fields import Form
from app.engine.feel import nearest
from app.journeys.answers import filled, fitted
from app.journeys.cast import Cast, UnknownPerson
from app.journeys.checks import Checker
from app.journeys.instants import BadInstant, Instants, wall_clock
from app.journeys.ledger import Task
from app.journeys.lines import JourneyFault
from app.journeys.names import Names
from app.journeys.reading import Journey, Step
from app.journeys.stage import Stage

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Target:
    """What an order is about, found out before it is given."""

    command: Command
    words: str


class Player:
    """One journey on its stage. `latest`: no step may be after it (None: no limit)."""

    def __init__(
        self, journey: Journey, stage: Stage, cast: Cast, instants: Instants, say: Say,
        latest: datetime | None = None,
    ) -> None:  # fmt: skip
        self.journey, self.stage, self.cast = journey, stage, cast
        self._instants, self._say, self._latest = instants, say, latest
        self.names = Names(stage.program)
        self.checker = Checker(stage, cast, self.names, instants)
        self._began = False
        self.steps = 0

    def play(self) -> None:
        """JourneyFault at the first step that does not hold, with its line."""
        for step in self.journey.steps:
            try:
                self._step(step)
            except JourneyFault as fault:
                line = fault.line or step.line
                raise JourneyFault(fault.sentence, line=line, file=self.journey.file) from fault
            self.steps += 1

    def _step(self, step: Step) -> None:
        if step.at is not None:
            self._turn(step)
        if step.order is not None:
            self._order(step)
        if step.checks:
            count = self.checker.check(step.checks, step.case)
            self._line(step, "1 check holds" if count == 1 else f"{count} checks hold")
        elif step.order is None:
            self._line(step, "time passes")

    def _line(self, step: Step, text: str) -> None:
        self._say(f"  {step.line:>4}  {wall_clock(self.stage.now)}  {text}")

    def _turn(self, step: Step) -> None:
        try:
            to = self._instants.read(step.at or "")
        except BadInstant as error:
            raise JourneyFault(str(error), line=step.line_of("at")) from error
        if self._latest is not None and to > self._latest:
            raise JourneyFault("This step lies after the present.", line=step.line_of("at"))
        if self._began and to < self.stage.now:
            raise JourneyFault(
                f"“at” never goes back: it is {wall_clock(self.stage.now)} already.",
                line=step.line_of("at"),
            )
        if not self._began:
            self.stage.now = to
            self._began = True
        fired = self.stage.timers
        self.stage.turn(to)
        fired = self.stage.timers - fired
        if fired:
            self._line(step, f"{fired} timer{'' if fired == 1 else 's'} fired on the way")

    def _order(self, step: Step) -> None:
        self._began = True
        find = {"start": self._start, "do": self._do, "message": self._message}[step.order or ""]
        try:
            target = find(step)
            done = self.stage.do(target.command, step.case if step.order == "start" else None)
        except (CaseworkError, _NotOpen) as refusal:
            self._refusal(step, refusal)
            return
        except (UnknownPerson, BadInstant) as error:
            line = step.line_of("who" if isinstance(error, UnknownPerson) else "answers")
            raise JourneyFault(str(error), line=line) from error
        if step.refused is not None:
            said = f"This should have been refused ({step.refused}), but it was done."
            raise JourneyFault(said, line=step.line_of("refused"))
        self._line(step, f"{target.words}  [{done.reference}]")

    def _refusal(self, step: Step, refusal: CaseworkError | _NotOpen) -> None:
        said = _said(refusal)
        if step.refused is None:
            raise JourneyFault(f"{step.order} {step.target}: {said}") from refusal
        if not _names(step, refusal, said):
            raise JourneyFault(
                f"It was refused, but not for “{step.refused}”: {said}",
                line=step.line_of("refused"),
            ) from refusal
        self._line(step, f"{step.who or 'somebody'} is refused {step.target}: {said}")

    def _start(self, step: Step) -> _Target:
        process = self.names.process(step.target, step.line_of("start"))
        known = self.stage.program.processes[process]
        offered = starting.start_groups(known, self.stage.program.settings)
        person = self.cast.person(self._who(step), sorted(offered))
        form, scope = self.stage.form_of_start(process)
        given = self._given(step, form, scope)
        command = StartCase(actor=person, at=self.stage.now, process=process, given=given)
        return _Target(command, f"{person.name} starts {known.name or process}")

    def _do(self, step: Step) -> _Target:
        element = self.names.task(step.target, step.line_of("do"))
        case, who = self.stage.case(step.case), self._who(step)
        task = self._pick(step, who, self.stage.ledger(step.case).open_tasks(element))
        person = self.cast.person(who, task.groups)
        form, scope = self.stage.form_of_task(case, task.id)
        given = self._given(step, form, scope)
        command = CompleteTask(
            actor=person, at=self.stage.now, case=case, task=task.id, given=given
        )
        label = f" for {task.label}" if task.label else ""
        return _Target(command, f"{person.name} does {task.name}{label}")

    def _message(self, step: Step) -> _Target:
        name = self.names.message(step.target, step.line_of("message"))
        actor = self.cast.person(step.who) if step.who else SYSTEM
        given = _payload(fitted(_NO_FORM, step.answers, self._instants))
        command = DeliverMessage(
            actor=actor, at=self.stage.now, case=self.stage.case(step.case), message=name,
            given=given,
        )  # fmt: skip
        return _Target(command, f"message {name} arrives")

    def _who(self, step: Step) -> str:
        if step.who is None:
            raise JourneyFault(f"Who? “{step.order}” needs “who”.")
        return step.who

    def _pick(self, step: Step, who: str, tasks: Sequence[Task]) -> Task:
        """The open task that is meant: by `for`, then by who may do it, then the oldest."""
        if not tasks:
            raise _NotOpen(step.target, sorted({t.element for t in self._open(step)}))
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
        person = self.cast.person(who, task.groups)
        return person.id in task.users or bool(person.groups & set(task.groups))

    def _given(self, step: Step, form: Form | None, scope: Mapping[str, Any]) -> dict[str, Any]:
        if form is None:
            return dict(step.answers)
        given = fitted(form, step.answers, self._instants)
        for path, sentence in unknown(form, given).items():
            near = nearest(path.rpartition(".")[2], [one.key for one in form.walk() if one.key])
            hint = f" Did you mean “{near}”?" if near else ""
            raise JourneyFault(f"“{path}”: {sentence}{hint}", line=step.line_of("answers"))
        return filled(form, given, scope, self.stage.world()) if step.fill else given


class _NotOpen(Exception):
    """A task that is known, but not open now."""

    def __init__(self, target: str, others: list[str]) -> None:
        listed = f"Open are {', '.join(others)}." if others else "No task is open."
        self.sentence = f"“{target}” is not open now. {listed}"
        super().__init__(self.sentence)


_NO_FORM = Form(id="", file="", title="", fields=(), digest="")
_COMMANDS = {
    "start": ("start", "start_case", "startcase"),
    "do": ("do", "complete", "complete_task", "completetask"),
    "message": ("message", "deliver_message", "delivermessage"),
}


def _said(refusal: CaseworkError | _NotOpen) -> str:
    fields = refusal.fields if isinstance(refusal, Refused) else {}
    return " ".join([refusal.sentence, *(f"[{path}] {text}" for path, text in fields.items())])


def _names(step: Step, refusal: CaseworkError | _NotOpen, said: str) -> bool:
    """The refusal names the field, command or text that was expected."""
    expected = (step.refused or "").strip().casefold()
    fields = refusal.fields if isinstance(refusal, Refused) else {}
    paths = {path.casefold() for path in fields}
    if expected in paths or any(expected in path.split(".") for path in paths):
        return True
    commands = (*_COMMANDS[step.order or ""], step.target.casefold())
    kind = type(refusal).__name__.casefold().strip("_")
    return expected in commands or expected == kind or expected in said.casefold()


def _same(a: Any, b: Any) -> bool:
    return a is not None and str(a).casefold() == str(b).casefold()


def _payload(given: Any) -> Any:
    """Values of a message from outside, as JSON has them."""
    if isinstance(given, dict):
        return {key: _payload(one) for key, one in given.items()}
    if isinstance(given, list):
        return [_payload(one) for one in given]
    return {"type": "number", "value": str(given)} if isinstance(given, Decimal) else given
