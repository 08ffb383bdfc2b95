"""Runs journeys: a process owner's tests, in virtual time, by the same commands as the pages use.

A guest of all rooms, like web. `run` is the command line's verb, `play` one journey on a given
desk; the format is told in docs/journeys.md and read by `journeys_read`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.casework.access import SYSTEM, Person, Role
from app.casework.commands import Deploy
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.settings import DeskSettings
from app.config import Config
from app.engine.drawing.program import Program
from app.engine.feel import Calendar
from app.journeys_coverage import Walked, lines
from app.journeys_people import Cast, UnknownPerson
from app.journeys_play import Player
from app.journeys_read import Journey, read
from app.journeys_stage import Stage
from app.journeys_time import Instants
from app.journeys_yaml import JourneyFault
from app.store import Store

__all__ = ["JourneyFailed", "JourneyFault", "Result", "play", "run"]

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


def run(
    files: Sequence[str | Path],
    config: Config,
    *,
    present: datetime,
    coverage: str | Path | None = None,
    database: str | None = None,
    say: Say = print,
) -> int:
    """Plays journey files (folders: every *.yaml in them); 0, or 1 at the first that does not hold.

    `coverage`: a folder whose journeys are played too, and then what none of them walked is told.
    `database`: URL of an empty PostgreSQL or SQLite database; without one, SQLite in memory.
    """
    wanted = _files([*files, *([coverage] if coverage is not None else [])])
    if not wanted:
        say("There is no journey there.")
        return 1
    with _desk(config, database) as desk:
        try:
            _deploy(desk, config, present)
            walked = _play_all(wanted, desk, present, say)
        except JourneyFault as fault:
            say(f"FAILED {fault}")
            return 1
        if coverage is not None:
            program = Stage(desk, present).program
            for line in lines(program, walked):
                say(line)
    return 0


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
    """A desk of its own on the given database, or on one in memory that vanishes."""
    store = Store(database or "sqlite://", os.urandom(32))
    try:
        store.migrate()
        yield Desk(store, desk_settings(config))
    finally:
        store.close()


def desk_settings(config: Config) -> DeskSettings:
    return DeskSettings(
        calendar=Calendar.of(config.calendar.region, config.calendar.closed),
        roles={key: Role(one.id, one.name, one.sees, one.may) for key, one in config.roles.items()},
        reference=config.reference,
        settings_json=config.settings_json(),
    )


def _deploy(desk: Desk, config: Config, present: datetime) -> None:
    files = config.content_files()
    try:
        desk.do(Deploy(actor=SYSTEM, at=present, files=files, note="for journeys", activate=True))
    except Refused as refusal:
        found = "; ".join(f"{one.file}: {one.sentence}" for one in refusal.findings[:5])
        raise JourneyFault(
            f"The diagrams cannot be deployed. {found or refusal.sentence}"
        ) from refusal
