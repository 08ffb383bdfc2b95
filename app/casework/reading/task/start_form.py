"""A start form as a page needs it: its questions and what they may name, for who may start it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders import active, form_scope, may_start
from app.engine.feel import World
from app.engine.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    process: str
    name: str
    documentation: str | None
    form: Form | None
    scope: Mapping[str, Any]
    world: World


def start_page(desk: Desk, person: Person, process: str, at: datetime) -> StartPage:
    """Raises `NotFound` for a process the person may not start."""
    with desk.store.reading() as unit:
        loaded = active(desk.installation, unit)
    definition = loaded.process(process)
    if definition is None or not may_start(
        desk.installation, person, definition, loaded.program.settings
    ):
        raise NotFound
    return StartPage(
        process=definition.id,
        name=definition.name or definition.id,
        documentation=definition.documentation,
        form=loaded.form(definition.start_form),
        scope=form_scope(loaded),
        world=desk.installation.world(at),
    )
