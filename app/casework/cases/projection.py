"""Turns the events of one command into rows: work list, deadlines, inbox, outbox, who did what.

All in the command's transaction. What the events mean is the engine's, how rows are written the
store's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app import store
from app.casework.access import as_group, as_person
from app.casework.cases.loaded_program import Loaded
from app.casework.commands import GUEST, SIGNAL
from app.documents import MAIL, REMINDS, STANDING_FOR, STARTER, addressees, meeting_in
from app.engine import events as e
from app.engine import feel
from app.engine.run import TAKEN_BACK
from app.store import CaseKey, DeadlineRow, DoneRow, Effect, TaskRow, Unit


@dataclass
class Step:
    """What one command leads to, gathered before it is written."""

    case: str
    seq: int
    at: datetime
    by: str
    #: asked only where a fact needs the drawing: a fault may be that it cannot be read
    loaded: Callable[[], Loaded]
    #: an open task and to whom it is offered
    task: Callable[[str], tuple[TaskRow, list[str]] | None]
    #: who began the case
    began: str = ""
    #: instances that sleep
    asleep: frozenset[str] = frozenset()
    #: the runs around a task that is open now
    lies_in: Callable[[str], str] = lambda task: ""
    opened: dict[str, tuple[TaskRow, list[str]]] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    #: open tasks that are for others now: to whom they are offered, and whose they are drawn to be
    offered: dict[str, tuple[list[str], str | None]] = field(default_factory=dict)
    deadlines: dict[str, DeadlineRow] = field(default_factory=dict)
    moved: list[dict[str, Any]] = field(default_factory=list)
    ended: list[tuple[str, str, datetime | None]] = field(default_factory=list)
    buffered: dict[str, str] = field(default_factory=dict)
    unbuffered: dict[str, str] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    #: names of the groups and people to whom mail goes
    told: set[str] = field(default_factory=set)
    status: str | None = None

    def take(self, events: Sequence[e.Event]) -> None:
        for event in events:
            handler = _TAKES.get(type(event))
            if handler is not None:
                handler(self, event)

    def write(self, unit: Unit, key: CaseKey, members: Mapping[str, bool]) -> None:
        """`members`: who belongs to the case already, and whether they are excluded."""
        if self.closed:
            self._close(unit)
        opened = [pair for pair in self.opened.values() if pair[0].task not in self.closed]
        if opened:
            store.work.tasks.add(unit, [(_free_of(row, members), offers) for row, offers in opened])
        offered = self._offer(unit, members)
        # Who is offered a task or told by mail belongs to the case: a link that leads nowhere
        # would be all they have. How much they see of it is their role's.
        joining = {who for _, offers in opened for who in offers} | offered | self._told(unit)
        if joining - members.keys():
            store.cases.put_members(unit, self.case, sorted(joining - members.keys()), self.seq)
        store.work.deadlines.put(unit, list(self.deadlines.values()))
        store.work.deadlines.move(unit, self.moved)
        store.work.tasks.set_due(unit, [_due(move) for move in self.moved])
        store.work.deadlines.end(unit, self.case, self.ended, self.at)
        if self.buffered or self.unbuffered:
            self._inbox(unit)
        store.work.messages.request(unit, key, self.effects, self.at)

    def _offer(self, unit: Unit, members: Mapping[str, bool]) -> set[str]:
        """Writes what is offered to others now; gives these. Who had taken it has it no more."""
        for id, (who, assignee) in self.offered.items():
            task = self.opened.get(id) or self.task(id)
            if id in self.closed or task is None or task[1] == who:
                continue
            excluded = assignee is not None and members.get(as_person(assignee), False)
            store.work.tasks.offer_to(unit, self.case, id, who)
            store.work.tasks.assign(unit, self.case, id, None if excluded else assignee)
        return {
            one for id, (who, _) in self.offered.items() if id not in self.closed for one in who
        }

    def _told(self, unit: Unit) -> set[str]:
        return {
            as_person(name) if store.people.accounts.find(unit, name) else as_group(name)
            for name in self.told - STANDING_FOR  # they belong to it already
        }

    def _close(self, unit: Unit) -> None:
        done = []
        for id, how in self.closed.items():
            task = self.opened.get(id) or self.task(id)
            if task is None:
                continue
            row, offers = task
            done.append(
                DoneRow(
                    task=id,
                    element=row.element,
                    process=row.process,
                    label=row.label,
                    item=row.item,
                    at=self.at,
                    by=self.by,
                    seq=self.seq,
                    how=how,
                    offers=" ".join(offers),
                    signed_by=row.signed_by if how == "completed" else None,
                    lies_in=row.lies_in,
                )
            )
        store.work.tasks.drop(unit, self.case, [id for id in self.closed if id not in self.opened])
        store.work.answers.add(unit, self.case, done)

    def _inbox(self, unit: Unit) -> None:
        store.work.messages.buffer(unit, self.case, list(self.buffered.items()), self.at)
        gone = [id for id, how in self.unbuffered.items() if how == "delivered"]
        back = [id for id, how in self.unbuffered.items() if how == TAKEN_BACK]
        dead = [id for id in self.unbuffered if id not in (*gone, *back)]
        store.work.messages.delivered(unit, self.case, [*gone, *back])
        store.work.messages.kill(
            unit, self.case, dead, "The case ended before anybody waited for it."
        )

    def task_opened(self, event: e.TaskOpened) -> None:
        row = TaskRow(
            case_id=self.case,
            task=event.task,
            instance=event.instance,
            element=event.element,
            process=event.process,
            name=event.name,
            label=event.label,
            form=event.form,
            item=feel.codec.dumps(dict(event.item)).decode() if event.item else None,
            assignee=event.assignee,
            due=None,
            whole_day=None,
            backstop=None,
            backstop_whole_day=None,
            opened_at=self.at,
            version=self.seq,
            resting=event.instance in self.asleep,
            lies_in=self.lies_in(event.task),
        )
        self.opened[event.task] = (row, self._whom(event))
        element = self.loaded().element(event.process, event.element)
        if element is not None and element.rules.guest:
            self._request(GUEST, {"task": event.task}, event.process, event.element)

    def _whom(self, event: e.TaskOpened | e.TaskOffered) -> list[str]:
        people = {as_person(user) for user in (*event.users, event.assignee) if user}
        groups = {as_group(group) for group in event.groups if group != STARTER}
        if STARTER in event.groups and self.began:
            people.add(as_person(self.began))
        return sorted(people | groups)

    def task_offered(self, event: e.TaskOffered) -> None:
        self.offered[event.task] = (self._whom(event), event.assignee)

    def task_completed(self, event: e.TaskCompleted) -> None:
        self.closed[event.task] = "completed"

    def task_cancelled(self, event: e.TaskCancelled) -> None:
        self.closed[event.task] = "cancelled"

    def deadline_set(self, event: e.DeadlineSet) -> None:
        element = self.loaded().element(event.process, event.element)
        row, offers = self.opened.get(event.task, (None, []))
        self.deadlines[event.task] = DeadlineRow(
            case_id=self.case,
            task=event.task,
            element=event.element,
            process=event.process,
            name=row.name if row else (element.name if element else None) or event.element,
            label=row.label if row else None,
            due=event.due,
            whole_day=event.whole_day,
            sum=event.sum,
            rule=event.rule,
            basis=event.basis,
            backstop=event.backstop,
            backstop_sum=event.backstop_sum,
            backstop_whole_day=event.backstop_whole_day,
            calendar=event.calendar,
            set_at=self.at,
            moved=0,
            was_late=False,
        )
        if row is not None:
            row = replace(row, due=event.due, whole_day=event.whole_day, backstop=event.backstop)
            row = replace(row, backstop_whole_day=event.backstop_whole_day)
            self.opened[event.task] = (row, offers)

    def deadline_moved(self, event: e.DeadlineMoved) -> None:
        self.moved.append(
            {
                "case": self.case,
                "id": event.task,
                "due": event.new,
                "whole_day": event.whole_day,
                "sum": event.sum,
                "backstop": event.new_backstop,
                "backstop_sum": event.backstop_sum,
                "calendar": event.calendar,
                "at": self.at,
            }
        )

    def deadline_ended(self, event: e.DeadlineEnded) -> None:
        self.ended.append((event.task, event.how, event.happened))

    def message_buffered(self, event: e.MessageBuffered) -> None:
        self.buffered[event.id] = event.message

    def message_unbuffered(self, event: e.MessageUnbuffered) -> None:
        self.unbuffered[event.id] = event.how

    def effect_requested(self, event: e.EffectRequested) -> None:
        self._request(event.effect, event.headers, event.process, event.element)
        reminded = event.headers.get(REMINDS)
        if event.effect == MAIL and isinstance(reminded, str):
            told = {"element": reminded, "instance": event.instance}
            self._request(GUEST, told, event.process, event.element)

    def tell(self, mail: Mapping[str, Any]) -> None:
        """A mail that the order itself sends, and no element of a drawing. `mail`: its headers."""
        self._request(MAIL, mail)

    def _request(
        self, effect: str, headers: Mapping[str, Any], process: str = "", element: str = ""
    ) -> None:
        id = f"{self.seq}-{len(self.effects) + 1}"
        content = feel.codec.dumps(dict(headers))
        meeting = meeting_in(headers) if effect == MAIL else None
        self.effects.append(Effect(id, effect, process, element, content, meeting))
        if effect == MAIL:
            self.told |= set(addressees(headers.get("to")))

    def signal_sent(self, event: e.SignalSent) -> None:
        """One that the settings let cross goes out to the other cases, as effects do."""
        if event.signal not in self.loaded().program.settings.get("signals_across_cases", ()):
            return
        headers = feel.codec.dumps({"signal": event.signal, "payload": dict(event.payload)})
        id = f"{self.seq}-{len(self.effects) + 1}"
        self.effects.append(Effect(id, SIGNAL, event.process, event.element, headers))

    def status_set(self, event: e.StatusSet) -> None:
        self.status = event.status


def _free_of(row: TaskRow, members: Mapping[str, bool]) -> TaskRow:
    """A task drawn for somebody who is excluded from the case is nobody's, so that it shows."""
    excluded = row.assignee is not None and members.get(as_person(row.assignee), False)
    return replace(row, assignee=None) if excluded else row


def _due(move: dict[str, Any]) -> dict[str, Any]:
    return {name: move[name] for name in ("case", "id", "due", "whole_day", "backstop")}


_TAKES: dict[type[e.Event], Any] = {
    e.TaskOpened: Step.task_opened,
    e.TaskOffered: Step.task_offered,
    e.TaskCompleted: Step.task_completed,
    e.TaskCancelled: Step.task_cancelled,
    e.DeadlineSet: Step.deadline_set,
    e.DeadlineMoved: Step.deadline_moved,
    e.DeadlineEnded: Step.deadline_ended,
    e.MessageBuffered: Step.message_buffered,
    e.MessageUnbuffered: Step.message_unbuffered,
    e.EffectRequested: Step.effect_requested,
    e.SignalSent: Step.signal_sent,
    e.StatusSet: Step.status_set,
}
