"""Runs one journey on a given desk: in virtual time, by the same commands as the pages use.

Reading the format is `reading`'s, giving the orders `player`'s; playing files on a desk of their
own is `walking`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.casework import Desk, Person
from app.engine import Program
from app.engine.feel import ExpressionFault
from app.journeys.file import Instants, Journey, JourneyFault, read
from app.journeys.run.coverage import Walked
from app.journeys.run.player import MadeUp, Player
from app.journeys.stage import Cast, Stage, UnknownPerson
from app.journeys.stage.own_settings import own_settings

#: the name under which callers know a journey that cannot be read or does not hold
JourneyFailed = JourneyFault
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    title: str
    #: name in the journey → reference
    cases: Mapping[str, str]
    steps: int
    checks: int
    timers: int
    program: Program
    #: (process id, element or flow id) that was reached
    walked: Walked
    #: what `fill` answered, step by step
    made_up: tuple[MadeUp, ...] = ()
    #: what did not hold, when it was to go on
    faults: tuple[JourneyFault, ...] = ()


def play(
    journey: Journey | Path | str,
    desk: Desk,
    *,
    present: datetime,
    people: Mapping[str, Person] | None = None,
    own_time: bool = False,
    say: Say = lambda line: None,
    note: Say = lambda line: None,
    keep_going: bool = False,
) -> Result:
    """Plays one journey on a desk whose processes are deployed. JourneyFailed.

    `present` (aware) is what relative instants count from. `own_time`: the desk belongs to the
    journey alone, so it may go beyond the present and have its own calendar and settings. `note`
    hears what was filled in. `keep_going`: what does not hold is in the result, none is raised.
    """
    told = journey if isinstance(journey, Journey) else read(journey)
    if not own_time and (told.calendar is not None or told.settings):
        what = "settings" if told.settings else "calendar"
        said = f"A journey on a shared desk has no {what} of its own."
        raise JourneyFault(said, file=told.file)
    with own_settings(told, desk, present):
        stage = _stage(told, desk, present, own_time)
        try:
            cast = Cast(told, desk.settings.roles, people)
        except UnknownPerson as error:
            raise JourneyFault(str(error), file=told.file) from error
        player = Player(
            told, stage, cast, Instants(present, stage.calendar), say, note,
            latest=None if own_time else present, keep_going=keep_going,
        )  # fmt: skip
        player.play()
    references = {name: stage.ledgers[case].reference for name, case in stage.names.items()}
    walked = {spot for ledger in stage.ledgers.values() for spot in ledger.walked}
    return Result(
        told.title, references, player.steps, player.checker.count, stage.timers,
        stage.program, frozenset(walked), tuple(player.made_up), tuple(player.faults),
    )  # fmt: skip


def _stage(journey: Journey, desk: Desk, present: datetime, own_time: bool) -> Stage:
    try:
        return Stage(desk, present, journey.calendar if own_time else None)
    except ExpressionFault as error:  # a region that nobody knows
        line = journey.calendar.line if journey.calendar else None
        raise JourneyFault(error.sentence, line=line, file=journey.file) from error
