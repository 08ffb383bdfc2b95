"""By what cases are known to each other: of each case keyed hashes of names, numbers and the like.

What is hashed, and who may see which case this finds, is casework's. Without the key-encryption
key nobody can make such a hash, so the table tells nothing but that two cases share something.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, exists, insert, select

from app.store.database.unit import Unit
from app.store.schema import case_key, cases, known_by

#: (sort, text) of what a case is known by; sorts are hashed apart from each other
Marks = Iterable[tuple[str, str]]

_OF_CASE = select(known_by.c.sort, known_by.c.hash).where(known_by.c.case_id == bindparam("case"))
_ADD = insert(known_by)
_DROP = delete(known_by).where(
    known_by.c.case_id == bindparam("case"),
    known_by.c.sort == bindparam("of"),
    known_by.c.hash == bindparam("mark"),
)
_DROP_ALL = delete(known_by).where(known_by.c.case_id == bindparam("case"))
_MINE = known_by.alias("mine")
_ALIKE = (
    select(known_by.c.case_id, known_by.c.sort)
    .join(_MINE, (_MINE.c.sort == known_by.c.sort) & (_MINE.c.hash == known_by.c.hash))
    .where(_MINE.c.case_id == bindparam("case"), known_by.c.case_id != bindparam("case"))
    .where(known_by.c.sort.in_(bindparam("sorts", expanding=True)))
    .distinct()
)
#: says of a case that all is kept of it by which this release knows cases, in lists and
#: among what is published too
_EDITION = ("edition", "4")
_OF_EDITION = exists().where(
    known_by.c.case_id == cases.c.id,
    known_by.c.sort == bindparam("of"),
    known_by.c.hash == bindparam("mark"),
)
_BEHIND = (
    select(cases.c.id)
    .join(case_key, case_key.c.case_id == cases.c.id)
    .where(~_OF_EDITION)
    .order_by(cases.c.id)
    .limit(bindparam("most"))
)
_EVERY = select(cases.c.id).order_by(cases.c.id)


def keep(unit: Unit, case: str, marks: Marks) -> None:
    """The case is known by these from now on, and by nothing else."""
    wanted = {(sort, unit.keys.mark(sort, text)) for sort, text in (*marks, _EDITION)}
    there = {(sort, bytes(hash)) for sort, hash in unit.rows(_OF_CASE, {"case": case})}
    unit.many(_DROP, [{"case": case, "of": s, "mark": h} for s, h in sorted(there - wanted)])
    unit.many(_ADD, [{"case_id": case, "sort": s, "hash": h} for s, h in sorted(wanted - there)])


def forget(unit: Unit, case: str) -> None:
    unit.run(_DROP_ALL, {"case": case})


def behind(unit: Unit, most: int) -> list[str]:
    """Ids of cases that an older release has written: not yet known by all that this one looks for.
    None whose key is gone."""
    sort, text = _EDITION
    given = {"of": sort, "mark": unit.keys.mark(sort, text), "most": most}
    return [id for (id,) in unit.rows(_BEHIND, given)]


def alike(unit: Unit, case: str, sorts: Iterable[str]) -> dict[str, set[str]]:
    """Id of another case → of these sorts those of what both are known by."""
    others: dict[str, set[str]] = {}
    for other, sort in unit.rows(_ALIKE, {"case": case, "sorts": sorted(sorts)}):
        others.setdefault(other, set()).add(sort)
    return others


def every_case(unit: Unit) -> list[str]:
    """Ids of all cases, for working it out anew."""
    return [id for (id,) in unit.rows(_EVERY)]
