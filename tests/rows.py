"""Tests with tables of their own name the row that a new thing lacks, and the file it goes into."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent


def missing(file: str, table: str, wanted: Iterable[str], rows: Iterable[str]) -> list[str]:
    """A sentence for each of the wanted that has no row in the table of this file."""
    where = Path(file).resolve().relative_to(TOP).as_posix()
    return [f"{where}: {table} has no row for “{name}”." for name in sorted({*wanted} - {*rows})]
