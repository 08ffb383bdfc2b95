"""Statements that write, sent to PostgreSQL as one: a way there and back costs more than they do.

They become the parts of one `WITH`: each sees the database as it was before all of them, and they
run in no order. So only statements that touch other rows go together; which rows one touches is
known from its primary key (`written`). Where it is not known, each goes by itself, in its turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection, CursorResult

from app.store.database.written import Bound, Written

#: more would be a text that takes longer to read than it saves
MOST = 40
#: different sets of statements whose text is kept
_MOST_KEPT = 512
_PLACE = re.compile(r"%\((\w+)\)s")
#: name of a value, and of which of the statements
_Place = tuple[int, str]


def apart(one: Bound, other: Bound) -> bool:
    """Whether two statements surely touch other rows, and neither sees what the other writes."""
    if one.written.alone or other.written.alone:
        return False
    if one.written.table != other.written.table:
        return True
    mine, theirs = one.rows, other.rows
    return any(theirs.get(column, value) != value for column, value in mine.items())


def fits(several: Sequence[Bound], more: Bound) -> bool:
    """Whether it can go with these."""
    if len(several) >= MOST:
        return False
    table, alone = more.written.table, more.written.alone
    for each in several:  # most are of other tables
        other = each.written
        if (alone or other.alone or other.table == table) and not apart(each, more):
            return False
    return True


def send(connection: Connection, several: Sequence[Bound]) -> CursorResult[Any]:
    """Runs them; gives what the last one gives."""
    text, places = _text(tuple(each.written for each in several))
    given = [each.values for each in several]
    said = [given[number][name] for number, name in places]
    # Most are texts: a call for each of them would cost more than to send it.
    values = tuple([value if type(value) is str else _sent(value) for value in said])
    driver: Any = connection.connection.driver_connection
    usual = driver.cursor_factory
    driver.cursor_factory = RawCursor  # the places are numbered already
    try:
        return connection.exec_driver_sql(text, values)
    finally:
        driver.cursor_factory = usual


@lru_cache(_MOST_KEPT)
def _text(several: tuple[Written, ...]) -> tuple[str, tuple[_Place, ...]]:
    places: list[_Place] = []
    texts = [_numbered(number, each.sql, places) for number, each in enumerate(several)]
    before = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(texts[:-1]))
    return (f"WITH {before} {texts[-1]}" if before else texts[-1]), tuple(places)


def _numbered(number: int, sql: str, places: list[_Place]) -> str:
    def place(match: re.Match[str]) -> str:
        places.append((number, match[1]))
        return f"${len(places)}"

    return _PLACE.sub(place, sql)


def _sent(value: Any) -> Any:
    """Numbers as text: else PostgreSQL would plan the same statement anew for each size of them."""
    if value is True or value is False:
        return "t" if value else "f"
    return str(value) if isinstance(value, int) else value
