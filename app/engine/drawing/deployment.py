"""Owns the gate: a set of files in, a program that can run or the reasons why not.

Storing and activating it is left to the rooms to the right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.engine.drawing import lint
from app.engine.drawing.compile import compile_process
from app.engine.drawing.fields import Form
from app.engine.drawing.names import line
from app.engine.drawing.program import Process, Program
from app.engine.drawing.read import Drawn, read
from app.engine.drawing.schema import check_schema
from app.engine.drawing.xml import parse
from app.engine.errors import NotExecutable
from app.engine.finding import Finding

if TYPE_CHECKING:
    from app.engine.drawing.decisions import Decisions

#: rules after which a file cannot even be shown as a drawing
REFUSING = frozenset({"unreadable", "schema", "not-bpmn", "check-failed"})
MOST_FILES = 1_000
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a set of files says; `program` is None when any finding is an error."""

    program: Program | None
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Findings after which a file is not even worth keeping as a draft."""
        return tuple(f for f in self.findings if f.rule in REFUSING and f.severity == "error")


@dataclass(slots=True)
class _Reading:
    """What has been read so far of a set of files."""

    drawn: list[Drawn] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted paths and contents, each with its length in front."""
    total = hashlib.sha256()
    for path in sorted(files):
        for part in (path.encode(), files[path]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def check(files: Mapping[str, bytes]) -> Checked:
    """Reads and judges a deployment. Never raises for bad input; findings are sorted by place."""
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        most = f"{MOST_FILES} files or {MOST_BYTES // 1_000_000} MB"
        return Checked(None, (Finding("", "too-large", f"The set holds more than {most}."),))
    reading = _Reading()
    for path in sorted(files):
        _guarded(path, files[path], reading)
    decisions = _decisions(files, reading)
    known = lint.Known(
        processes={d.process.id: d.process for d in reading.drawn},
        forms=reading.forms,
        form_ids=frozenset(reading.forms) | {_stem(p) for p in files if p.endswith(".form")},
        decisions={id: decisions.inputs(id) for id in decisions.ids} if decisions else {},
        templates=frozenset(_templates(files)),
        settings=reading.settings,
        complete="settings.json" in files,
    )
    reading.findings += _judge(reading.drawn, known)
    found = tuple(sorted(set(reading.findings), key=_place))
    if decisions is None or any(one.severity == "error" for one in found):
        return Checked(None, found)
    program = Program(
        digest=digest(files),
        files=dict(files),
        processes=_compiled(reading.drawn),
        decisions=decisions,
        forms=reading.forms,
        settings=reading.settings,
        warnings=found,
    )
    return Checked(program, found)


def check_file(path: str, content: bytes) -> tuple[Finding, ...]:
    """The findings of one file that stands alone."""
    return check({path: content}).findings


def vanished_ids(old: Program, new: Program) -> list[Finding]:
    """Warnings for element ids that people's history speaks of and the new drawing has lost."""
    found = []
    for id, process in old.processes.items():
        now = new.processes.get(id)
        file = now.file if now else process.file
        if now is None:
            sentence = f"The process “{process.name or id}” ({id}) is no longer in the set."
            found.append(Finding(file, "vanished-id", sentence, "warning", id))
            continue
        for element in process.elements.values():
            if element.id not in now.elements:
                sentence = (
                    f"“{element.name or element.id}” ({element.id}) was in the active version "
                    "and is gone. If only its id changed, give it the old one back: histories "
                    "and open cases speak of ids."
                )
                found.append(Finding(file, "vanished-id", sentence, "warning", element.id))
    return found


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return finding.file, finding.line or 0, finding.rule, finding.sentence


def _guarded(path: str, content: bytes, reading: _Reading) -> None:
    try:
        _read(path, content, reading)
    except NotExecutable as fault:
        reading.findings.append(
            Finding(path, "unreadable", fault.sentence, "error", fault.element_id, fault.line)
        )
    except Exception:  # a fault of ours must not become an error page; nothing is accepted by it
        sentence = "This file could not be checked, so it is not accepted."
        reading.findings.append(Finding(path, "check-failed", sentence))


def _read(path: str, content: bytes, reading: _Reading) -> None:
    if path.endswith((".bpmn", ".bpmn20.xml")):
        _read_diagram(path, content, reading)
    elif path.endswith(".form"):
        from app.engine.drawing.forms import read_form

        form, found = read_form(path, content)
        reading.findings += found
        if form is not None:
            reading.forms[form.id] = form
    elif path == "settings.json":
        reading.settings = _settings(content)


def _read_diagram(path: str, content: bytes, reading: _Reading) -> None:
    root = parse(content, path)
    found = check_schema(root, path)
    reading.findings += found
    if found:
        return
    drawn = read(root, path)
    taken = {d.process.id: d.process.file for d in reading.drawn}
    for one in drawn:
        if one.process.id in taken:
            where = f"in {taken[one.process.id]}" if taken[one.process.id] != path else "twice"
            sentence = f"A process with the id “{one.process.id}” is already drawn {where}."
            at = line(one.node)
            reading.findings.append(
                Finding(path, "process-id-taken", sentence, "error", one.process.id, at)
            )
        else:
            reading.drawn.append(one)


def _settings(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        raise NotExecutable("The settings are not valid JSON.") from None
    if not isinstance(found, dict):
        raise NotExecutable("The settings are no JSON object.")
    return found


def _decisions(files: Mapping[str, bytes], reading: _Reading) -> Decisions | None:
    tables = {path: content for path, content in files.items() if path.endswith(".dmn")}
    try:
        from app.engine.drawing.decisions import read_decisions
    except ImportError:
        return _NoDecisions()  # type: ignore[return-value]
    try:
        decisions, found = read_decisions(tables)
    except Exception:
        for path in tables:
            sentence = "This file could not be checked, so it is not accepted."
            reading.findings.append(Finding(path, "check-failed", sentence))
        return None
    reading.findings += found
    return decisions


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


class _NoDecisions:
    ids: Mapping[str, str] = {}


def _templates(files: Mapping[str, bytes]) -> Iterable[str]:
    for path in files:
        if path.startswith("forms/mail/") and path.endswith(".txt"):
            yield path.removeprefix("forms/mail/").removesuffix(".txt")


def _judge(drawn: Iterable[Drawn], known: lint.Known) -> Iterable[Finding]:
    for one in drawn:
        try:
            yield from lint.findings(lint.View(one, known))
        except Exception:
            sentence = "This process could not be checked, so it is not accepted."
            yield Finding(one.process.file, "check-failed", sentence, "error", one.process.id)


def _compiled(drawn: Iterable[Drawn]) -> dict[str, Process]:
    return {
        one.process.id: replace(one.process, compiled=compile_process(one))
        for one in drawn
        if one.process.executable
    }
