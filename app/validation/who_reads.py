"""Owns the map of readers of a set of files; how it is worked out is `lint.readers`'."""

from __future__ import annotations

from collections.abc import Mapping

from app.documents import read_documents
from app.validation.deployment import known_of
from app.validation.intake import read_all
from app.validation.lint.readers import ReaderMap, reader_map


def who_reads(files: Mapping[str, bytes]) -> ReaderMap:
    """Who may come to read the answers that these files ask for; files that cannot be read say
    nothing. Never raises for bad input."""
    return reader_map(known_of(read_all(files), files, read_documents(files)[0]))
