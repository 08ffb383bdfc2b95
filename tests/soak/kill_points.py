"""SIGKILL at every instant of every order, on a real server; then the same request again.

Afterwards what the order does has been done once: as many rows of every table as after the same
order that nobody disturbed, a good history, and an acknowledged entry that is still there.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from app.audit.verification import verify_case
from app.casework import Desk
from app.store.columns import METADATA
from tests.kit import START
from tests.soak.dying import Instants
from tests.soak.killed_orders import FILES, ORDERS, SETTINGS, Asked, Hand, World
from tests.soak.report import Report
from tests.soak.serving import caller, forked, placed, serve

#: what an order may add beside its effect: who works, and who was here
_ASIDE = {"beat", "signing", "throttle", "session"}
Plant = Callable[[], None]


@dataclass(frozen=True)
class Answered:
    """What came back; all None where the process died."""

    code: int | None = None
    entry: int | None = None
    replayed: bool | None = None
    text: str = ""


@dataclass
class Killing:
    """One order on one database: undisturbed, then killed at each of its instants."""

    world: World
    name: str
    report: Report
    planted: Plant | None = None
    number: int = 0

    def run(self, chosen: Callable[[int], list[int]]) -> None:
        self.undisturbed()  # what is done once for all is done
        instants, effect = self.undisturbed()
        self.report.counts["instants there are"] += instants
        for at in chosen(instants):
            self.killed(at, effect)

    def undisturbed(self) -> tuple[int, dict[str, int]]:
        asked, key = self.ready()
        before = self.rows()
        count, answer = self.ask(asked, key, 0)
        if answer.code not in (200, 201):
            raise AssertionError(f"{self.name} cannot be done: {answer}")
        return count, changed(before, self.rows())

    def ready(self) -> tuple[Asked, str]:
        self.number += 1
        return ORDERS[self.name](self.world), f"{self.name}-{self.number}"

    def killed(self, at: int, effect: dict[str, int]) -> None:
        asked, key = self.ready()
        before = self.rows()
        _, first = self.ask(asked, key, at)
        between = changed(before, self.rows())
        if first.code is not None:
            self.fault(at, f"answered {first.code} instead of dying")
        if asked.does is None and between not in ({}, effect):
            self.fault(at, f"left a part: {between}, not {effect}")
        self.verified(at, asked)
        if asked.does is not None:
            self.world.hand.at += timedelta(minutes=3)  # nobody holds any more what was claimed
        _, again = self.ask(asked, key, 0)
        if again.code not in (200, 201):
            self.fault(at, f"asked again: {again.code} {again.text}")
        elif asked.does is None and between == effect and not again.replayed:
            self.fault(at, "was done already, and the repeated request did not know")
        if (total := changed(before, self.rows())) != effect:
            self.fault(at, f"at the end {total}, not {effect}")
        self.verified(at, asked)
        self.report.counts["points"] += 1

    def ask(self, asked: Asked, key: str, at: int) -> tuple[int, Answered]:
        """Instants that went by (0 where unknown) and the answer, of a process of its own."""
        readable, writable = os.pipe()

        def prepare(desk: Desk, web: Flask | None) -> None:
            if self.planted is not None:
                self.planted()
            instants = Instants(desk, at)
            if web is not None:
                instants.answers(web)
                web.after_request(lambda response: _noted(response, instants))
            elif asked.does is not None:
                asked.does(desk, self.world.hand.at)
                os.write(writable, str(instants.count).encode())

        if asked.does is None:
            os.close(readable)
            os.close(writable)
            return self.served(asked, key, prepare)
        self.world.place.letting_go()
        pid = forked(lambda: prepare(self.world.place.desk, None))
        os.close(writable)
        with os.fdopen(readable) as said:
            count = said.read()
        os.waitpid(pid, 0)
        return (int(count), Answered(200)) if count else (0, Answered())

    def served(self, asked: Asked, key: str, prepare: Any) -> tuple[int, Answered]:
        token = self.world.place.token("lea")
        server = serve(self.world.place, prepare)
        try:
            headers = {"Idempotency-Key": key}
            client = caller(server, token)
            answer = client.ask("POST", f"/api/v1{asked.path}", dict(asked.body), headers)
        except OSError:
            return 0, Answered()
        finally:
            server.kill()
        body: dict[str, Any] = {}
        with suppress(json.JSONDecodeError):
            body = answer.json
        count = int(answer.headers.get("X-Instants") or 0) + 1  # the answer itself is the last one
        return count, Answered(answer.code, body.get("entry"), body.get("replayed"), answer.text)

    def rows(self) -> dict[str, int]:
        """Rows of each table."""
        parts = [
            f"SELECT '{name}' AS name, count(*) AS rows FROM \"{name}\""
            for name in METADATA.tables
            if name not in _ASIDE
        ]
        with self.world.place.desk.store.reading() as unit:
            return dict(map(tuple, unit.rows(text(" UNION ALL ".join(parts)))))

    def verified(self, at: int, asked: Asked) -> None:
        for case in asked.cases:
            verdict = verify_case(self.world.place.desk.store, case)
            if not verdict.good:
                self.fault(at, " ".join(verdict.lines()))

    def fault(self, at: int, sentence: str) -> None:
        kind = self.world.place.desk.store.dialect
        self.report.faults.append(f"{self.name} on {kind}, killed at instant {at}: {sentence}")


def _noted(response: Any, instants: Instants) -> Any:
    response.headers["X-Instants"] = str(instants.count)
    return response


def changed(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def drill(
    seed: int,
    size: int,
    folder: Path,
    databases: list[str],
    planted: Plant | None = None,
    orders: list[str] | None = None,
) -> Report:
    """`size`: points of each order on each database, chosen by the seed; 0: all there are."""
    report, chance = Report("kill points", seed), random.Random(seed)

    def chosen(instants: int) -> list[int]:
        every = list(range(1, instants + 1))
        if not size or size >= instants:
            return every
        # always once between the commit and the answer, else by chance
        return [*sorted(chance.sample(every[:-1], size - 1)), instants]

    for number, database in enumerate(databases):
        hand = Hand(START)
        place = placed(folder / f"kills{number}", FILES, database, hand, settings=SETTINGS)
        world = World(place, hand)
        for who in ("lea", "ben"):
            place.token(who)
        for name in orders or ORDERS:
            Killing(world, name, report, planted).run(chosen)
        place.letting_go()
    return report.ended()
