"""Steps that the player does by itself as soon as they open: `settings.played` of the content.

A process that grows a step needs no change of the journeys that were written before it. A journey
that names the step anywhere, to do it or to check it, does it itself. Which command a step means
is `orders`'s; when to look, `stage`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.casework import CaseworkError, Command
from app.engine.feel import ExpressionFault, compile_expression
from app.journeys.file import About, Journey, JourneyFault, Names, Spot, Step
from app.journeys.stage.stage import Stage

#: the setting, and what one of its rows says
SETTING = "played"
_KEYS = ("do", "who", "answers")
Say = Callable[[str], None]
#: the command that a step means, and what is done, in words
Means = Callable[[Step], tuple[Command, str]]


@dataclass(frozen=True, slots=True)
class _Played:
    spots: frozenset[Spot]
    do: str
    #: the first of them to whom it is offered does it
    who: tuple[str, ...]
    #: as a journey's step has them, or FEEL that gives them
    answers: Mapping[str, Any] | str


class PlayedSteps:
    """Those of the content that this journey does not name. JourneyFault for a row that is none."""

    def __init__(
        self, journey: Journey, stage: Stage, names: Names, means: Means, say: Say
    ) -> None:
        self._stage, self._means, self._say = stage, means, say
        named = {spot for word in _words(journey) for spot in names.task_spots(word)}
        rows = stage.program.settings.get(SETTING) or []
        self._rows = [
            row for row in (_row(names, given) for given in rows) if not row.spots & named
        ]

    def settle(self) -> None:
        """Does each that is open in a case of the journey, at the instant that it is now."""
        for row in self._rows:
            for case, ledger in list(self._stage.ledgers.items()):
                for _ in ledger.open_tasks(row.spots):
                    if ledger.open_tasks(row.spots):  # doing the one may have done the other
                        self._do(row, case)

    def _do(self, row: _Played, case: str) -> None:
        name = next(name for name, id in self._stage.names.items() if id == case)
        answers = self._answers(row)
        for who in row.who:
            step = Step(line=0, who=who, order="do", target=row.do, case=name, answers=answers)
            try:
                command, words = self._means(step)
                self._stage.do(command)
            except (CaseworkError, JourneyFault) as refusal:
                if who == row.who[-1]:
                    said = f"settings.{SETTING}: {row.do}: {refusal}"
                    raise JourneyFault(said) from refusal
            else:
                self._say(f"        {words}, by itself")
                return

    def _answers(self, row: _Played) -> Mapping[str, Any]:
        if not isinstance(row.answers, str):
            return row.answers
        scope = {"settings": self._stage.program.settings}
        try:
            given = compile_expression(row.answers.removeprefix("=")).evaluate(
                scope, self._stage.world()
            )
        except ExpressionFault as fault:
            raise JourneyFault(f"settings.{SETTING}: {row.do}: {fault.sentence}") from fault
        return given if isinstance(given, Mapping) else {}


def _row(names: Names, given: Any) -> _Played:
    stated = given if isinstance(given, Mapping) else {}
    strange = next((key for key in stated if key not in _KEYS), None)
    if strange is not None or not all(isinstance(stated.get(key), str) for key in ("do", "who")):
        said = f"settings.{SETTING}: a row says “do”, “who” and perhaps “answers”."
        raise JourneyFault(said)
    do = str(stated["do"])
    who = tuple(each.strip() for each in str(stated["who"]).split(","))
    return _Played(names.tasks(do, 0), do, who, stated.get("answers") or {})


def _words(journey: Journey) -> Iterator[str]:
    """Whatever may name a task in the journey's steps: what they do, and what their checks say."""
    for step in journey.steps:
        yield step.target
        for claim in step.checks:
            if isinstance(claim.expected, list):
                yield from (about.name for about in claim.expected if isinstance(about, About))
