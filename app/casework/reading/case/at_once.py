"""What the pages of a case ask of the database, so that it is asked at once (`Unit.ask_ahead`).

Nothing hangs on it but how long a page takes: what is missing here is asked when it is needed, and
what is here in vain has cost a little. `tests/web/test_page_costs.py` counts.
"""

from __future__ import annotations

from app import store
from app.casework.orders.events import TOLD
from app.casework.reading.case.beside.named import ask_named
from app.casework.reading.look import Look
from app.store import Unit


def ask_page(seen: Look) -> None:
    """For the page of a case, with what stands beside."""
    if seen.whole:  # of a part there is little to ask
        seen.unit.ask_ahead(
            seen.past.ask,
            lambda unit: _stands(seen, unit), lambda unit: _beside(seen, unit),
        )  # fmt: skip


def ask_case(seen: Look) -> None:
    """For where the case stands alone, unless it was asked with more."""
    if seen.whole and not seen.unit.known:
        seen.unit.ask_ahead(seen.past.ask, lambda unit: _stands(seen, unit))


def _stands(seen: Look, unit: Unit) -> None:
    row = seen.row
    store.work.tasks.offers(unit, row.id)
    store.work.tasks.of_case(unit, row.id)
    store.work.deadlines.current(unit, row.id)
    store.work.deadlines.count_ended(unit, row.id)
    store.queries.stopped.incidents_of(unit, row.id)
    store.work.incidents.of_case(unit, row.id)
    store.work.messages.of_case(unit, row.id)
    store.cases.merged(unit, row.reference)
    store.cases.states(unit, seen.key)
    store.queries.stopped.shut_out(unit, [row.id])
    store.people.accounts.names(unit, [row.opened_by])


def _beside(seen: Look, unit: Unit) -> None:
    case = seen.row.id
    store.work.answers.of_how(unit, case, TOLD)
    store.work.answers.count(unit, case)
    store.work.letters.count(unit, case)
    store.retention.holds.of_case(unit, case)
    store.documents.of_case(unit, case)
    store.people.guests.asked_in(unit, case)
    ask_named(seen, unit)
