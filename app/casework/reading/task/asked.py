"""What a form asks and stands on, what is known of it and where that was said; a task's brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.casework.cases import known, said_in, scope, step_name
from app.casework.reading.look import Look
from app.engine.bpmn import Element
from app.engine.feel import World
from app.engine.forms import NOTHING_KNOWN, Form, KnownAnswers
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
class Asked:
    """A form for somebody who may answer it; with an empty scope for who may only see that it is
    there."""

    #: of the task, or of the process that it starts
    name: str
    form: Form | None
    #: what its expressions may name
    scope: Mapping[str, Any]
    world: World
    #: what it shows as known or worked out, which nobody has stated here yet
    known: KnownAnswers = NOTHING_KNOWN
    #: path of a known answer → where it was said
    origins: Mapping[str, Origin] = field(default_factory=dict)
    #: name in `records` → what people call the step
    steps: Mapping[str, str] = field(default_factory=dict)


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


def asked_of(seen: Look, row: TaskRow, *, theirs: bool) -> Asked:
    """What the task's form asks; `theirs`: the person may do it."""
    locked = seen.locked
    names = scope(locked, row) if theirs or seen.whole else {}
    world = locked.world(locked.at(seen.at))
    before = known(locked, row, names, world) if names else NOTHING_KNOWN
    return Asked(
        name=row.name,
        form=locked.form(row.form),
        scope=names,
        world=world,
        known=before,
        origins=_origins(seen, row, before),
        steps=_steps(seen, row, before),
    )


def _origins(seen: Look, row: TaskRow, before: KnownAnswers) -> Mapping[str, Origin]:
    """Path of a known answer → where it was said."""
    said = said_in(seen.locked, row, before)
    names = seen.names([doer for done in said.values() for doer in done.doers])
    return {
        path: Origin(
            step=step_name(seen.locked, done.process, done.element),
            at=done.at,
            by=tuple(names.get(doer, doer) for doer in done.doers),
        )
        for path, done in said.items()
    }


def _steps(seen: Look, row: TaskRow, before: KnownAnswers) -> Mapping[str, str]:
    """What people call the steps that something known is worked out from."""
    form = seen.locked.form(row.form)
    asked = seen.locked.loaded.asked(form, row.process) if form else {}
    named = {name for cell in before.cells.values() for name in cell.taken_from} & asked.keys()
    return {
        name: step_name(seen.locked, asked[name].process, asked[name].element) for name in named
    }
