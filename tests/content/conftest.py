"""The content as it lies: read and checked once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config.installation import Config, load
from app.validation.deployment import Checked
from app.validation.gate import check

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def config() -> Config:
    return load(ROOT / "config.yaml")


@pytest.fixture(scope="session")
def checked(config: Config) -> Checked:
    return check(config.content_files())
