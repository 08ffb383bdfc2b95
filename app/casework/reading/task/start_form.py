"""A start form as a page needs it: its questions and what they may name, for who may start it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders import active, form_scope, may_start
from app.casework.reading.task.asked import Asked
from app.engine.forms import NOTHING_KNOWN, known


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    process: str
    name: str
    documentation: str | None
    asked: Asked


def start_page(desk: Desk, person: Person, process: str, at: datetime) -> StartPage:
    """Raises `NotFound` for a process the person may not start."""
    with desk.store.reading() as unit:
        loaded = active(desk.installation, unit)
    definition = loaded.process(process)
    if definition is None or not may_start(
        desk.installation, person, definition, loaded.program.settings
    ):
        raise NotFound
    form, scope = loaded.form(definition.start_form), form_scope(loaded)
    world = desk.installation.world(at)
    name = definition.name or definition.id
    asked = Asked(
        name=name,
        form=form,
        scope=scope,
        world=world,
        known=known(form, scope, world) if form is not None else NOTHING_KNOWN,
    )
    return StartPage(
        process=definition.id,
        name=name,
        documentation=definition.documentation,
        asked=asked,
    )
