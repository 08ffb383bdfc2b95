"""Orders given twice with one key: the first answer again, and nothing done a second time."""

from __future__ import annotations

from dataclasses import replace

from app import store
from app.casework.cases import history, request_print
from app.casework.commands import Command, Done
from app.casework.errors import Refused
from app.store import Once, Unit

_OTHER = "This form was already sent with other answers."


def remember(unit: Unit, command: Command, id: str) -> Done:
    """Keeps the answer of an order about no case: the id of what it made or ended."""
    if command.key is not None:
        once = Once(request_print(unit, command), id, 0)
        store.chain.idempotency.add(unit, command.actor.id, command.key, once, command.at)
    return _without_case(id)


def _without_case(id: str) -> Done:
    return Done(answer={"id": id, "cover": id})  # `cover`: as it was called when there was no other


def again(unit: Unit, command: Command) -> Done | None:
    """The first answer, when this key was used before. Raises `Refused` for another request."""
    if command.key is None:
        return None
    return answered(
        unit, command, store.chain.idempotency.find(unit, command.actor.id, command.key)
    )


def answered(unit: Unit, command: Command, was: Once | None) -> Done | None:
    """As `again`; `was`: what its key was used for."""
    if was is None:
        return None
    if was.request and was.request != request_print(unit, command):
        raise Refused(_OTHER)
    if not was.seq:  # no case was concerned
        return replace(_without_case(was.case), replayed=True)
    row = store.cases.find(unit, was.case)
    assert row is not None, "a key without its case"
    entry = store.chain.history.some(unit, was.case, [was.seq])[0]
    if not was.request and entry.kind != type(command).__name__:  # all that is left to compare
        raise Refused(_OTHER)
    body = history.read(entry, store.cases.key_of(unit, was.case))
    return Done(
        case=row.id, reference=row.reference, seq=was.seq, events=body.events, replayed=True
    )
