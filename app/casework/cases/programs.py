"""Programs by their digest: stored files, checked once by the engine and kept ready.

A program is never rebuilt for a command: those asked for last stay in memory, for all threads, as
many as there is room for. Versions that differ in a few files share all others, and what was read
of them, so that hundreds can be in use.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping

from app import bounded, store
from app.casework.cases.loaded_program import Loaded
from app.casework.errors import Unusable
from app.engine import Program
from app.store import Spoilt, Unit
from app.validation.deployment import Checked, check
from app.validation.deployment import digest as digest_of
from app.validation.gate import not_built
from app.validation.shared_files import SharedFiles

_UNREADABLE = "The files this case runs on cannot be read by this version."
_NOTHING_RUNS = "Nothing can be done in the case until they are put back."
#: versions that are kept ready, and bytes of all their files, what they share counted once
MOST_KEPT = 1_000
MOST_BYTES = 64_000_000


class Programs:
    def __init__(self, most: int = MOST_KEPT, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._shared = SharedFiles()
        self._ready: OrderedDict[str, Loaded] = OrderedDict()
        #: identity of a file's content → versions that hold it
        self._held: Counter[int] = Counter()
        #: bytes of all files of the versions that are ready, what they share counted once
        self.size = 0
        self._lock = threading.Lock()

    def of(self, unit: Unit, digest: str) -> Loaded:
        """The program of a stored deployment. Raises `Unusable` when it cannot run."""
        with self._lock:
            if digest in self._ready:
                self._ready.move_to_end(digest)
                return self._ready[digest]
        return self._put(self._read(unit, digest))

    def __contains__(self, digest: str) -> bool:
        """Whether the version is ready."""
        return digest in self._ready

    def make(self, files: Mapping[str, bytes]) -> Loaded:
        """The program of files that have passed the check."""
        program = self._checked(files).program
        assert program is not None, "a check has passed it"
        return self._put(program)

    def _checked(self, files: Mapping[str, bytes]) -> Checked:
        return check(self._shared.contents(files), accepted=True, read=self._shared.read)

    def _put(self, program: Program) -> Loaded:
        made = Loaded(program)
        with self._lock:
            loaded = self._ready.setdefault(program.digest, made)
            self._ready.move_to_end(program.digest)
            if loaded is made:
                self._count(program, 1)
            while len(self._ready) > 1 and not self._fits():
                self._count(self._ready.popitem(last=False)[1].program, -1)
            return loaded

    def _fits(self) -> bool:
        return len(self._ready) <= self._most and self.size <= self._most_bytes

    def _count(self, program: Program, versions: int) -> None:
        for content in program.files.values():
            before = self._held[id(content)]
            self._held[id(content)] = before + versions
            if not before:
                self.size += len(content)
            elif not before + versions:
                self.size -= len(content)
                del self._held[id(content)]

    def _read(self, unit: Unit, digest: str) -> Program:
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
        checked = self._checked(files)
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
