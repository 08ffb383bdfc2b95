"""What the forms and documents of a case may ask about: answers given before, as `records`.

Answers stand once, in the history body of the command that gave them; `answers` says where. Only
what a form's file names is opened, so the cost does not grow with the case's age. Which names
there are and what they stand for is the drawing's (`record_names`).

A process may run several times in one case: in several instances, called at several places, once
for each item. What a task says of a step means that of its own run (`Viewpoint`); where the run has
none, the case's. What siblings did for another item of the same loop is never meant.

The newest of some answers say to which of several successors a case falls (`casework.successions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from app import store
from app.casework.cases import history
from app.casework.cases.locked_case import LockedCase
from app.casework.successions import NOWHERE
from app.engine import feel
from app.engine.bpmn import ALL as ALL
from app.engine.bpmn import Element, Record
from app.engine.forms import KnownAnswers, by_path
from app.engine.run import ITEM
from app.store import DoneRow, TaskRow

#: (process, step)
Step = tuple[str, str]


class Kept(Protocol):
    """A row about a task, open or done."""

    @property
    def task(self) -> str: ...
    @property
    def lies_in(self) -> str: ...


T = TypeVar("T", bound=Kept)


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where a task lies."""

    process: str
    instance: str
    #: as the engine tells it (`run.around`)
    lies_in: str

    @classmethod
    def of(cls, row: TaskRow) -> Viewpoint:
        return cls(row.process, row.instance, row.lies_in)

    def meant(self, rows: Iterable[T]) -> list[T]:
        """Those of the rows, all about one step, that the task speaks of; in their order."""
        visible = [row for row in rows if not self._of_a_sibling(row)]
        here = [row for row in visible if _instance_of(row) == self.instance]
        around = {"", *_calls(self.lies_in)}
        nearest = [row for row in here if (_calls(row.lies_in) or [""])[-1] in around]
        return nearest or here or visible

    def _of_a_sibling(self, row: Kept) -> bool:
        if _instance_of(row) != self.instance:
            return False
        mine = _loops(self.lies_in)
        return any(mine.get(loop, item) != item for loop, item in _loops(row.lies_in).items())


def _instance_of(row: Kept) -> str:
    """Task ids are "<instance>-<number>"; what a start form asked is "start:<instance>"."""
    start, _, begun = row.task.partition(":")
    return begun if start == "start" else row.task.rpartition("-")[0]


def loops_around(row: Kept) -> tuple[str, ...]:
    """What a label is unique in: the instance, and the items of the loops outside its own."""
    return (_instance_of(row), *list(_loops(row.lies_in).values())[:-1])


def _calls(lies_in: str) -> list[str]:
    """The called processes among the runs, outermost first."""
    return [run for run in lies_in.split() if ITEM not in run]


def _loops(lies_in: str) -> dict[str, str]:
    """Repeated activity → the item of it that the runs are about."""
    return dict(run.split(ITEM) for run in lies_in.split() if ITEM in run)


def records(
    locked: LockedCase,
    asked: Mapping[str, Record],
    here: Viewpoint | None = None,
    upto: int | None = None,
) -> dict[str, Any]:
    """Name → the answers it stands for, newest; `<name>_all` → everybody's, in order.

    `asked`: the names that can be said, with what each means. `here`: the task in whose form they
    are said; its own run's answers come first. None: a document, which lies in no run. `upto`: as
    it was after that entry of the history; None: now.
    """
    if not asked:
        return {}
    rows = (
        store.work.answers.of_case(locked.unit, locked.row.id)
        if here is None
        else rows_of(locked, asked.values())
    )
    rows = [row for row in rows if upto is None or row.seq <= upto]
    orders = history.orders_of(locked.unit, locked.key, {row.seq for row in rows})
    given = {seq: said.get("answers") for seq, said in orders.items()}
    return collected(by_step(locked, rows), given, asked, here)


def origins(
    locked: LockedCase, asked: Mapping[str, Record], here: Viewpoint, known: KnownAnswers
) -> dict[str, DoneRow]:
    """Path of a known answer → the row of the answers in which just that was said."""
    named = {
        path: (cell, asked[cell.source.record])
        for path, cell in known.cells.items()
        if cell.source is not None and cell.source.record in asked
    }
    if not named:
        return {}
    done = by_step(locked, rows_of(locked, [record for _, record in named.values()]))
    seqs = {row.seq for rows in done.values() for row in rows}
    given = history.orders_of(locked.unit, locked.key, seqs)
    told = {
        row.seq: by_path({**_items(row), **(given.get(row.seq, {}).get("answers") or {})})
        for rows in done.values()
        for row in rows
    }
    said: dict[str, DoneRow] = {}
    for path, (cell, record) in named.items():
        rows = done.get((record.process, record.element), [])
        near = here.meant(rows)
        for row in [*reversed(near), *reversed(rows)]:
            if cell.is_said_in(told[row.seq]):
                said[path] = row
                break
    return said


