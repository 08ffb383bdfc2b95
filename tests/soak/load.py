"""Clients that send orders and repeat each, with its key, until it is answered; and what must be
true of every answer when the disturbance is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.audit.verification import verify_case
from app.store import cases
from app.store.chain import history
from tests.acceptance.site import Caller
from tests.kit import diagram
from tests.limits import until
from tests.soak.report import Report
from tests.soak.serving import Place

FILES = {
    **diagram("start > task:held > end", held={"groups": "lead"}),
    **diagram("start > catch:a_word > end", process="listening", start_groups=None,
              a_word={"message": "word"}),
}  # fmt: skip
#: answers that say "not now": a client repeats them
LATER = (503, 502, 504)
#: between two tries
PAUSE_S = 0.05


@dataclass
class Sender(threading.Thread):
    """Sends words to its own case, one after the other, until it is told to stop."""

    who: str
    token: str
    ports: list[int]
    chance: Random
    stop: threading.Event
    case: str = ""
    #: key → entry
    acknowledged: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    later: int = 0
    slowest: float = 0.0
    odd: list[str] = field(default_factory=list)
    #: key of what was sent and never answered
    open_key: str = ""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            key = f"{self.who}-{number}"
            body = {"message": "word", "payload": {"key": key}}
            answer = self.order(key, f"/api/v1/cases/{self.case}/messages", body)
            if answer is not None:
                self.acknowledged[key] = answer["entry"]

    def order(self, key: str, path: str, body: Any) -> Any:
        self.open_key = key
        while True:
            begun = time.monotonic()
            try:
                caller = Caller(self.chance.choice(self.ports), self.token, seconds=60)
                answer = caller.ask("POST", path, body, {"Idempotency-Key": key})
            except OSError:
                answer = None
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if answer is not None and answer.code in (200, 201):
                self.open_key = ""
                return answer.json
            if answer is not None and answer.code not in LATER:
                self.odd.append(f"{path}: {answer.code} {answer.text[:200]}")
                return None
            self.repeated += 1
            self.later += answer is not None
            if self.stop.is_set():
                return None
            time.sleep(PAUSE_S)


@dataclass
class Load:
    place: Place
    senders: list[Sender]

    @property
    def acknowledged(self) -> int:
        return sum(len(one.acknowledged) for one in self.senders)

    def more(self, count: int) -> None:
        """Waits until so many more were acknowledged."""
        aim = self.acknowledged + count
        until(lambda: self.acknowledged >= aim, lambda: f"{self.acknowledged} of {aim}")


@contextmanager
def load(place: Place, ports: list[int], seed: int, count: int = 4) -> Iterator[Load]:
    """Senders at work inside; at the end they have stopped."""
    stop = threading.Event()
    people = [f"lead{number}" for number in range(count)]
    senders = [
        Sender(who, place.token(who), ports, Random(seed * 100 + number), stop)
        for number, who in enumerate(people)
    ]
    for sender in senders:
        made = sender.order(f"{sender.who}-start", "/api/v1/cases", {"process": "p", "answers": {}})
        assert made is not None, sender.odd
        sender.case = made["case"]
    for sender in senders:
        sender.start()
    try:
        yield Load(place, senders)
    finally:
        stop.set()
        for sender in senders:
            sender.join(120)


def proved(made: Load, report: Report, check: Callable[[str], Any] | None = None) -> None:
    """Every acknowledged order is there, at the entry that was told, and nothing is there twice."""
    verify = check or (lambda case: verify_case(made.place.desk.store, case))
    for sender in made.senders:
        report.faults += sender.odd
        with made.place.desk.store.reading() as unit:
            row = cases.find(unit, sender.case)
            if row is None:
                report.faults.append(f"the case of {sender.who} is lost")
                continue
            kinds = {entry.seq: entry.kind for entry in history.rows(unit, row.id)}
        words = sum(kind == "DeliverMessage" for kind in kinds.values())
        told = set(sender.acknowledged.values())
        lost = [seq for seq in told if kinds.get(seq) != "DeliverMessage"]
        if lost:
            report.faults.append(f"{len(lost)} acknowledged orders of {sender.who} are lost")
        if len(told) != len(sender.acknowledged):
            report.faults.append(f"{sender.who} was told one entry for two orders")
        # what was under way at the end may have been done and not told
        if not len(told) <= words + len(lost) <= len(told) + 1:
            report.faults.append(f"{words} words of {sender.who} are kept, {len(told)} were told")
        verdict = verify(sender.case)
        if not verdict.good:
            report.faults += verdict.lines()
    report.counts["acknowledged"] += made.acknowledged
    report.counts["repeated"] += sum(one.repeated for one in made.senders)
