"""Deployments: check a set of files, keep it for ever, and say which one new cases start on.

Running cases stay on theirs.
"""

from __future__ import annotations

from app.casework.commands import Activate, Deploy, Done
from app.casework.errors import NotFound, Refused
from app.casework.held import Room
from app.engine.drawing.deployment import Checked, check
from app.store import Unit, deployments


def checked(room: Room, command: Deploy) -> Checked:
    """The files with the installation's settings, checked. Raises `Refused` with the findings."""
    room.roles.demand(command.actor, "deploy")
    files = {"settings.json": room.settings.settings_json, **command.files}
    result = check(files)
    if result.program is None:
        errors = sum(1 for one in result.findings if one.severity == "error")
        what = "One thing stands" if errors == 1 else f"{errors} things stand"
        raise Refused(f"{what} against deploying these files.", findings=result.findings)
    return result


def deploy(room: Room, unit: Unit, command: Deploy, result: Checked) -> Done:
    program = result.program
    assert program is not None
    new = not deployments.exists(unit, program.digest)
    if new:
        files = dict(program.files)
        by = command.actor.id
        deployments.add(unit, program.digest, files, command.at, by, command.note)
    if command.activate and deployments.active(unit) != program.digest:
        deployments.activate(unit, program.digest, command.at, command.actor.id)
    answer = {"digest": program.digest, "new": new, "findings": list(result.findings)}
    return Done(answer=answer)


def activate(room: Room, unit: Unit, command: Activate) -> Done:
    room.roles.demand(command.actor, "deploy")
    if not deployments.exists(unit, command.digest):
        raise NotFound
    room.programs.of(unit, command.digest)  # what cannot run any more is not made active
    if deployments.active(unit) != command.digest:
        deployments.activate(unit, command.digest, command.at, command.actor.id)
    return Done(answer={"digest": command.digest})
