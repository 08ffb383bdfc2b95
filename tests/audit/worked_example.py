"""The worked example of docs/history-format.md: one entry made from fixed values, hash by hash.

    python -m tests.audit.worked_example

prints it anew; a test keeps the page equal to it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from app.store.chain import commitments, headers

SECRET = bytes(range(16))
FIELDS: dict[str, Any] = {
    "command": {
        "answers": {
            "contact": {"name": "Zoë", "visits/month": 2, "called": True},
            "day": {"type": "date", "value": "2026-03-04"},
            "notes": [],
        },
        "by": "Ann Archer",
        "kind": "CompleteTask",
        "task": "1-7",
    },
    "events": [
        {
            "element": "check",
            "instance": "1",
            "kind": "TaskCompleted",
            "process": "p",
            "task": "1-7",
        }
    ],
}
HEADER: dict[str, Any] = {
    "v": 2,
    "case": "gx6mwaukqykqxxo3",
    "seq": 2,
    "at": "2026-03-04T10:05:00.000000Z",
    "kind": "CompleteTask",
    "actor": "ann",
    "on_behalf": None,
    "request": None,
    "definition": hashlib.sha256(b"deployment").hexdigest(),
    "engine": "SpiffWorkflow 3.2.0; steps 2",
    "state": hashlib.sha256(b"state").hexdigest(),
    "calendar": hashlib.sha256(b"calendar").hexdigest(),
    "settings": hashlib.sha256(b"settings").hexdigest(),
    "prev": hashlib.sha256(b"entry 1").hexdigest(),
}


def entry() -> tuple[str, dict[str, Any]]:
    """The header as canonical text, and the entry's part of a disclosure that withholds one."""
    fields = HEADER | {
        "content": commitments.root(FIELDS, SECRET).hex(),
        "body": hashlib.sha256(b"sealed").hexdigest(),
    }
    leaves = commitments.leaves(FIELDS)
    shown: list[dict[str, Any]] = []
    for (pointer, text), salt in zip(leaves, commitments.salts(SECRET, len(leaves)), strict=True):
        if pointer == "/command/by":
            shown.append({"hash": commitments.hashed(salt, text).hex()})
        else:
            value = commitments.value_at(FIELDS, pointer)
            shown.append({"pointer": pointer, "value": value, "salt": salt.hex()})
    return headers.canonical(fields), {"seq": 2, "fields": shown}


def told() -> str:
    """The example as the page has it."""
    leaves = commitments.leaves(FIELDS)
    salts = commitments.salts(SECRET, len(leaves))
    rows = ["The readable body:", "", json.dumps(FIELDS, ensure_ascii=False, indent=1), ""]
    rows += [f"Secret: {SECRET.hex()}", "", "Leaves (salt, text, hash):", ""]
    for salt, (_, text) in zip(salts, leaves, strict=True):
        rows += [salt.hex(), text, commitments.hashed(salt, text).hex(), ""]
    header, _ = entry()
    rows += [f"content: {commitments.root(FIELDS, SECRET).hex()}", "", "The header:", "", header]
    rows += ["", f"Its hash: {headers.digest(header).hex()}"]
    return "\n".join(f"    {row}".rstrip() for one in rows for row in one.split("\n"))


if __name__ == "__main__":
    print(told())
