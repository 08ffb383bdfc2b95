"""A person's secret address of their calendar: made, replaced, ended; and whose it is when read.

It is a token that serves for nothing else (`tokens`): only its hash is kept, it ends with the other
tokens of its holder, and what it reads is what its holder may see at that moment.
"""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.people import tokens
from app.casework.people.presence import bearer
from app.store import TokenRow

#: what they are called among the tokens, with a number behind it
NAME = "Calendar address"


def current(desk: Desk, person: Person, at: datetime) -> TokenRow | None:
    """The one that opens their calendar now."""
    return next((row for row in _all(desk, person) if row.serves(at)), None)


def _all(desk: Desk, person: Person) -> list[TokenRow]:
    with desk.store.reading() as unit:
        known = store.people.access.tokens_of(unit, person.id)
    return [row for row in known if row.scope == (tokens.FEED,)]


def make(desk: Desk, person: Person, at: datetime) -> str:
    """The secret of a new one, shown once; the one before opens nothing any more. Refused."""
    end(desk, person, at)
    name = f"{NAME} {len(_all(desk, person)) + 1}"
    scope, until = (tokens.FEED,), at + tokens.LONGEST
    return tokens.make(desk, person, person.id, name, at, scope=scope, expires=until)[0]


def end(desk: Desk, person: Person, at: datetime) -> None:
    """Nothing, where there is none."""
    for row in _all(desk, person):
        if row.revoked_at is None:
            tokens.revoke(desk, person, person.id, row.name, at)


def reader(desk: Desk, secret: str, at: datetime) -> Person | None:
    """Whose calendar it opens; None: nobody's, any more."""
    held = bearer(desk, secret, at)
    return held[0] if held is not None and held[1] == (tokens.FEED,) else None
