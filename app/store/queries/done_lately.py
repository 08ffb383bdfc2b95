"""What somebody has done lately, in cases that they still see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from app.store.database.unit import Unit
from app.store.queries.listing import Eyes
from app.store.queries.walks import MOST_COUNTED, visible
from app.store.schema import cases, done


@dataclass(frozen=True, slots=True)
class Ended:
    """A step that somebody answered, or signed first of two."""

    case_id: str
    process: str
    element: str
    label: str | None
    at: datetime
    #: "completed", "started" or "told"
    how: str
    reference: str
    deployment: str
    status: str | None
    merged_into: str | None


#: a step that was called off was done by nobody
_HOW = ("completed", "started", "told")


def _mine(seen: Any) -> Any:
    mine = or_(done.c.by == bindparam("me"), done.c.signed_by == bindparam("me"))
    return and_(mine, done.c.at >= bindparam("since"), done.c.how.in_(_HOW), seen)


@cache
def _lately(everything: bool, covers: int, parted: bool) -> Any:
    return (
        select(
            done.c.case_id, done.c.process, done.c.element, done.c.label, done.c.at, done.c.how,
            cases.c.reference, cases.c.deployment, cases.c.status, cases.c.merged_into,
        )
        .join_from(done, cases, cases.c.id == done.c.case_id)
        .where(_mine(visible(everything, covers, parted)))
        .order_by(done.c.at.desc(), done.c.case_id, done.c.seq.desc())
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )  # fmt: skip


@cache
def _count(everything: bool, covers: int, parted: bool) -> Any:
    joined = select(done.c.task).join_from(done, cases, cases.c.id == done.c.case_id)
    theirs = joined.where(_mine(visible(everything, covers, parted)))
    return select(func.count()).select_from(theirs.limit(bindparam("most")).subquery("some"))


_LABELS = select(done.c.task, done.c.label).where(
    done.c.case_id == bindparam("case"),
    done.c.task.in_(bindparam("tasks", expanding=True)),
    done.c.label.is_not(None),
)


def labels(unit: Unit, case: str, tasks: Collection[str]) -> dict[str, str]:
    """Task → for whom it was, of these ended tasks of a case."""
    rows = unit.rows(_LABELS, {"case": case, "tasks": sorted(tasks)})
    return {task: str(label) for task, label in rows}


def lately(
    unit: Unit, eyes: Eyes, person: str, since: datetime, skip: int, most: int
) -> list[Ended]:
    """What this person has done since then, the newest first."""
    given = eyes.given() | {"me": person, "since": since, "skip": skip, "most": most}
    return [Ended(*row) for row in unit.rows(_lately(*eyes.kind), given)]


def how_much(unit: Unit, eyes: Eyes, person: str, since: datetime) -> int:
    """How much that is; `walks.MOST_COUNTED` + 1: more than is counted."""
    given = eyes.given() | {"me": person, "since": since, "most": MOST_COUNTED + 1}
    return int(unit.value(_count(*eyes.kind), given))
