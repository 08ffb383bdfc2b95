"""What a guest is, for who may know that there was one and not who: of which case, of whom."""

from __future__ import annotations

import json
from dataclasses import dataclass

from app import store
from app.store import Sealed, Unit, WrongKey


@dataclass(frozen=True, slots=True)
class Place:
    #: reference; "": it is not known any more
    case: str
    #: "": the case says none, or its content is erased
    organisation: str

    @property
    def words(self) -> str:
        """Behind “guest”; "": nothing is known."""
        of = f" of case {self.case}" if self.case else ""
        return f"{of} ({self.organisation})" if self.organisation else of


def placed(unit: Unit, guest: str, case: str | None = None) -> Place:
    """`case`: its id, where who asks has it; of a guest whose row is gone nothing else is known."""
    row = store.people.guests.find(unit, guest)
    of = store.cases.find(unit, row.case_id if row is not None else case or "")
    if row is None or of is None:
        return Place(of.reference if of is not None else "", "")
    try:
        kept = store.cases.key_of(unit, of.id).open(row.body, store.people.guests.place(guest))
    except (Sealed, WrongKey):
        return Place(of.reference, "")
    return Place(of.reference, str(json.loads(kept).get("organisation", "")))
