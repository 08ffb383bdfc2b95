"""Which processes can be started by hand, and by whom. Starting one is `starting`'s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import store
from app.casework import policy
from app.casework.access import Person
from app.casework.cases import Installation, Loaded
from app.casework.errors import Refused
from app.engine.bpmn import Process, listed
from app.engine.feel import literal_or_expression
from app.store import Unit

#: what a role must allow to start any
POWER = policy.rule("StartCase").power or ""


def active(installation: Installation, unit: Unit) -> Loaded:
    digest = store.deployments.active(unit)
    if digest is None:
        raise Refused("No process is deployed yet.")
    return installation.programs.of(unit, digest)


def start_groups(process: Process, settings: Mapping[str, Any]) -> frozenset[str]:
    """Who may start it by hand."""
    text = process.start_groups or ""
    expression = literal_or_expression(text)
    given = expression.evaluate({"settings": settings}) if expression else text
    parts = listed(given) if isinstance(given, str) else given or []
    return frozenset(str(part).strip() for part in parts) - {""}


def may_start(
    installation: Installation, person: Person, process: Process, settings: Mapping[str, Any]
) -> bool:
    if not process.executable or not installation.roles.may(person, POWER):
        return False
    return bool(start_groups(process, settings) & person.groups)


def form_scope(loaded: Loaded) -> dict[str, Any]:
    return {"records": {}, "persons": [], "matters": [], "settings": loaded.program.settings}
