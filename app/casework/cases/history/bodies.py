"""Writes and reads the body of a history entry: the order, what it said, the facts that followed.

Every reader comes here. Reading never fails: what this release cannot read is told, with the
entry's number, and the rest is read. How a body is sealed is the store's (`history`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.casework.cases.history.sealed_headers import difference
from app.engine import Event, Fault, InstanceStarted, Program, feel, stored_events, to_dict
from app.engine.old_places import Holders
from app.engine.stored_events import UnknownFact
from app.store import (
    CaseKey,
    Content,
    Entry,
    HistoryRow,
    Sealed,
    StoreFault,
    Unit,
    Unpacked,
    chain,
    stamp,
)

#: of what is written now; bodies of form 1 did not say theirs
FORM = stored_events.FORM
#: types that JSON has too
_AS_IT_IS = frozenset({str, bool})


class Unreadable(StoreFault):
    """What is needed here stands in a history entry that this release cannot read."""


@dataclass(frozen=True, slots=True)
class Body:
    """An entry as it was sealed, in today's terms."""

    seq: int
    #: 0: nothing of it could be read
    form: int
    kind: str = ""
    #: id and name of who gave the order
    actor: str = ""
    by: str = ""
    #: what the order said, without kind and name
    said: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    #: sentences: what of it cannot be read, or is not what the header says
    unread: tuple[str, ...] = ()
    #: the header's fields as the body repeats them
    header: Mapping[str, Any] = field(default_factory=dict)
    #: what the header's `content` must be the root of, and what its salts are made from
    fields: Mapping[str, Any] = field(default_factory=dict)
    secret: bytes = b""
    #: it opened with the case's key
    opened: bool = True
    #: how the header differs from what was sealed, in a sentence
    changed: str = ""
    #: the order could be read and is what the header says, whatever became of its facts
    sound: bool = False

    def order(self) -> Mapping[str, Any]:
        """What the order said, where something depends on it. Raises `Unreadable`."""
        if not self.sound:
            raise Unreadable(self.unread[0] if self.unread else missing(self.seq))
        return self.said


def written(
    kind: str, by: str, said: Mapping[str, Any], events: Iterable[Event], entry: Entry
) -> Content:
    """What the entry is to hold. Fault for a value that cannot be stored."""
    if said.keys() & {"kind", "by"}:
        raise ValueError("what an order said would stand in place of who gave it")
    fields = {
        "command": feel.codec.encode({"kind": kind, "by": by, **said}),
        "events": [_encoded(event) for event in events],
    }
    repeated = {
        "actor": entry.actor,
        "at": stamp(entry.at),
        "definition": entry.definition,
        "engine": entry.engine,
    }
    text = _text({**fields, "header": repeated, "v": FORM})
    return Content(fields, text)


def _encoded(event: Event) -> dict[str, Any]:
    return {
        name: value if type(value) in _AS_IT_IS else feel.codec.encode(value)
        for name, value in to_dict(event).items()
    }


