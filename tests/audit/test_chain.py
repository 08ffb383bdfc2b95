"""Every later change to a history is found, at the first row it touches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.audit.verification.chain import verify
from app.store.chain import headers
from app.store.chain.history import HistoryRow, stamp

AT = datetime(2026, 6, 1, 9, 15, tzinfo=UTC)


def row(seq: int, prev: bytes, body: bytes = b"sealed", kind: str = "CompleteTask") -> HistoryRow:
    at = AT + timedelta(minutes=seq)
    header = headers.canonical(
        {
            "v": 1, "case": "c1", "seq": seq, "at": stamp(at), "kind": kind, "actor": "p1",
            "body": hashlib.sha256(body).hexdigest(), "prev": prev.hex(),
        }
    )  # fmt: skip
    return HistoryRow(seq, at, kind, "p1", header, headers.digest(header), body)


def history(count: int = 5) -> list[HistoryRow]:
    rows: list[HistoryRow] = []
    for seq in range(1, count + 1):
        rows.append(row(seq, rows[-1].hash if rows else headers.START))
    return rows


def test_an_untouched_history_passes() -> None:
    rows = history()
    found = verify(rows, case="c1", head=rows[-1].hash, last=5)
    assert found.good
    assert found.rows == 5
    assert found.head == rows[-1].hash.hex()


def test_an_empty_history_of_a_case_with_none_passes() -> None:
    assert verify([], case="c1").good


def _rechained(rows: list[HistoryRow]) -> list[HistoryRow]:
    del rows[1]
    changed: list[HistoryRow] = []
    for seq, old in enumerate(rows, 1):
        changed.append(row(seq, changed[-1].hash if changed else headers.START, old.body))
    return changed


Spoil = Callable[[list[HistoryRow]], list[HistoryRow]]
SPOILED: dict[str, tuple[Spoil, int, str]] = {
    "a row is gone": (lambda r: r[:2] + r[3:], 4, "Entry 3 is missing"),
    "the first row is gone": (lambda r: r[1:], 2, "Entry 1 is missing"),
    "two rows swapped": (lambda r: [r[0], r[2], r[1], *r[3:]], 3, "Entry 2 is missing"),
    "body changed": (
        lambda r: [*r[:2], replace(r[2], body=b"other"), *r[3:]], 3, "its content is not",
    ),
    "header changed": (
        lambda r: [*r[:2], replace(r[2], header=r[2].header.replace("p1", "p2")), *r[3:]],
        3,
        "its header does not give",
    ),
    "header and hash changed": (
        lambda r: [*r[:2], row(3, r[1].hash, b"other"), *r[3:]],
        4,
        "does not follow entry 3",
    ),
    "actor column changed": (
        lambda r: [*r[:2], replace(r[2], actor="p9"), *r[3:]], 3, "its actor is not",
    ),
    "instant column changed": (
        lambda r: [*r[:2], replace(r[2], at=AT), *r[3:]], 3, "its at is not",
    ),
    "header spaced differently": (
        lambda r: [
            replace(r[0], header=r[0].header + " ", hash=headers.digest(r[0].header + " ")),
            *r[1:],
        ],
        1,
        "not in the form",
    ),
    "header is no object": (
        lambda r: [replace(r[0], header="[]", hash=headers.digest("[]")), *r[1:]], 1, "not in the",
    ),
    "tail cut": (lambda r: r[:3], 4, "ends at entry 3, but the case says that 5"),
    "row added": (lambda r: [*r, row(6, r[-1].hash)], 7, "only 5 were written"),
    "deleted and chained again": (_rechained, 5, "ends at entry 4"),
    "last body and hash changed": (
        lambda r: [*r[:4], row(5, r[3].hash, b"other")], 5, "names another newest entry",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "seq", "words"), SPOILED.values(), ids=SPOILED)
def test_a_change_is_found_and_said(spoil: Spoil, seq: int, words: str) -> None:
    rows = history()
    found = verify(spoil(list(rows)), case="c1", head=rows[-1].hash, last=5)
    assert not found.good
    assert found.wrong_seq == seq
    assert words in found.sentence


def test_rows_of_another_case_are_found() -> None:
    assert verify(history(), case="c2").wrong_seq == 1
