"""Statements that write, sent to PostgreSQL as one: a way there and back costs more than they do.

They become the parts of one `WITH`: each sees the database as it was before all of them, and they
run in no order. So only statements that touch other rows go together; which rows one touches is
known from its primary key (`written`). Where it is not known, each goes by itself, in its turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    if len(several) >= MOST or (several and several[-1].once):
        return False
    table, alone = more.written.table, more.written.alone
    for each in several:  # most are of other tables
        other = each.written
        if (alone or other.alone or other.table == table) and not apart(each, more):
            return False
    return True


def send(connection: Connection, several: Sequence[Bound]) -> CursorResult[Any]:
    """Runs them; gives what the last one gives."""
    with _numbered_places(connection):
        return connection.exec_driver_sql(*_said(several))


def send_all(
    connection: Connection, sets: Sequence[Sequence[Bound]], *, commit: bool = False
) -> None:
    """Runs one set after the other, and commits, all on one way there and back: what follows
    something that failed is not done. Raises also psycopg's own errors."""
    driver: Any = connection.connection.driver_connection
    try:
        with _numbered_places(connection), driver.pipeline():
            for several in sets:
                connection.exec_driver_sql(*_said(several))
            if commit:
                connection.commit()
    except BaseException:
        if driver.closed:  # as SQLAlchemy does where it sees the error itself
            connection.invalidate()
        elif commit:  # to SQLAlchemy it is over
            driver.rollback()
        raise


@contextmanager
def _numbered_places(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    usual = driver.cursor_factory
    driver.cursor_factory = RawCursor
    try:
        yield
    finally:
        driver.cursor_factory = usual


def _said(several: Sequence[Bound]) -> tuple[str, tuple[Any, ...]]:
    text, places = _text(tuple(each.written for each in several), several[-1].once)
    given = [each.values for each in several]
    said = [given[number][name] for number, name in places]
    # Most are texts: a call for each of them would cost more than to send it.
    return text, tuple([value if type(value) is str else _sent(value) for value in said])


@lru_cache(_MOST_KEPT)
def _text(several: tuple[Written, ...], once: bool) -> tuple[str, tuple[_Place, ...]]:
    """`once`: nothing may be kept where the last one touches no row: it divides by how many."""
    places: list[_Place] = []
    texts = [_numbered(number, each.sql, places) for number, each in enumerate(several)]
    last = texts.pop()
    if once:
        texts.append(f"{last} RETURNING 1")
        last = f"SELECT 1 / count(*) FROM w{len(texts) - 1}"
    before = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(texts))
    return (f"WITH {before} {last}" if before else last), tuple(places)


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
