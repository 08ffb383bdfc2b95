"""Plays a journey step by step: turns the clock, gives the orders, looks at refusals.

What is checked afterwards is `checks`'s; which command a step means, `orders`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.casework import (
    AgreeCover,
    CaseworkError,
    Command,
    Done,
    Person,
    ProduceDocument,
    SetCover,
    Undecided,
)
from app.engine import Fault, saying
from app.journeys.checks import Checker, document_text
from app.journeys.file import (
    BadInstant,
    Instants,
    Journey,
    JourneyFault,
    Names,
    Step,
    bare,
)
from app.journeys.run.orders import Orders
from app.journeys.run.refusals import NotOpen, Refusal, is_expected, said_by
from app.journeys.stage import Cast, PlayedSteps, Stage, UnknownPerson, Viewpoint

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class MadeUp:
    """What `fill` answered in one step."""

    line: int
    file: str
    #: the step's order and what it is about
    order: str
    #: path of the question → the sample
    answers: Mapping[str, Any]

    def told(self) -> str:
        said = ", ".join(f"{path}: {_short(value)}" for path, value in self.answers.items())
        return f"filled in: {said}"


class Player:
    """One journey on its stage. `latest`: no step may be after it (None: no limit).

    `say` hears a line a step, `note` what was filled in. With `keep_going` a check that does not
    hold is kept in `faults` and the next step is played; an order that fails ends the journey.
    """

    def __init__(
        self, journey: Journey, stage: Stage, cast: Cast, instants: Instants, say: Say, note: Say,
        latest: datetime | None = None, *, keep_going: bool = False,
    ) -> None:  # fmt: skip
        self.journey, self.stage = journey, stage
        self._instants, self._say, self._note = instants, say, note
        self._latest, self._keep_going = latest, keep_going
        names = Names(stage.program, stage.desk.settings.roles, cast.values())
        self._orders = Orders(stage, cast, names, instants)
        stage.settle = PlayedSteps(journey, stage, names, self._meant, say).settle
        view = Viewpoint(stage, cast, names, instants)
        self.checker = Checker(view, keep_going=keep_going)
        self._began = False
        self.steps = 0
        self.made_up: list[MadeUp] = []
        self.faults: list[JourneyFault] = []

    def play(self) -> None:
        """JourneyFault at the first step that does not hold, with its line; never to keep going."""
        for step in self.journey.steps:
            try:
                self._step(step)
            except JourneyFault as fault:
                placed = self._placed(fault, step)
                if not self._keep_going:
                    raise placed from fault
                self.faults.append(placed)
                return
            self.steps += 1

    def _placed(self, fault: JourneyFault, step: Step) -> JourneyFault:
        line, file = fault.line or step.line, step.file or self.journey.file
        return JourneyFault(fault.sentence, line=line, file=file)

    def _step(self, step: Step) -> None:
        if step.stops is not None:
            self.stage.stopped.discard(step.stops)
            self.stage.stops.add(step.stops)
        if step.at is not None:
            self._turn(step)
        if step.order is not None:
            self._order(step)
        if step.stops is not None and step.stops not in self.stage.stopped:
            said = f"The case should have stopped at “{step.stops}”, but it did not."
            raise JourneyFault(said, line=step.line_of("stops"))
        if step.checks:
            self._check(step)
        elif step.order is None:
            self._line(step, "time passes")
        self._told(step)

    def _told(self, step: Step) -> None:
        """Whoever was told by mail in this step can open what it is about."""
        for fault in self.checker.told():
            placed = self._placed(fault, step)
            if not self._keep_going:
                raise placed
            self.faults.append(placed)

    def _check(self, step: Step) -> None:
        before = self.checker.count
        for fault in self.checker.check(step.checks, step.case, step.who):
            if not self._keep_going:
                raise fault
            placed = self._placed(fault, step)
            self.faults.append(placed)
            self._line(step, f"does not hold: {placed}")
        count = self.checker.count - before
        self._line(step, "1 check holds" if count == 1 else f"{count} checks hold")

    def _line(self, step: Step, text: str, say: Say | None = None) -> None:
        (say or self._say)(f"  {step.line:>4}  {saying.moment(self.stage.now)}  {text}")

    def _turn(self, step: Step) -> None:
        try:
            to = self._instants.read(step.at or "")
        except BadInstant as error:
            raise JourneyFault(str(error), line=step.line_of("at")) from error
        if self._latest is not None and to > self._latest:
            raise JourneyFault("This step lies after the present.", line=step.line_of("at"))
        if self._began and to < self.stage.now:
            raise JourneyFault(
                f"“at” never goes back: it is {saying.moment(self.stage.now)} already.",
                line=step.line_of("at"),
            )
        if not self._began:
            self.stage.now = to
            self._began = True
        fired = self.stage.timers
        self.stage.turn(to)
        fired = self.stage.timers - fired
        if fired:
            self._line(step, f"{saying.count(fired, 'timer')} fired on the way")

    def _meant(self, step: Step) -> tuple[Command, str]:
        target = self._orders.of(step)
        return target.command, target.words

    def _order(self, step: Step) -> None:
        self._began = True
        offered: Sequence[str] | None = None
        try:
            target = self._orders.of(step)
            offered = target.offered
            if target.made_up:
                self._made_up(step, target.made_up)
            done = self._do(target.command, step.case if step.order == "start" else None)
        except (CaseworkError, NotOpen) as refusal:
            self._refusal(step, refusal, offered)
            return
        except (UnknownPerson, BadInstant) as error:
            raise JourneyFault(str(error), line=_blamed(step, error)) from error
        except Fault as error:
            raise JourneyFault(f"{step.order} {step.target}: {error.sentence}") from error
        if step.refused is not None:
            said = f"This should have been refused ({step.refused}), but it was done."
            raise JourneyFault(said, line=step.line_of("refused"))
        case = f"  [{done.reference}]" if done.reference else ""
        self._line(step, target.words + case)
        if step.order == "document":
            self._look_into(step, done)

    def _do(self, command: Command, start: str | None) -> Done:
        """What may be a name is one: a journey's document goes out with every doubt replaced. To a
        cover that somebody else proposed the person who is away agrees at once."""
        try:
            done = self.stage.do(command, start)
            if isinstance(command, SetCover) and command.actor.id != command.person:
                away = Person(command.person, command.person)
                cover = str(done.answer["cover"])
                self.stage.do(AgreeCover(actor=away, at=self.stage.now, cover=cover), None)
            return done
        except Undecided as asked:
            if not isinstance(command, ProduceDocument):
                raise
            decisions, seen = asked.all_replaced(), asked.survey.digest
            return self.stage.do(replace(command, seen=seen, decisions=decisions), start)

    def _made_up(self, step: Step, answers: Mapping[str, Any]) -> None:
        file = step.file or self.journey.file
        made_up = MadeUp(step.line, file, f"{step.order} {step.target}", answers)
        self.made_up.append(made_up)
        self._line(step, made_up.told(), self._note)

    def _look_into(self, step: Step, done: Done) -> None:
        """What the document that was just made says, and what must not stand in it anywhere."""
        text = bare(document_text(self.stage, done))
        for wanted, line in step.contains:
            if bare(wanted) not in text:
                raise JourneyFault(f"“{step.target}” does not say “{wanted}”.", line=line)
        for unwanted, line in step.hides:
            if bare(unwanted) in text:
                raise JourneyFault(f"“{step.target}” says “{unwanted}”.", line=line)
        self.checker.count += len(step.contains) + len(step.hides)

    def _refusal(self, step: Step, refusal: Refusal, offered: Sequence[str] | None) -> None:
        said = said_by(step, refusal, offered)
        if step.refused is None:
            raise JourneyFault(f"{step.order} {step.target}".strip() + f": {said}") from refusal
        if not is_expected(step, refusal, said):
            raise JourneyFault(
                f"It was refused, but not for “{step.refused}”: {said}",
                line=step.line_of("refused"),
            ) from refusal
        what = step.target or step.order
        self._line(step, f"{step.who or 'somebody'} is refused {what}: {said}")


def _blamed(step: Step, error: Exception) -> int:
    """The line of the key that is wrong."""
    if isinstance(error, UnknownPerson):
        return step.line_of("who")
    return step.line_of("to" if step.order == "move_deadline" else "answers")


def _short(value: Any) -> str:
    """A sample on a line: lists by their rows, texts cut off."""
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return saying.count(len(value), "row")
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
