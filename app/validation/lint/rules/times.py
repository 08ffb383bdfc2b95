"""Rules on timers and dates: ISO 8601 where they are literal, and within reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from app.engine.bpmn import Element, local
from app.engine.bpmn.names import EVENTS
from app.engine.bpmn.reading import declarations
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View

_DURATION = re.compile(
    r"(?P<sign>[-+]?)P(?=.)(?:(?P<Y>\d{1,9})Y)?(?:(?P<M>\d{1,9})M)?(?:(?P<W>\d{1,9})W)?"
    r"(?:(?P<D>\d{1,9})D)?(?:T(?=.)(?:(?P<h>\d{1,9})H)?(?:(?P<m>\d{1,9})M)?"
    r"(?:(?P<s>\d{1,9}(?:\.\d{1,9})?)S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>-?\d{0,9})/(?:(?P<start>[^/]+)/)?(?P<every>[^/]+)")
_DAYS = {"Y": 365, "M": 30, "W": 7, "D": 1, "h": 1 / 24, "m": 1 / 1440, "s": 1 / 86400}
MOST_DAYS = 100 * 365


def days(text: str) -> float | None:
    """A duration's length in days, about; None when it is not ISO 8601."""
    duration = _DURATION.fullmatch(text.strip())
    if duration is None:
        return None
    total = sum(float(duration[part] or 0) * each for part, each in _DAYS.items())
    return -total if duration["sign"] == "-" else total


def fault_of(kind: str, text: str) -> str | None:
    """What is wrong with a literal timer: a half sentence; None when it is right."""
    if kind == "date":
        return _date_fault(text)
    if kind == "duration":
        return _duration_fault(text)
    cycle = _CYCLE.fullmatch(text)
    if cycle is None:
        hint = " (cron is not understood)" if len(text.split()) > 4 else ""
        return f"is no ISO 8601 cycle such as R3/P1D{hint}"
    if cycle["times"].startswith("-") or cycle["times"] == "0":
        return "repeats less than once"
    if cycle["start"] and _date_fault(cycle["start"]):
        return f"begins at “{cycle['start'][:40]}”, which is no ISO 8601 date and time"
    if cycle["start"] and not cycle["every"].lstrip("+-").startswith("P"):
        return _end_fault(cycle["start"], cycle["every"])
    fault = _duration_fault(cycle["every"])
    if fault is None and not days(cycle["every"]):
        return "has no time between its firings, so it would fire for ever"
    return fault


def _end_fault(start: str, end: str) -> str | None:
    """R/start/end: its interval is what lies between the two."""
    if _date_fault(end):
        return f"ends at “{end[:40]}”, which is no ISO 8601 date and time"
    return None if _day(start) < _day(end) else "ends before it begins"


def _day(text: str) -> datetime:
    """For comparing: what names no zone is London's, an hour off at most."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _date_fault(text: str) -> str | None:
    try:
        year = (
            datetime.fromisoformat(text.replace("Z", "+00:00"))
            if "T" in text
            else date.fromisoformat(text)
        ).year
    except ValueError:
        return "is no ISO 8601 date such as 2026-04-02 or 2026-04-02T09:00:00Z"
    return None if 1950 <= year <= 2200 else f"lies in the year {year}"


def _duration_fault(text: str) -> str | None:
    length = days(text)
    if length is None:
        return "is no ISO 8601 duration such as P5D or PT12H"
    if length < 0:
        return "is a negative duration"
    return "is longer than 100 years" if length > MOST_DAYS else None


@rule("timer")
def timer(view: View) -> Iterator[Said]:
    """A timer must say when: an ISO 8601 date, duration or cycle, or an expression. One that cannot
    be read could never go off; one far beyond a lifetime, or without time between, is surely a
    slip."""
    for event in view.within(EVENTS):
        for node in view.definitions(event.id):
            if local(node) != "timerEventDefinition":
                continue
            drawn = declarations.timer(node)
            if drawn is None:
                yield Said(
                    event.id,
                    f"{view.the(event.id)} does not say when. Give it a date, a duration such as "
                    "P5D, or a cycle such as R3/P1D.",
                )
            else:
                yield from _literal(view, event, drawn.kind, drawn.expression)


def _literal(view: View, event: Element, kind: str, text: str) -> Iterator[Said]:
    if text.startswith("=") or re.search(r"[$#]\{", text):
        return  # worked out later, or said by `foreign-expression`
    fault = fault_of(kind, text)
    if fault is not None:
        yield Said(event.id, f"The timer of the {view.a(event.id)}, “{text[:40]}”, {fault}.")


@rule("timer-cycle-catch")
def timer_cycle_catch(view: View) -> Iterator[Said]:
    """A flow passes a catch event once, so a timer that repeats has no meaning there. What repeats
    is drawn as an event on an edge that does not interrupt, or as a loop."""
    for event in view.of("intermediateCatchEvent"):
        if event.timer is not None and event.timer.kind == "cycle":
            yield Said(
                event.id,
                f"{view.the(event.id)} repeats, but a flow passes it once. Use a duration; draw a "
                "loop or a non-interrupting boundary event for what repeats.",
            )


@rule("due-date")
def due_date(view: View) -> Iterator[Said]:
    """A due date, deadline or backstop must be a date, or an expression with “=” in front. Anything
    else gives no day by which the work is to be done."""
    for element in view.elements.values():
        wishes = (("due date", element.due), ("deadline", element.rules.deadline),
                  ("backstop", element.rules.backstop))  # fmt: skip
        for what, text in wishes:
            if text and not text.startswith("=") and not re.search(r"[$#]\{", text):
                fault = _date_fault(text)
                if fault is not None:
                    yield Said(
                        element.id,
                        f"The {what} of the {view.a(element.id)}, “{text[:60]}”, {fault}. "
                        "If it is an expression, write “=” in front.",
                    )
