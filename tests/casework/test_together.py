"""Several people, several wakers, at the same moment, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from app.casework.commands import Claim, CompleteTask, Done, StartCase
from app.casework.errors import Conflict
from app.engine.events import TimerFired
from app.store import cases
from app.store.chain import history
from tests.kit import PEOPLE, Kit, diagram

GROUPS = {"groups": "clerk"}


def at_once(orders: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs all at the same moment; gives what each returned or raised."""
    start = threading.Barrier(len(orders))
    found: list[Any] = [None] * len(orders)

    def run(number: int) -> None:
        start.wait()
        try:
            found[number] = orders[number]()
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(orders))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def test_eight_people_complete_eight_tasks_of_one_case_at_once(both: Kit) -> None:
    names = [f"t{n}" for n in range(8)]
    chains = "; ".join(f"fork > task:{name} > join" for name in names)
    both.deploy(
        diagram(
            f"start > and:fork; {chains}; and:join > task:after > end",
            after=GROUPS,
            **dict.fromkeys(names, GROUPS),
        )
    )
    case = both.start("ann")
    orders = [
        CompleteTask(
            actor=PEOPLE["ben"], at=both.at, case=case, task=both.task(case, name), given={}
        )
        for name in names
    ]
    found = at_once([lambda one=one: both.desk.do(one) for one in orders])
    assert [type(one) for one in found] == [Done] * 8
    assert sorted(one.seq for one in found) == list(range(2, 10))
    assert both.open(case) == ["after"]


def test_of_many_who_complete_one_task_exactly_one_wins(both: Kit) -> None:
    both.deploy(diagram("start > task:a > task:b > end", a=GROUPS, b=GROUPS))
    for _ in range(5):
        case = both.start("ann")
        task = both.task(case, "a")
        orders = [
            CompleteTask(actor=PEOPLE[who], at=both.at, case=case, task=task, given={"note": who})
            for who in ("ann", "ben", "ann", "ben")
        ]
        found = at_once([lambda one=one: both.desk.do(one) for one in orders])
        assert sum(isinstance(one, Done) for one in found) == 1
        losers = [one for one in found if isinstance(one, Conflict)]
        assert len(losers) == 3 and all(one.by and one.given for one in losers)


def test_one_key_sent_many_times_at_once_has_one_effect(both: Kit) -> None:
    both.deploy(diagram("start > task:a > end", a=GROUPS))
    command = StartCase(actor=PEOPLE["ann"], at=both.at, process="p", key="k")
    found = at_once([lambda: both.desk.do(command)] * 4)
    assert len({one.case for one in found}) == 1
    assert sorted(one.replayed for one in found) == [False, True, True, True]


def test_references_have_no_gaps_however_many_start_at_once(both: Kit) -> None:
    both.deploy(diagram("start > task:a > end", a=GROUPS))
    command = StartCase(actor=PEOPLE["ann"], at=both.at, process="p")
    found = at_once([lambda: both.desk.do(command)] * 6)
    assert sorted(one.reference for one in found) == [f"T-2026-000{n}" for n in range(1, 7)]


def test_two_who_claim_at_once_one_has_it(both: Kit) -> None:
    both.deploy(diagram("start > task:a > end", a=GROUPS))
    case = both.start("ann")
    task = both.task(case, "a")
    orders = [Claim(actor=PEOPLE[who], at=both.at, case=case, task=task) for who in ("ann", "ben")]
    found = at_once([lambda one=one: both.desk.do(one) for one in orders])
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Done"]


def test_each_timer_fires_once_with_several_wakers(both: Kit) -> None:
    timer = {"on": "a", "timer": "PT1H", "interrupting": "false"}
    both.deploy(
        diagram(
            "start > task:a > end; boundary:late > task:remind > end:done",
            a=GROUPS,
            late=timer,
            remind=GROUPS,
        )
    )
    started = [both.start("ann") for _ in range(40)]
    at = both.later(hours=2)
    found = at_once([lambda: both.desk.wake_due(at)] * 3)
    fired = [event for batch in found for done in batch for event in done.events]
    assert sum(isinstance(event, TimerFired) for event in fired) == 40
    with both.store.reading() as unit:
        for case in started:
            assert [row.kind for row in history.rows(unit, case)] == ["StartCase", "WakeCase"]
        assert cases.due(unit, at) == []
    assert all(both.open(case) == ["a", "remind"] for case in started)


def test_people_and_wakers_in_one_case_do_not_lock_each_other_out(both: Kit) -> None:
    timer = {"on": "a", "timer": "PT1H", "interrupting": "false"}
    both.deploy(
        diagram(
            "start > task:a > task:b > end; boundary:late > task:remind > end:done",
            a=GROUPS,
            b=GROUPS,
            late=timer,
            remind=GROUPS,
        )
    )
    for _ in range(5):
        case = both.start("ann")
        at = both.later(hours=2)
        command = CompleteTask(
            actor=PEOPLE["ben"], at=at, case=case, task=both.task(case, "a"), given={}
        )
        woken, done = at_once([lambda: both.desk.wake_due(at), lambda: both.desk.do(command)])  # noqa: B023
        assert isinstance(woken, list) and isinstance(done, Done)
        assert sorted(both.open(case)) == ["b", "remind"]
