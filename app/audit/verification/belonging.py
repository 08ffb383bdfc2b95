"""Who belongs to a case, or is shut out of it, worked out from its history and compared with the
rows by which the program decides who sees it.

A row that no entry accounts for would open the case to somebody without a trace. What entries of
earlier releases meant, or what an undone merge left, may stand either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app import store
from app.audit.verification.chain import Fault
from app.casework import LET_GO, TOLD, TOOK_IN, Body, as_group, as_person
from app.documents import MAIL, STARTER, addressees
from app.engine import TODAY, of_engine
from app.engine import events as fact
from app.store import CaseRow, Unit


@dataclass
class _Belonging:
    began: str
    #: who → shut out or not, and by which entry
    told: dict[str, tuple[bool, int]] = field(default_factory=dict)
    #: who may belong to it by this entry, or not: names of people and groups look alike there
    either: dict[str, set[int]] = field(default_factory=dict)
    #: who may stand in any way
    open: set[str] = field(default_factory=set)
    #: who should be let in again → who asked for it
    lifts: dict[str, str] = field(default_factory=dict)
    #: reference of a merged case → whom its merge touched
    merged: dict[str, set[str]] = field(default_factory=dict)

    def take(self, body: Body) -> None:
        person = as_person(str(body.said.get("person", "")))
        if body.kind == "StartCase":
            self.told[as_person(body.actor)] = (False, body.seq)
        elif body.kind == "AddMember":
            self.told[person] = (False, body.seq)
        elif body.kind == "ExcludePerson":
            self._shut_out(person, body.seq)
        elif body.kind == "LiftExclusion" and body.said.get("step") == "asked":
            self.lifts[person] = body.actor
        elif body.kind == "LiftExclusion":
            self.lifts.pop(person, None)
            self.told.pop(person, None)
        elif body.kind == "Assign" and of_engine(str(body.header.get("engine", ""))) < TODAY:
            self._may(person, body.seq)
        elif body.kind == TOOK_IN:
            self._merge(body)
        elif body.kind == LET_GO:
            self.open |= self.merged.pop(str(body.said.get("reference")), set())
        for who in _offered(body, self.began):
            self.told.setdefault(who, (False, body.seq))
        for name in _mailed(body):
            for who in (as_person(name), as_group(name)):
                self._may(who, body.seq)

    def _shut_out(self, who: str, seq: int) -> None:
        self.told[who] = (True, seq)
        self.either.pop(who, None)
        self.lifts.pop(who, None)

    def _may(self, who: str, seq: int) -> None:
        self.either.setdefault(who, set()).add(seq)

    def _merge(self, body: Body) -> None:
        joined = [str(who) for who in body.said.get("joined") or ()]
        out = [str(who) for who in body.said.get("shut_out") or ()]
        for who in joined:
            self.told[who] = (False, body.seq)
        for who in out:
            self._shut_out(who, body.seq)
        self.merged[str(body.said.get("reference"))] = {*joined, *out}

    def allows(self, who: str, excluded: bool, seq: int) -> bool:
        fits = self.told.get(who) == (excluded, seq)
        return fits or who in self.open or (not excluded and seq in self.either.get(who, ()))


def _offered(body: Body, began: str) -> Iterator[str]:
    """To whom tasks that opened, and did not end in the same step, are offered."""
    over = {
        event.task
        for event in body.events
        if isinstance(event, fact.TaskCompleted | fact.TaskCancelled)
    }
    for event in body.events:
        if isinstance(event, fact.TaskOpened | fact.TaskOffered) and event.task not in over:
            yield from (as_person(user) for user in (*event.users, event.assignee) if user)
            for group in event.groups:
                if group != STARTER:
                    yield as_group(group)
                elif began:
                    yield as_person(began)


def _mailed(body: Body) -> Iterator[str]:
    for event in body.events:
        if isinstance(event, fact.EffectRequested) and event.effect == MAIL:
            yield from addressees(event.headers.get("to"))
    mail = body.said.get(TOLD)
    if isinstance(mail, dict):
        yield from addressees(mail.get("to"))


def check(unit: Unit, row: CaseRow, bodies: Sequence[Body]) -> None:
    """Raises `Fault` for the first row that no entry accounts for, or that is gone."""
    if any(body.unread for body in bodies):
        return  # what cannot be read leads nowhere
    history = _Belonging(row.opened_by)
    for body in bodies:
        history.take(body)
    are = {who: (out, seq) for who, out, seq in store.cases.membership(unit, row.id)}
    for who, (out, seq) in are.items():
        if not history.allows(who, out, seq):
            way = "is shut out of the case" if out else "belongs to the case"
            said = f"That “{who[2:]}” {way} (entry {seq}) is not what the history says."
            raise Fault(len(bodies), said)
    for who, (out, seq) in history.told.items():
        if who not in are and who not in history.open:
            way = "shut out" if out else "a member"
            said = f"“{who[2:]}” is {way} by entry {seq}, but the row that says so is gone."
            raise Fault(seq, said)
    asked = store.people.lifts.proposed(unit, row.id)
    if any(
        asked.get(who) != history.lifts.get(who) for who in {*asked, *history.lifts} - history.open
    ):
        said = "Who asked that somebody be let in again is not what the history says."
        raise Fault(len(bodies), said)
