"""Owns what a check answers across the border of its process, and its form as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from app.engine import Finding, Program
from app.engine.bpmn import Process
from app.validation.deployment import REFUSING, Checked

#: process → its name, its file, and its elements with their names
Outline = Mapping[str, tuple[str, str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of a set of files says."""

    #: nothing stands against running it
    runs: bool
    findings: tuple[Finding, ...]
    #: of what runs
    outline: Outline
    #: SHA-256 over the files (`deployment.digest`)
    digest: str = ""
    #: seconds of processor time that the check took
    cost: float = 0.0

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Findings after which a file is not even worth keeping as a draft."""
        return tuple(f for f in self.findings if f.rule in REFUSING and f.severity == "error")

    @property
    def errors(self) -> int:
        return sum(1 for finding in self.findings if finding.severity == "error")


def of(checked: Checked) -> Verdict:
    program = checked.program
    return Verdict(program is not None, checked.findings, outline(program) if program else {})


def outline(program: Program) -> Outline:
    return {
        id: (process.name or "", process.file, _names(process))
        for id, process in program.processes.items()
    }


def _names(process: Process) -> Mapping[str, str]:
    return {element.id: element.name or "" for element in process.elements.values()}


def written(verdict: Verdict, cost: float) -> bytes:
    """ASCII, so that a half surrogate in a name of a broken file is carried too."""
    findings = [astuple(finding) for finding in verdict.findings]
    return json.dumps([verdict.runs, findings, verdict.outline, cost]).encode("ascii")


def read(content: bytes) -> Verdict:
    """Raises ValueError, TypeError or KeyError for what is no verdict."""
    runs, findings, drawn, cost = json.loads(content)
    read_findings = tuple(Finding(*map(_plain, finding)) for finding in findings)
    processes = {
        str(id): (str(name), str(file), {str(k): str(v) for k, v in elements.items()})
        for id, (name, file, elements) in drawn.items()
    }
    return Verdict(runs is True, read_findings, processes, cost=float(cost))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError("a finding holds texts and numbers only")


def vanished_ids(old: Outline, new: Outline) -> list[Finding]:
    """Warnings for element ids that people's history speaks of and the new drawing has lost; an
    error where not one process is left: no case could ever be opened as it is today."""
    findings = []
    for id, (name, file, elements) in old.items():
        if id not in new:
            sentence = f"The process “{name or id}” ({id}) is no longer in the set."
            findings.append(Finding(file, "vanished-id", sentence, "warning", id))
            continue
        now = new[id]
        for element, called in elements.items():
            if element not in now[2]:
                sentence = (
                    f"“{called or element}” ({element}) was in the active version "
                    "and is gone. If only its id changed, give it the old one back: histories "
                    "and open cases speak of ids."
                )
                findings.append(Finding(now[1], "vanished-id", sentence, "warning", element))
    if old and not old.keys() & new.keys():
        sentence = (
            "Not one of the processes of the active version is in this one, so it cannot take its "
            "place. Begin with the files of the active version and change those you mean to."
        )
        findings.append(Finding("", "no-process-left", sentence))
    return findings
