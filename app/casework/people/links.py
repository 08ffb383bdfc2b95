"""One-time links by which somebody sets a password: made for them, used once, in their time.

A link holds 256 random bits; only their hash is kept. Opening one changes nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.people import passwords
from app.casework.people.rules import may_change
from app.store import LinkRow, PersonRow, Rows, Unit

LASTS, LONGEST = timedelta(hours=24), timedelta(days=14)
OVER = "This link was used already, or its time is over. Ask for a new one."


def hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def issue(
    desk: Desk, by: Person, person: str, at: datetime, lasts: timedelta = LASTS
) -> tuple[str, datetime]:
    """(secret, end) of a new link; shown or mailed once. One made earlier opens nothing any more.

    NotFound, Refused.
    """
    secret = secrets.token_urlsafe(32)
    with desk.store.writing() as unit:
        row = may_issue(desk, unit, by, person, at, lasts)
        rows = end_all(unit, person, at, store.people.access.REPLACED)
        link = LinkRow(hashed(secret), person, at, by.id, at + lasts)
        store.people.access.add_link(unit, link)
        said = {"person": person, "name": row.name, "until": link.expires_at}
        rows.append(Rows("link", {"hash": link.hash}))
        log_entry(
            desk.installation, unit, LogKind.ISSUE_LINK, by, at, said, about=[person], rows=rows
        )
    return secret, link.expires_at


def may_issue(
    desk: Desk, unit: Unit, by: Person, person: str, at: datetime, lasts: timedelta
) -> PersonRow:
    """The account that may get one. NotFound, Refused."""
    if not timedelta() < lasts <= LONGEST:
        raise Refused(f"A link lasts {LONGEST.days} days at most.")
    row = may_change(desk, unit, by, person, at)
    if row.disabled:
        raise Refused(f"{row.name} cannot sign in. Enable the account first.")
    return row


def end_all(unit: Unit, person: str, at: datetime, how: str) -> list[Rows]:
    """No link of this person opens anything any more; gives what to say of it in the log."""
    ended = store.people.access.open_links(unit, person)
    for link in ended:
        store.people.access.end_link(unit, link.hash, at, how)
    return [Rows("link", {"hash": link.hash}) for link in ended]


def whose(desk: Desk, secret: str, at: datetime) -> PersonRow:
    """For whom it sets a password. `Refused` for one that is over, NotFound for none."""
    with desk.store.reading() as unit:
        return open_link(unit, secret, at)[1]


def open_link(
    unit: Unit, secret: str, at: datetime, *, lock: bool = False
) -> tuple[LinkRow, PersonRow]:
    """A link that still serves, and whose it is. NotFound, Refused."""
    link = store.people.access.link_of(unit, hashed(secret), lock=lock)
    if link is None:
        raise NotFound
    row = store.people.accounts.find(unit, link.person)
    if row is None or row.disabled or not link.serves(at):
        raise Refused(OVER)
    return link, row


def use(desk: Desk, secret: str, password: str, at: datetime) -> PersonRow:
    """Sets the password. Every session and token of before ends. Refused, NotFound."""
    row = whose(desk, secret, at)
    passwords.fit_to_choose(password, row, desk.settings.sign_in.words)
    kept = passwords.hashed(password)
    with desk.store.writing() as unit:
        link, row = open_link(unit, secret, at, lock=True)
        store.people.access.end_link(unit, link.hash, at, store.people.access.USED)
        used = [Rows("link", {"hash": link.hash})]
        set_password(desk, unit, row, kept, at, LogKind.USE_LINK, used, {"by_link_of": link.by})
    return row


def set_password(
    desk: Desk,
    unit: Unit,
    row: PersonRow,
    kept: str,
    at: datetime,
    kind: LogKind = LogKind.SET_PASSWORD,
    touched: Sequence[Rows] = (),
    also: Mapping[str, str] | None = None,
    then: Callable[[], str] = str,
) -> str:
    """A new password, hashed already: all sessions end, tokens and links serve no more. `then`
    happens before the entry is written; gives what it gave."""
    store.people.accounts.set_password(unit, row.id, kept)
    store.people.accounts.end_sessions(unit, row.id)
    ended = revoked(unit, row.id, at)
    ended += end_all(unit, row.id, at, store.people.access.WITHDRAWN)
    given = then()
    said = {"person": row.id, "name": row.name, **(also or {})}
    rows = [*store.account_rows(row.id), store.session_rows(row.id), *touched, *ended]
    actor = Person(row.id, row.name)
    log_entry(desk.installation, unit, kind, actor, at, said, about=[row.id], rows=rows)
    return given


def revoked(unit: Unit, person: str, at: datetime) -> list[Rows]:
    """All tokens of the person; the rows for the log."""
    rows = []
    for token in store.people.access.tokens_of(unit, person):
        if token.revoked_at is None:
            store.people.access.revoke(unit, token.hash, at)
            rows.append(Rows("token", {"hash": token.hash}))
    return rows
