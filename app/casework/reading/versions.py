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
from app.store import DeploymentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    digest: str
    at: datetime
    #: name of who deployed it
    by: str
    note: str
    active: bool
    #: cases begun on it, and those still open
    cases: int
    open: int
    #: how much stood against using it when it came; 0: it can be made active
    errors: int
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]


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
        files = store.deployments.files(unit, digest)
        findings = deploying.findings(unit, digest)
    return replace(kept, files=files, findings=findings)


def files_of(desk: Desk, person: Person, digest: str) -> Mapping[str, bytes]:
    return version(desk, person, digest).files
