"""Owns the gate: a set of files in, a program that can run or the reasons why not.

Reading the files is `intake`, the rules are `lint`; storing and activating what passes is left to
the rooms to the right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from app.documents import Template, read_documents
from app.engine import Finding, Program, looking_at
from app.engine.bpmn import line
from app.engine.forms.capacity import MOST_CHARACTERS, MOST_INPUTS, capacity
from app.validation import document_lint, lint, turned
from app.validation.intake import Reading, read_all

#: rules after which a file cannot even be shown as a drawing
REFUSING = frozenset(
    {"unreadable", "schema", "check-failed", "unsafe-path", "too-large", "too-much-work"}
)
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


def check(
    files: Mapping[str, bytes],
    *,
    accepted: bool = False,
    last: Container[str] = (),
    read: Callable[[Mapping[str, bytes]], Reading] = read_all,
) -> Checked:
    """Reads and judges a deployment. Never raises for bad input; findings are sorted by place.

    `accepted`: an earlier release took this set and cases run on it, so what is judged otherwise
    today does not keep it from running; what can no longer be read does. `last`: paths of files
    that are judged after the others. `read`: how they are read.
    """
    large = too_large(files)
    if large is not None:
        return Checked(None, (large,))
    reading = read(files)
    told = list(reading.findings)
    if not accepted:
        documents, faults = read_documents(files)
        known = known_of(reading, files, documents)
        told += [
            *_judged(reading, known, last),
            *faults,
            *_documents(known),
            *_nothing_to_run(reading),
            *turned.findings(files),
            *_too_roomy(reading),
        ]
    findings = tuple(sorted(set(told), key=_place))
    if any(finding.severity == "error" for finding in findings):
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


def too_large(files: Mapping[str, bytes]) -> Finding | None:
    """What stands against even reading the set."""
    if len(files) <= MOST_FILES and sum(map(len, files.values())) <= MOST_BYTES:
        return None
    most = f"{MOST_FILES} files or {MOST_BYTES // 1_000_000} MB"
    return Finding("", "too-large", f"The set holds more than {most}.")


def known_of(
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


def _judged(reading: Reading, known: lint.Known, last: Container[str]) -> Iterable[Finding]:
    for drawing in sorted(reading.drawn, key=lambda drawn: drawn.process.file in last):
        looking_at(drawing.process.file)
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


def _too_roomy(reading: Reading) -> Iterable[Finding]:
    """Forms that allow more than can be sent at once."""
    for form in reading.forms.values():
        room = capacity(form)
        if not room.fits:
            sentence = (
                f"All answers of this form together can be {room.characters:,} characters in "
                f"{room.inputs:,} places; {MOST_CHARACTERS:,} in {MOST_INPUTS:,} can be sent at "
                "once. Give its long questions a smaller maximum length, or its lists fewer rows."
            )
            yield Finding(form.file, "form-limit", sentence)


def _nothing_to_run(reading: Reading) -> Iterable[Finding]:
    """A set with drawings none of which runs is no deployment."""
    if reading.drawn and not any(drawing.process.executable for drawing in reading.drawn):
        first = reading.drawn[0].process
        at = line(reading.drawn[0].node)
        sentence = "No process of the set is marked as executable, so there is nothing to run."
        yield Finding(first.file, "nothing-to-run", sentence, "error", first.id, at)


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return finding.file, finding.line or 0, finding.rule, finding.sentence
