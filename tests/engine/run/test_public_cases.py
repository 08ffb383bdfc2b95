"""Faults that people reported about other engines, re-created as small files in `public/`.

The first comment of each file names the report and says what is right. A row plays it, word by
word: `A` completes an open task of that name (`A{"x":1}` with answers), `!note{…}` a message
arrives, `+2h` or `+1d` time goes by, `?A,B` exactly these are open, `=completed` is how the first
instance ended; `=incident` alone says that it cannot begin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.engine.errors import Fault
from app.engine.events import DeadlineSet, TimerFired
from app.validation.gate import check

from .kit import MONDAY, Play, numbers

FOLDER = Path(__file__).parent / "public"
WORD = re.compile(r"(?P<sign>[!+?=]?)(?P<name>[\w,]*)(?P<answers>\{.*\})?")

ROWS = {
    "02-or-join-flow-twice": "?A,B,C A B ?C C ?W,W W W =completed",
    "04-and-join-in-loop": '?A,B A B ?C C{"again":true} ?A,B A ?B B ?C C{"again":false} =completed',
    "06-event-gateway-two-timers": (
        '+1h ?A +5h ?A A{"again":true} !note ?C +5h ?C C{"again":true} +1h ?A'
    ),
    "08-esp-and-boundary-same-message": "!stop ?inn inn ?after",
    "10-correlation-key": '!reply2{"kid":"Ben"} ?A A !reply2{"kid":"Ann"} ?A A =completed',
    "12-mi-output-mapping-once": "?A,A,A A A A ?after",
    "14-compensate-inside-sub": "A B ?undoB undoB ?undoA undoA ?after",
    "16-compensation-order": "A B C ?undoC undoC ?undoB undoB ?undoA undoA ?after",
    "18-error-called-mi": '?Q1,Q1,Q1 Q1{"bad":true} ?caught',
    "20-cycle-anchored": "?A +7m ?A +1m ?A,c +15m ?A,c,c",
    "22-loop-back-to-mi": '?A,A A A B{"again":true,"kids":[1,2,3]} ?A,A,A',
    "24-boundary-timers-join": "+2h ?W W =completed",
    "26-or-three-two": "?A,B A ?B B ?W W =completed",
    "28-boundary-without-outgoing": "+1h =completed",
    "30-terminate-in-mi": '?A,A A{"stop":true} ?A A{"stop":false} ?W',
    "32-mi-null": "=incident",
    "34-mi-item-in-condition": "?A A ?A A ?W",
    "36-two-catch-same-message": "!note ?A !note ?A,B",
    "38-timer-date-past": "+0h ?A",
    "40-cycle-month-end": "+200d ?A,c,c,c,c",
    "42-signal-all": "?A,B,Q1",
    "44-error-uncaught-mi": '?A,A A{"bad":true} =failed',
    "46-or-join-in-loop": (
        '?A,B A ?B B ?W W{"again":true} ?A,B A ?B B ?W W{"again":false} =completed'
    ),
    "48-error-code-filter": "=failed",
    "50-timer-on-mi": "?A,A,A A +1d ?X",
    "52-call-mi-isolation": 'Q1{"v":"a"} Q1{"v":"b"} ?Q2,Q2 Q2 Q2 =completed',
    "54-xor-no-flow": "=incident",
    "56-P1D-dst": "+1d ?X",
    "60-conditional-edge": (
        'U{"x":11} ?A,N,U2 U2{"x":12} ?A,N,U3 U3{"x":0} ?A,N,U4 U4{"x":20} ?A,N,N'
    ),
    "62-timer-in-mi": "?A,A +5h ?A,A,h,h,h,h",
    "64-signal-data": '?A A{"v":"inner"} ?B',
    "66-reject-ends-all": '?A,B,C A B{"no":true} =terminated',
    "68-timer-same-instant": "A =completed +1h ?",
    "70-same-message-gateway": "!note ?A,Z !note ?A,Z,Z",
    "72-due-null": "=incident",
    "74-due-text": "?A",
    "82-terminate-in-call": "?Q1,Q2 Q1 ?W W =completed",
}  # fmt: skip
STARTS = {
    "20-cycle-anchored": MONDAY.replace(minute=7),
    "40b-cycle-month-end-feel": datetime(2026, 1, 31, 9, tzinfo=UTC),
    "40-cycle-month-end": datetime(2026, 1, 31, 9, tzinfo=UTC),
    "56-P1D-dst": datetime(2026, 3, 28, 9, tzinfo=UTC),
}


def files(name: str) -> dict[str, bytes]:
    paths = [*FOLDER.glob(f"{name}.bpmn"), *FOLDER.glob(f"{name}-[01].bpmn")]
    assert paths, name
    return {f"bpmn/{path.name}": path.read_bytes() for path in paths}


def begun(name: str, variables: Mapping[str, Any] | None = None) -> Play:
    checked = check(files(name))
    assert checked.program is not None, checked.findings
    return Play(checked.program, at=STARTS.get(name, MONDAY)).start("P", **(variables or {}))


def played(name: str) -> Play:
    play = begun(name)
    for word in ROWS[name].split():
        step(play, word)
    return play


def step(play: Play, word: str) -> None:
    found = WORD.fullmatch(word)
    assert found, word
    sign, name = found["sign"], found["name"]
    answers = numbers(json.loads(found["answers"] or "{}"))
    if sign == "?":
        assert play.open == (name.split(",") if name else []), word
    elif sign == "=":
        assert play.ended.get("1") == name, word
    elif sign == "+":
        play.advance(**{{"d": "days", "h": "hours", "m": "minutes"}[name[-1]]: int(name[:-1])})
    elif sign == "!":
        play.do("message", name, answers)
    else:
        play.complete(name, **answers)


@pytest.mark.parametrize("name", [name for name in ROWS if ROWS[name] != "=incident"])
def test_reported_case_runs_right(name: str) -> None:
    played(name)


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        *((name, {}) for name in ROWS if ROWS[name] == "=incident"),
        *(("78-condition-kind", {"v": value}) for value in ("yes", 1, None)),
    ],
)
def test_reported_case_is_an_incident_at_its_element(name: str, variables: dict[str, Any]) -> None:
    with pytest.raises(Fault) as caught:
        begun(name, variables)
    assert caught.value.element_id


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("58-duplicate-process-id", "schema"),
        ("76-message-name-spaces", "message-unheard"),
        ("80-mutual-calls", "self-call"),
    ],
)
def test_reported_case_is_a_finding(name: str, rule: str) -> None:
    whole = {**files(name), "settings.json": b"{}"}
    assert rule in {one.rule for one in check(whole).findings}


def test_every_file_is_played() -> None:
    names = {re.sub(r"-[01]$", "", path.stem) for path in FOLDER.glob("*.bpmn")}
    told = {"40b-cycle-month-end-feel", "58-duplicate-process-id", "76-message-name-spaces"}
    assert names == {*ROWS, *told, "78-condition-kind", "80-mutual-calls"}


def fired(play: Play) -> list[str]:
    return [f"{event.due:%d %b %H:%M}" for event in play.told(TimerFired)]


MONTHS = ["28 Feb 09:00", "31 Mar 08:00", "30 Apr 08:00", "31 May 08:00"]


def test_months_are_counted_from_the_start() -> None:
    assert fired(played("40-cycle-month-end")) == MONTHS
    play = begun("40b-cycle-month-end-feel")
    play.advance(days=125)
    assert fired(play) == MONTHS


def test_a_day_keeps_its_clock_time() -> None:
    assert fired(played("56-P1D-dst")) == ["29 Mar 08:00"]


def test_what_the_cases_hold() -> None:
    assert played("12-mi-output-mapping-once").values()["n"] == 3
    assert played("52-call-mi-isolation").values()["vs"] == ["a", "b"]
    play = played("64-signal-data")
    assert play.case.variables(play.open_tasks()[0].task)["v"] == "inner"
    (due,) = played("74-due-text").told(DeadlineSet)
    assert f"{due.due:%Y-%m-%d %H:%M}" == "2026-04-02 08:00"
    assert played("10-correlation-key").ended == {"1": "completed"}
