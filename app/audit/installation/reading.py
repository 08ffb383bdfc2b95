"""Reads the installation's log for who holds the power to audit: filtered, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app import store
from app.audit.installation.words import KINDS, TOPICS, kinds_of, words
from app.casework import AUDIT, Body, Desk, NotFound, Person, Reader
from app.casework.people.guests import Place, placed
from app.engine import start_of_day
from app.store import Asked, HistoryRow, Refusal, Sealed, WrongKey


@dataclass(frozen=True, slots=True)
class Line:
    seq: int
    at: datetime
    kind: str
    topic: str
    #: id and name of who gave the order
    actor: str
    by: str
    about: tuple[str, ...]
    sentence: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogPage:
    lines: tuple[Line, ...]
    total: int
    #: of hours that are not over
    running: tuple[Refusal, ...]
    #: (id, name) of all accounts
    people: tuple[tuple[str, str], ...]


#: stood in entries of signing in, for a while, where the name of the person belongs
_WAYS = frozenset({"password", "passkey", "sign-on"})


def log_page(
    desk: Desk,
    person: Person,
    *,
    topic: str | None = None,
    who: str | None = None,
    first: date | None = None,
    last: date | None = None,
    skip: int = 0,
    most: int = 50,
) -> LogPage:
    """`first` and `last`: days in London, both included. NotFound for who may not audit."""
    if not desk.roles.may(person, AUDIT):
        raise NotFound
    asked = Asked(
        kinds=kinds_of(topic) if topic in TOPICS else (),
        person=who or None,
        since=start_of_day(first) if first else None,
        until=start_of_day(last + timedelta(days=1)) if last else None,
    )
    with desk.store.reading() as unit:
        entries = store.chain.log.entries
        rows = entries.page(unit, asked, skip, most)
        total = entries.count(unit, asked)
        running = tuple(store.chain.log.refusals.running(unit))
        accounts = store.people.accounts.everybody(unit)
        try:
            reader = Reader(entries.key_of(unit)) if rows else None
        except (Sealed, WrongKey):
            reader = None
        guests = {id: placed(unit, id, case) for id, case in _guests(rows, reader)}
    names = {role.id: role.name for role in desk.roles.known.values()}
    people = {each.id: each.name for each in accounts}
    lines = tuple(_line(row, reader, names, people, guests) for row in rows)
    return LogPage(lines, total, running, tuple((each.id, each.name) for each in accounts))


def _guests(rows: Iterable[HistoryRow], reader: Reader | None) -> Iterator[tuple[str, str | None]]:
    """(id of a guest, id of the case) of whom the entries are about."""
    for row in rows if reader is not None else ():
        said = reader.read(row).said if reader is not None else {}
        for id in {row.actor, said.get("guest")}:
            if str(id).startswith(store.people.guests.PREFIX):
                yield str(id), said.get("case")


def _line(
    row: HistoryRow, reader: Reader | None, names: Mapping[str, str], people: Mapping[str, str],
    guests: Mapping[str, Place],
) -> Line:  # fmt: skip
    body = reader.read(row) if reader is not None else Body(row.seq, 0, row.kind, row.actor)
    topic = KINDS.get(row.kind, ("log", None))[0]
    by = body.by or row.actor
    if by in _WAYS:
        by = people.get(row.actor, row.actor)
    if row.actor in guests:  # what they are, not who: the log is read by more than their case
        by = f"A guest{guests[row.actor].words}"
    if body.form and not body.unread:
        guest = guests.get(str(body.said.get("guest")))
        told = {**body.said, "guest": guest.words if guest else ""}
        sentence = words(row.kind, by, _named(told, names))
    else:
        sentence = body.unread[0] if body.unread else f"Entry {row.seq} cannot be opened."
    about = tuple(str(each) for each in body.said.get("about") or ())
    said = {name: value for name, value in body.said.items() if name not in ("rows", "about")}
    return Line(row.seq, row.at, row.kind, topic, row.actor, by, about, sentence, said)


def _named(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """With roles as people call them."""
    days = {names.get(role, role): span for role, span in (said.get("days") or {}).items()}
    roles = [names.get(str(role), str(role)) for role in said.get("roles") or ()]
    return {**said, "roles": roles, "days": days}
