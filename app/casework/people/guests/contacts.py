"""Who is asked a task as a guest, as the case says it at this moment; and whether they still are.

The drawing names a form of read-only fields (`guest`); its answers `name`, `organisation`,
`address` and `telephone` are worked out like those of a brief. Nothing that a guest types is asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework.cases import Installation, LockedCase, log_entry, scope
from app.casework.cases import LogKind as Kind
from app.casework.people.links import hashed
from app.engine import forms
from app.engine.addresses import is_address
from app.store import GuestRow, Rows, TaskRow, Unit

_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{6,22}")
_DIGITS = re.compile(r"[^0-9+]")
#: how a guest, a link or a code ended
DONE, CHANGED, WITHDRAWN, CLOSED = "done", "changed", "withdrawn", "closed"
USED, REPLACED = "used", "replaced"


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    organisation: str
    address: str
    #: digits, with a plus before a country's; "": the case holds none
    telephone: str

    @property
    def called(self) -> str:
        return f"{self.name} ({self.organisation})" if self.organisation else self.name

    @property
    def kept(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()


def kept_as(secret: str) -> bytes:
    """What is stored of a link's or a session's secret."""
    return hashed(secret)


def masked(address: str) -> str:
    """An address by which its owner knows it, and nobody else."""
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"


def masked_number(number: str) -> str:
    return f"the number that ends with {number[-3:]}"


def contact_of(locked: LockedCase, row: TaskRow, at: datetime) -> Contact | None:
    """Who is asked by a link; None: the drawing asks nobody so, or the case holds no address."""
    element = locked.loaded.element(row.process, row.element)
    form = locked.form(element.rules.guest) if element is not None else None
    if form is None:
        return None
    names = scope(locked, row, form)
    said: Mapping[str, Any] = forms.known(form, names, locked.world(locked.at(at))).values
    name, organisation, address, number = (
        " ".join(str(said.get(key) or "").split())
        for key in ("name", "organisation", "address", "telephone")
    )
    if not name or not is_address(address):
        return None
    telephone = _DIGITS.sub("", number) if _NUMBER.fullmatch(number) else ""
    return Contact(name[:120], organisation[:120], address, telephone)


@dataclass(frozen=True, slots=True)
class Standing:
    """A guest whose task is still theirs."""

    guest: GuestRow
    locked: LockedCase
    task: TaskRow
    contact: Contact


def print_of(unit: Unit, contact: Contact) -> bytes:
    return store.people.guests.print_of(unit, contact.kept)


def standing(
    installation: Installation, unit: Unit, guest: GuestRow | None, at: datetime
) -> Standing | None:
    """None once the task is over, the case merged, the guest withdrawn or shut out, or what the
    case says of them is another."""
    if guest is None or guest.ended_at is not None:
        return None
    found = asked_now(installation, unit, guest.case_id, guest.task, at)
    if found is None or print_of(unit, found[2]) != guest.print:
        return None
    return Standing(guest, *found)


def asked_now(
    installation: Installation, unit: Unit, case: str, task: str, at: datetime
) -> tuple[LockedCase, TaskRow, Contact] | None:
    """Whom the case asks for this open task by a link."""
    row = store.cases.find(unit, case)
    if row is None or row.merged_into or row.ended_at:
        return None
    locked = LockedCase(installation, unit, row, store.cases.key_of(unit, row.id))
    opened = locked.task(task)
    if opened is None or opened[0].resting:
        return None
    contact = contact_of(locked, opened[0], at)
    if contact is None or _shut_out(locked, contact):
        return None
    return locked, opened[0], contact


def _shut_out(locked: LockedCase, contact: Contact) -> bool:
    """Somebody who is excluded from the case does not come back as a guest."""
    account = store.people.accounts.find_by_name(locked.unit, contact.address)
    return account is not None and locked.members.get(locked.member(account.id), False)


def rows_of(guest: str) -> list[Rows]:
    """What an order touches that is about a guest."""
    return [
        Rows("guest", {"id": guest}),
        Rows("guest_link", {"guest": guest}),
        Rows("guest_code", {"guest": guest}),
        Rows("guest_session", {"guest": guest}),
    ]


def ended(
    installation: Installation, unit: Unit, guest: GuestRow, by: Any, at: datetime, how: str
) -> None:
    """Nothing of theirs opens anything any more; in the log."""
    if guest.ended_at is not None:
        return
    store.people.guests.end(unit, guest.id, at, how)
    store.people.guests.end_links(unit, guest.id, at, WITHDRAWN)
    store.people.guests.end_codes(unit, guest.id, at, WITHDRAWN)
    store.people.guests.end_sessions(unit, guest.id)
    said = {"guest": guest.id, "case": guest.case_id, "how": how}
    log_entry(installation, unit, Kind.END_GUEST, by, at, said, rows=rows_of(guest.id))
