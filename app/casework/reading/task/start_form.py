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
from app.engine.forms import NOTHING_KNOWN, Form, KnownAnswers, known


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    process: str
    name: str
    documentation: str | None
    form: Form | None
    scope: Mapping[str, Any]
    world: World
    known: KnownAnswers
    origins: Mapping[str, Any]
    steps: Mapping[str, str]


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
    return StartPage(
        process=definition.id,
        name=definition.name or definition.id,
        documentation=definition.documentation,
        form=form,
        scope=scope,
        world=world,
        known=known(form, scope, world) if form is not None else NOTHING_KNOWN,
        origins={},
        steps={},
    )