def rows_of(locked: LockedCase, asked: Iterable[Record]) -> list[DoneRow]:
    """What was done of these steps, in order."""
    elements = sorted({record.element for record in asked})
    return store.work.answers.of_elements(locked.unit, locked.row.id, elements)


def by_step(locked: LockedCase, rows: Iterable[DoneRow]) -> dict[Step, list[DoneRow]]:
    done: dict[Step, list[DoneRow]] = {}
    for row in rows:
        process = locked.loaded.holder(row.process, row.element)
        done.setdefault((process, row.element), []).append(row)
    return done


def collected(
    done: Mapping[Step, list[DoneRow]],
    given: Mapping[int, Any],
    asked: Mapping[str, Record],
    here: Viewpoint | None = None,
) -> dict[str, Any]:
    """`given`: history row → answers. Items of multi-instance stand beside the answers."""
    values: dict[str, Any] = {}
    for name, record in asked.items():
        rows = done.get((record.process, record.element), [])
        values |= {f"{name}{ALL}": _everybodys(rows, given)} if rows else {}
    for name, record in asked.items():
        rows = done.get((record.process, record.element), [])
        mine = rows if here is None else here.meant(rows)
        values |= {name: _entry(mine[-1], given)} if mine else {}
    return values


def _everybodys(rows: Iterable[DoneRow], given: Mapping[int, Any]) -> list[Any]:
    """A later answer of the same label takes the place of the earlier one of its instance."""
    labelled: dict[Any, Any] = {}
    for number, row in enumerate(rows):
        key = (*loops_around(row), row.label) if row.label else number
        labelled[key] = _entry(row, given)
    return list(labelled.values())


def _entry(row: DoneRow, given: Mapping[int, Any]) -> dict[str, Any]:
    return {**_items(row), **(given.get(row.seq) or {})}


def _items(row: DoneRow) -> dict[str, Any]:
    return feel.codec.loads(row.item.encode()) if row.item else {}


def steps_shown(locked: LockedCase, element: Element | None) -> list[Record]:
    """The steps that the drawing names."""
    if element is None:
        return []
    known = locked.loaded.record_names
    meant = (known.meant(name, element.process) for name in element.rules.shows)
    return [record for record in meant if record is not None]


def newest(locked: LockedCase, row: TaskRow, element: Element | None) -> list[DoneRow]:
    """The rows that the task shows: of each step the newest, of each label its own."""
    records = steps_shown(locked, element)
    if not records:
        return []
    done = by_step(locked, rows_of(locked, records))
    here = Viewpoint.of(row)
    shown: dict[Any, DoneRow] = {}
    for record in records:
        for kept in here.meant(done.get((record.process, record.element), [])):
            place = (record.process, record.element)
            shown[(*place, *loops_around(kept), kept.label) if kept.label else place] = kept
    return list(shown.values())


def step_name(locked: LockedCase, process: str, element: str) -> str:
    """What people call a step, or the process whose start form was asked."""
    loaded = locked.loaded
    known = loaded.process(element) if element == process else loaded.element(process, element)
    known = known or loaded.process(element)
    return (known.name if known is not None else None) or element


def keep_part(locked: LockedCase, element: str) -> None:
    """After a step was answered, or its answer taken back, in the same transaction."""
    if any(step == element for step, _ in locked.installation.settings.successions.by):
        know_part(locked)


def know_part(locked: LockedCase) -> None:
    """The newest answer that names a part counts; one that names none leaves it unknown."""
    successions = locked.installation.settings.successions
    asked: dict[str, list[str]] = {}
    for step, question in successions.by:
        asked.setdefault(step, []).append(question)
    rows = store.work.answers.of_elements(locked.unit, locked.row.id, list(asked))
    orders = history.orders_of(locked.unit, locked.key, {row.seq for row in rows})
    part = NOWHERE
    for row in sorted(rows, key=lambda row: row.seq):
        answers = orders[row.seq].get("answers") or {}
        for question in asked[row.element]:
            said = answers.get(question) if isinstance(answers, Mapping) else None
            if said:
                part = said if said in successions.parts else NOWHERE
    store.cases.put_part(locked.unit, locked.row.id, part)
    locked.members_changed()
