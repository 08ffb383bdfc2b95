"""Deployments: check a set of files, keep it for ever, and say which one new cases start on.

What has findings is kept as a version that cannot be used yet; only what is no diagram at all, or
not safe, is not kept. Running cases stay on theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.bounded import OWN, UPLOADED, Outline, Verdict, built, check, vanished_ids
from app.casework.access import is_system
from app.casework.cases import Installation
from app.casework.commands import Activate, Deploy, Done
from app.casework.errors import NotFound, Refused
from app.engine import Finding
from app.store import DeploymentRow, Store, Unit, deployments


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
            result = check(files, UPLOADED, _active_files(unit))
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
        by, errors = command.actor.id, version.result.errors
        row = DeploymentRow(version.digest, command.at, by, command.note, errors)
        deployments.add(unit, row, version.files)
    if command.activate and deployments.active(unit) != version.digest:
        deployments.activate(unit, version.digest, command.at, command.actor.id)
    findings = list(version.result.findings)
    return Done(answer={"digest": version.digest, "new": new, "findings": findings})


def usable(installation: Installation, store: Store, command: Activate) -> None:
    """Raises `NotFound`, and `Refused` with the findings for what cannot run."""
    with store.reading() as unit:
        files = deployments.files(unit, command.digest)
        if not files:
            raise NotFound
        result = check(files, UPLOADED, _active_files(unit))
    if not result.runs:
        raise _refused("using", result.errors, result.findings)
    with store.reading() as unit:
        lost = vanished_ids(_active(unit, command.digest), result.outline)
    against = [finding for finding in lost if finding.severity == "error"]
    if against:
        raise _refused("using", len(against), lost)
    installation.programs.put(built(files))


def _active_files(unit: Unit) -> Mapping[str, bytes]:
    active = deployments.active(unit)
    return deployments.files(unit, active) if active else {}


def _active(unit: Unit, unless: str) -> Outline:
    """What the active version holds; nothing where there is none, or it is `unless`."""
    active = deployments.active(unit)
    if active is None or active == unless:
        return {}
    return check(deployments.files(unit, active), OWN).outline


def activate(installation: Installation, unit: Unit, command: Activate, usable: None) -> Done:
    """Makes a version that is `usable` the one that new cases start on."""
    if deployments.active(unit) != command.digest:
        deployments.activate(unit, command.digest, command.at, command.actor.id)
    return Done(answer={"digest": command.digest})


def findings(unit: Unit, digest: str) -> tuple[Finding, ...]:
    """Those of a check by today's rules; also which element ids of the active version it lacks."""
    result = check(deployments.files(unit, digest), UPLOADED, _active_files(unit))
    lost = vanished_ids(_active(unit, digest), result.outline) if result.runs else []
    return (*result.findings, *lost)
