"""The documents that were made, and the files that came with answers, which a history names by
digest: still there, still the same?
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from app import store
from app.audit.entries import Entry
from app.engine.attached import within
from app.store import CaseKey, Sealed, Unit


def attachments(unit: Unit, key: CaseKey, history: Sequence[Entry]) -> tuple[int, str] | None:
    """(entry, sentence) of the first that is not as it was; None: all are."""
    return _documents(unit, key, history) or _files(unit, key, history)


def _documents(unit: Unit, key: CaseKey, history: Iterable[Entry]) -> tuple[int, str] | None:
    """(entry, sentence) of the first document that is not as it was made; None: all are."""
    told = set()
    for entry in history:
        if entry.kind != "ProduceDocument":
            continue
        said = entry.command
        id, version = str(said.get("document")), int(said.get("version") or 0)
        told.add((id, version))
        name = f"The document “{said.get('title')}”, version {version},"
        try:
            kept = store.documents.read(unit, key, id, version)
        except Sealed:
            return entry.seq, f"{name} was changed behind the history."
        if kept is None:
            return entry.seq, f"{name} is no longer kept."
        if hashlib.sha256(kept[1]).hexdigest() != said.get("sha256"):
            return entry.seq, f"{name} is not the one that was made."
    for row in store.documents.of_case(unit, key.case):
        if (row.document, row.version) not in told:
            return row.seq, f"A document ({row.document}, version {row.version}) was never made."
    return None


def _files(unit: Unit, key: CaseKey, history: Iterable[Entry]) -> tuple[int, str] | None:
    """(entry, sentence) of the first file that is not as it came with the answers that name it;
    None: all are."""
    for entry in history:
        task = str(entry.command.get("task"))
        for file in within(entry.command.get("files") or ()):
            name = f"The file {file.digest[:12]} that came with the answers"
            try:
                kept = store.work.answers.files.read(unit, key, task, file.digest)
            except Sealed:
                return entry.seq, f"{name} was changed behind the history."
            if kept is None:
                return entry.seq, f"{name} is no longer kept."
            if hashlib.sha256(kept[1]).hexdigest() != file.digest:
                return entry.seq, f"{name} is not the one that was sent."
    return None
