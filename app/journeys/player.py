"""Plays a journey step by step: turns the clock, gives the orders, looks at refusals.

What is checked afterwards is `checks`'s; which command a step means, `orders`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.casework.errors import CaseworkError
from app.journeys.cast import Cast, UnknownPerson
from app.journeys.checks import Checker
from app.journeys.instants import BadInstant, Instants, wall_clock
from app.journeys.lines import JourneyFault
from app.journeys.names import Names
from app.journeys.orders import Orders
from app.journeys.reading import Journey, Step
from app.journeys.refusals import NotOpen, Refusal, is_expected, said_by
from app.journeys.stage import Stage

Say = Callable[[str], None]


class Player:
    """One journey on its stage. `latest`: no step may be after it (None: no limit)."""

    def __init__(
        self, journey: Journey, stage: Stage, cast: Cast, instants: Instants, say: Say,
        latest: datetime | None = None,
    ) -> None:  # fmt: skip
        self.journey, self.stage = journey, stage
        self._instants, self._say, self._latest = instants, say, latest
        names = Names(stage.program)
        self._orders = Orders(stage, cast, names, instants)
        self.checker = Checker(stage, cast, names, instants)
        self._began = False
        self.steps = 0

    def play(self) -> None:
        """JourneyFault at the first step that does not hold, with its line."""
        for step in self.journey.steps:
            try:
                self._step(step)
            except JourneyFault as fault:
                line = fault.line or step.line
                file = step.file or self.journey.file
                raise JourneyFault(fault.sentence, line=line, file=file) from fault
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
        try:
            target = self._orders.of(step)
            done = self.stage.do(target.command, step.case if step.order == "start" else None)
        except (CaseworkError, NotOpen) as refusal:
            self._refusal(step, refusal)
            return
        except (UnknownPerson, BadInstant) as error:
            line = step.line_of("who" if isinstance(error, UnknownPerson) else "answers")
            raise JourneyFault(str(error), line=line) from error
        if step.refused is not None:
            said = f"This should have been refused ({step.refused}), but it was done."
            raise JourneyFault(said, line=step.line_of("refused"))
        case = f"  [{done.reference}]" if done.reference else ""
        self._line(step, target.words + case)

    def _refusal(self, step: Step, refusal: Refusal) -> None:
        said = said_by(refusal)
        if step.refused is None:
            raise JourneyFault(f"{step.order} {step.target}".strip() + f": {said}") from refusal
        if not is_expected(step, refusal, said):
            raise JourneyFault(
                f"It was refused, but not for “{step.refused}”: {said}",
                line=step.line_of("refused"),
            ) from refusal
        what = step.target or step.order
        self._line(step, f"{step.who or 'somebody'} is refused {what}: {said}")
