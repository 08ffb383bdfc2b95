"""Sites on each database; whatever a test started has ended when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app.casework.people import passwords
from tests.acceptance.site import Site

MakeSite = Callable[..., Site]


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real hashes, but cheap ones: crowds sign in here."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """A database's URL as it stands in config.yaml."""
    if request.param == "sqlite":
        return "sqlite:///var/cases.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[MakeSite]:
    made: list[Site] = []

    def make(files: Mapping[str, bytes], database: str = "", **changes: object) -> Site:
        site = Site(
            tmp_path / f"site{len(made)}",
            files,
            database or "sqlite:///var/cases.db",
            changes,
        )
        made.append(site)
        return site

    yield make
    for site in made:
        site.stop()
