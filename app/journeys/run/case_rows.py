"""Which hold, incident or letter of a case a step means, by the name under which people know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from app import store
from app.casework import Command, LiftHold, RetryIncident, SendAgain, SetHold
from app.config import Mail
from app.engine import nearest
from app.journeys.file import JourneyFault, Step
from app.journeys.stage import Cast, Stage, UnknownPerson, account
from app.scheduler.outbox import Outbox
from app.scheduler.signals import spread

#: nothing leaves a journey; it stands in the links of letters that nobody reads
_NOWHERE = Mail("journey@example.org")


def hold_kind(stage: Stage, _cast: Cast, step: Step, case: str) -> dict[str, Any]:
    """By its id in config.yaml."""
    known = stage.desk.settings.retention.holds
    if step.target not in known:
        near = nearest(step.target, known)
        hint = f" Did you mean “{near}”?" if near else ""
        raise _fault(step, f"config.yaml has no hold “{step.target}”.{hint}")
    return {"kind": step.target}


def standing_hold(stage: Stage, cast: Cast, step: Step, case: str) -> dict[str, Any]:
    """The first of this kind that stands."""
    hold_kind(stage, cast, step, case)
    with stage.desk.store.reading() as unit:
        rows = store.retention.holds.of_case(unit, case)
    standing = [row for row in rows if row.kind == step.target and row.lifted_at is None]
    if not standing:
        raise _fault(step, f"No hold “{step.target}” stands on this case.")
    return {"hold": str(standing[0].seq)}


def incident(stage: Stage, _cast: Cast, step: Step, case: str) -> dict[str, Any]:
    """The one at this element, by its id; the first that is open."""
    with stage.desk.store.reading() as unit:
        rows = store.work.incidents.of_case(unit, case)
    fitting = [row for row in rows if row.element == step.target and row.resolved_at is None]
    if not fitting:
        raise _fault(step, f"Nothing has stopped at “{step.target}”.")
    stage.stops.discard(step.target)  # from here on it is to go on
    return {"incident": fitting[0].seq}


def letter(stage: Stage, cast: Cast, step: Step, case: str) -> dict[str, Any]:
    """The newest to this person; what waits in the outbox becomes letters first."""
    try:
        who = account(stage.desk, cast.person(step.target, ()), stage.now)
    except UnknownPerson as error:
        raise _fault(step, str(error)) from error
    Outbox(stage.desk, _NOWHERE, partial(spread, stage.desk)).deliver(stage.now, limit=10_000)
    with stage.desk.store.reading() as unit:
        rows = store.work.letters.of_case(unit, case)
    fitting = [row for row in rows if row.person == who]
    if not fitting:
        raise _fault(step, f"No mail of this case is for “{step.target}”.")
    return {"letter": fitting[0].id}


def _fault(step: Step, said: str) -> JourneyFault:
    return JourneyFault(said, line=step.line_of(step.order or ""))


Finds = Callable[[Stage, Cast, Step, str], dict[str, Any]]
FINDS: Mapping[type[Command], Finds] = {
    SetHold: hold_kind, LiftHold: standing_hold, RetryIncident: incident, SendAgain: letter,
}  # fmt: skip
