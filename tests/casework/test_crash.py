"""A crash anywhere leaves a case before or after the command, never between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text

from app.casework.access import CLOCK, SYSTEM
from app.casework.commands import (
    AddMember,
    Claim,
    CompleteTask,
    Merge,
    StartCase,
    Unmerge,
    WakeCase,
)
from app.store import Store
from app.store.columns import METADATA
from tests.kit import PEOPLE, Kit, diagram, form


class Crash(Exception):
    """The statement did not come back."""


def content(store: Store) -> dict[str, list[Any]]:
    """Every row of every table that belongs to cases."""
    with store.reading() as unit:
        return {
            name: sorted(map(repr, unit.rows(text(f'SELECT * FROM "{name}"'))))
            for name in METADATA.tables
            if name not in ("blob", "calendar")
        }


class Statements:
    """Counts statements and commits, and dies before or after the one it is told."""

    def __init__(self, store: Store, dies: type[BaseException] = Crash) -> None:
        self.dies = dies
        self.count, self.at, self.after = 0, -1, False
        event.listen(store.engine, "before_cursor_execute", self._before)
        event.listen(store.engine, "after_cursor_execute", self._after)
        event.listen(store.engine, "commit", self._commit)

    def _before(self, *_: Any) -> None:
        self.count += 1
        if self.count == self.at and not self.after:
            raise self.dies

    def _after(self, *_: Any) -> None:
        if self.count == self.at and self.after:
            raise self.dies

    def _commit(self, _connection: Any) -> None:
        self.count += 1
        if self.count == self.at:
            raise self.dies


def complete(kit: Kit, case: str) -> Any:
    given = {"what": "x"}
    return CompleteTask(
        actor=PEOPLE["ben"], at=kit.at, case=case, task=kit.task(case, "a"), given=given, key="k"
    )


def claim(kit: Kit, case: str) -> Any:
    return Claim(actor=PEOPLE["ben"], at=kit.at, case=case, task=kit.task(case, "a"), key="k")


def start(kit: Kit, _case: str) -> Any:
    return StartCase(actor=PEOPLE["ann"], at=kit.at, process="p", key="k")


def wake(kit: Kit, case: str) -> Any:
    return WakeCase(actor=CLOCK, at=kit.later(hours=2), case=case)


def merge(kit: Kit, case: str) -> Any:
    """Writes to two cases: a crash between them leaves neither."""
    main = kit.start("ben")
    for one in (case, main):
        kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=one, person="lea", reason="r"))
    kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="pol", reason="r"))
    return Merge(actor=PEOPLE["lea"], at=kit.at, case=case, into=main, reason="r", key="k")


def unmerge(kit: Kit, case: str) -> Any:
    kit.desk.do(replace(merge(kit, case), key=None))
    return Unmerge(actor=PEOPLE["lea"], at=kit.at, case=case, reason="r", key="k")


@pytest.mark.parametrize(
    "order", [complete, claim, start, wake, merge, unmerge], ids=lambda one: one.__name__
)
def test_a_crash_at_any_statement_leaves_before_or_after(
    both: Kit, order: Callable[[Kit, str], Any]
) -> None:
    both.deploy(
        diagram(
            "start > task:a > task:b > end; boundary:late > task:remind > end:done;"
            " boundary:told > task:look > end:looked; boundary:parted > task:part > end:alone",
            told={"on": "a", "message": "case_merged", "interrupting": "false"},
            look={"groups": "clerk"},
            parted={"on": "a", "message": "case_unmerged", "interrupting": "false"},
            part={"groups": "clerk"},
            a={"groups": "clerk", "form": "f", "due": "=working_days_after(today(), 2)"},
            b={"groups": "clerk"},
            late={"on": "a", "timer": "PT1H", "interrupting": "false"},
            remind={"groups": "clerk"},
        ),
        form("f", "what"),
    )
    statements = Statements(both.store)
    points = crashed = 0
    while True:
        case = both.start("ann")
        command = order(both, case)
        before = content(both.store)
        points += 1
        statements.count, statements.at, statements.after = 0, points // 2 + 1, points % 2 == 1
        try:
            both.desk.do(command)
        except Crash:
            crashed += 1
        else:
            break
        finally:
            statements.at = -1
        assert content(both.store) == before, f"something stayed at crash point {points}"
        both.desk.do(command)  # the retry, with the same key, has its effect now
        assert content(both.store) != before
        again = both.desk.do(command)
        assert again.replayed or command.key is None
        with both.store.writing() as unit:
            unit.run(text("DELETE FROM idempotency"))
    assert crashed >= 6  # before and after each: PostgreSQL is told with three what an order is
