"""What the command line says of itself, and that nobody waits for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.cli.main import parser

_LOADED = """
import sys
from app.cli.main import main
try:
    main(["--help"])
finally:
    print(*sorted({"sqlalchemy", "lxml", "flask", "app.wiring", "app.config"} & set(sys.modules)))
"""


def test_help_loads_no_room_of_the_product() -> None:
    said = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True)
    assert said.stdout.splitlines()[-1] == ""
    assert "person" in said.stdout


@pytest.mark.parametrize(
    "typed", ["person list", "token list", "archive-log 2027-04-01 log", "key rotate"]
)
def test_what_help_only_names_can_be_typed(typed: str) -> None:
    words = typed.split()
    assert parser(words).parse_args(words).do
