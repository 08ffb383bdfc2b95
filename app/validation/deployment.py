"""Owns the gate: a set of files in, a program that can run or the reasons why not.

Reading the files is `intake`, the rules are `lint`; storing and activating what passes is left to
the rooms to the right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.documents import Template, read_documents
from app.engine import Finding, Program
from app.engine.bpmn import line
from app.validation import document_lint, lint
from app.validation.intake import Reading, read_all

#: rules after which a file cannot even be shown as a drawing
REFUSING = frozenset({"unreadable", "schema", "check-failed", "unsafe-path", "too-large"})
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


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted paths and contents, each with its length in front."""
    total = hashlib.sha256()
    for path in sorted(files):
        for part in (path.encode(), files[path]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def check(files: Mapping[str, bytes], *, accepted: bool = False) -> Checked:
    """Reads and judges a deployment. Never raises for bad input; findings are sorted by place.

    `accepted`: an earlier release took this set and cases run on it, so what is judged otherwise
    today does not keep it from running; what can no longer be read does.
    """
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        most = f"{MOST_FILES} files or {MOST_BYTES // 1_000_000} MB"
        return Checked(None, (Finding("", "too-large", f"The set holds more than {most}."),))
    reading = read_all(files)
    documents, faults = read_documents(files)
    known = _known(reading, files, documents)
    told = [*reading.findings, *_judged(reading, known), *faults, *_documents(known)]
    findings = tuple(sorted({*told, *_nothing_to_run(reading)}, key=_place))
    decisive = tuple(reading.findings) if accepted else findings
    if any(finding.severity == "error" for finding in decisive):
        return Checked(None, findings)
    program = Program(
        digest=digest(files),
        files=dict(files),
        processes={d.process.id: d.process for d in reading.drawn if d.process.executable},
        decisions=reading.decisions,
        forms=reading.forms,
        settings=reading.settings,
        warnings=findings,
    )
    return Checked(program, findings)


def _known(
    reading: Reading, files: Mapping[str, bytes], documents: Mapping[str, Template]
) -> lint.Known:
    mails = {
        path.removeprefix("forms/mail/").removesuffix(".txt"): text.decode("utf-8-sig", "replace")
        for path, text in files.items()
        if path.startswith("forms/mail/")
    }
    stems = (p.rpartition("/")[2].removesuffix(".form") for p in files if p.endswith(".form"))
    return lint.Known(
        processes={d.process.id: d.process for d in reading.drawn},
        forms=reading.forms,
        form_ids=frozenset({*reading.forms, *stems}),
        decisions={id: reading.decisions.inputs(id) for id in reading.decisions.ids},
        templates=frozenset(mails),
        mails=mails,
        documents=documents,
        settings=reading.settings,
        nameless=frozenset().union(*(d.declared.nameless for d in reading.drawn)),
        complete="settings.json" in files,
    )


def _judged(reading: Reading, known: lint.Known) -> Iterable[Finding]:
    for drawing in reading.drawn:
        try:
            yield from lint.findings(lint.View(drawing, known))
        except Exception:  # a rule that fails must not let the drawing through
            sentence = "This process could not be checked, so it is not accepted."
            yield Finding(
                drawing.process.file, "check-failed", sentence, "error", drawing.process.id
            )


def _documents(known: lint.Known) -> Iterable[Finding]:
    try:
        yield from document_lint.findings(
            known.documents, known.processes, known.forms, known.settings
        )
    except Exception:  # as above
        yield Finding(document_lint.FOLDER, "check-failed", "The documents could not be checked.")


def _nothing_to_run(reading: Reading) -> Iterable[Finding]:
    """A set with drawings none of which runs is no deployment."""
    if reading.drawn and not any(drawing.process.executable for drawing in reading.drawn):
        first = reading.drawn[0].process
        at = line(reading.drawn[0].node)
        sentence = "No process of the set is marked as executable, so there is nothing to run."
        yield Finding(first.file, "nothing-to-run", sentence, "error", first.id, at)


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return finding.file, finding.line or 0, finding.rule, finding.sentence


def vanished_ids(old: Program, new: Program) -> list[Finding]:
    """Warnings for element ids that people's history speaks of and the new drawing has lost."""
    findings = []
    for id, process in old.processes.items():
        now = new.processes.get(id)
        if now is None:
            sentence = f"The process “{process.name or id}” ({id}) is no longer in the set."
            findings.append(Finding(process.file, "vanished-id", sentence, "warning", id))
            continue
        for element in process.elements.values():
            if element.id not in now.elements:
                sentence = (
                    f"“{element.name or element.id}” ({element.id}) was in the active version "
                    "and is gone. If only its id changed, give it the old one back: histories "
                    "and open cases speak of ids."
                )
                findings.append(Finding(now.file, "vanished-id", sentence, "warning", element.id))
    return findings
