"""Of the tasks on a page of a list: to which of somebody’s groups each is offered, and who has
begun to answer it. What was typed is not opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, tuple_

from app.store.database.unit import Unit
from app.store.schema import draft, offer

#: (id of the case, id of the task)
Place = tuple[str, str]

_OFFERED = (
    select(offer.c.case_id, offer.c.task, offer.c.who)
    .where(tuple_(offer.c.case_id, offer.c.task).in_(bindparam("tasks", expanding=True)))
    .where(offer.c.who.in_(bindparam("who", expanding=True)))
    .order_by(offer.c.who)
)
_BEGUN = (
    select(draft.c.case_id, draft.c.task, draft.c.person, draft.c.at)
    .where(tuple_(draft.c.case_id, draft.c.task).in_(bindparam("tasks", expanding=True)))
    .order_by(draft.c.at.desc(), draft.c.person)
)


def offered(unit: Unit, tasks: Collection[Place], who: Iterable[str]) -> Mapping[Place, list[str]]:
    """Task → as whom of these, "g:…" or "p:…", it is offered."""
    return _by_task(unit.rows(_OFFERED, {"tasks": list(tasks), "who": sorted(who)}))


def begun(unit: Unit, tasks: Collection[Place]) -> Mapping[Place, list[tuple[str, datetime]]]:
    """Task → who keeps a draft of it, and since when it is as it is; the newest first."""
    return _by_task(unit.rows(_BEGUN, {"tasks": list(tasks)}))


def _by_task(rows: Iterable[Any]) -> dict[Place, list[Any]]:
    kept: dict[Place, list[Any]] = {}
    for case, task, *rest in rows:
        kept.setdefault((case, task), []).append(rest[0] if len(rest) == 1 else tuple(rest))
    return kept
