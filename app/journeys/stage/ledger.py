"""What is known of one case while a journey plays: tasks, deadlines, mails, ways, from its facts.

Filled only from the case's stored history, so a check sees what was really written. Where a fact
lies on the drawings (its spot) is asked here and nowhere else in this room. Comparing a ledger with
what a journey expects is `checks`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app import store
from app.audit.entries import Entry, of_case
from app.casework import SIGNED, TOLD
from app.documents import MAIL, addressees
from app.engine import Program
from app.engine import events as fact
from app.engine.old_places import Holders
from app.journeys.file import JourneyFault, Spot
from app.store import Unit


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    spot: Spot
    name: str
    instance: str
    label: str | None
    item: Mapping[str, Any]
    groups: tuple[str, ...]
    users: tuple[str, ...]
    open: bool = True

    @property
    def element(self) -> str:
        return self.spot[1]

    def is_for(self, said: Any) -> bool:
        """`said` is its label, what it is repeated for, or one field of that."""
        inner = [
            v for value in self.item.values() if isinstance(value, dict) for v in value.values()
        ]
        return any(same(value, said) for value in (self.label, *self.item.values(), *inner))


@dataclass(frozen=True, slots=True)
class Deadline:
    task: str
    spot: Spot
    due: datetime
    whole_day: bool
    sum: str
    backstop: datetime | None
    backstop_whole_day: bool
    #: when it was met or dropped
    ended: datetime | None = None
    #: when it was really done, as was stated
    happened: datetime | None = None
    #: it was moved after it had passed
    was_late: bool = False

    @property
    def element(self) -> str:
        return self.spot[1]

    def late(self, now: datetime) -> bool:
        """Open or done past its due instant; stays so for ever."""
        return self.was_late or (self.happened or self.ended or now) > self.due


@dataclass(frozen=True, slots=True)
class Mail:
    at: datetime
    to: tuple[str, ...]
    headers: Mapping[str, Any]


@dataclass(slots=True)
class Ledger:
    reference: str
    program: Program
    entries: list[Entry] = field(default_factory=list)
    tasks: dict[str, Task] = field(default_factory=dict)
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    #: what the diagrams set last
    stands: str = ""
    #: reference of the case that it was merged into
    merged_into: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    #: how many of them were looked at by whom they can be opened
    looked_at: int = 0
    #: process id → how many instances began: by a person, a message or a call
    instances: Counter[str] = field(default_factory=Counter)
    processes: dict[str, str] = field(default_factory=dict)
    holders: Holders = field(init=False)
    #: instance id → its variables
    scopes: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: (process id, element or flow id) that was reached
    walked: set[tuple[str, str]] = field(default_factory=set)
    #: ids of tasks that a first person has signed
    signed: set[str] = field(default_factory=set)
    ended: bool = False
    suspended: bool = False

    def __post_init__(self) -> None:
        self.holders = Holders(self.program)

    @property
    def last(self) -> int:
        """Number of the newest entry that was taken in."""
        return self.entries[-1].seq if self.entries else 0

    def read_on(
        self, unit: Unit, case: str, stops: Set[str] = frozenset(), stopped: set[str] | None = None
    ) -> bool:
        """Takes in what was written of this case since, and says whether a signal was sent.

        JourneyFault for an incident, but at one of the elements of `stops`: it goes to `stopped`.
        """
        new = list(of_case(unit, case, after=self.last))
        row = store.cases.find(unit, case)
        self.take(new)
        if row is not None:
            self.ended, self.suspended = row.ended_at is not None, row.suspended
        signalled = False
        # A refusal tells by itself what an order could not do.
        moved = (entry for entry in new if "order" not in entry.command)
        for event in (event for entry in moved for event in entry.events):
            signalled |= isinstance(event, fact.SignalSent)
            if isinstance(event, fact.IncidentRaised):
                if event.element in stops and stopped is not None:
                    stopped.add(event.element or "")
                    continue
                where = f" at “{event.element}”" if event.element else ""
                raise JourneyFault(f"The case stopped{where}: {event.sentence}")
        return signalled

    def take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.entries.append(entry)
            if entry.kind in ("Merge", "Unmerge"):
                self.merged_into = entry.command.get("into")
            if entry.kind == SIGNED:
                self.signed.add(entry.command["task"])
            self.signed -= {
                signature["task"] for signature in entry.command.get("signatures") or ()
            }
            if entry.command.get(TOLD):
                self._mailed(entry.command[TOLD], entry.at)
            for event in entry.events:
                self._walk(event)
                handler = _TAKES.get(type(event))
                if handler is not None:
                    handler(self, event, entry.at)

    @property
    def groups(self) -> frozenset[str]:
        """To whom tasks were offered or mail was sent so far."""
        offered = (group for task in self.tasks.values() for group in task.groups)
        return frozenset(offered) | {to for mail in self.mails for to in mail.to}

    @property
    def status(self) -> str:
        """Where it stands; while it is merged, that."""
        return "Merged" if self.merged_into else self.stands

    def open_tasks(self, spots: Set[Spot] | None = None) -> list[Task]:
        return [task for task in self.tasks_at(spots) if task.open]

    def tasks_at(self, spots: Set[Spot] | None = None) -> list[Task]:
        """Every one that was ever open there; without spots, anywhere."""
        return [task for task in self.tasks.values() if spots is None or task.spot in spots]

    def deadlines_at(self, spots: Set[Spot] | None = None) -> list[Deadline]:
        """Every one there ever was there; without spots, anywhere."""
        return [
            deadline
            for deadline in self.deadlines.values()
            if spots is None or deadline.spot in spots
        ]

    def labels_at(self, spots: Set[Spot]) -> list[str]:
        """What tells apart the tasks that were ever open there."""
        told = (
            task.label or ", ".join(map(str, task.item.values())) for task in self.tasks_at(spots)
        )
        return list(dict.fromkeys(filter(None, told)))

    def _spot(self, event: Any) -> Spot:
        """Where the fact lies: of the process that holds the element, called ones too."""
        if event.process:
            return (event.process, event.element)
        begun = self.processes.get(event.instance, "")  # an old fact tells its instance only
        return (self.holders.of(begun, event.element) or begun, event.element)

    def _walk(self, event: fact.Event) -> None:
        if isinstance(event, fact.InstanceStarted):
            self.processes[event.instance] = event.process
        key = getattr(event, "element", None) or getattr(event, "flow", None)
        if key is not None:
            process = getattr(event, "process", "") or self.processes.get(event.instance, "")
            self.walked.add((process, key))

    def _instance(self, event: fact.InstanceStarted, at: datetime) -> None:
        self.instances[event.process] += 1

    def _entered(self, event: fact.ElementEntered, at: datetime) -> None:
        process, element = self._spot(event)
        drawn = self.program.processes.get(process)
        activity = drawn.elements.get(element) if drawn else None
        if activity is not None and activity.called_process:
            self.instances[activity.called_process] += 1

    def _opened(self, event: fact.TaskOpened, at: datetime) -> None:
        self.tasks[event.task] = Task(
            event.task, self._spot(event), event.name, event.instance, event.label,
            dict(event.item or {}), event.groups,
            (*event.users, *([event.assignee] if event.assignee else [])),
        )  # fmt: skip

    def _offered(self, event: fact.TaskOffered, at: datetime) -> None:
        if event.task in self.tasks:
            users = (*event.users, *([event.assignee] if event.assignee else []))
            self.tasks[event.task] = replace(
                self.tasks[event.task], groups=event.groups, users=users
            )

    def _closed(self, event: fact.TaskCompleted | fact.TaskCancelled, at: datetime) -> None:
        if event.task in self.tasks:
            self.tasks[event.task] = replace(self.tasks[event.task], open=False)

    def _set(self, event: fact.DeadlineSet, at: datetime) -> None:
        self.deadlines[event.task] = Deadline(
            event.task, self._spot(event), event.due, event.whole_day, event.sum,
            event.backstop, event.backstop_whole_day,
        )  # fmt: skip

    def _moved(self, event: fact.DeadlineMoved, at: datetime) -> None:
        old = self.deadlines.get(event.task)
        if old is not None:
            self.deadlines[event.task] = replace(
                old, due=event.new, whole_day=event.whole_day, sum=event.sum,
                backstop=event.new_backstop, was_late=old.was_late or at > old.due,
            )  # fmt: skip

    def _ended(self, event: fact.DeadlineEnded, at: datetime) -> None:
        if event.task in self.deadlines:
            self.deadlines[event.task] = replace(
                self.deadlines[event.task], ended=at, happened=event.happened
            )

    def _status(self, event: fact.StatusSet, at: datetime) -> None:
        self.stands = event.status

    def _variables(self, event: fact.VariablesSet, at: datetime) -> None:
        self.variables.update(event.values)
        self.scopes.setdefault(event.instance, {}).update(event.values)

    def _effect(self, event: fact.EffectRequested, at: datetime) -> None:
        if event.effect == MAIL:
            self._mailed(event.headers, at)

    def _mailed(self, headers: Mapping[str, Any], at: datetime) -> None:
        self.mails.append(Mail(at, tuple(addressees(headers.get("to"))), headers))


_TAKES: dict[type[fact.Event], Any] = {
    fact.InstanceStarted: Ledger._instance,
    fact.ElementEntered: Ledger._entered,
    fact.TaskOpened: Ledger._opened,
    fact.TaskOffered: Ledger._offered,
    fact.TaskCompleted: Ledger._closed,
    fact.TaskCancelled: Ledger._closed,
    fact.DeadlineSet: Ledger._set,
    fact.DeadlineMoved: Ledger._moved,
    fact.DeadlineEnded: Ledger._ended,
    fact.StatusSet: Ledger._status,
    fact.VariablesSet: Ledger._variables,
    fact.EffectRequested: Ledger._effect,
}


def same(a: Any, b: Any) -> bool:
    """Alike as people write them: case does not count, nor whether 3 is a number or a text."""
    return a is not None and str(a).casefold() == str(b).casefold()
