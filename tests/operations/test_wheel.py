"""The program as one wheel, away from the clone: what an installation has of it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.acceptance.site import Caller, Site
from tests.kit import diagram
from tests.test_rooms import TOP


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as “make wheelhouse” builds it, installed."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=TOP, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("rapid_review-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "installed")
    return folder / "installed"


def files(top: Path) -> set[str]:
    return {
        path.relative_to(top).as_posix()
        for path in (top / "app").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_it_carries_all_of_the_program_also_what_is_built(unpacked: Path) -> None:
    assert files(TOP) == files(unpacked)
    named = (unpacked / next(unpacked.glob("*.dist-info")) / "entry_points.txt").read_text()
    assert "rapid-review = app.cli.main:main" in named


def test_it_makes_its_tables_and_shows_its_pages_without_the_clone(
    unpacked: Path, tmp_path: Path
) -> None:
    site = Site(tmp_path, diagram("start > task:check > end", check={"groups": "clerk"}))
    try:
        server = site.start("run", sources=unpacked)
        assert server.alive, server.said()
        page = Caller(server.port or 0).get("/sign-in")
        assert page.code == 200
        parts = page.tree.xpath("//link[@rel='stylesheet']/@href | //script/@src")
        assert parts and all(Caller(server.port or 0).get(part).code == 200 for part in parts)
        assert "is active" in server.said()
    finally:
        site.stop()
