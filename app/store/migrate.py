"""Brings a database to this program's tables with Alembic, once, whoever starts first.

The steps themselves are in `migrations/versions`, in order, forward only.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from app.store.database.errors import NewerSchema, OlderSchema

#: the last step; a test keeps it equal to the one that no other follows
HEAD = "0095"
_FOLDER = Path(__file__).parent / "migrations"


def revision(connection: Connection) -> str | None:
    """The step the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar()
    return version


def _known() -> set[str]:
    """Every step of this program. They follow each other as they name each other, which need not be
    in the order of their numbers."""
    return {path.name[:4] for path in (_FOLDER / "versions").glob("0*.py")}


def demand_current(engine: Engine) -> None:
    """Raises `OlderSchema` or `NewerSchema` where the tables are not this program's."""
    with engine.connect() as connection:
        at = revision(connection)
    if at != HEAD:
        raise OlderSchema if at is None or at in _known() else NewerSchema


def migrate(engine: Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = '60s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(7239157)"))
        at = revision(connection)
        if at == HEAD:
            return
        if at is not None and at not in _known():
            raise NewerSchema
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # only when there is something to do: it costs start-up time
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
