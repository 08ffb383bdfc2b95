"""Page, file and API tell the figures that 240 invented cases' histories alone lead to."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.audit import entries
from app.audit.exports import entries_jsonl
from app.casework.commands import Cancel, CompleteTask, Merge, MoveDeadline
from app.config import Condition, Config, Measure
from tests.anyshire import configuration
from tests.kit import PEOPLE, Kit, diagram, form
from tests.measured import when
from tests.web.by_hand import LONDON, Case, Tally, after, working
from tests.web.conftest import Browser
from tests.web.test_api import Client, api

__all__ = ["api"]

PRESENT = datetime(2026, 11, 25, 10, tzinfo=UTC)
FIVE = "=working_days_after(aware, 5)"
RELEASED = ("no_duty", "handed_over")


def notice(id: str, *routes: str, begins: tuple[str, ...] = ()) -> Measure:
    return Measure(
        id=id, name=id.title(), basis="Act 1", tasks=("send",), limit="due", happened="sent_at",
        where=Condition("decide", "route", routes), begins=begins, released=RELEASED,
    )  # fmt: skip


REPLY = Measure(
    id="reply", name="Reply", basis="Act 2", tasks=("reply",), limit="backstop", target="due",
    happened="sent_at",
)  # fmt: skip
MEASURES = (notice("harm", "harm", begins=("look", "decide")), notice("death", "death"), REPLY)


def files() -> dict[str, bytes]:
    who = {"groups": "clerk,lead"}
    return {
        **diagram(
            "start > task:look > task:decide > xor:which > task:send > end; which > end:no_duty;"
            "which > task:ask_other > end:handed_over",
            var={"aware": "today()", "outcome": '"send"'},
            look={**who, "due": "=working_days_after(aware, 2)", "backstop": FIVE},
            decide={
                **who, "due": "=working_days_after(aware, 3)", "backstop": FIVE, "form": "chosen",
                "out": "=outcome -> outcome",
            },
            send={**who, "due": FIVE, "form": "sent", "condition": "default"},
            no_duty={"condition": '=outcome = "none"'},
            ask_other={**who, "condition": '=outcome = "theirs"'},
        ),
        **diagram(
            "start > task:reply > end", process="q", var={"aware": "today()"},
            reply={**who, "due": "=working_days_after(aware, 3)", "backstop": FIVE, "form": "sent"},
        ),
        **form("chosen", "outcome", "route", required=False),
        **when("sent_at", "sent"),
    }  # fmt: skip


class Life:
    """One invented case, walked at its own pace."""

    def __init__(self, kit: Kit, chance: random.Random) -> None:
        self.kit, self.chance = kit, chance
        ago = chance.randrange(9) if chance.random() < 0.15 else chance.randrange(325)
        self.day = date(2026, 11, 24) - timedelta(days=ago)
        self.case = ""

    def wait(self, most: int) -> bool:
        """Some days go by; False: they reach the present, and nothing more happens."""
        self.day += timedelta(days=self.chance.randrange(most + 1))
        at = datetime.combine(self.day, time(self.chance.randrange(13, 18)), LONDON)
        if at.astimezone(UTC) >= PRESENT:
            return False
        self.kit.at = max(at.astimezone(UTC), self.kit.at if self.case else at.astimezone(UTC))
        return True

    def begin(self, process: str) -> None:
        self.kit.at = datetime.combine(self.day, time(9), LONDON).astimezone(UTC)
        if self.kit.at < PRESENT:
            self.case = self.kit.start("ann", process)

    def done(self, element: str, **given: Any) -> None:
        task = self.kit.task(self.case, element)
        self.kit.desk.do(
            CompleteTask(
                actor=PEOPLE["ann"], at=self.kit.at, case=self.case, task=task, given=given
            )
        )

    def sent(self, element: str) -> None:
        """Often stated: on the same day, or on one before."""
        if self.chance.random() < 0.5:
            self.done(element)
            return
        back = self.day - timedelta(days=self.chance.randrange(4))
        self.done(element, sent_at=f"{back.isoformat()}T08:30")

    def walk(self) -> None:
        self.begin("q" if self.chance.random() < 0.25 else "p")
        if not self.case:
            return
        if self.kit.open(self.case) == ["reply"]:
            if self.wait(11):
                self.sent("reply")
            return
        for step in (self.look, self.decide, self.finish):
            if not step():
                return

    def look(self) -> bool:
        if not self.wait(6) or self.chance.random() < 0.12:
            return False
        if self.chance.random() < 0.15:
            task = self.kit.task(self.case, "look")
            to = after(self.day, 9)
            self.kit.do(MoveDeadline, "lea", case=self.case, task=task, due=to, reason="asked")
        if self.chance.random() < 0.1:
            self.kit.do(Cancel, "lea", case=self.case, reason="a mistake")
            return False
        self.done("look")
        return True

    def decide(self) -> bool:
        if not self.wait(5) or self.chance.random() < 0.12:
            return False
        outcome = self.chance.choice(["send", "send", "send", "none", "theirs"])
        route = self.chance.choice(["harm", "harm", "harm", "death"])
        self.done("decide", outcome=outcome, **({"route": route} if outcome == "send" else {}))
        return outcome != "none" and self.chance.random() < 0.9

    def finish(self) -> bool:
        if not self.wait(4):
            return False
        if self.kit.open(self.case) == ["ask_other"]:
            self.done("ask_other")
        else:
            self.sent("send")
        return False


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return replace(configuration(tmp_path), timeliness=MEASURES)


@pytest.fixture
def invented(kit: Kit) -> Kit:
    kit.deploy(files())
    chance = random.Random(2026)
    lives = [Life(kit, chance) for _ in range(260)]
    for life in lives:
        life.walk()
    open_ones = [life for life in lives if life.case and "look" in kit.open(life.case)]
    kit.at = PRESENT
    for copy, main in zip(open_ones[0:12:2], open_ones[1:12:2], strict=True):
        kit.do(Merge, "lea", case=copy.case, into=_reference(kit, main.case), reason="the same")
    return kit


def _reference(kit: Kit, case: str) -> str:
    return next(reference for id, reference in _cases(kit) if case in (id, reference))


def _cases(kit: Kit) -> list[tuple[str, str]]:
    with kit.store.reading() as unit:
        return [(id, ref) for id, ref in unit.rows(text("SELECT id, reference FROM cases"))]


def _read(kit: Kit) -> Iterator[Case]:
    for id, reference in _cases(kit):
        with kit.store.reading() as unit:
            yield Case(reference=reference).read(entries_jsonl(entries.of_case(unit, id)))


def worked_out(kit: Kit) -> tuple[dict[str, Tally], set[tuple[str, str, str]]]:
    """Measure → its figures of 2026, and (measure, case, state) of each that is late."""
    tallies = {measure.id: Tally() for measure in MEASURES}
    late = set()
    for case in _read(kit):
        measures = ["harm"] if case.route is None else [case.route]
        with kit.store.reading() as unit:
            process = next(
                iter(unit.rows(text("SELECT process FROM cases WHERE reference = :r"),
                               {"r": case.reference}))
            )[0]  # fmt: skip
        for measure in ["reply"] if process == "q" else measures:
            state = tallies[measure].add(case, PRESENT.date(), 3 if process == "q" else None)
            if state in ("late", "open_late"):
                late.add((measure, case.reference, state))
    return tallies, late


def test_page_file_and_api_agree_with_the_histories_of_240_cases(
    invented: Kit, browser_of: Callable[[str], Browser], api: Callable[[str], Client]
) -> None:
    assert len(_cases(invented)) >= 200
    tallies, late = worked_out(invented)
    by_hand = {id: tally.numbers() for id, tally in tallies.items()}
    assert all(by_hand["harm"][n] for n in ("in_time", "late", "open_late", "left_out", "running"))
    assert by_hand["reply"]["behind"] and by_hand["harm"]["recorded_after"]

    told = api("aud").get("/figures")
    for one in told["items"]:
        (year,) = one["figures"]
        year["left_out"] = sum(each["count"] for each in year["left_out"])
        wanted = by_hand[one["measure"]]
        assert {key: year[key] for key in wanted} == wanted, one["measure"]
    listed = {
        (one["measure"], one["case"], one["state"])
        for one in told["late"]
        if one["state"] in ("late", "open_late")
    }
    assert listed == late

    browser = browser_of("aud")
    answer = browser.client.get("/figures/download.csv").get_data(as_text=True)
    for row in csv.DictReader(io.StringIO(answer.lstrip("\ufeff"))):
        wanted = by_hand[row["Measure"]]
        names = ("In time", "Late", "Still open and late", "Not yet due", "Left out")
        keys = ("in_time", "late", "open_late", "running", "left_out")
        assert [int(row[name]) for name in names] == [wanted[key] for key in keys]
        assert row["Worst lateness, working days"] == str(wanted["worst_days"] or "")

    page = browser.visit("/figures")
    for id, wanted in by_hand.items():
        cells = page.tree.xpath(f"//section[h2='{id.title()}']//tbody/tr/td")
        first = [" ".join(cell.itertext()).split() for cell in cells]
        numbers = [int(next(word for word in words if word.isdigit())) for words in first[:5]]
        keys = ("in_time", "late", "open_late", "running", "left_out")
        assert numbers == [wanted[key] for key in keys], id


def test_a_duty_shows_as_late_within_a_minute_of_its_limit(
    kit: Kit, api: Callable[[str], Client]
) -> None:
    """Nobody has decided yet, and the step that does it has never opened."""
    kit.deploy(files())
    kit.at = datetime(2026, 3, 26, 9, tzinfo=UTC)  # five working days on: Thursday 2 April
    kit.start("ann")
    client = api("aud")
    kit.at = datetime(2026, 4, 2, 22, 59, 59, tzinfo=UTC)
    (year,) = client.get("/figures")["items"][0]["figures"]
    assert (year["running"], year["open_late"]) == (1, 0)
    kit.at = datetime(2026, 4, 2, 23, 0, 30, tzinfo=UTC)
    (year,) = client.get("/figures")["items"][0]["figures"]
    assert (year["running"], year["open_late"], year["per_cent"]) == (0, 1, 0)


def test_the_calendar_of_the_pencil_knows_easter() -> None:
    assert after(date(2026, 3, 26), 5) == date(2026, 4, 2) and not working(date(2026, 4, 6))
