"""An effect in the outbox of a case is touched alone, though another case calls its own alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert

from app.store import OutboxRow, Store, Unit
from app.store.schema import outbox
from app.store.work import messages
from tests.kit import START
from tests.store.test_leftovers import EFFECT

LATER = START + timedelta(minutes=2)
Does = Callable[[Unit, OutboxRow], object]
WAYS: dict[str, Does] = {
    "it is claimed": lambda unit, row: messages.claim_effect(unit, START, LATER),
    "it is done": lambda unit, row: messages.sent(unit, row, START, 3),
    "it failed": lambda unit, row: messages.failed(unit, row, LATER, "why"),
    "it is done again": lambda unit, row: messages.do_again(unit, row.case_id, row.id, START),
}


@pytest.mark.parametrize("way", WAYS)
def test_an_effect_is_touched_alone(store: Store, way: str) -> None:
    waits = {**EFFECT, "case_id": "b", "id": "1", "next_at": START, "sent_at": LATER}
    others = [{**waits, "case_id": case, "id": id, "next_at": LATER}
              for case, id in (("a", "1"), ("b", "0"), ("b", "2"), ("c", "1"))]  # fmt: skip
    with store.writing() as unit:
        unit.run(insert(outbox), [*others, waits])

    def there() -> dict[tuple[str, str], OutboxRow]:
        with store.reading() as unit:
            rows = [row for case in "abc" for row in messages.outbox_of(unit, case)]
        return {(row.case_id, row.id): row for row in rows}

    before = there()
    with store.writing() as unit:
        WAYS[way](unit, before["b", "1"])
    after = there()
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {("b", "1")}
