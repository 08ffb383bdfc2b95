"""`serve` and `work` wait for a database that is away when they start, and say so once."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import psycopg
import yaml

from app import wiring
from app.config import load
from tests.kit import KEK
from tests.test_rooms import TOP


class Meanwhile(Event):
    """Nobody waits: the database comes at the third look, or never."""

    def __init__(self, server: str, template: str | None) -> None:
        super().__init__()
        self.server, self.template, self.looks = server, template, 0

    def wait(self, timeout: float | None = None) -> bool:
        self.looks += 1
        if self.looks == 3 and self.template is None:
            self.set()
        elif self.looks == 3:
            with psycopg.connect(self.server, autocommit=True) as server:
                server.execute(f"CREATE DATABASE comes_late TEMPLATE {self.template}")
        return self.is_set()


def configured(folder: Path, server: str) -> Path:
    config = yaml.safe_load((TOP / "config.yaml").read_text())
    config |= {"database": server.replace("/postgres?", "/comes_late?"), "people": []}
    config.pop("demo", None)
    (folder / "var" / "secrets").mkdir(parents=True)
    (folder / "var" / "secrets" / "kek").write_bytes(KEK)
    (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    return folder / "config.yaml"


def test_they_go_on_when_it_comes(
    tmp_path: Path, postgres_server: str, postgres_template: str
) -> None:
    said: list[str] = []
    stop = Meanwhile(postgres_server, postgres_template)
    desk = wiring.once_there(load(configured(tmp_path, postgres_server)), stop, said.append)
    assert desk is not None and stop.looks == 3
    assert said == ["The database cannot be reached. Waiting for it …"]
    desk.store.close()
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute("DROP DATABASE comes_late WITH (FORCE)")


def test_told_to_stop_they_end(tmp_path: Path, postgres_server: str) -> None:
    stop = Meanwhile(postgres_server, None)
    assert (
        wiring.once_there(load(configured(tmp_path, postgres_server)), stop, lambda _: None) is None
    )
