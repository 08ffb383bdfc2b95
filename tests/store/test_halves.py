"""What a step may do in its first half, while the release before works beside it; and the order.

The steps of this program are read, not run; each rule has a step beside it that breaks it.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops

from app.store import Tables, migrate

#: the first step that has halves
FIRST = "0100"
_CHANGES = re.compile(r"\b(alter|drop|rename|truncate|delete)\b", re.IGNORECASE)


@dataclass
class Read:
    """What a step would do."""

    asked: list[Any] = field(default_factory=list)
    #: how often it makes a table anew
    batches: int = 0


def read(step: Callable[[], None]) -> Read:
    done = Read()
    with sa.create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection)
        reads = Operations(context)

        def invoke(operation: Any) -> Any:
            done.asked.append(operation)
            made = isinstance(operation, ops.CreateTableOp)
            return operation.to_table(context) if made else None

        @contextmanager
        def batch(*_: Any, **__: Any) -> Iterator[Any]:
            done.batches += 1
            yield SimpleNamespace(add_column=lambda *_: None)

        reads.invoke, reads.batch_alter_table = invoke, batch  # type: ignore[method-assign]
        reads._install_proxy()
        try:
            step()
        finally:
            reads._remove_proxy()
    return done


def breaks(step: Callable[[], None]) -> list[str]:
    """What the release before could not work beside."""
    reads = read(step)
    made = {each.table_name for each in reads.asked if isinstance(each, ops.CreateTableOp)}
    said = [sentence for each in reads.asked if (sentence := _broken(each, made)) is not None]
    return [*said, *(["makes a table anew"] if reads.batches else [])]


def _broken(each: Any, made: set[str]) -> str | None:
    if isinstance(each, ops.CreateTableOp):
        return None
    if isinstance(each, ops.AddColumnOp):
        column = each.column
        if not column.nullable and column.server_default is None:
            return f"adds {column.name}, which the release before does not fill"
        bound = column.unique or column.foreign_keys or column.primary_key
        return f"adds {column.name}, which binds other rows" if bound else None
    if isinstance(each, ops.CreateIndexOp):
        free = not each.unique or each.table_name in made
        return None if free else f"makes rows of {each.table_name} unique"
    if isinstance(each, ops.BulkInsertOp):
        return None if each.table.name in made else f"adds rows to {each.table.name}"
    if isinstance(each, ops.ExecuteSQLOp):
        said = str(each.sqltext)
        return "changes tables, or deletes rows, by words" if _CHANGES.search(said) else None
    return f"{type(each).__name__} is not known to be safe"


def module_of(id: str) -> Any:
    (path,) = (Path(migrate.__file__).parent / "migrations" / "versions").glob(f"{id}_*.py")
    spec = importlib.util.spec_from_file_location(f"step_{id}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def halved() -> tuple[migrate.Step, ...]:
    ids = [step.id for step in migrate.steps()]
    return migrate.steps()[ids.index(FIRST) :]


@pytest.mark.parametrize("step", halved(), ids=lambda step: step.id)
def test_no_first_half_takes_anything_from_the_release_before(step: migrate.Step) -> None:
    if step.half == migrate.EXPAND:
        assert breaks(module_of(step.id).upgrade) == []
    assert step.half in (migrate.EXPAND, migrate.CONTRACT)


def _column(**more: Any) -> Callable[[], None]:
    return lambda: op.add_column("cases", sa.Column("x", sa.String(), **more))


def _batch() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("x", sa.String(), nullable=True))


def _new() -> None:
    table = op.create_table("new", sa.Column("id", sa.String(), primary_key=True))
    op.create_index("ix_new_id", "new", ["id"], unique=True)
    op.bulk_insert(table, [{"id": "a"}])


#: a step → whether the release before can work beside what it does
STEPS: dict[str, tuple[Callable[[], None], bool]] = {
    "a column that may be empty": (_column(nullable=True), True),
    "a column that fills itself": (_column(nullable=False, server_default=""), True),
    "a table, with rows": (_new, True),
    "an index": (lambda: op.create_index("ix_x", "cases", ["status"]), True),
    "filling a new column": (lambda: op.execute("UPDATE cases SET x = status"), True),
    "a column that must be filled": (_column(nullable=False), False),
    "a column without its like": (_column(nullable=True, unique=True), False),
    "a unique index": (lambda: op.create_index("ix_x", "cases", ["status"], unique=True), False),
    "dropping a column": (lambda: op.drop_column("cases", "status"), False),
    "dropping a table": (lambda: op.drop_table("signing"), False),
    "dropping an index": (lambda: op.drop_index("ix_x", "cases"), False),
    "another name of a table": (lambda: op.rename_table("cases", "matters"), False),
    "another name of a column": (
        lambda: op.alter_column("cases", "status", new_column_name="x"), False,
    ),
    "another type": (lambda: op.alter_column("cases", "status", type_=sa.Integer()), False),
    "no longer empty": (lambda: op.alter_column("cases", "status", nullable=False), False),
    "a constraint": (lambda: op.create_unique_constraint("uq", "cases", ["status"]), False),
    "a table made anew": (_batch, False),
    "dropping by words": (lambda: op.execute("ALTER TABLE cases DROP COLUMN status"), False),
    "deleting rows": (lambda: op.execute("DELETE FROM signing"), False),
}  # fmt: skip


@pytest.mark.parametrize(("step", "good"), STEPS.values(), ids=STEPS.keys())
def test_what_the_release_before_can_work_beside(step: Callable[[], None], good: bool) -> None:
    assert (breaks(step) == []) is good


def steps(*halves: str) -> tuple[migrate.Step, ...]:
    ids = [f"{number:04}" for number in range(1, len(halves) + 1)]
    return tuple(map(migrate.Step, ids, ["", *ids], halves))


E, C = migrate.EXPAND, migrate.CONTRACT


@pytest.mark.parametrize(
    ("pending", "taken"),
    [
        pytest.param(steps(), 0, id="nothing"),
        pytest.param(steps(E, E), 2, id="no second half"),
        pytest.param(steps(E, C), 1, id="both halves"),
        pytest.param(steps(C), 0, id="the second is left"),
        pytest.param(steps(E, C, C), 1, id="two seconds"),
        pytest.param(steps(C, E), None, id="an earlier upgrade was not finished"),
        pytest.param(steps(E, C, E), None, id="two upgrades at once"),
    ],
)
def test_without_finish_it_goes_as_far_as_the_release_before_can_work(
    pending: tuple[migrate.Step, ...], taken: int | None
) -> None:
    if taken is None:
        with pytest.raises(migrate.Unfinished):
            migrate.first_half(pending)
    else:
        assert len(migrate.first_half(pending)) == taken


def test_steps_are_read_in_the_order_in_which_they_name_each_other() -> None:
    read = migrate.steps()
    assert [step.after for step in read] == ["", *(step.id for step in read[:-1])]
    assert read[-1].id == migrate.HEAD and len(read) == len({step.id for step in read})


@pytest.mark.parametrize("tables", list(Tables))
def test_a_program_works_with_tables_that_lack_nothing_it_needs(tables: Tables) -> None:
    assert tables.works is (tables not in (Tables.OLDER, Tables.NEWER))
