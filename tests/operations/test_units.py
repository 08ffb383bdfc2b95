"""What is supplied for systemd: units that it takes, and that fit what the program does."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from app.bounded import prints
from app.cli.listening import DRAIN
from app.cli.main import parser
from app.config.safety import checked_database
from tests.test_rooms import TOP

SUPPLIED = TOP / "docs" / "operations"
UNITS = sorted(path.name for kind in ("service", "timer") for path in SUPPLIED.glob(f"*.{kind}"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
PROGRAM = "/opt/rapid-review/current/bin/rapid-review"
#: of systemd's own scale from 0 to 100, in tenths
EXPOSED = 20

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd is not installed, and .ci/system could not do it",
)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they are supplied, but for the program, which is not installed here."""
    for name in UNITS:
        text = (SUPPLIED / name).read_text()
        placed = tmp_path / name.replace("@.", "@8000.")
        placed.write_text(text.replace(PROGRAM, "/bin/true"))
    return tmp_path


def analysed(*words: str) -> str:
    done = subprocess.run(
        ["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60
    )
    return f"{done.stdout}{done.stderr}" if done.returncode else done.stderr


@needs_systemd
def test_systemd_takes_every_unit_without_a_word(units: Path) -> None:
    assert len(UNITS) == 6
    assert analysed("verify", *map(str, units.iterdir())) == ""


@needs_systemd
def test_every_service_is_shut_in(units: Path) -> None:
    for path in units.glob("*.service"):
        said = analysed("security", "--offline=yes", f"--threshold={EXPOSED}", str(path))
        assert not said, said


def read(name: str) -> configparser.SectionProxy:
    told = configparser.RawConfigParser(strict=False)
    told.optionxform = str  # type: ignore[assignment, method-assign]
    told.read_string((SUPPLIED / name).read_text())
    return told["Service"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gives_a_verb_that_there_is_its_environment_and_its_key(name: str) -> None:
    service = read(name)
    program, *words = service["ExecStart"].replace("%i", "8000").split()
    assert program == PROGRAM
    assert parser(words).parse_args(words).config == "/etc/rapid-review/config.yaml"
    assert service["EnvironmentFile"] == "/etc/rapid-review/environment"
    assert service["LoadCredential"] == "kek:/etc/rapid-review/kek"
    assert service["User"] == "rapid-review" and service["StateDirectory"] == "rapid-review"


def test_the_pages_have_the_time_to_answer_who_has_asked_and_the_memory_for_a_pdf() -> None:
    service = read("rapid-review-serve@.service")
    assert service["Restart"] == "always"
    assert int(service["TimeoutStopSec"]) > DRAIN
    assert int(service["MemoryMax"].removesuffix("G")) * 1024**3 > 2 * prints._MEGABYTES * 1e6


def test_one_file_of_settings_is_read_alike_by_systemd_and_by_the_command() -> None:
    """systemd takes what stands between single quotes as it is, like a shell."""
    file = SUPPLIED / "environment"
    lines = [line for line in file.read_text().splitlines() if line and line[0] != "#"]
    assert lines and all(line.count("'") == 2 and line.endswith("'") for line in lines)
    by_line = dict(line.replace("'", "").split("=", 1) for line in lines)
    shell = subprocess.run(
        ["sh", "-c", f'set -a; . "{file}"; env'], capture_output=True, text=True, check=True
    )
    by_shell = dict(line.split("=", 1) for line in shell.stdout.splitlines() if "=" in line)
    assert by_line.items() <= by_shell.items()
    url = by_line["RAPID_REVIEW_DATABASE"]
    assert checked_database(url, "config.yaml", frozenset()) == url, "it stays on this machine"
    assert by_line["RAPID_REVIEW_SECRETS"].startswith("/var/lib/rapid-review/")
