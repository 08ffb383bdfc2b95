"""What a first installation types, as docs/operations.md has it, does what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.config import Config, load
from app.config.safety import demand_safe
from tests.test_rooms import TOP

NUMBERS = range(1, 11)


def typed(step: int) -> str:
    """The commands of this step, as somebody copies them."""
    text = (TOP / "docs" / "operations.md").read_text()
    first = text.partition("## A first installation")[2].partition("\n## ")[0]
    (block,) = re.findall(rf"(?ms)^{step}\. .*?(?=^\d+\. |\Z)", first)
    deep = len(f"{step}. ") + 4  # what Markdown takes for code there
    lines = [line[deep:] for line in block.splitlines() if line.startswith(" " * deep) or not line]
    return "\n".join(lines)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    shutil.copyfile(TOP / "config.yaml", tmp_path / "config.yaml")
    commands = typed(7)
    assert commands.count("/etc/rapid-review") == 2
    subprocess.run(["sh", "-ec", commands.replace("/etc/rapid-review", str(tmp_path))], check=True)
    supplied = (TOP / "docs" / "operations" / "environment").read_text()
    (url,) = re.findall(r"(?m)^RAPID_REVIEW_DATABASE='(.*)'$", supplied)
    monkeypatch.setenv("RAPID_REVIEW_DATABASE", url)
    return load(tmp_path / "config.yaml")


def test_it_takes_the_demonstration_out_and_may_be_given_to_people(installed: Config) -> None:
    assert installed.demo is None and not installed.people and not installed.insecure
    assert installed.web.hosts == ("review.example.org",)
    assert installed.mail.address == "https://review.example.org" and installed.mail.leaves
    shipped = load(TOP / "config.yaml")
    assert installed.roles == shipped.roles and installed.settings == shipped.settings
    demand_safe(installed, "127.0.0.1")


@pytest.mark.parametrize("step", NUMBERS)
def test_each_of_ten_steps_is_typed_and_every_file_it_takes_is_supplied(step: int) -> None:
    commands = typed(step)
    assert commands.strip()
    checked = subprocess.run(["sh", "-n"], input=commands, text=True, check=False)
    assert checked.returncode == 0
    for name in re.findall(r"(?<!/)\boperations/(\S+)", commands):
        assert list((TOP / "docs" / "operations").glob(name)), name
