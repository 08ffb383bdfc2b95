"""Runs journeys: a process owner's tests, in virtual time, by the same commands as the pages use.

`walk` is the command line's verb, `play` is one journey on a given desk; reading the format is
`reading`'s, giving the orders `player`'s.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app import wiring
from app.casework.access import Person
from app.casework.desk import Desk
from app.config import Config
from app.engine.drawing.program import Program
from app.journeys.cast import Cast, UnknownPerson
from app.journeys.coverage import Walked, lines
from app.journeys.instants import Instants
from app.journeys.lines import JourneyFault
from app.journeys.player import Player
from app.journeys.reading import Journey, read
from app.journeys.stage import Stage
from app.scheduler import clock

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


def play(
    journey: Journey | Path | str,
    desk: Desk,
    *,
    present: datetime,
    people: Mapping[str, Person] | None = None,
    own_time: bool = False,
    say: Say = lambda line: None,
) -> Result:
    """Plays one journey on a desk whose processes are deployed. JourneyFailed.

    `present` (aware) is what relative instants count from. `own_time`: the desk belongs to the
    journey alone, so it may go beyond the present and have its own calendar.
    """
    told = journey if isinstance(journey, Journey) else read(journey)
    if told.calendar is not None and not own_time:
        raise JourneyFault("A journey on a shared desk has no calendar of its own.", file=told.file)
    stage = Stage(desk, present, told.calendar if own_time else None)
    try:
        cast = Cast(told, desk.settings.roles, people)
    except UnknownPerson as error:
        raise JourneyFault(str(error), file=told.file) from error
    instants = Instants(present, stage.calendar)
    player = Player(told, stage, cast, instants, say, latest=None if own_time else present)
    player.play()
    references = {name: stage.ledgers[case].reference for name, case in stage.names.items()}
    walked = {one for ledger in stage.ledgers.values() for one in ledger.walked}
    return Result(
        told.title, references, player.steps, player.checker.count, stage.timers,
        stage.program, frozenset(walked),
    )  # fmt: skip


def walk(
    config: Config,
    files: Sequence[str | Path] = (),
    *,
    coverage: str | Path | None = None,
    database: str | None = None,
    present: datetime | None = None,
    say: Say = print,
) -> int:
    """Plays journey files (of folders every *.yaml); 0, or 1 at the first that does not hold.

    `coverage`: a folder; then what these files (without any: the folder's journeys) never walked is
    told. `database`: URL of a database made for this; without one, SQLite in memory.
    """
    wanted = _files(files or _journeys_in(coverage))
    if not wanted:
        say("There is no journey there.")
        return 1
    at = present or clock.now()
    with _desk(config, database) as desk:
        if not wiring.deploy_content(desk, config, at, say):
            return 1
        try:
            walked = _play_all(wanted, desk, at, say)
        except JourneyFault as fault:
            say(f"FAILED {fault}")
            return 1
        if coverage is not None:
            for line in lines(Stage(desk, at).program, walked):
                say(line)
    return 0


def _journeys_in(folder: str | Path | None) -> list[Path]:
    """The folder's own subfolder for journeys, where it has one, else the folder."""
    if folder is None:
        return []
    inner = Path(folder) / "journeys"
    return [inner if inner.is_dir() else Path(folder)]


def _files(given: Iterable[str | Path]) -> list[Path]:
    found: list[Path] = []
    for one in map(Path, given):
        found += sorted(one.rglob("*.yaml")) if one.is_dir() else [one]
    return list(dict.fromkeys(found))


def _play_all(files: list[Path], desk: Desk, present: datetime, say: Say) -> Walked:
    walked: set[tuple[str, str]] = set()
    for file in files:
        told = read(file)
        say(f"{file}: {told.title}")
        result = play(told, desk, present=present, own_time=True, say=say)
        walked |= result.walked
        say(
            f"  holds: {result.steps} steps, {result.checks} checks,"
            f" {result.timers} timers, {len(set(result.cases.values()))} cases"
        )
    return walked


@contextmanager
def _desk(config: Config, database: str | None) -> Iterator[Desk]:
    """A desk of its own: on the given database, or on one in memory that vanishes with its key."""
    with tempfile.TemporaryDirectory() as folder:
        if database is None:
            config = replace(config, secrets_dir=Path(folder))
        desk = wiring.open_desk(config, database=database or "sqlite://")
        try:
            yield desk
        finally:
            desk.store.close()
