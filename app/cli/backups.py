"""Backups: a folder with the database of one moment, what was its newest then, and a list of both.

The key-encryption key is never in it. A backup is checked before it is restored and the histories
in it after, against the heads that were written down before the copy was made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from app import store
from app.audit.verification import heads
from app.casework import Desk
from app.cli import evidence
from app.config import Config
from app.engine import saying
from app.store import KekSource, Keys, StoreFault

Say = Callable[[str], None]

_FORM = "rapid-review backup 1"
_MANIFEST, _HEADS, _DATABASE = "manifest.json", "heads.txt", "database"


class BadBackup(StoreFault):
    """This is no backup, or not one that can be restored here."""


def make(desk: Desk, folder: Path, at: datetime, say: Say) -> int:
    """A new folder in `folder`, named by the moment in UTC. Raises a `StoreFault`."""
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    made = folder / f"rapid-review-{moment.replace(':', '-')}"
    begun = made.with_name(f"{made.name}.unfinished")
    begun.mkdir(parents=True, mode=0o700)
    lines = list(heads(desk.store))  # before the copy: all of them must be in it
    (begun / _HEADS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    url = desk.store.url.render_as_string(hide_password=False)
    store.copy_out(url, begun / _DATABASE)
    manifest = {
        "form": _FORM,
        "at": at.isoformat(),
        "database": desk.store.dialect,
        "schema": store.HEAD,
        "key": desk.store.keys.name,
        "sha256": {name: _digest(begun / name) for name in (_DATABASE, _HEADS)},
    }
    (begun / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    for name in (_HEADS, _MANIFEST):
        store.flushed(begun / name)
    begun.rename(made)
    store.flushed(folder)
    say(f"{made}: {saying.count(len(lines), 'chain')}, sealed with the key {manifest['key']}.")
    say("The key is not in it. Keep it elsewhere, or nothing of this can be read.")
    return 0


def restore(config: Config, folder: Path, opened: Callable[[], Desk], say: Say) -> int:
    """Fills the empty database of config.yaml from a backup and verifies it; 1 when something is
    wrong in it. `opened` gives the desk on it then. Raises a `StoreFault`, changing nothing."""
    manifest = _checked(folder)
    _demand_ours(config, manifest)
    store.copy_in(config.database, folder / _DATABASE)
    say(f"Restored as it was at {manifest['at']}. Verifying …")
    return evidence.verify(opened(), None, folder / _HEADS, say)


def _checked(folder: Path) -> dict[str, str]:
    """What it says of itself, once its files are what it says."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        named = {name: manifest["sha256"][name] for name in (_DATABASE, _HEADS)}
        said = {name: str(manifest[name]) for name in ("form", "at", "database", "schema", "key")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadBackup(f"{folder} holds no backup: its {_MANIFEST} cannot be read.") from error
    if said["form"] != _FORM:
        raise BadBackup(f"{folder} is a backup of another release ({said['form']}).")
    for name, digest in named.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise BadBackup(f"{folder}: the file {name} is missing or was changed.")
    return said


def _demand_ours(config: Config, manifest: dict[str, str]) -> None:
    kind = "sqlite" if store.file_of(config.database) is not None else "postgresql"
    if manifest["database"] != kind:
        raise BadBackup(
            f"This backup is of {manifest['database']}, and config.yaml names a database of {kind}."
        )
    source = KekSource(config.secrets_dir, *config.key)
    if source.of({manifest["key"]}) is None:
        kek = source.read()
        there = "is not here" if kek is None else f"is not the one here ({Keys(kek).name})"
        raise BadBackup(
            f"The key {manifest['key']}, with which this backup is sealed, {there}."
            " Put it back first: without it nothing of it can be read."
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
