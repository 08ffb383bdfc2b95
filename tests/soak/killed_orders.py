"""The orders that are killed at each of their instants: how a case comes before it, what is asked.

What the product does of itself (a timer, a signal on its way) is asked of its own parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.casework import Desk
from app.casework.access import SYSTEM
from app.casework.commands import AddMember, DeliverMessage, StartCase
from app.scheduler.outbox import Outbox
from app.scheduler.signals import spread
from app.store.work import tasks
from tests.kit import PEOPLE, diagram, form
from tests.soak.serving import Place

CLERK = {"groups": "clerk,lead"}
FILES = {
    **diagram(
        "start > task:a > send:tell > task:b > end; boundary:late > task:remind > end:done;"
        " boundary:together > task:look > end:looked",
        a=CLERK | {"form": "words", "due": "=working_days_after(today(), 2)"},
        tell={"effect": "mail", "to": "clerk", "template": "heard"},
        b=CLERK,
        late={"on": "a", "timer": "PT1H", "interrupting": "false"},
        remind=CLERK,
        together={"on": "a", "message": "case_merged", "interrupting": "false"},
        look=CLERK,
    ),
    **diagram("start > catch:a_word > task:read > end", process="listening",
              a_word={"message": "word"}, read=CLERK),
    **diagram(
        "start:died > send:told > task:report > end",
        process="death",
        start_groups=None,
        var={"who": "null"},
        died={"message": "died", "recorded_by": "death_told"},
        told={"effect": "mail", "to": "lead", "template": "heard"},
        report=CLERK | {"due": "=hours_after(now(), 24)", "label": "=who"},
    ),
    **diagram("start > throw:alarm > task:after > end", process="rings",
              alarm={"signal": "fire"}, after=CLERK),
    **diagram("start > catch:heard > task:act > end", process="hears",
              heard={"signal": "fire"}, act=CLERK),
    **form("words", "what"),
    **form("death_told", "who", properties={"tells_apart": "true"}),
    "forms/mail/heard.txt": b"Subject: Heard\n\nSomething in {reference}.",
    "forms/mail/undone.txt": b"Subject: Undone\n\nTaken back in {reference}.",
}  # fmt: skip
SETTINGS = {
    "signals_across_cases": ["fire"], "take_back_mail": "undone", "take_back_hours": 24,
}  # fmt: skip


@dataclass
class Hand:
    """A clock that stands until it is moved."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Asked:
    """What is asked once and, when no answer came, again."""

    #: ids of the cases that it is about
    cases: list[str]
    path: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    #: what the product does of itself, instead of a request
    does: Callable[[Desk, datetime], object] | None = None


@dataclass
class World:
    place: Place
    hand: Hand

    def start(self, process: str = "p", who: str = "lea") -> str:
        order = StartCase(actor=PEOPLE[who], at=self.hand.at, process=process)
        case = self.place.desk.do(order).case
        for one in {"lea", "ben"} - {who}:
            self.place.desk.do(
                AddMember(actor=SYSTEM, at=self.hand.at, case=case, person=one, reason="r")
            )
        return case

    def deliver(self, desk: Desk, at: datetime) -> int:
        return Outbox(desk, self.place.config.mail, partial(spread, desk)).deliver(at)

    def calm(self) -> None:
        """Nothing is due and nothing waits to be handed on."""
        self.hand.at += timedelta(hours=2)
        self.place.desk.wake_due(self.hand.at)
        while self.deliver(self.place.desk, self.hand.at):
            pass

    def task(self, case: str, element: str) -> str:
        with self.place.desk.store.reading() as unit:
            rows = tasks.of_case(unit, case)
        return next(row.task for row in rows if row.element == element)


def start(world: World) -> Asked:
    return Asked([], "/cases", {"process": "p", "answers": {}})


def claim(world: World) -> Asked:
    case = world.start()
    return Asked([case], f"/cases/{case}/tasks/{world.task(case, 'a')}/claim")


def complete(world: World) -> Asked:
    case = world.start()
    path = f"/cases/{case}/tasks/{world.task(case, 'a')}/complete"
    return Asked([case], path, {"answers": {"what": "x"}})


def message(world: World) -> Asked:
    case = world.start("listening")
    return Asked([case], f"/cases/{case}/messages", {"message": "word", "payload": {"n": 1}})


def event(world: World) -> Asked:
    case = world.start()
    body = {"message": "died", "payload": {"who": "Child 1"}}
    return Asked([case], f"/cases/{case}/messages", body)


def take_back(world: World) -> Asked:
    case = world.start()
    order = DeliverMessage(
        actor=PEOPLE["lea"], at=world.hand.at, case=case, message="died", given={"who": "Child 1"}
    )
    entry = world.place.desk.do(order).seq
    return Asked([case], f"/cases/{case}/take-back", {"entry": entry, "reason": "A mistake"})


def merge(world: World) -> Asked:
    case, main = world.start(), world.start()
    return Asked([case, main], f"/cases/{case}/merge", {"into": main, "reason": "The same"})


def timer(world: World) -> Asked:
    world.calm()
    case = world.start()
    world.hand.at += timedelta(hours=2)
    return Asked([case], does=lambda desk, at: desk.wake_due(at))


def signal(world: World) -> Asked:
    world.calm()
    heard = world.start("hears")
    case = world.start("rings")
    return Asked([case, heard], does=world.deliver)


ORDERS: dict[str, Callable[[World], Asked]] = {
    made.__name__: made
    for made in (complete, start, message, timer, event, claim, take_back, merge, signal)
}
