"""Compares the documents a case holds with what its history says was made: all there, unchanged.

Owns that comparison only; the chain and the replay are `chain`'s and `replay`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app import store
from app.audit.entries import Entry
from app.store import CaseKey, Sealed, Unit


def difference(unit: Unit, key: CaseKey, history: Iterable[Entry]) -> tuple[int, str] | None:
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
