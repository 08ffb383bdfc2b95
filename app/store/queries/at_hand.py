"""What an order reads of its case before it can be judged, in one look: who belongs to the case,
the task that it is about, the states of its instances, and whether its key was used before.

Read when the case is locked: a look that waited for the lock itself would see the case as it was
before. How each of these is written is its own module's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    CompoundSelect,
    LargeBinary,
    Select,
    String,
    and_,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)

from app.store.cases import Members
from app.store.chain.idempotency import Once
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import cases, idempotency, instance, member, offer, task
from app.store.work.tasks import TASK_COLUMNS, TaskRow

_MEMBER, _TASK, _STATE, _KEY = range(4)
#: beside those of a task: two texts, and bytes
_SHAPE: list[ColumnElement[Any]] = [
    cast(null(), String), cast(null(), String), cast(null(), LargeBinary),
]  # fmt: skip
_NO_TASK = [cast(null(), column.type).label(column.name) for column in TASK_COLUMNS]
_IS_OUT, _VERSION = (
    next(n for n, column in enumerate(TASK_COLUMNS) if column.name == name)
    for name in ("resting", "version")
)


@dataclass(frozen=True, slots=True)
class AtHand:
    members: Members
    #: the open task, and to whom it is offered ("g:<group>", "p:<person>", sorted)
    task: tuple[TaskRow, list[str]] | None
    #: instance → its sealed state; None: it was not asked for
    states: Mapping[str, bytes] | None
    #: what the key stood for when it was used first
    once: Once | None

    def opened(self, key: CaseKey) -> dict[str, bytes]:
        """Instance id → snapshot bytes. Raises `Sealed` when one was changed behind our back."""
        states = self.states or {}
        return {name: key.open(state, f"state:{name}") for name, state in states.items()}


def _part(
    kind: int, *own: ColumnElement[Any], of_task: Mapping[int, ColumnElement[Any]] | None = None
) -> Select[Any]:
    """`of_task`: what stands in the places of a task's columns."""
    texts = [*own, *_SHAPE[len(own) :]]
    columns = [(of_task or {}).get(number, none) for number, none in enumerate(_NO_TASK)]
    return select(literal_column(str(kind)).label("kind"), *texts, *columns)


def _members() -> Select[Any]:
    out = {_IS_OUT: member.c.excluded}
    of_case = and_(cases.c.id == member.c.case_id, member.c.case_id == bindparam("case"))
    return _part(_MEMBER, member.c.who, cases.c.part, of_task=out).join_from(member, cases, of_case)


def _task() -> Select[Any]:
    offered = and_(offer.c.case_id == task.c.case_id, offer.c.task == task.c.task)
    return (
        _part(_TASK, offer.c.who, of_task=dict(enumerate(TASK_COLUMNS)))
        .outerjoin_from(task, offer, offered)
        .where(task.c.case_id == bindparam("case"), task.c.task == bindparam("task"))
    )


def _states() -> Select[Any]:
    columns = (instance.c.instance, cast(null(), String), instance.c.state)
    return _part(_STATE, *columns).where(instance.c.case_id == bindparam("case"))


def _key() -> Select[Any]:
    columns = (idempotency.c.case_id, cast(null(), String), idempotency.c.request)
    return _part(_KEY, *columns, of_task={_VERSION: idempotency.c.seq}).where(
        idempotency.c.actor == bindparam("actor"), idempotency.c.key == bindparam("key")
    )


@cache
def _look(*, task: bool, states: bool, key: bool) -> CompoundSelect[Any]:
    parts = [_members(), *([_task()] if task else []), *([_states()] if states else [])]
    return union_all(*parts, *([_key()] if key else []))


def _of_each() -> CompoundSelect[Any]:
    """Members and states of several cases: kind, case, who or instance, shut out, part, state."""
    ours: BindParameter[Any] = bindparam("cases", expanding=True)
    no_bytes, no_text = cast(null(), LargeBinary), cast(null(), String)
    members = (
        select(
            literal_column(str(_MEMBER)).label("kind"),
            *(member.c.case_id, member.c.who, member.c.excluded, cases.c.part),
            no_bytes.label("state"),
        )
        .join_from(member, cases, cases.c.id == member.c.case_id)
        .where(member.c.case_id.in_(ours))
    )
    states = select(
        literal_column(str(_STATE)),
        *(instance.c.case_id, instance.c.instance, cast(null(), Boolean), no_text),
        instance.c.state,
    ).where(instance.c.case_id.in_(ours))
    return union_all(members, states)


_EACH = _of_each()


def read_each(unit: Unit, several: Sequence[str]) -> dict[str, AtHand]:
    """Case → what the clock reads of it: members and states. `several`: ids of locked cases."""
    by_case: dict[str, tuple[list[Any], list[Any]]] = {case: ([], []) for case in several}
    for row in unit.rows(_EACH, {"cases": list(several)}):
        by_case[row[1]][row[0] == _STATE].append(row)
    return {
        case: AtHand(
            members=Members(
                case, [(row[2], bool(row[3])) for row in members], members[0][4] if members else ""
            ),
            task=None,
            states={row[2]: row[5] for row in states},
            once=None,
        )
        for case, (members, states) in by_case.items()
    }


def read(
    unit: Unit,
    case: str,
    *,
    task: str | None = None,
    states: bool = False,
    once: tuple[str, str] | None = None,
) -> AtHand:
    """Of the case with this id, which is locked. `once`: who gives an order, and its key."""
    given = {"case": case} | ({"task": task} if task is not None else {})
    if once is not None:
        given |= {"actor": once[0], "key": once[1]}
    look = _look(task=task is not None, states=states, key=once is not None)
    by_kind: dict[int, list[Any]] = {}
    for row in unit.rows(look, given):
        by_kind.setdefault(row[0], []).append(row)
    return AtHand(
        members=_as_members(case, by_kind.get(_MEMBER, ())),
        task=_as_task(by_kind.get(_TASK, [])),
        states={row[1]: row[3] for row in by_kind.get(_STATE, ())} if states else None,
        once=_as_once(by_kind.get(_KEY, [])),
    )


def _as_members(case: str, rows: Iterable[Any]) -> Members:
    rows = list(rows)
    pairs = [(row[1], row[4 + _IS_OUT]) for row in rows]
    return Members(case, pairs, rows[0][2] if rows else "")


def _as_task(rows: list[Any]) -> tuple[TaskRow, list[str]] | None:
    if not rows:
        return None
    return TaskRow(*rows[0][4:]), sorted(row[1] for row in rows if row[1] is not None)


def _as_once(rows: list[Any]) -> Once | None:
    return Once(rows[0][3], rows[0][1], rows[0][4 + _VERSION]) if rows else None
