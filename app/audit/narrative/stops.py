"""Sentences for what stopped and what became of it."""

from __future__ import annotations

from datetime import datetime

from app.audit.narrative.memory import Memory
from app.engine import events as fact
from app.engine import moment

Told = tuple[str, str] | None


def raised(event: fact.IncidentRaised, memory: Memory, actor: str, at: datetime) -> Told:
    where = f" at {memory.named(event, event.element)}" if event.element else ""
    if event.timer is None and actor:
        return "trouble", f"An order of {actor} was stopped{where}: {event.sentence}"
    if event.timer is None:
        return "trouble", f"The case stopped{where} and needs a person: {event.sentence}"
    then = (
        "waits for a person" if event.until is None else f"is tried again on {moment(event.until)}"
    )
    return "trouble", f"A timer failed{where} and {then}; all else goes on. {event.sentence}"


def retried(event: fact.IncidentRetried, memory: Memory, actor: str, at: datetime) -> Told:
    return None  # the order says it


def ended(event: fact.IncidentEnded, memory: Memory, actor: str, at: datetime) -> Told:
    where = memory.named(event, event.element)
    if event.how == "fired":
        return "trouble", f"What had stopped goes on: the timer {where} has fired."
    return "trouble", f"The timer {where}, which had stopped, is not needed any more."