def _text(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


class Reader:
    """Reads the entries of one case, oldest first; each says more about those behind it."""

    def __init__(
        self, key: CaseKey, program: Program | None = None, runs: Mapping[str, str] | None = None
    ) -> None:
        """`program`: says where the facts of older forms lie; `runs`: instances that run already,
        each with its process."""
        self._key = key
        self._program = program
        self._holders = Holders(program) if program is not None else None
        #: instance → process
        self._runs = dict(runs or {})

    def read(self, row: HistoryRow, *, facts: bool = True) -> Body:
        """Without `facts`: the order alone, what followed it is not even decoded."""
        if not row.body:
            gone = f"Entry {row.seq} has no content any more: it was taken away."
            unread = () if row.kind == chain.headers.DESTROYED else (gone,)
            return Body(row.seq, 0, row.kind, row.actor, unread=unread)
        try:
            unpacked = chain.history.unpacked(row, self._key)
        except Sealed:
            why = f"Entry {row.seq} cannot be opened: its content was changed, or its key was."
            return Body(row.seq, 0, unread=(why,), opened=False)
        try:
            stored = _loaded(unpacked.text)
            form = _form(stored)
        except (ValueError, RecursionError, UnknownFact) as error:
            why = str(error) if isinstance(error, UnknownFact) else "it is no JSON"
            return Body(row.seq, 0, unread=(_unread(row.seq, why),))
        if not facts:
            stored = {**stored, "events": None}
        return self._body(row, stored, form, unpacked)

    def note(self, events: Iterable[Event]) -> None:
        """Takes in what an entry that was read already says about those behind it."""
        for event in events:
            if isinstance(event, InstanceStarted):
                self._runs[event.instance] = event.process

    def _body(
        self, row: HistoryRow, stored: Mapping[str, Any], form: int, unpacked: Unpacked
    ) -> Body:
        wrong: list[str] = []
        command = _command(row.seq, stored.get("command"), wrong)
        header = _object(stored.get("header")) if form > 1 else {}
        kind, by = str(command.pop("kind", "")), str(command.pop("by", ""))
        changed = difference(row, _object(stored.get("command")), header, form, unpacked.bound)
        wrong += [changed] if changed else []
        unread: list[str] = []
        events = tuple(self._events(row.seq, stored.get("events"), form, unread))
        fields = {name: stored.get(name) for name in ("command", "events")}
        actor = str(header.get("actor", row.actor))
        return Body(
            row.seq, form, kind, actor, by, command, events, (*wrong, *unread), header, fields,
            unpacked.secret, True, changed, not wrong,
        )  # fmt: skip

    def _events(self, seq: int, stored: Any, form: int, unread: list[str]) -> Iterable[Event]:
        if not isinstance(stored, list):
            if stored is not None:
                unread.append(_unread(seq, "its facts are no list"))
            return
        for fact in stored:
            try:
                event = stored_events.read(feel.codec.decode(fact), form, self._process)
            except UnknownFact as error:
                unread.append(_fact(seq, str(error)))
            except (Fault, ValueError, TypeError, ArithmeticError, RecursionError):
                unread.append(_fact(seq, f"“{_kind(fact)}” holds a value that it cannot read"))
            else:
                self.note((event,))
                yield event

    def _process(self, instance: str, id: str) -> str:
        if self._program is None or self._holders is None:
            return ""
        if id in self._program.processes:  # what begins with the process itself
            return id
        return self._holders.of(self._runs.get(instance), id) or ""


def read(row: HistoryRow, key: CaseKey) -> Body:
    """One entry by itself."""
    return Reader(key).read(row)


def some(unit: Unit, key: CaseKey, seqs: Iterable[int]) -> dict[int, Body]:
    """These entries of the key's case, by number; one that is missing is not there."""
    rows = chain.history.some(unit, key.case, sorted(set(seqs)))
    return {row.seq: read(row, key) for row in rows}


def missing(seq: int) -> str:
    return f"Entry {seq} is missing."


def orders_of(unit: Unit, key: CaseKey, seqs: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """What the orders of these entries said, by number; something depends on each of them.

    Raises `Unreadable` for one that is missing, or that cannot be read as it was written.
    """
    wanted = sorted(set(seqs))
    rows = {row.seq: row for row in chain.history.some(unit, key.case, wanted)}
    for seq in wanted:
        if seq not in rows:
            raise Unreadable(missing(seq))
    return {seq: Reader(key).read(row, facts=False).order() for seq, row in rows.items()}


def order_of(unit: Unit, key: CaseKey, seq: int) -> Mapping[str, Any]:
    """As `orders_of`, for one entry."""
    return orders_of(unit, key, [seq])[seq]


def answers_in(text: bytes, keys: Iterable[str]) -> dict[str, Any] | None:
    """Only these answers of an order: the rest is not even decoded. None: they cannot be read."""
    try:
        given = json.loads(text.decode("utf-8", "surrogatepass"))["command"].get("answers") or {}
        if given.keys() == {"type", "value"} and given["type"] == "context":
            given = given["value"]  # answers that look like the codec's own pairs
        return {key: feel.codec.decode(given[key]) for key in keys if key in given}
    except (Fault, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _never(_: str) -> Any:
    raise ValueError


#: made once: to make it takes as long as to read a short entry
_READS = json.JSONDecoder(parse_float=_never, parse_constant=_never)


def _loaded(text: bytes) -> Any:
    """We write no fraction as a JSON number, and nothing that JSON has no word for. ValueError."""

    return _READS.decode(text.decode("utf-8", "surrogatepass"))


def _object(stored: Any) -> Mapping[str, Any]:
    return stored if isinstance(stored, Mapping) else {}


def _form(stored: Any) -> int:
    if not isinstance(stored, dict):
        raise UnknownFact("it is no object")
    form = stored.get("v", 1)
    if type(form) is not int or not 1 <= form <= FORM:
        raise UnknownFact("its form is not known")
    return form


def _command(seq: int, stored: Any, unread: list[str]) -> dict[str, Any]:
    try:
        order = feel.codec.decode(stored)
        if isinstance(order, Mapping):
            return dict(order)
        why = "its order is no object"
    except (Fault, ValueError, TypeError, ArithmeticError, RecursionError):
        why = "its order holds a value that it cannot read"
    unread.append(_unread(seq, why))
    return {}


def _unread(seq: int, why: str) -> str:
    return f"Entry {seq} cannot be read by this release: {why}."


def _fact(seq: int, why: str) -> str:
    return f"Entry {seq} holds a fact of a kind that this release cannot read ({why})."


def _kind(stored: Any) -> str:
    kind = stored.get("kind") if isinstance(stored, Mapping) else None
    return kind if isinstance(kind, str) else "something"
