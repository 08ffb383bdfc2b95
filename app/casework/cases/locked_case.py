"""A case locked for one command or taken for one look: its program, its members, its engine.

`record` is the only way anything is written about a case: events become rows, the state is saved,
and one row joins the history chain. What a command does is in `orders`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from app import store
from app.casework.access import Person, as_person, part_of
from app.casework.cases import history
from app.casework.cases.installation import Installation
from app.casework.cases.loaded_program import Loaded
from app.casework.cases.projection import Step
from app.casework.cases.stalls import as_stored
from app.casework.cases.stopped_rows import write_stopped
from app.casework.commands import CaseCommand, Command, Done, ReplanCase
from app.casework.settings import ENGINE, Kept
from app.engine import Event, InstanceEnded, InstanceStarted, feel
from app.engine.feel import World
from app.engine.forms import Form
from app.engine.run import Case
from app.store import AtHand, CaseKey, CaseRow, Entry, Once, TaskRow, Unit

#: the state hash of a case without any instance
NO_STATE = hashlib.sha256(b"").digest()
#: in what an order says: headers of the mail by which it tells people itself
TOLD = "told"


class LockedCase:
    def __init__(
        self,
        installation: Installation,
        unit: Unit,
        row: CaseRow,
        key: CaseKey,
        at_hand: AtHand | None = None,
    ) -> None:
        """`at_hand`: what was read of it since it was locked."""
        self.installation = installation
        self.unit = unit
        self.row = row
        self.key = key
        #: open tasks looked at already: their rows, and to whom they are offered
        self.known: dict[str, tuple[TaskRow, list[str]]] = {}
        #: the other case of a command about two, locked too; may be one nobody here may see
        self.beside: LockedCase | None = None
        #: the person whom the one who orders covers for in this; None: they act as themselves
        self.acting_for: Person | None = None
        #: of a case that is being opened: what its first header says of it
        self.opening: Mapping[str, Any] | None = None
        self._orders: dict[int, Mapping[str, Any]] = {}
        self._engine: Case | None = None
        self._at_hand = at_hand
        #: what the key of the order was used for before
        self.once = at_hand.once if at_hand is not None else None
        if at_hand is not None:
            self.__dict__["members"] = at_hand.members
        if at_hand is not None and at_hand.task is not None:
            self.known[at_hand.task[0].task] = at_hand.task

    @cached_property
    def loaded(self) -> Loaded:
        return self.installation.programs.of(self.unit, self.row.deployment)

    @cached_property
    def members(self) -> dict[str, bool]:
        """ "g:<group>" or "p:<person>" → excluded."""
        return store.cases.members(self.unit, self.row.id)

    def member(self, person: str) -> str:
        """What somebody with this id is called among the members."""
        return as_person(person)

    def group_name(self, group: str, at: datetime | None = None) -> str:
        """What people call a group in this case; with `at`, with who has taken its place here."""
        return self.installation.roles.name(group, at, part_of(self.members))

    def members_changed(self) -> None:
        """They are looked up again."""
        self.__dict__.pop("members", None)

    @property
    def engine(self) -> Case:
        """The case in the engine; from here on its state is saved with the command."""
        if self._engine is None:
            self._engine = Case(
                self.loaded.program,
                case_id=self.row.id,
                calendar=self.installation.settings.calendar,
                states=self._states(),
            )
        return self._engine

    def _states(self) -> Mapping[str, bytes]:
        """As they are stored."""
        at_hand, self._at_hand = self._at_hand, None  # for once: then they may have been written
        if at_hand is not None and at_hand.states is not None:
            return at_hand.opened(self.key)
        return store.cases.states(self.unit, self.key)

    def forget(self) -> None:
        """The engine is thrown away with all it was given; the next look begins as it is stored."""
        self._engine = None

    def task(self, id: str) -> tuple[TaskRow, list[str]] | None:
        """The open task and to whom it is offered ("g:…", "p:…")."""
        if id not in self.known:
            task = store.work.tasks.find_offered(self.unit, self.row.id, id)
            if task is None:
                return None
            self.known[id] = task
        return self.known[id]

    def orders_of(self, seqs: Collection[int]) -> dict[int, Mapping[str, Any]]:
        """As `history.orders_of`; an entry is opened once, since nothing changes it any more."""
        new = [seq for seq in seqs if seq not in self._orders]
        if new:
            self._orders |= history.orders_of(self.unit, self.key, new)
        return {seq: self._orders[seq] for seq in seqs}

    def at(self, at: datetime) -> datetime:
        """Time in a case never goes back, whatever a clock says."""
        return max(at, self.row.last_at)

    def world(self, at: datetime) -> World:
        return self.installation.world(at)

    def overdue(self, at: datetime) -> bool:
        """A timer should have fired by now, and nothing has stopped it."""
        due = self.row.wake_at
        return due is not None and due <= at and self.row.attempts == 0

    def record(
        self,
        command: Command,
        events: Sequence[Event] = (),
        *,
        kind: str | None = None,
        said: Mapping[str, Any] | None = None,
        answer: Mapping[str, Any] | None = None,
        moved: bool = True,
    ) -> Done:
        """Writes the command, its events and all that follows from them. `said`: its content.

        `moved` False: the engine was only asked, so its state stays as it is stored.
        """
        seq, at, row = self.row.seq + 1, self.at(command.at), self.row
        step = Step(
            row.id, seq, at, command.actor.id, lambda: self.loaded, self.task, row.opened_by
        )
        if self._engine is not None:
            step.asleep, step.lies_in = self._engine.asleep(), self._engine.lies_in
        step.take(events)
        mail = (said or {}).get(TOLD)
        if mail:
            step.tell(mail)
        row = replace(row, seq=seq, last_at=at, status=step.status or row.status)
        if self._engine is not None and moved:
            row = self._saved(self._engine, row, events, at)
        kind = kind or type(command).__name__
        away = self.acting_for or self.only_for(command.actor)
        stands = {"for": away.id, "for_name": away.name} if away else {}
        head = self._chained(command, row, kind, stands | dict(said or {}), events)
        # Older deadlines still stand as planned: the case waits to be planned again.
        waits = self.row.seq and not isinstance(command, ReplanCase)
        row = replace(
            row,
            head=head,
            head_seal=self.unit.keys.stand(row.id, row.seq, head),
            calendar=self.row.calendar if waits else row.calendar,
        )
        if events or mail:
            step.write(self.unit, self.key, self.members)
            write_stopped(self.unit, (row.id, seq, at), events, said or {})
        self._remember(command, seq, at)
        store.cases.save(self.unit, row, was=self.row.seq)
        self.row = row
        return Done(
            case=row.id, reference=row.reference, seq=seq, events=tuple(events), answer=answer or {}
        )

    def only_for(self, person: Person) -> Person | None:
        """The covered person without whom this one would not see the case."""
        return self.installation.roles.stand_in(person, self.members) if person.covers else None

    def _saved(self, engine: Case, row: CaseRow, events: Sequence[Event], at: datetime) -> CaseRow:
        """The engine's states written, and what the case row says about them."""
        store.cases.put_states(self.unit, self.key, engine.snapshots())
        if any(isinstance(event, (InstanceStarted, InstanceEnded)) for event in events):
            running = store.cases.running(self.unit, row.id) > 0
            row = replace(row, ended_at=None if running else row.ended_at or at)
        due = engine.next_due()
        if row.attempts:
            store.work.incidents.end(self.unit, row.id, "", at)
        return replace(
            row,
            state=bytes.fromhex(engine.state_hash()),
            calendar=self.installation.settings.calendar.version,
            next_due=due,
            wake_at=None if row.suspended else due,
            attempts=0,
            stalls=as_stored(engine.stalls(), row.stalls, at),
        )

    def _chained(
        self,
        command: Command,
        row: CaseRow,
        kind: str,
        said: Mapping[str, Any],
        events: Sequence[Event],
    ) -> bytes:
        entry = self._entry(command, row, kind, first=self.opening, on_behalf=said.get("for"))
        prev = self.row.head if self.row.seq else store.chain.headers.START
        content = history.written(kind, command.actor.name, said, events, entry)
        return store.chain.history.append(self.unit, self.key, row.seq, prev, entry, content)

    def _entry(self, command: Command, row: CaseRow, kind: str, **more: Any) -> Entry:
        """`row`: the case as it is with the entry."""
        return Entry(
            at=row.last_at,
            kind=kind,
            actor=command.actor.id,
            request=self.unit.keys.fingerprint(command.key.encode())[:16] if command.key else None,
            definition=row.deployment,
            engine=ENGINE,
            state=row.state,
            calendar=self._calendar(row.calendar),
            settings=self.installation.settings.in_force.digest,
            **more,
        )

    def destroy(self, command: Command, last: Mapping[str, str]) -> Done:
        """Ends the history by the entry of a destruction, and takes away the key and all that it
        seals or says of the case. `last`: what that entry says in the open; no words of anybody."""
        seq, at = self.row.seq + 1, self.at(command.at)
        ended = self.row.ended_at or at
        row = replace(self.row, seq=seq, last_at=at, ended_at=ended, state=NO_STATE)
        entry = self._entry(command, row, store.DESTROYED, last=last)
        head = store.chain.history.append_destroyed(self.unit, row.id, seq, self.row.head, entry)
        row = replace(row, head=head, head_seal=self.unit.keys.stand(row.id, seq, head))
        store.cases.save(self.unit, row, was=self.row.seq)
        store.retention.content.erase(self.unit, row.id)
        self.row = row
        return Done(case=row.id, reference=row.reference, seq=seq)

    def _calendar(self, version: str) -> str:
        """Digest of the calendar by which the case is planned, which may be an older one."""
        settings = self.installation.settings
        if version == settings.calendar.version:
            return settings.kept_calendar.digest
        return Kept(store.deployments.calendar_content(self.unit, version) or "").digest

    def _remember(self, command: Command, seq: int, at: datetime) -> None:
        if command.key is not None:
            made = Once(request_print(self.unit, command), self.row.id, seq)
            store.chain.idempotency.add(self.unit, command.actor.id, command.key, made, at)

    def form(self, id: str | None) -> Form | None:
        return self.loaded.form(id)


def request_print(unit: Unit, command: Command) -> bytes:
    """Tells one request from another, without telling what it said."""
    said = command.said()
    if isinstance(command, CaseCommand):
        for shown in ("version", "documents"):  # what was before the person, not what they say
            said.pop(shown, None)
    for page in ("begun", "made"):  # on which they say it
        said.pop(page, None)
    content = {"kind": type(command).__name__, "actor": command.actor.id, "said": said}
    return unit.keys.fingerprint(as_kept(content))


def as_kept(value: Any) -> bytes:
    """What a person gave, as text of the codec."""
    return feel.codec.dumps(plain(value))


def plain(value: Any) -> Any:
    """What a person gave, in shapes the codec knows: lists for tuples, hex for bytes."""
    if type(value) is str:  # most are
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(part) for part in value]
    return value.hex() if isinstance(value, bytes) else value
