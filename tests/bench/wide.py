"""What the lists cost with many cases: a few are started, the others are copies of their rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Table, insert, select, text

from app.audit.tally import Keeper
from app.casework.reading.search import sealed
from app.config import Counts, Measure
from app.store import CaseKey, Store
from app.store.schema import case_key, cases, deadline, known_by, member, offer, task
from app.store.work import known_by as marks
from tests.bench import timers
from tests.bench.limits import milliseconds, p50
from tests.bench.reading import looked, signed_in
from tests.kit import PEOPLE

#: what lists and figures read of a case; its history is nobody's concern here
_COPIED: tuple[Table, ...] = (cases, member, task, offer, deadline, known_by)
#: what the figures count
MEASURE = Measure(id="wait", name="Wait", basis=None, tasks=("wait",), limit="due")
FEW, MANY = 200, 20_000
#: one case in twenty knows the first name, one in two hundred both
NAMES = ("kaya", "zoe")
PAGES = {"my-tasks": "/tasks?show=groups", "cases": "/cases", "figures": "/figures"}
PAGES |= {"figures-by-month": "/figures/by-month"}


def copied(store: Store, times: int) -> None:
    """Each case so often once more, with the rows that lists read."""
    with store.engine.begin() as connection:
        for table in _COPIED:
            names = [column.name for column in table.columns]
            key = "id" if table is cases else "case_id"
            taken = [_copy(name, key) for name in names]
            connection.execute(
                text(
                    f"INSERT INTO {table.name} ({', '.join(names)})"
                    " WITH RECURSIVE numbers(n) AS"
                    " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :times)"
                    f" SELECT {', '.join(taken)} FROM {table.name} CROSS JOIN numbers"
                ),
                {"times": times},
            )


def _give_keys(store: Store) -> None:
    """Each case has a key of its own: what is kept of it is sealed with that."""
    with store.writing() as unit:
        without = select(cases.c.id).where(cases.c.id.not_in(select(case_key.c.case_id)))
        given = [
            {"case_id": id, "kek": unit.keys.name, "wrapped": CaseKey.new(id).wrapped_by(unit.keys)}
            for (id,) in unit.rows(without)
        ]
        unit.many(insert(case_key), given)


def _copy(name: str, key: str) -> str:
    return f"{name} || '-' || n" if name in (key, "reference") else name


def name_some(store: Store) -> None:
    with store.writing() as unit:
        for number, case in enumerate(marks.every_case(unit)):
            names = NAMES if number == 0 else NAMES[:1] if number % 20 == 0 else ()
            marks.keep(unit, case, [("word", name) for name in names])


class Partnership:
    """So many cases, each with an open task of one group, and somebody of it who looks."""

    def __init__(self, store: Store, config: Any, count: int) -> None:
        self.kit = timers.many(store, min(count, FEW))
        name_some(store)
        if count > FEW:
            copied(store, count // FEW - 1)
            _give_keys(store)
        who = replace(PEOPLE["lea"], roles=frozenset({"clerk", "lead"}))
        told = replace(config, timeliness=(MEASURE,), counts=Counts())
        keeper = Keeper(self.kit.desk, told.timeliness, told.counts, told.years)
        while keeper.keep_up():  # as `work` does all the time
            pass
        with store.engine.begin() as connection:
            connection.execute(text("ANALYZE"))  # as every database does by itself in a while
        self.browser = signed_in(self.kit, told, who)
        self.pages = PAGES | {
            f"search-{name}": f"/search?typed={sealed(self.kit.desk, who, typed)}"
            for name, typed in {"rare": "Zoe Kaya", "common": "Kaya"}.items()
        }


def looks(
    few: Partnership, many: Partnership, pages: Mapping[str, str], times: int = 15
) -> dict[str, tuple[float, float]]:
    """Medians in milliseconds by page, of few and of many, taken in turns: both meet the same
    noise."""
    medians = {}
    for name, path in pages.items():
        took: tuple[list[float], list[float]] = ([], [])
        for number in range(times + 1):
            for spent, site in zip(took, (few, many), strict=True):
                milli = milliseconds(partial(looked, site.browser, path))
                if number:  # the first compiles and warms
                    spent.append(milli)
        medians[name] = (p50(took[0]), p50(took[1]))
    return medians
