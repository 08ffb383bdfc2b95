"""Open tasks and to whom they are offered; the list of them for a person is `worklist`'s.

A task stands here while it is open; afterwards `answers` knows who did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from app.store.database.unit import Unit
from app.store.schema import offer, task


@dataclass(frozen=True, slots=True)
class TaskRow:
    case_id: str
    task: str
    instance: str
    element: str
    #: the one that holds the element
    process: str
    name: str
    label: str | None
    form: str | None
    #: feel.codec text of the multi-instance item
    item: str | None
    assignee: str | None
    due: datetime | None
    whole_day: bool | None
    backstop: datetime | None
    backstop_whole_day: bool | None
    opened_at: datetime
    #: the history row that opened it or last changed who has signed it
    version: int
    #: its process sleeps: nobody can do it now
    resting: bool = False
    #: the runs around it, as the engine tells them (`run.around`)
    lies_in: str = ""
    #: who gave it first and when, while it waits for a second person
    signed_by: str | None = None
    signed_at: datetime | None = None
    #: the history row that holds the first one's answers
    signed_seq: int | None = None


TASK_NAMES = [f.name for f in fields(TaskRow)]
TASK_COLUMNS = [task.c[name] for name in TASK_NAMES]
_HERE = and_(task.c.case_id == bindparam("case"), task.c.task == bindparam("id"))
_FIND = select(*TASK_COLUMNS).where(_HERE)
_FIND_OFFERED = (
    select(*TASK_COLUMNS, offer.c.who)
    .outerjoin_from(
        task, offer, and_(offer.c.case_id == task.c.case_id, offer.c.task == task.c.task)
    )
    .where(_HERE)
)
_OF_CASE = (
    select(*TASK_COLUMNS)
    .where(task.c.case_id == bindparam("case"))
    # of those that opened together, as the engine opened them: their numbers grow
    .order_by(task.c.opened_at, func.length(task.c.task), task.c.task)
)
_HELD = select(task.c.case_id, task.c.task).where(task.c.assignee == bindparam("who"))
_HELD = _HELD.order_by(task.c.case_id, task.c.task)
_ADD = insert(task)
_ADD_OFFER = insert(offer)
_DROP = delete(task).where(_HERE)
_DROP_OFFERS = delete(offer).where(
    offer.c.case_id == bindparam("case"), offer.c.task == bindparam("id")
)
_ASSIGN = update(task).where(_HERE).values(assignee=bindparam("to"))
_SIGN = update(task).where(_HERE)
_SIGN = _SIGN.values(
    signed_by=bindparam("by"),
    signed_at=bindparam("at"),
    signed_seq=bindparam("row"),
    version=bindparam("seq"),
    assignee=None,
)
_DUE = update(task).where(_HERE)
_DUE = _DUE.values({name: bindparam(name) for name in ("due", "whole_day", "backstop")})
_REST = (
    update(task)
    .where(
        task.c.case_id == bindparam("case"),
        task.c.instance.in_(bindparam("instances", expanding=True)),
    )
    .values(resting=True)
)
_GO_ON = update(task).where(task.c.case_id == bindparam("case"), task.c.resting)
_GO_ON = _GO_ON.values(resting=False)
_OFFERS = select(offer.c.task, offer.c.who).where(offer.c.case_id == bindparam("case"))
_OFFERS_OF = select(offer.c.who).where(
    offer.c.case_id == bindparam("case"), offer.c.task == bindparam("id")
)


def find(unit: Unit, case_id: str, id: str) -> TaskRow | None:
    row = unit.row(_FIND, {"case": case_id, "id": id})
    return None if row is None else TaskRow(*row)


def find_offered(unit: Unit, case_id: str, id: str) -> tuple[TaskRow, list[str]] | None:
    """The open task, and to whom it is offered ("g:<group>", "p:<person>", sorted)."""
    rows = unit.rows(_FIND_OFFERED, {"case": case_id, "id": id})
    if not rows:
        return None
    return TaskRow(*rows[0][:-1]), sorted(row[-1] for row in rows if row[-1] is not None)


def of_case(unit: Unit, case_id: str) -> list[TaskRow]:
    """Every open task of the case, oldest first."""
    return [TaskRow(*row) for row in unit.rows(_OF_CASE, {"case": case_id})]


def held_by(unit: Unit, person: str) -> list[tuple[str, str]]:
    """(case id, task) of the open tasks that are this person's."""
    return [(row[0], row[1]) for row in unit.rows(_HELD, {"who": person})]


def offers_of(unit: Unit, case_id: str, id: str) -> set[str]:
    """ "g:<group>" and "p:<person>" to whom the task is offered."""
    return {row[0] for row in unit.rows(_OFFERS_OF, {"case": case_id, "id": id})}


def offers(unit: Unit, case_id: str) -> dict[str, set[str]]:
    """Task id → to whom it is offered, for every open task of the case."""
    by_task: dict[str, set[str]] = {}
    for task_id, who in unit.rows(_OFFERS, {"case": case_id}):
        by_task.setdefault(task_id, set()).add(who)
    return by_task


def add(unit: Unit, opened: Iterable[tuple[TaskRow, Iterable[str]]]) -> None:
    """New open tasks, each with those to whom it is offered."""
    opened = list(opened)
    unit.many(_ADD, [{name: getattr(row, name) for name in TASK_NAMES} for row, _ in opened])
    lines = [
        {"case_id": row.case_id, "task": row.task, "who": hand}
        for row, who in opened
        for hand in who
    ]
    unit.many(_ADD_OFFER, lines)


def drop(unit: Unit, case_id: str, ids: Iterable[str]) -> None:
    given = [{"case": case_id, "id": task_id} for task_id in ids]
    unit.many(_DROP, given)
    unit.many(_DROP_OFFERS, given)


def offer_to(unit: Unit, case_id: str, id: str, who: Iterable[str]) -> None:
    """The open task is offered to these alone, and nobody's until one of them takes it."""
    unit.later(_DROP_OFFERS, {"case": case_id, "id": id})
    unit.many(_ADD_OFFER, [{"case_id": case_id, "task": id, "who": hand} for hand in who])


def assign(unit: Unit, case_id: str, id: str, to: str | None) -> None:
    unit.later(_ASSIGN, {"case": case_id, "id": id, "to": to})


def sign(unit: Unit, case_id: str, id: str, by: str, at: datetime, seq: int) -> None:
    """`by` has given the task first, with the answers in history row `seq`; it is free again."""
    given = {"case": case_id, "id": id, "by": by, "at": at, "row": seq, "seq": seq}
    unit.later(_SIGN, given)


def unsign(unit: Unit, case_id: str, id: str, seq: int) -> None:
    """The first signature falls, by what history row `seq` says."""
    given = {"case": case_id, "id": id, "by": None, "at": None, "row": None, "seq": seq}
    unit.later(_SIGN, given)


def set_due(unit: Unit, moves: Sequence[dict[str, Any]]) -> None:
    """Each with keys case, id, due, whole_day, backstop."""
    unit.many(_DUE, moves)


def rest(unit: Unit, case_id: str, instances: Iterable[str]) -> None:
    """The open tasks of these instances cannot be done until they go on."""
    unit.run(_REST, {"case": case_id, "instances": sorted(instances)})


def go_on(unit: Unit, case_id: str) -> None:
    unit.run(_GO_ON, {"case": case_id})
