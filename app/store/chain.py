"""The form of a history header and its hash: canonical JSON, SHA-256, each naming the one before.

A header holds no name and no free text, so that it can be shown and sealed anywhere; those are in
the body, encrypted, and bound by `body`. Storing is `history`'s, checking is the audit room's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

VERSION = 1
#: what the first header of a case names as the one before
START = bytes(32)


def canonical(header: Mapping[str, Any]) -> str:
    """One text for one header: sorted keys, no spaces; texts, whole numbers, null (RFC 8785)."""
    return json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(header: str) -> bytes:
    return hashlib.sha256(header.encode()).digest()
