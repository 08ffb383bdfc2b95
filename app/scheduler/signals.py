"""Carries a signal to the other cases that wait for it, where the settings let it cross.

Which signals cross is `settings.signals_across_cases` of the sender's deployment; without it a
signal stays in its case. It is on its way once the sender's command is committed, and reaches each
case once: the order's key is made of the sender's effect and the receiver.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app import store
from app.casework import SIGNAL, SYSTEM, DeliverSignal, Desk, LockedCase
from app.casework.cases.protected import Protected
from app.documents import NoLetter
from app.engine import feel, value
from app.engine.forms import by_path
from app.store import OutboxRow, Unit
from app.validation.lint.readers import OTHER

_LOG = logging.getLogger(__name__)
_CLAIM = timedelta(minutes=2)


class NotAll(Exception):
    """A case could not take the signal; the others have it, and this one is tried again."""


def spread(desk: Desk, row: OutboxRow, at: datetime) -> int:
    """To every open case but the sender whose diagrams catch it; how many moved. NotAll."""
    with desk.store.reading() as unit:
        said = feel.codec.loads(row.content(store.cases.key_of(unit, row.case_id)))
        _demand_for_others(desk, unit, row, said["payload"])
        others = [
            case
            for case, digest in store.cases.open_ones(unit)
            if case != row.case_id
            and said["signal"] in desk.installation.programs.of(unit, digest).heard
        ]
    moved, missed = 0, 0
    for case in others:
        order = DeliverSignal(
            actor=SYSTEM, at=at, case=case, signal=said["signal"], given=said["payload"],
            key=f"signal:{row.case_id}:{row.id}:{case}",
        )  # fmt: skip
        try:
            moved += bool(desk.do(order).events)
        except Exception as error:  # one case must not keep a signal from the others
            _LOG.warning("a case could not take a signal: %s", type(error).__name__)
            missed += 1
    if missed:
        raise NotAll(f"{missed} cases could not take it yet.")
    return moved


def _demand_for_others(desk: Desk, unit: Unit, row: OutboxRow, payload: Mapping[str, Any]) -> None:
    """What only some may read leaves its case by no signal, whatever the drawing says."""
    case = store.cases.find(unit, row.case_id)
    if case is not None and payload:
        locked = LockedCase(desk.installation, unit, case, store.cases.key_of(unit, case.id))
        texts = [value(each) for each in by_path(payload).values()]
        class_ = Protected(locked).said(texts, lambda readers: OTHER in readers)
        if class_ is not None:
            raise NoLetter(f"Not sent: it would carry answers (“{class_}”) to other cases.")


def spread_waiting(desk: Desk, at: datetime) -> int:
    """Spreads every signal on its way; how many there were."""
    count = 0
    while True:
        with desk.store.writing() as unit:
            row = store.work.messages.claim_effect(unit, at, at + _CLAIM, SIGNAL)
        if row is None:
            return count
        try:
            moved = spread(desk, row, at)
        except NoLetter as fault:
            with desk.store.writing() as unit:
                store.work.messages.failed(unit, row, None, str(fault))
            continue
        with desk.store.writing() as unit:
            store.work.messages.sent(unit, row, at, moved)
        count += 1
