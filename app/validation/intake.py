"""Owns reading every file of a set by its kind, so that one broken file never hides another.

Judging what was read is left to `lint`, the decision over the whole set to `deployment`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from app.engine import NOT_HELD, Finding, NotExecutable, fault_in, fault_of, looking_at
from app.engine.bpmn import Drawn, read_diagram
from app.engine.dmn import Decisions, read_decisions
from app.engine.forms import Form, read_form

DIAGRAMS = (".bpmn", ".xml")
#: another usual ending of diagrams; they are called .bpmn here
LONG_ENDING = ".bpmn20.xml"
#: folders whose files are templates of any kind
TEMPLATES = ("forms/mail/", "forms/documents/")
#: what may lie beside the drawings and does nothing
BESIDE = (".md", ".txt", ".yaml", ".json", ".png", ".svg")
UNCHECKED = "This file could not be checked, so it is not accepted."


def short_name(name: str) -> str:
    """The name under which a file is kept: diagrams end in .bpmn, and all endings are small, so
    that nothing runs that is not shown."""
    if name.lower().endswith(LONG_ENDING):
        return f"{name[: -len(LONG_ENDING)]}.bpmn"
    folder, slash, base = name.rpartition("/")
    stem, dot, ending = base.rpartition(".")
    return f"{folder}{slash}{stem}{dot}{ending.lower()}" if stem else name


_NO_DECISIONS = read_decisions({})[0]


@dataclass(slots=True)
class Reading:
    """What has been read so far of a set of files."""

    drawn: list[Drawn] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)
    decisions: Decisions = _NO_DECISIONS
    settings: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_all(files: Mapping[str, bytes]) -> Reading:
    """Every file of the set, read; what could not be read is a finding."""
    reading = Reading()
    for path in sorted(files):
        looking_at(path)
        put_together(path, read_file(path, files[path]), reading)
    tables = read_tables(tables_of(files))
    reading.decisions = tables.decisions
    reading.findings += tables.findings
    return reading


def read_file(path: str, content: bytes) -> Reading:
    """One file by itself; tables of decisions are read together (`read_tables`)."""
    reading = Reading()
    try:
        _read(path, content, reading)
    except NotExecutable as fault:
        reading.findings.append(
            Finding(path, "unreadable", fault.sentence, "error", fault.element_id, fault.line or 1)
        )
    except Exception:  # a fault of ours must not become an error page, nor a way in
        reading.findings.append(Finding(path, "check-failed", UNCHECKED))
    return reading


def put_together(path: str, part: Reading, reading: Reading) -> None:
    """Adds what was read of a file to what was read of those before it."""
    reading.findings += part.findings
    _keep_drawn(path, part.drawn, reading)
    for form in part.forms.values():
        _keep_form(form, reading)
    reading.settings = part.settings or reading.settings


def tables_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path.lower().endswith(".dmn")}


def read_tables(tables: Mapping[str, bytes]) -> Reading:
    """All tables of decisions of a set: one may ask another."""
    reading = Reading()
    try:
        reading.decisions, findings = read_decisions(tables)
        reading.findings += findings
    except Exception:
        reading.findings += [Finding(path, "check-failed", UNCHECKED) for path in tables]
    return reading


def _read(path: str, content: bytes, reading: Reading) -> None:
    parts, kind = path.split("/"), path.lower()
    if fault_of(path) is not None:
        shown = NOT_HELD.sub("?", path[:200])
        sentence = f"The name of this file holds {fault_of(path)}."
        reading.findings.append(Finding(shown, "unsafe-path", sentence))
    elif path.startswith("/") or "\\" in path or ".." in parts or "" in parts or len(path) > 200:
        reading.findings.append(
            Finding(path[:200], "unsafe-path", "This is no path that a file of a set can have.")
        )
    elif kind.endswith(DIAGRAMS):
        reading.drawn, findings = read_diagram(path, content)
        reading.findings += findings
    elif kind.endswith(".form"):
        form, findings = read_form(path, content)
        reading.findings += findings
        if form is not None:
            reading.forms[form.id] = form
    elif path == "settings.json":
        reading.settings = _settings(content)
    elif path.startswith("forms/mail/"):
        _check_text(content)
    elif not kind.endswith((".dmn", *BESIDE)) and not path.startswith(TEMPLATES):
        reading.findings.append(
            Finding(
                path,
                "unknown-file",
                "This file is neither a diagram (.bpmn), a decision table (.dmn) nor a form "
                "(.form), so nothing here can use it.",
            )
        )


def _check_text(content: bytes) -> None:
    """A mail is read as UTF-8; what does not fit would stand in it as �. Raises."""
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            fault = fault_of(line.decode("utf-8-sig").rstrip("\r"))
        except UnicodeDecodeError:
            sentence = f"Line {number} holds characters that are no UTF-8. Save the file as UTF-8."
            raise NotExecutable(sentence, line=number) from None
        if fault is not None:
            raise NotExecutable(f"Line {number} holds {fault}. Type it again.", line=number)


def _keep_drawn(path: str, drawn: list[Drawn], reading: Reading) -> None:
    taken = {d.process.id: d.process.file for d in reading.drawn}
    for drawing in drawn:
        where = taken.get(drawing.process.id)
        if where is None:
            taken[drawing.process.id] = path
            reading.drawn.append(drawing)
            continue
        place = "in this file" if where == path else f"in {where}"
        sentence = f"A process with the id “{drawing.process.id}” is already drawn {place}."
        at = cast("int | None", drawing.node.sourceline)
        reading.findings.append(
            Finding(path, "process-id-taken", sentence, "error", drawing.process.id, at)
        )


def _keep_form(form: Form, reading: Reading) -> None:
    other = reading.forms.get(form.id)
    if other is not None:
        sentence = f"A form with the id “{form.id}” is already in {other.file}."
        reading.findings.append(Finding(form.file, "form-id-taken", sentence))
    reading.forms.setdefault(form.id, form)


def _settings(content: bytes) -> dict[str, Any]:
    try:
        settings = json.loads(content)
    except (ValueError, RecursionError):
        raise NotExecutable("The settings are not valid JSON.") from None
    if not isinstance(settings, dict):
        raise NotExecutable("The settings are no JSON object.")
    fault = fault_in(settings)
    if fault is not None:
        raise NotExecutable(f"The settings cannot be used: {fault[0]} holds {fault[1]}.")
    return settings
