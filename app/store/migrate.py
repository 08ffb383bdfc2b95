"""Brings a database to this program's tables with Alembic, once, whoever starts first.

The steps are in `migrations/versions`, in order, forward only. Each is one of two halves: what it
*expands* the program before it can still work beside; what it *contracts* only this one can. So two
releases run side by side between the halves, and the row of `schema_floor` says to a program that
never heard of the newest steps whether it may: it names the last step that it has to know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, String, Table, inspect, select, text, update

from app.store.columns import METADATA
from app.store.database.errors import NewerSchema, OlderSchema, Unfinished

#: the last step; a test keeps it equal to the one that no other follows
HEAD = "0111"
EXPAND, CONTRACT = "expand", "contract"
_FOLDER = Path(__file__).parent / "migrations"
_SAID = re.compile(r'^(revision|down_revision|half) = "(\w+)"$', re.MULTILINE)

schema_floor = Table("schema_floor", METADATA, Column("step", String, primary_key=True))
_FLOOR = select(schema_floor.c.step)


class Tables(Enum):
    """What the tables of a database are to this program."""

    #: there are none, or they are an older release's
    OLDER = "older"
    OURS = "ours"
    #: ours, and what only the release before needs is still there
    UNFINISHED = "unfinished"
    #: a newer release's that has not taken away anything yet
    AHEAD = "ahead"
    NEWER = "newer"

    @property
    def works(self) -> bool:
        """Whether this program can work with them."""
        return self in (Tables.OURS, Tables.UNFINISHED, Tables.AHEAD)


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    #: the step before it; "": it is the first
    after: str
    half: str


@cache
def steps() -> tuple[Step, ...]:
    """Every step of this program, in order. They follow each other as they name each other, which
    need not be in the order of their numbers."""
    read = [_step(path) for path in (_FOLDER / "versions").glob("0*.py")]
    following = {step.after: step for step in read}
    ordered, last = [], ""
    while (step := following.get(last)) is not None:
        ordered.append(step)
        last = step.id
    return tuple(ordered)


def _step(path: Path) -> Step:
    said = dict(_SAID.findall(path.read_text(encoding="utf-8")))
    return Step(said["revision"], said.get("down_revision", ""), said.get("half", EXPAND))


def _pending(at: str | None) -> tuple[Step, ...]:
    """Steps behind that one; all of them where there is none."""
    ids = [step.id for step in steps()]
    return steps()[ids.index(at) + 1 :] if at is not None else steps()


def revision(connection: Connection) -> str | None:
    """The step the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return version


def tables_of(connection: Connection) -> Tables:
    at = revision(connection)
    if at == HEAD:
        return Tables.OURS
    known = {step.id for step in steps()}
    if at is not None and at not in known:
        return Tables.AHEAD if _floor(connection) in known else Tables.NEWER
    pending = _pending(at)
    finished = at is not None and all(step.half == CONTRACT for step in pending)
    return Tables.UNFINISHED if finished else Tables.OLDER


def _floor(connection: Connection) -> str | None:
    """The last step that a program has to know; None in a database from before there was one."""
    if not inspect(connection).has_table(schema_floor.name):
        return None
    step: str | None = connection.execute(_FLOOR).scalar()
    return step


def demand_current(engine: Engine) -> Tables:
    """Raises `OlderSchema` or `NewerSchema` where this program cannot work with the tables."""
    with engine.connect() as connection:
        tables = tables_of(connection)
    if not tables.works:
        raise OlderSchema if tables is Tables.OLDER else NewerSchema
    return tables


def migrate(engine: Engine, *, finish: bool = False) -> Tables:
    """Takes the steps that the release before can work beside; with `finish` all of them.

    A newer release's tables are left as they are. Raises `NewerSchema` where this program cannot
    work with them, or could not finish them; `Unfinished` where an earlier upgrade has to be
    finished first, since what it left stands between.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = '60s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(7239157)"))
        tables = tables_of(connection)
        if tables is Tables.NEWER or (tables is Tables.AHEAD and finish):
            raise NewerSchema
        if tables in (Tables.OURS, Tables.AHEAD):
            return tables
        at = revision(connection)
        pending = _pending(at)
        taken = pending if finish or at is None else first_half(pending)
        if not taken:
            return tables
        _upgrade(connection, taken[-1].id)
        contracted = [step.id for step in taken if step.half == CONTRACT]
        if contracted:
            connection.execute(update(schema_floor).values(step=contracted[-1]))
        return tables_of(connection)


def first_half(pending: tuple[Step, ...]) -> tuple[Step, ...]:
    """Raises `Unfinished`."""
    count = next((n for n, step in enumerate(pending) if step.half == CONTRACT), len(pending))
    if any(step.half == EXPAND for step in pending[count:]):
        raise Unfinished
    return pending[:count]


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command  # only when there is something to do: it costs start-up time
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
