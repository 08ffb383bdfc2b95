"""What a list says of a case beside its reference, to who sees the whole of it.

What it may say is its owner's to mark (`cases.in_lists`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.reading.eyes import whole_eyes
from app.store import Unit
from app.store.work import case_labels


def in_short(
    desk: Desk, unit: Unit, person: Person, ids: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    """Id of a case → “J.E., child, born 2017”, “A child has died”. Of those that the
    person sees in whole, and of no other; of one that says nothing, nothing."""
    whole = store.queries.listing.among(unit, whole_eyes(desk, person), ids) if ids else []
    said = case_labels.of_cases(unit, whole)
    return {id: tuple(json.loads(said[id])) if id in said else () for id in whole}
