"""What a browser carries from one step of signing in to the next: sealed, for a time, used once."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime, timedelta
from typing import Any

from app import store
from app.casework.people.links import hashed as hashed
from app.store import Keys, Sealed, Unit


def sealed(keys: Keys, place: str, at: datetime, said: Any) -> str:
    """A text that only this installation can read and make."""
    content = json.dumps([at.isoformat(), said]).encode()
    return base64.urlsafe_b64encode(keys.seal(content, place)).decode()


def opened(keys: Keys, place: str, text: str, at: datetime, lasts: timedelta) -> Any | None:
    """What was said; None: its time is over, it was for another place, or nobody made it."""
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        made, said = json.loads(keys.open(raw, place))
    except (Sealed, binascii.Error, ValueError):
        return None
    age = at - datetime.fromisoformat(made)
    return said if timedelta() <= age < lasts else None


def spend(unit: Unit, text: str, at: datetime, lasts: timedelta) -> bool:
    """Whether it is used for the first time; it is used now."""
    return store.people.identities.spend(unit, hashed(text), at + lasts, at)
