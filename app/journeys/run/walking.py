"""Walks journey files on a desk of their own and tells how it went: the command line's verb.

Running one of them is `running`'s, what is said of the results `reports`'.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app import wiring
from app.casework import Desk
from app.config import Config
from app.journeys.file import JourneyFault, read
from app.journeys.run.coverage import lines
from app.journeys.run.reports import Outcome, junit, not_deployed, summary
from app.journeys.run.running import Result, play
from app.scheduler import clock

Say = Callable[[str], None]


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
        program = wiring.active_program(desk)
        if coverage is not None and program is not None and (wish.keep_going or not failed):
            walked = {spot for outcome in outcomes for spot in outcome.walked}
            for line in lines(program, walked):
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
        desk = wiring.open_desk(config, database=database or "sqlite://", upgrade=True)
        try:
            yield desk
        finally:
            desk.store.close()
