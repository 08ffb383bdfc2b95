"""Tables and key are made by `rapid-review migrate` alone, and only where nothing is sealed yet."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import yaml

from app.cli.main import main
from tests.test_rooms import TOP

VERBS = [
    ["serve", "--port", "0"], ["work"], ["deploy"], ["verify"], ["heads"],
    ["replay", "--reexecute"], ["figures"], ["index"], ["person", "list"], ["token", "list"],
]  # fmt: skip
FIRST = ["person", "first", "ann", "Ann Archer", "ann@example.org"]


class Place:
    """A folder with config.yaml and nothing else; what a verb says and whether it did it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        config = yaml.safe_load((TOP / "config.yaml").read_text())
        config |= {"database": "sqlite:///var/cases.db", "people": []}
        config.pop("demo", None)
        (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    def type(self, *words: str) -> tuple[int, str]:
        code = main(["--config", str(self.folder / "config.yaml"), *words])
        told = self.capsys.readouterr()
        return code, told.out + told.err

    @property
    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}

    @property
    def kek(self) -> Path:
        return self.folder / "var" / "secrets" / "kek"


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return Place(tmp_path, capsys)


@pytest.mark.parametrize("words", VERBS, ids=[words[0] for words in VERBS])
def test_beside_no_database_a_verb_makes_nothing_and_says_what_to_do(
    place: Place, words: list[str]
) -> None:
    code, said = place.type(*words)
    assert code == 1 and "rapid-review migrate" in said, said
    assert place.files == {"config.yaml"}


def test_migrate_makes_tables_and_key_once(place: Place) -> None:
    for _ in range(2):
        assert place.type("migrate")[0] == 0
    kek = place.kek.read_bytes()
    assert place.type(*FIRST)[0] == 0
    assert place.type("migrate")[0] == 0 and place.kek.read_bytes() == kek


@pytest.mark.parametrize(
    "words", [VERBS[0], VERBS[3], ["migrate"]], ids=["serve", "verify", "migrate"]
)
def test_a_lost_key_is_said_and_no_other_is_made(place: Place, words: list[str]) -> None:
    place.type("migrate")
    place.type(*FIRST)
    place.kek.unlink()
    code, said = place.type(*words)
    assert code == 1 and "The key of this database is missing" in said, said
    assert not place.kek.exists()


def test_an_older_database_is_left_as_it_is_by_all_but_migrate(place: Place) -> None:
    place.type("migrate")
    place.type(*FIRST)
    with sqlite3.connect(place.folder / "var" / "cases.db") as file:
        file.execute("UPDATE alembic_version SET version_num = '0001'")
    code, said = place.type("verify")
    assert code == 1 and "older release" in said
    with sqlite3.connect(place.folder / "var" / "cases.db") as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.execute("UPDATE schema_floor SET step = '9998'")
    assert "newer version" in place.type("verify")[1]
    assert "newer version" in place.type("migrate")[1]
