"""Programs by their digest: stored files, checked once by the engine and kept ready.

A program is never rebuilt for a command; the newest few stay in memory, for all threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

from app import bounded, store
from app.casework.cases.loaded_program import Loaded
from app.casework.errors import Unusable
from app.engine import Program
from app.store import Spoilt, Unit
from app.validation.deployment import check
from app.validation.deployment import digest as digest_of
from app.validation.gate import not_built

_UNREADABLE = "The files this case runs on cannot be read by this version."
_NOTHING_RUNS = "Nothing can be done in the case until they are put back."


class Programs:
    def __init__(self, keep: int = 16) -> None:
        self._keep = keep
        self._ready: OrderedDict[str, Loaded] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, unit: Unit, digest: str) -> Loaded:
        """The program of a stored deployment. Raises `Unusable` when it cannot run."""
        with self._lock:
            if digest in self._ready:
                self._ready.move_to_end(digest)
                return self._ready[digest]
        return self.put(_read(unit, digest))

    def put(self, program: Program) -> Loaded:
        with self._lock:
            loaded = self._ready.setdefault(program.digest, Loaded(program))
            while len(self._ready) > self._keep:
                self._ready.popitem(last=False)
            return loaded


def _read(unit: Unit, digest: str) -> Program:
    try:
        files = store.deployments.files(unit, digest)
    except Spoilt as error:
        raise Unusable(f"{error.sentence} {_NOTHING_RUNS}") from error
    if not files:
        raise Unusable(f"The files this case runs on are no longer kept. {_NOTHING_RUNS}")
    if digest_of(files) != digest:
        raise Unusable(
            "The files kept for this case's version of the diagrams are not those that it was"
            f" made of: somebody changed them. {_NOTHING_RUNS}"
        )
    if not store.deployments.accepted(unit, digest):
        _judged_anew(files)
    checked = check(files, accepted=True)
    program = checked.program
    faults = checked.findings if program is None else tuple(not_built(program))
    errors = [finding for finding in faults if finding.severity == "error"]
    if program is None or errors:
        why = f" {errors[0].sentence}" if errors else ""
        raise Unusable(f"{_UNREADABLE}{why}")
    return program


def _judged_anew(files: Mapping[str, bytes]) -> None:
    """Something stood against it when it was stored: it runs when nothing does today."""
    errors = [f for f in bounded.check(files, bounded.OWN).findings if f.severity == "error"]
    if errors:
        raise Unusable(f"{_UNREADABLE} {errors[0].sentence}")
