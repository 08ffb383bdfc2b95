"""Deployments: check a set of files, keep it for ever, and say which one new cases start on.

What goes live goes by two people: who brought the files proposes them, somebody else makes them
count. Only the first version of an installation counts at once.

What has findings is kept as a version that cannot be used yet; only what is no diagram at all, or
not safe, is not kept. Running cases stay on theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.bounded import OWN, UPLOADED, Outline, Verdict, check, vanished_ids
from app.casework.access import Person, is_system
from app.casework.cases import Installation, LogKind, log_entry
from app.casework.commands import Activate, Command, Deploy, Done
from app.casework.errors import NotFound, Refused
from app.engine import Finding
from app.store import DeploymentRow, Rows, Store, Unit, deployments


@dataclass(frozen=True)
class Judged:
    """A set of files, with the installation's settings, and what the check says."""

    files: Mapping[str, bytes]
    result: Verdict

    @property
    def digest(self) -> str:
        return self.result.digest


def judged(installation: Installation, store: Store, command: Deploy) -> Judged:
    """Raises `Refused` with the findings when a file cannot be kept, or not run and be active."""
    files = {"settings.json": installation.settings.settings_json, **command.files}
    if is_system(command.actor):  # the files beside config.yaml, or a journey's
        result = check(files, OWN)
    else:
        with store.reading() as unit:
            active = _active_files(unit)
        result = check(files, UPLOADED, active)
    version = Judged(files, result)
    if version.result.refused:
        raise _refused("keeping", len(version.result.refused), version.result.findings)
    if command.activate and not version.result.runs:
        raise _refused("using", version.result.errors, version.result.findings)
    if not any(path.startswith(("bpmn/", "forms/")) for path in command.files):
        raise Refused("There is no file among these that could be deployed.")
    return version


def _refused(what: str, errors: int, findings: Sequence[Finding]) -> Refused:
    things = "One thing stands" if errors == 1 else f"{errors} things stand"
    return Refused(f"{things} against {what} these files.", findings=findings)


def deploy(installation: Installation, unit: Unit, command: Deploy, version: Judged) -> Done:
    new = not deployments.exists(unit, version.digest)
    if new:
        by, errors = command.actor, version.result.errors
        row = DeploymentRow(version.digest, command.at, by.id, command.note, errors)
        deployments.add(unit, row, version.files)
        touched = [Rows("deployment", {"digest": version.digest})]
        if command.base and command.base != version.digest:
            deployments.put_base(unit, version.digest, command.base)
            touched.append(Rows("version_base", {"digest": version.digest}))
        told = {"deployment": version.digest, "note": command.note, "errors": errors}
        log_entry(installation, unit, LogKind.DEPLOY, by, command.at, told, rows=touched)
    active = deployments.active(unit)
    if command.activate and active is None:
        _activate(installation, unit, command, version.digest)
        active = version.digest
    findings = list(version.result.findings)
    said = {"digest": version.digest, "new": new, "findings": findings}
    return Done(answer={**said, "active": active == version.digest})


def usable(installation: Installation, store: Store, command: Activate) -> None:
    """Raises `NotFound`, and `Refused` with the findings for what cannot run."""
    with store.reading() as unit:
        files = deployments.files(unit, command.digest)
        if not files:
            raise NotFound
        active = _active_files(unit)
    result = check(files, UPLOADED, active)
    if not result.runs:
        raise _refused("using", result.errors, result.findings)
    lost = vanished_ids(_outline(active, files), result.outline)
    against = [finding for finding in lost if finding.severity == "error"]
    if against:
        raise _refused("using", len(against), lost)
    installation.programs.make(files)


def _active_files(unit: Unit) -> Mapping[str, bytes]:
    active = deployments.active(unit)
    return deployments.files(unit, active) if active else {}


def _outline(active: Mapping[str, bytes], files: Mapping[str, bytes]) -> Outline:
    """What the active version holds; nothing where there is none, or it is made of these files."""
    return check(active, OWN).outline if active and active != files else {}


def activate(installation: Installation, unit: Unit, command: Activate, usable: None) -> Done:
    """Makes a version that is `usable` the one that new cases start on."""
    if waits_for_another(unit, command.actor, command.digest):
        raise Refused(
            "You proposed this version, so somebody else must look at it and make it active."
        )
    _activate(installation, unit, command, command.digest)
    return Done(answer={"digest": command.digest})


def waits_for_another(unit: Unit, person: Person, digest: str) -> bool:
    """Whether this very person proposed the version."""
    return not is_system(person) and deployments.proposed_by(unit, digest) == person.id


def taken_back(
    mine: Mapping[str, bytes], base: Mapping[str, bytes], active: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Files in which a version made from `base` would take back what has become active since."""
    return tuple(
        path
        for path in sorted({*mine, *base, *active})
        if active.get(path) != mine.get(path) and mine.get(path) == base.get(path)
    )


def _activate(installation: Installation, unit: Unit, command: Command, digest: str) -> None:
    before = deployments.active(unit)
    if before == digest:
        return
    by, at = command.actor, command.at
    number = deployments.activate(unit, digest, at, by.id)
    said = {"deployment": digest, "before": before}
    touched = [Rows("activation", {"number": number})]
    log_entry(installation, unit, LogKind.ACTIVATE, by, at, said, rows=touched)


def findings(files: Mapping[str, bytes], active: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Those of a check by today's rules; also which element ids of the active version, if there is
    one, they lack."""
    result = check(files, UPLOADED, active)
    lost = vanished_ids(_outline(active, files), result.outline) if result.runs else []
    return (*result.findings, *lost)
