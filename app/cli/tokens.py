"""The commands about API tokens: `token …`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import datetime, timedelta

from app import store
from app.casework import SYSTEM, Desk
from app.casework.people import tokens
from app.config import Config
from app.engine import moment
from app.scheduler.clock import present

Given = argparse.Namespace


def say(text: str = "") -> None:
    print(text, flush=True)


def make(desk: Desk, config: Config, given: Given) -> int:
    """Makes an API token for a person; it is shown this once."""
    at = present(desk.store)
    until = at + timedelta(days=given.days)
    scope = given.scope or ["read"]
    secret, _ = tokens.make(desk, SYSTEM, given.person, given.name, at, scope=scope, expires=until)
    say(secret)
    return 0


def all_tokens(desk: Desk, config: Config, given: Given) -> int:
    """Says the tokens of a person, or of everybody."""
    return _tokens(tokens.listed(desk, SYSTEM, given.person), present(desk.store))


def revoke(desk: Desk, config: Config, given: Given) -> int:
    """Takes a token away at once."""
    tokens.revoke(desk, SYSTEM, given.person, given.name, present(desk.store))
    say(f"The token “{given.name}” of {given.person} is revoked.")
    return 0


def _tokens(rows: Iterable[store.TokenRow], at: datetime) -> int:
    for row in rows:
        scope = ", ".join(row.scope) if row.scope is not None else "everything"
        say(f"  {row.person:<18} {row.name:<24} {scope}; {_state(row, at)}; {_used(row.used_at)}")
    return 0


def _state(row: store.TokenRow, at: datetime) -> str:
    if row.revoked_at is not None:
        return f"revoked {moment(row.revoked_at)}"
    if row.expires_at is None:
        return "never ends: replace it"
    return f"{'until' if row.serves(at) else 'ended'} {moment(row.expires_at)}"


def _used(at: datetime | None) -> str:
    return "never used" if at is None else f"last used {moment(at)}"
