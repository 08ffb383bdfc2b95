"""The form of a history header: canonical JSON, hashed, each naming the one before it.

A header holds no name and no free text, so that it can be shown and sealed anywhere; those are in
the body, encrypted. One form for every chain: that of a case, and the installation's own. Storing
is `history`'s, what it commits to field by field `commitments`', checking the audit room's. The
form is described for others in docs/history-format.md: what is written once stays readable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

VERSION = 2
#: forms that can be read
VERSIONS = (1, 2)
#: what the first header of a chain names as the one before
START = bytes(32)
#: name of the chain that belongs to no case: people, roles, deployments, settings, sign-ins
INSTALLATION = "installation"
#: kind of the last entry of a chain whose content was destroyed on purpose; it has no body
DESTROYED = "destroyed"
#: whole numbers every reader of JSON keeps exactly
_EXACT = 2**53 - 1
_LONGEST = 10_000
#: made once: to make it takes as long as to write a header
_WRITES = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
#: what every header of form 2 has, and what only the first of its chain may have besides
FIELDS = frozenset(
    (
        "v", "case", "seq", "at", "kind", "actor", "on_behalf", "request", "definition", "engine",
        "state", "calendar", "settings", "content", "body", "prev",
    )
)  # fmt: skip
FIRST = frozenset(("key_commit", "reference", "opening", "opened_after"))
#: and what only the entry of a destruction may have besides: who asked for it, by which rule of
#: config.yaml, and why, as one of a closed list
LAST = frozenset(("asked_by", "rule", "cause"))


class BadHeader(ValueError):
    """A header is not in the form we write; says why."""


def canonical(header: Mapping[str, Any]) -> str:
    """One text for one header: sorted keys, no spaces; texts, whole numbers, null (RFC 8785)."""
    return _WRITES.encode(header)


def digest(header: str) -> bytes:
    return hashlib.sha256(header.encode()).digest()


def bound(header: Mapping[str, Any]) -> bytes:
    """What the sealed body repeats: the hash of the whole header but for the body's own hash.

    As `prev` is in it, each body speaks for all entries before it.
    """
    return digest(canonical({name: value for name, value in header.items() if name != "body"}))


def parsed(header: str) -> dict[str, Any]:
    """The fields of a stored header. BadHeader unless it is, byte for byte, one we could write."""
    if len(header) > _LONGEST:
        raise BadHeader("it is too long")
    try:
        fields = json.loads(header)
        written = canonical(fields)
    except (ValueError, RecursionError):
        raise BadHeader("it is no JSON") from None
    if not isinstance(fields, dict):
        raise BadHeader("it is no JSON object")
    for name, value in fields.items():
        _plain(name, value)
    if written != header:
        raise BadHeader("it is not written canonically")
    return fields


def _plain(name: str, value: Any) -> None:
    """Texts, whole numbers and null only: 1.0 or true is another text for 1."""
    if type(value) is int and abs(value) > _EXACT:
        raise BadHeader(f"its {name} is too large a number")
    if value is not None and type(value) not in (str, int):
        raise BadHeader(f"its {name} is neither a text nor a whole number")


def lacking(fields: Mapping[str, Any]) -> str | None:
    """Which field its form does not have or asks for, in words; None: exactly those.

    Entries of form 1 were never asked for it: nobody who writes today could have written them.
    """
    version = fields.get("v")
    if version not in VERSIONS or type(version) is not int:
        return "it is of a form that this release does not know"
    if version == 1:
        return None
    names = fields.keys() - FIRST if fields.get("seq") == 1 else fields.keys()
    if fields.get("kind") == DESTROYED:
        names = names - LAST
    for name in sorted(FIELDS - names):
        return f"it has no {name}"
    for name in sorted(names - FIELDS):
        return f"it has a {name}, which its form does not know"
    return None
