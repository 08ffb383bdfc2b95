"""What tests say with an order, from its command; and tests that name the row a new thing lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from app.casework import Command, takes

TOP = Path(__file__).resolve().parent.parent


def need_rows(file: str, table: str, wanted: Iterable[str], rows: Iterable[str]) -> None:
    """Fails with a sentence for each of the wanted that has no row in the table of this file."""
    where = Path(file).resolve().relative_to(TOP).as_posix()
    lacking = sorted({*wanted} - {*rows})
    assert not lacking, "\n".join(f"{where}: {table} has no row for “{name}”." for name in lacking)


def said(kind: type[Command], values: Mapping[str, Any]) -> dict[str, Any]:
    """What an order has to say beside its case. `values`: by member, any other is a short text."""
    return {
        row.name: values.get(row.name, "r")
        for row in fields(kind)
        if row.name in takes(kind) - {"case"}
        and row.default is MISSING
        and row.default_factory is MISSING
    }
