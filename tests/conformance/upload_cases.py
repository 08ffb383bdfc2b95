"""Judges the upload set: each file's class and time, and that findings have a place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from app.engine.errors import Finding
from app.validation import deployment
from tests.conformance.bpmn_cases import Outcome, cut_off, listed, names_an_element

#: of processor time; the README of the sets
MOST_SECONDS = 5
CLASSES = {"accept", "accept-with-findings", "refuse"}


def outcome(checked: deployment.Checked) -> str:
    """The class of the set's README: what would happen with the upload."""
    if checked.refused:
        return "refuse"
    return "accept-with-findings" if checked.findings else "accept"


def checked_alone(name: str, content: bytes) -> deployment.Checked:
    folder = "forms" if PurePath(name).suffix == ".form" else "bpmn"
    return deployment.check({f"{folder}/{name}": content})


def placed(one: Finding, content: bytes) -> bool:
    """Whether it names an element or a line that the file has."""
    if one.line is not None and 1 <= one.line <= content.count(b"\n") + 1:
        return True
    return one.element_id is not None and (
        names_an_element(one, content) or f'"{one.element_id}"'.encode() in content
    )


def wrong(case: Mapping[str, Any], checked: deployment.Checked, content: bytes) -> str | None:
    """What is not as the set expects; None when all is. `names`: ids the findings must name."""
    found = outcome(checked)
    if unknown := set(case["expect"]) - CLASSES:
        return f"the classes {sorted(unknown)} are not known"
    if found not in case["expect"]:
        return f"{found}, not {case['expect']}"
    for one in checked.findings:
        sentence = one.sentence
        if not sentence.endswith((".", "…", "?")) or "Traceback" in sentence or "{http" in sentence:
            return f"no sentence for people: {sentence}"
        if one.rule == "check-failed":
            return f"the check failed: {sentence}"
        if found != "refuse" and not placed(one, content):
            return f"it names no element or line of the file: {sentence}"
    if missing := set(case.get("names", ())) - {one.element_id for one in checked.findings}:
        return f"no finding names {sorted(missing)}"
    return None


def judge(case: Mapping[str, Any], content: bytes) -> Outcome:
    name = str(case["file"])

    def judged() -> Outcome:
        checked = checked_alone(name, content)
        if why := wrong(case, checked, content):
            return Outcome(name, "", "wrong", f"{why}: {checked.findings}")
        return Outcome(name, "", "refused" if outcome(checked) == "refuse" else "right")

    return cut_off(MOST_SECONDS, judged, name, "")


def run(folder: Path) -> Iterator[Outcome]:
    """Every file of the set; one that cases.json does not list is judged by nobody: wrong."""
    cases = listed(folder)
    for case in cases:
        yield judge(case, (folder / case["file"]).read_bytes())
    known = {"cases.json", *(case["file"] for case in cases)}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if (name := path.relative_to(folder).as_posix()) not in known:
            yield Outcome(name, "", "wrong", "no case names this file")
