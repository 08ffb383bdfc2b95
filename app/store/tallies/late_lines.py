"""What was late or behind, the latest limit first, in the cases that somebody sees.

The lines are kept (`shares`), with the instants between which each is told, so that what only
time does needs no writing. Each sort is walked along the index that has it in order. Whose eyes see
what is `casework`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, select, union_all

from app.store.database.unit import Unit
from app.store.queries import listing, walks
from app.store.queries.listing import Eyes
from app.store.schema import cases, member
from app.store.tallies.shares import BEHIND, KINDS, LATE, LINE_NAMES, OVER, LineRow
from app.store.tallies.tables import late_line, share

#: beyond it a list is not counted out for a page
MOST_COUNTED = walks.MOST_COUNTED
_C = late_line.c
_COLUMNS = [_C[name] for name in LINE_NAMES]
_ANY: Any = literal_column("1")
#: a limit that names a day lasts to its end
_DAY = timedelta(hours=26)
#: by kind: what is told at the instant asked about, said so that the index bounds it
_TOLD = {
    OVER: _C.kind == OVER,
    LATE: and_(_C.kind == LATE, _C.limit_at <= bindparam("at"), _C.from_at <= bindparam("at")),
    BEHIND: and_(
        _C.kind == BEHIND,
        _C.limit_at >= bindparam("day_before"),
        _C.from_at <= bindparam("at"),
        _C.until_at > bindparam("at"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuery:
    """Which lines: as of an instant, with limits from one instant to before another, but not those
    of some cases."""

    at: datetime
    first: datetime
    before: datetime
    without: Sequence[str] = ()

    def given(self) -> dict[str, Any]:
        return {
            "at": self.at, "day_before": self.at - _DAY, "first": self.first,
            "before": self.before, "without": list(self.without),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose eyes, and whether they see so many cases that lists are walked."""

    eyes: Eyes
    many: bool

    @property
    def everything(self) -> bool:
        return self.eyes.everything

    @property
    def kind(self) -> tuple[bool, int, bool]:
        return self.eyes.kind


def _lines(kind: int, seen: Any) -> Any:
    return (
        select(*_COLUMNS)
        .join_from(late_line, cases, cases.c.id == _C.case_id)
        .where(
            _TOLD[kind],
            _C.limit_at >= bindparam("first"),
            _C.limit_at < bindparam("before"),
            _C.case_id.not_in(bindparam("without", expanding=True)),
            seen,
        )
    )


def _seen(many: bool, eyes_kind: tuple[bool, int, bool]) -> Any:
    return walks.visible(*eyes_kind) if many else listing.visible(*eyes_kind)


@cache
def _page(many: bool, eyes_kind: tuple[bool, int, bool]) -> Any:
    seen = _seen(many, eyes_kind)
    parts = [
        _lines(kind, seen)
        .order_by(_C.limit_at.desc(), _C.reference.desc(), _C.task.desc(), _C.number)
        .limit(bindparam("far"))
        .subquery(f"kind{kind}")
        for kind in KINDS
    ]
    page = union_all(*(select(part) for part in parts)).subquery("page")
    c = page.c
    order = (c.limit_at.desc(), c.reference.desc(), c.task.desc(), c.number)
    return select(page).order_by(*order).limit(bindparam("far"))


@cache
def _count(many: bool, eyes_kind: tuple[bool, int, bool]) -> Any:
    seen = _seen(many, eyes_kind)
    parts = [
        select(_lines(kind, seen).with_only_columns(_ANY.label("line")).limit(bindparam("far"))
        .subquery(f"kind{kind}"))
        for kind in KINDS
    ]  # fmt: skip
    some = select(union_all(*parts).subquery("all").c.line).limit(bindparam("far"))
    return select(func.count()).select_from(some.subquery("some"))


@cache
def _shut_out() -> Any:
    out = select(member.c.case_id).where(member.c.who == bindparam("myself"), member.c.excluded)
    parts = [_lines(kind, cases.c.id.in_(out)).with_only_columns(_C.number) for kind in KINDS]
    return select(func.count()).select_from(union_all(*parts).subquery("all"))


@cache
def _unseen(asked: bool, many: bool, eyes_kind: tuple[bool, int, bool]) -> Any:
    counted = select(share.c.case_id).join_from(share, cases, cases.c.id == share.c.case_id)
    here = counted.where(_counted(asked), ~_seen(many, eyes_kind))
    return here.limit(1)


@cache
def _counted_and_out(asked: bool) -> Any:
    out = select(member.c.case_id).join(share, share.c.case_id == member.c.case_id)
    here = out.where(member.c.who == bindparam("myself"), member.c.excluded, _counted(asked))
    return here.limit(1)


def _counted(asked: bool) -> Any:
    """`asked`: those alone of which answers are counted."""
    others = share.c.case_id.not_in(bindparam("without", expanding=True))
    return and_(share.c.asked, others) if asked else others


def sight(unit: Unit, eyes: Eyes) -> Sight:
    return Sight(eyes, walks.many_cases(unit, eyes))


def lines(unit: Unit, sight: Sight, asked: LineQuery, most: int) -> list[LineRow]:
    """The first so many, the latest limit first."""
    given = sight.eyes.given() | asked.given() | {"far": most}
    rows = unit.rows(_page(sight.many, sight.kind), given)
    return [LineRow(**dict(zip(LINE_NAMES, row, strict=True))) for row in rows]


def count(unit: Unit, sight: Sight, asked: LineQuery, most: int) -> int:
    """How many they see, counted no further than `most`."""
    given = sight.eyes.given() | asked.given() | {"far": most}
    return int(unit.value(_count(sight.many, sight.kind), given))


def count_shut_out(unit: Unit, person: str, asked: LineQuery) -> int:
    """How many are in cases that this person is shut out of."""
    return int(unit.value(_shut_out(), {"myself": f"p:{person}", **asked.given()}))


def all_seen(unit: Unit, sight: Sight, without: Sequence[str], *, asked: bool) -> bool:
    """Whether they see every case that is counted, but for some; `asked`: every case whose answers
    are."""
    given: dict[str, Any] = {"without": list(without)}
    if sight.everything:
        given["myself"] = f"p:{sight.eyes.person}"
        return unit.row(_counted_and_out(asked), given) is None
    given |= sight.eyes.given()
    return unit.row(_unseen(asked, sight.many, sight.kind), given) is None
