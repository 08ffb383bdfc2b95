"""What the run floor says of itself: each override names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
ROOM = HERE.parents[2] / "app" / "engine" / "run"


def test_every_override_names_its_licence_and_tests_that_exist() -> None:
    written = "".join(path.read_text() for path in HERE.glob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)", written, re.MULTILINE))
    told_of = 0
    for path in sorted(ROOM.rglob("*.py")):
        text = path.read_text()
        told = ast.get_docstring(ast.parse(text)) or ""
        for name in re.findall(r"\btest_\w+", told):
            found = [one for one in known if one == name or one.startswith(name)]
            assert found, f"{path.name} names {name}"
        within = path.parent.name == "elements" and path.name != "__init__.py"
        if within or "from SpiffWorkflow" in text:
            assert "LGPL-3.0" in told, path.name
            told_of += 1
    assert told_of > 5
