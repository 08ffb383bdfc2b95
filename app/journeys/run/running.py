"""Runs journeys: a process owner's tests, in virtual time, by the same commands as the pages use.

`walk` is the command line's verb, `play` is one journey on a given desk; reading the format is
`reading`'s, giving the orders `player`'s, telling how it went `reports`'s.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app import wiring
from app.casework import Desk, Person
from app.config import Config
from app.engine import Program
from app.engine.feel import ExpressionFault
from app.journeys.file import Instants, Journey, JourneyFault, read
from app.journeys.run.coverage import Walked, lines
from app.journeys.run.player import MadeUp, Player
from app.journeys.run.reports import Outcome, junit, not_deployed, summary
from app.journeys.stage import Cast, Stage, UnknownPerson
from app.journeys.stage.own_settings import own_settings
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How journeys are to be walked."""

    #: also after one that does not hold, and after a check that does not
    keep_going: bool = False
    #: what was filled in is said
    verbose: bool = False
    #: a file for the results, in JUnit's form
    junit: Path | None = None


def walk(
    config: Config,
    files: Sequence[str | Path] = (),
    *,
    coverage: str | Path | None = None,
    database: str | None = None,
    present: datetime | None = None,
    say: Say = print,
    wish: Wish = Wish(),
) -> int:
    """Plays journey files (of folders every *.yaml); 0, or 1 when something does not hold.

    `coverage`: a folder; then what these files (without any: the folder's journeys) never walked is
    told. `database`: URL of a database made for this; without one, SQLite in memory.
    """
    wanted = _files(files or _journeys_in(coverage))
    if not wanted:
        say("There is no journey there.")
        return 1
    at = present or clock.now()
    with _desk(config, database) as desk:
        said: list[str] = []
        deployed = wiring.deploy_content(desk, config, at, said.append)
        for line in said:
            say(line)
        outcomes = _play_all(wanted, desk, at, say, wish) if deployed else [not_deployed(said)]
        if wish.junit is not None:
            wish.junit.write_bytes(junit(outcomes, at))
        if not deployed:
            return 1
        say(summary(outcomes))
        failed = [fault for outcome in outcomes for fault in outcome.faults]
        if coverage is not None and (wish.keep_going or not failed):
            walked = {spot for outcome in outcomes for spot in outcome.walked}
            for line in lines(Stage(desk, at).program, walked):
                say(line)
        for fault in failed:
            say(f"FAILED {fault}")
    return 1 if failed else 0


def _journeys_in(folder: str | Path | None) -> list[Path]:
    """The folder's own subfolder for journeys, where it has one, else the folder."""
    if folder is None:
        return []
    inner = Path(folder) / "journeys"
    return [inner if inner.is_dir() else Path(folder)]


def _files(given: Iterable[str | Path]) -> list[Path]:
    files: list[Path] = []
    for path in map(Path, given):
        files += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return list(dict.fromkeys(files))


def _play_all(
    files: list[Path], desk: Desk, present: datetime, say: Say, wish: Wish
) -> list[Outcome]:
    """How each went; only up to the first that does not hold, unless it is to go on."""
    outcomes: list[Outcome] = []
    for file in files:
        outcomes.append(_outcome(file, desk, present, say, wish))
        if outcomes[-1].faults and not wish.keep_going:
            break
    return outcomes


def _outcome(file: Path, desk: Desk, present: datetime, say: Say, wish: Wish) -> Outcome:
    log: list[str] = []

    def heard(line: str) -> None:
        log.append(line)
        say(line)

    began, title = clock.now(), str(file)
    result: Result | None = None
    faults: list[JourneyFault] = []
    try:
        told = read(file)
        title = told.title
        heard(f"{file}: {title}")
        result = play(
            told, desk, present=present, own_time=True, say=heard,
            note=heard if wish.verbose else log.append, keep_going=wish.keep_going,
        )  # fmt: skip
        faults += result.faults
    except JourneyFault as fault:
        faults.append(fault)
    outcome = Outcome(
        file=str(file), title=title, seconds=(clock.now() - began).total_seconds(),
        faults=tuple(faults), log=log, walked=result.walked if result else frozenset(),
        steps=result.steps if result else 0, checks=result.checks if result else 0,
        timers=result.timers if result else 0,
        cases=len(set(result.cases.values())) if result else 0,
    )  # fmt: skip
    heard(outcome.told())
    return outcome


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
