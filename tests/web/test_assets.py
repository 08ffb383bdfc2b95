"""The browser assets: built once, checked by their stamp, and not needed by anything else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app import assets


@pytest.fixture
def source(tmp_path: Path) -> Path:
    copy = tmp_path / "frontend"
    shutil.copytree(assets.SOURCE, copy, ignore=shutil.ignore_patterns("node_modules"))
    return copy


@pytest.fixture
def built(tmp_path: Path, source: Path) -> Path:
    out = tmp_path / "vendor"
    out.mkdir()
    (out / assets.STAMP).write_text(assets.wanted(source))
    return out


def test_what_is_built_from_these_sources_is_ready(built: Path, source: Path) -> None:
    assert assets.ready(built, source)


@pytest.mark.parametrize("file", ["package-lock.json", "build.mjs", "src/modeler.js"])
def test_a_change_of_any_source_asks_for_a_new_build(built: Path, source: Path, file: str) -> None:
    (source / file).write_text((source / file).read_text() + "\n")
    assert not assets.ready(built, source)


def test_nothing_built_is_not_ready(tmp_path: Path, source: Path) -> None:
    assert not assets.ready(tmp_path / "nothing", source)


def test_a_failed_build_says_so_and_leaves_what_was_there(built: Path, source: Path) -> None:
    package = json.loads((source / "package.json").read_text())
    package["dependencies"]["bpmn-js"] = "0.0.1"  # no longer what the lock file says
    (source / "package.json").write_text(json.dumps(package))
    before = sorted(built.parent.iterdir())
    with pytest.raises(assets.AssetsFailed, match="npm ci"):
        assets.build(built, source)
    assert (built / assets.STAMP).is_file()
    assert sorted(built.parent.iterdir()) == before


def test_the_lock_file_names_no_host() -> None:
    packages = json.loads((assets.SOURCE / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in one for one in packages.values())
    assert all("integrity" in one for name, one in packages.items() if name)


def test_an_unknown_word_is_not_taken_for_an_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert assets.main(["--chekc"]) == 1
    assert "--check" in capsys.readouterr().out


def test_building_needs_no_page() -> None:
    code = "import app.assets, sys; sys.exit('flask' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=assets.ROOT, check=False).returncode == 0
    )
