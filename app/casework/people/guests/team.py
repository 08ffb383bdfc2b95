"""What the team sees and does about a guest: who it is, a new link, its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.people.guests import asking, contacts
from app.casework.people.guests.contacts import Contact
from app.casework.reading.look import look


@dataclass(frozen=True, slots=True)
class Panel:
    """What the team sees of the guest of a task."""

    guest: str
    contact: Contact
    #: when the newest link was made; None: none is
    sent_at: datetime | None
    #: it was withdrawn by the team
    withdrawn: bool
    #: the case says something else of them than when the link was sent
    changed: bool


def panel(desk: Desk, person: Person, case: str, task: str, at: datetime) -> Panel | None:
    """For who sees all of the case; None: nobody is asked by a link, or not to be seen."""
    try:
        with look(desk, person, case, at, None, by="guest contact") as seen:
            locked = seen.locked
            found = contacts.asked_now(desk.installation, seen.unit, locked.row.id, task, at)
            guest = store.people.guests.newest_of(seen.unit, locked.row.id, task)
            if found is None:
                return None
            same = guest is not None and guest.print == contacts.print_of(seen.unit, found[2])
            ended = guest is not None and guest.ended_at is not None
            return Panel(
                guest=guest.id if guest and same and not ended else "",
                contact=found[2],
                sent_at=guest.at if guest and same and not ended else None,
                withdrawn=bool(guest and same and guest.how == contacts.WITHDRAWN),
                changed=guest is not None and not same,
            )
    except NotFound:
        return None


def withdraw(desk: Desk, person: Person, case: str, task: str, at: datetime) -> None:
    """The team does not ask this guest any more. NotFound."""
    shown = panel(desk, person, case, task, at)
    if shown is None or not shown.guest:
        raise NotFound
    with desk.store.writing() as unit:
        guest = store.people.guests.lock(unit, shown.guest)
        if guest is not None:
            contacts.ended(desk.installation, unit, guest, person, at, contacts.WITHDRAWN)


def send_anew(desk: Desk, person: Person, case: str, task: str, at: datetime) -> None:
    """The team has a new link sent, also where it had withdrawn the one before. NotFound."""
    if panel(desk, person, case, task, at) is None:
        raise NotFound
    with desk.store.writing() as unit:
        row = store.cases.find(unit, case)
        if row is None or store.cases.lock(unit, row.id) is None:
            raise NotFound
        found = contacts.asked_now(desk.installation, unit, row.id, task, at)
        if found is not None:
            asking.ask(unit, found[0], found[1], at, {"by": person.id, "by_name": person.name})


def case_id(desk: Desk, case: str) -> str:
    """Of the case that is called so. NotFound."""
    with desk.store.reading() as unit:
        row = store.cases.find(unit, case)
    if row is None:
        raise NotFound
    return row.id
