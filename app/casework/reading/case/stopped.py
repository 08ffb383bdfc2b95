"""What has stopped in one case, for its own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from app import store
from app.casework.commands import RetryIncident
from app.casework.orders import ORDERS, states_of
from app.casework.reading.look import Look
from app.casework.reading.stopped_lines import Lines, StoppedLine
from app.casework.reading.unmanned import of_one_case, standing
from app.store import TaskRow


def stopped_in(
    seen: Look, tasks: Sequence[TaskRow], offers: Mapping[str, Set[str]]
) -> tuple[StoppedLine, ...]:
    """Of one case, with its open tasks and to whom each is offered; nothing for who sees only their
    own part."""
    row, unit = seen.row, seen.unit
    if not seen.whole or row.ended_at is not None:
        return ()
    incidents = store.queries.stopped.incidents_of(unit, row.id)
    kept = None if row.suspended else row.stalls
    free = () if row.suspended else tasks
    left = of_one_case(seen.locked.installation, unit, free, offers, seen.at, standing(seen))
    if not (incidents or kept or left):
        return ()
    lines = Lines(seen.locked.installation, unit, {row.id})
    roles = seen.locked.installation.roles
    retry = ORDERS[RetryIncident].offers(roles, seen.person, states_of(row), whole=True)
    place = row.id, row.reference, row.deployment
    return (
        *(lines.incident(each, *place[1:], retry=retry) for each in incidents),
        *lines.stalls(kept, *place),
        *(lines.nobody(each, *place) for each in left),
    )
