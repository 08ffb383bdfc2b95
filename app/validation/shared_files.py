"""Owns what versions share: a file that several of them hold is kept and read once.

What a version says in all is put together from its files as by `intake.read_all`. A file is known
by its path and the digest of its content, so nothing kept can be out of date.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock

from app.engine.bpmn import without_xml
from app.validation.intake import Reading, put_together, read_file, read_tables, tables_of

#: bytes of files that are kept, with what was read of them; those asked for last
MOST_BYTES = 48_000_000
#: path, and digest of the content
_Key = tuple[str, bytes]
#: in the place of a path: all tables of decisions of a set
_TABLES = ""


@dataclass(frozen=True, slots=True)
class _Part:
    content: bytes
    reading: Reading


class SharedFiles:
    """Serves all threads."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._size = 0
        self._parts: OrderedDict[_Key, _Part] = OrderedDict()
        self._lock = Lock()

    def contents(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The same files, each content the very one that other versions hold."""
        return {path: self._of_file(path, content).content for path, content in files.items()}

    def read(self, files: Mapping[str, bytes]) -> Reading:
        """As `intake.read_all`, without the XML of what was drawn."""
        reading = Reading()
        for path in sorted(files):
            put_together(path, self._of_file(path, files[path]).reading, reading)
        tables = self._of_tables(tables_of(files))
        reading.decisions = tables.decisions
        reading.findings += tables.findings
        return reading

    def _of_file(self, path: str, content: bytes) -> _Part:
        key = path, hashlib.sha256(content).digest()
        return self._part(key, lambda: _Part(content, _bare(read_file(path, content))))

    def _of_tables(self, tables: Mapping[str, bytes]) -> Reading:
        each = (f"{path}\n".encode() + hashlib.sha256(tables[path]).digest() for path in tables)
        key = _TABLES, hashlib.sha256(b"".join(sorted(each))).digest()
        return self._part(key, lambda: _Part(b"", read_tables(tables))).reading

    def _part(self, key: _Key, read: Callable[[], _Part]) -> _Part:
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
                return self._parts[key]
        part = read()
        with self._lock:
            if key not in self._parts:
                self._parts[key] = part
                self._size += len(part.content)
            while self._size > self._most and len(self._parts) > 1:
                _, oldest = self._parts.popitem(last=False)
                self._size -= len(oldest.content)
            return part


def _bare(reading: Reading) -> Reading:
    return replace(reading, drawn=[without_xml(drawn) for drawn in reading.drawn])
