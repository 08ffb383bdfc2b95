"""What an order reads of its case in one look is of that case, that task and that key alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from app.store import Store
from app.store.chain.idempotency import Once
from app.store.queries import at_hand
from app.store.schema import cases, idempotency, instance, member, offer, task
from tests.store.test_leftovers import CASE, KEY, TASK

#: two cases with rows that are called alike, and of each another beside it
ROWS: list[tuple[Any, list[dict[str, Any]]]] = [
    (cases, [{**CASE, "id": id, "reference": id, "part": f"part of {id}"} for id in "abc"]),
    (member, [
        {"case_id": case, "who": who, "excluded": who == "p:ben", "seq": 1}
        for case, several in (("a", ["g:a"]), ("b", ["g:b", "p:ben"]), ("c", ["g:c"]))
        for who in several
    ]),
    (task, [
        {**TASK, "case_id": case, "task": id, "name": f"{case}{id}"}
        for case in "abc" for id in ("1-1", "1-2")
    ]),
    (offer, [
        {"case_id": case, "task": id, "who": f"g:{case}{id}{n}"}
        for case in "abc" for id in ("1-1", "1-2") for n in (2, 1)
    ]),
    (instance, [
        {"case_id": case, "instance": id, "state": f"{case}{id}".encode(), "sha256": "",
         "ended": False}
        for case in "abc" for id in "12"
    ]),
    (idempotency, [
        {**KEY, "actor": actor, "key": key, "case_id": actor + key, "request": key.encode(),
         "seq": ord(key)}
        for actor in ("ann", "ben") for key in "klm"
    ]),
]  # fmt: skip


def test_what_is_at_hand_is_of_this_case_this_task_and_this_key_alone(store: Store) -> None:
    with store.writing() as unit:
        for table, rows in ROWS:
            unit.run(insert(table), rows)
    with store.reading() as unit:
        found = at_hand.read(unit, "b", task="1-1", states=True, once=("ann", "l"))
    assert dict(found.members) == {"g:b": False, "p:ben": True}
    assert (found.members.case, found.members.part) == ("b", "part of b")
    assert found.task is not None
    opened, offered = found.task
    assert (opened.case_id, opened.task, opened.name) == ("b", "1-1", "b1-1")
    assert offered == ["g:b1-11", "g:b1-12"]
    assert found.states == {"1": b"b1", "2": b"b2"}
    assert found.once == Once(b"l", "annl", ord("l"))


def test_what_was_not_asked_for_or_is_not_there_is_none(store: Store) -> None:
    with store.writing() as unit:
        unit.run(insert(task), [TASK])
    with store.reading() as unit:
        found = at_hand.read(unit, "c", task="1-1", once=("ann", "k"))
        assert found.task is not None and found.task[1] == [], "it is offered to nobody"
        assert (found.members.part, found.states, found.once) == ("", None, None)
        assert at_hand.read(unit, "c", task="1-2", states=True).task is None
        assert at_hand.read(unit, "c", states=True).states == {}
