"""Compares what stands in the open in a history entry with what was sealed in its body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.store import HistoryRow, chain

#: what the sealed body repeats of the header, beside the hash of the whole of it; chain and number
#: are bound by the encryption itself
REPEATED = ("actor", "at", "definition", "engine")


def difference(
    row: HistoryRow,
    order: Mapping[str, Any],
    sealed: Mapping[str, Any],
    form: int,
    bound: bytes,
) -> str:
    """What the header says otherwise than the sealed body, in a sentence; "": nothing."""
    before = f"Entry {row.seq} was changed: its"
    try:
        fields = chain.headers.parsed(row.header)
    except chain.headers.BadHeader as error:
        return f"{before} header is not in the form we write: {error}."
    if form != fields.get("v"):
        return f"{before} form is not the one it was sealed with."
    then: dict[str, Any] = {"kind": order.get("kind")}
    if form > 1:
        then |= {"on_behalf": order.get("for")} | {name: sealed.get(name) for name in REPEATED}
    for name, value in then.items():
        if fields.get(name) != value:
            return f"{before} {name} is not the one it was sealed with."
    if form > 1 and chain.headers.bound(fields) != bound:
        return f"{before} header is not the one it was sealed with."
    return ""
