"""What a task is about, and where what its form shows as known was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.cases import said_in, scope, step_name
from app.casework.reading.look import Look
from app.engine.bpmn import Element
from app.engine.feel import World
from app.engine.forms import Form, KnownAnswers
from app.store import TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where what is known was said."""

    #: what people call the step, or the process whose start form was asked
    step: str
    at: datetime
    #: names
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a task is about, for who may do it."""

    form: Form
    scope: Mapping[str, Any]
    world: World


def brief_of(seen: Look, row: TaskRow, element: Element | None) -> Brief | None:
    """The form that the drawing names, with what its expressions may name."""
    form = seen.locked.form(element.rules.brief) if element is not None else None
    if form is None:
        return None
    return Brief(
        form=form,
        scope=scope(seen.locked, row, form),
        world=seen.locked.world(seen.locked.at(seen.at)),
    )


def known_from(seen: Look, row: TaskRow, known: KnownAnswers) -> Mapping[str, Origin]:
    """Path of a known answer → where it was said."""
    said = said_in(seen.locked, row, known)
    names = seen.names([doer for done in said.values() for doer in done.doers])
    return {
        path: Origin(
            step=step_name(seen.locked, done.process, done.element),
            at=done.at,
            by=tuple(names.get(doer, doer) for doer in done.doers),
        )
        for path, done in said.items()
    }


def steps_named(seen: Look, row: TaskRow, known: KnownAnswers) -> Mapping[str, str]:
    """What people call the steps that something known is worked out from."""
    form = seen.locked.form(row.form)
    asked = seen.locked.loaded.asked(form, row.process) if form else {}
    named = {name for cell in known.cells.values() for name in cell.taken_from} & asked.keys()
    return {
        name: step_name(seen.locked, asked[name].process, asked[name].element) for name in named
    }
