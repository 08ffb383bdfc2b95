"""Deployments as a process owner sees them: versions, their files and what was found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.commands import Deploy
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders import ORDERS, deploying
from app.engine import Finding
from app.store import DeploymentRow, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    digest: str
    at: datetime
    #: name of who proposed it
    by: str
    #: name of who made it active, the last time; None: nobody did
    activated_by: str | None = None
    #: digest of the version that it was made from, where that is no longer active; else None
    older: str | None = None
    #: of such a version: files in which it would take back what became active since
    takes_back: tuple[str, ...] = ()
    #: files that are other than in the active version
    differs: tuple[str, ...] = ()
    #: the person who looks proposed it, so somebody else makes it active
    own: bool = False
    note: str
    active: bool
    #: cases begun on it, and those still open
    cases: int
    open: int
    #: how much stood against using it when it came; 0: it can be made active
    errors: int
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]


def _files(desk: Desk, unit: Unit, digest: str | None) -> Mapping[str, bytes]:
    """Of a version that runs as they run: to unpack them all again takes longer than the page."""
    programs = desk.installation.programs
    if digest is None or digest not in programs:
        return store.deployments.files(unit, digest) if digest else {}
    return programs.of(unit, digest).program.files


def _version(row: DeploymentRow, names: Mapping[str, str]) -> Version:
    return Version(
        digest=row.digest,
        at=row.at,
        by=names.get(row.by, row.by.capitalize()),
        note=row.note,
        active=row.active,
        cases=row.cases,
        open=row.open,
        errors=row.errors,
        files={},
        findings=(),
    )


def versions(desk: Desk, person: Person) -> list[Version]:
    """Newest first, without their files."""
    ORDERS[Deploy].ask(desk.roles, person)
    with desk.store.reading() as unit:
        rows = store.deployments.all_of_them(unit)
        names = store.people.accounts.names(unit, sorted({row.by for row in rows}))
    return [_version(row, names) for row in rows]


def version(desk: Desk, person: Person, digest: str) -> Version:
    """One version with its files and the findings of a new check. Raises `NotFound`.

    One that could become active also tells which element ids of the active one it lacks.
    """
    kept = next((version for version in versions(desk, person) if version.digest == digest), None)
    if kept is None:
        raise NotFound
    with desk.store.reading() as unit:
        files = _files(desk, unit, digest)
        active = store.deployments.active(unit)
        activated = store.deployments.activated_by(unit, digest)
        names = store.people.accounts.names(unit, [activated] if activated else [])
        own = deploying.waits_for_another(unit, person, digest)
        base = store.deployments.base_of(unit, digest)
        active_files = files if active == digest else _files(desk, unit, active)
        older = base if base not in (None, active) and not kept.active else None
        then = _files(desk, unit, older)
    now = active_files or files
    findings = deploying.findings(files, active_files)
    return replace(
        kept, files=files, findings=findings, own=own, older=older,
        activated_by=names.get(activated, activated.capitalize()) if activated else None,
        takes_back=deploying.taken_back(files, then, now) if older else (),
        differs=tuple(path for path in sorted({*files, *now}) if files.get(path) != now.get(path)),
    )  # fmt: skip
