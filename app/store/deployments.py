"""Deployments: immutable sets of files by content hash, which one is active, and calendars.

Equal files are kept once. Whether a set can run is for the engine room.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.errors import Spoilt
from app.store.database.unit import Unit
from app.store.people.authority.tables import version_base
from app.store.schema import (
    activation,
    blob,
    calendar,
    cases,
    deployment,
    deployment_file,
    settings,
)


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    digest: str
    at: datetime
    by: str
    note: str
    #: how much stood against running it when it was stored
    errors: int = 0
    #: cases opened on it, and those still open
    cases: int = 0
    open: int = 0
    active: bool = False


_ADD = upsert(deployment).on_conflict_do_nothing()
_ADD_FILE = upsert(deployment_file).on_conflict_do_nothing()
_ADD_BLOB = upsert(blob).on_conflict_do_nothing()
_FILES = (
    select(deployment_file.c.path, deployment_file.c.sha256, blob.c.content)
    .join(blob, blob.c.sha256 == deployment_file.c.sha256)
    .where(deployment_file.c.digest == bindparam("digest"))
    .order_by(deployment_file.c.path)
)
_NAMED = (
    select(deployment_file.c.path, deployment_file.c.sha256, blob.c.content)
    .outerjoin(blob, blob.c.sha256 == deployment_file.c.sha256)
    .where(deployment_file.c.digest == bindparam("digest"))
    .order_by(deployment_file.c.path)
)
_ERRORS = select(deployment.c.errors).where(deployment.c.digest == bindparam("digest"))
_DIGESTS = select(deployment.c.digest).order_by(deployment.c.at, deployment.c.digest)
_ACTIVE = select(activation.c.digest).order_by(activation.c.number.desc()).limit(1)
_LAST = select(func.max(activation.c.number))
#: who activates waits for whoever does so at this moment, by the first row; SQLite has one writer
_HOLD = select(activation.c.number).order_by(activation.c.number).limit(1).with_for_update()
_ACTIVATE = insert(activation)
_EXISTS = select(deployment.c.digest).where(deployment.c.digest == bindparam("digest"))
_ALL = (
    select(
        deployment.c.digest, deployment.c.at, deployment.c.by, deployment.c.note,
        deployment.c.errors,
        func.count(cases.c.id), func.count(cases.c.id).filter(cases.c.ended_at.is_(None)),
    )
    .outerjoin_from(deployment, cases, cases.c.deployment == deployment.c.digest)
    .group_by(
        deployment.c.digest, deployment.c.at, deployment.c.by, deployment.c.note,
        deployment.c.errors,
    )
    .order_by(deployment.c.at.desc())
)  # fmt: skip
_PUT_BASE = upsert(version_base).on_conflict_do_nothing()
_BASE = select(version_base.c.base).where(version_base.c.digest == bindparam("digest"))
_BY = select(deployment.c.by).where(deployment.c.digest == bindparam("digest"))
_ACTIVATED = (
    select(activation.c.by)
    .where(activation.c.digest == bindparam("digest"))
    .order_by(activation.c.number.desc())
    .limit(1)
)
_PUT_CALENDAR = upsert(calendar).on_conflict_do_nothing()
_CALENDAR = select(calendar.c.content).where(calendar.c.version == bindparam("version"))
_CALENDARS = select(calendar.c.version, calendar.c.content).order_by(calendar.c.at)
_PUT_SETTINGS = upsert(settings).on_conflict_do_nothing()
_SETTINGS = select(settings.c.digest, settings.c.content).order_by(settings.c.at)


def add(unit: Unit, row: DeploymentRow, files: Mapping[str, bytes]) -> None:
    """Keeps the files, byte for byte; the same set again changes nothing."""
    digest = row.digest
    lines, blobs = [], {}
    for path, content in files.items():
        sha256 = hashlib.sha256(content).hexdigest()
        lines.append({"digest": digest, "path": path, "sha256": sha256})
        blobs[sha256] = {"sha256": sha256, "content": zlib.compress(content, 6)}
    given = {"digest": digest, "at": row.at, "by": row.by, "note": row.note}
    unit.run(_ADD, given | {"errors": row.errors})
    unit.many(_ADD_BLOB, list(blobs.values()))
    unit.many(_ADD_FILE, lines)


def files(unit: Unit, digest: str) -> dict[str, bytes]:
    """path → content; empty when there is no such deployment. Raises `Spoilt`."""
    contents = {}
    for path, _, content in unit.rows(_FILES, {"digest": digest}):
        try:
            contents[path] = zlib.decompress(content)
        except (zlib.error, TypeError) as error:
            raise Spoilt(f"The stored file {path} cannot be unpacked.") from error
    return contents


def named(unit: Unit, digest: str) -> dict[str, tuple[str, bool]]:
    """path → (hash that its deployment names, whether there is a file of this hash)."""
    hashes = {}
    for path, sha256, content in unit.rows(_NAMED, {"digest": digest}):
        try:
            kept = hashlib.sha256(zlib.decompress(content)).hexdigest()
        except (zlib.error, TypeError):  # changed, or there is none
            kept = ""
        hashes[path] = sha256, kept == sha256
    return hashes


def accepted(unit: Unit, digest: str) -> bool:
    """Whether nothing stood against running it when it was stored."""
    return bool(unit.value(_ERRORS, {"digest": digest}) == 0)


def digests(unit: Unit) -> list[str]:
    """Of every deployment ever kept."""
    return [row[0] for row in unit.rows(_DIGESTS)]


def exists(unit: Unit, digest: str) -> bool:
    return unit.row(_EXISTS, {"digest": digest}) is not None


def active(unit: Unit) -> str | None:
    """The digest new cases start on."""
    digest: str | None = unit.value(_ACTIVE)
    return digest


def activate(unit: Unit, digest: str, at: datetime, by: str) -> int:
    """Gives the number of the activation."""
    unit.value(_HOLD)
    number: int = (unit.value(_LAST) or 0) + 1
    unit.run(_ACTIVATE, {"number": number, "digest": digest, "at": at, "by": by})
    return number


def proposed_by(unit: Unit, digest: str) -> str | None:
    """Who brought these files first."""
    by: str | None = unit.value(_BY, {"digest": digest})
    return by


def activated_by(unit: Unit, digest: str) -> str | None:
    """Who made this version count, the last time; None: it never did."""
    by: str | None = unit.value(_ACTIVATED, {"digest": digest})
    return by


def put_base(unit: Unit, digest: str, base: str) -> None:
    """From which version this one was made."""
    unit.run(_PUT_BASE, {"digest": digest, "base": base})


def base_of(unit: Unit, digest: str) -> str | None:
    base: str | None = unit.value(_BASE, {"digest": digest})
    return base


def all_of_them(unit: Unit) -> list[DeploymentRow]:
    """Newest first."""
    now = active(unit)
    rows = [DeploymentRow(*row) for row in unit.rows(_ALL)]
    return [replace(row, active=row.digest == now) for row in rows]


def put_calendar(unit: Unit, version: str, content: str, at: datetime) -> None:
    unit.run(_PUT_CALENDAR, {"version": version, "content": content, "at": at})


def calendar_content(unit: Unit, version: str) -> str | None:
    content: str | None = unit.value(_CALENDAR, {"version": version})
    return content


def calendars(unit: Unit) -> dict[str, str]:
    """Version → content, of every calendar ever in force."""
    return {row[0]: row[1] for row in unit.rows(_CALENDARS)}


def put_settings(unit: Unit, digest: str, content: str, at: datetime) -> bool:
    """Gives whether they were never in force before."""
    given = {"digest": digest, "content": content, "at": at}
    return bool(unit.run(_PUT_SETTINGS, given).rowcount)


def settings_kept(unit: Unit) -> dict[str, str]:
    """Digest → content, of all settings ever in force."""
    return {row[0]: row[1] for row in unit.rows(_SETTINGS)}
