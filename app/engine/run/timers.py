"""Owns timers: when they are due, which comes next, how they repeat, what re-planning does.

A timer belongs to the token that waits (its host, its scope, its event gateway) and is kept in
that token's internal data; what happens when it fires is `catching`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.engine.bpmn import Timer
from app.engine.errors import UnknownHolidays
from app.engine.events import IncidentEnded, TimerDropped, TimerSet
from app.engine.feel import Sum, compile_expression
from app.engine.run.instants import gave, read_cycle, read_moment, read_span, starts
from app.engine.run.tokens import Instance, Node, Token, about, evaluate, refuse


@dataclass(frozen=True, slots=True)
class Planned:
    due: datetime
    #: firings that follow this one; None: without end
    left: int | None = 0
    sum: str | None = None


def _value(token: Token, timer: Timer, extra: Mapping[str, Any], at: datetime) -> Any:
    text = timer.expression
    if not text.lstrip().startswith("="):
        return text, None
    refuse(token, text, extra)
    sums: list[Sum] = []
    value = evaluate(token, text, extra, at=at, sums=sums)
    if not isinstance(value, date) or timer.kind != "date":
        return value, sums[-1].text if sums else None
    told = gave(value, sums, token.workflow.turn.meaning)
    return value, told.text if told else None


def plan(token: Token, timer: Timer, extra: Mapping[str, Any], at: datetime) -> Planned:
    """When the timer is due, as seen by `token`, counted from `at`."""
    value, text = _value(token, timer, extra, at)
    if timer.kind == "date":
        return Planned(starts(read_moment(value)), sum=text)
    nominal = calendar_days(token)
    if timer.kind == "duration":
        return Planned(read_span(value, timer.expression, nominal=nominal).after(at), sum=text)
    cycle = read_cycle(value, nominal=nominal)
    left = None if cycle.times is None else cycle.times - 1
    if token.workflow.turn.meaning < 2:  # what lay in the past was made up for
        return Planned(cycle.start or cycle.every.after(at), left, text)
    return Planned(cycle.first(at), left, text)


def calendar_days(token: Token) -> bool:
    """A day is one of the calendar; under meaning 1 it was 24 hours."""
    return token.workflow.turn.meaning >= 2


def arm(token: Token, nodes: Iterable[Node], dates: Mapping[str, Any]) -> None:
    """Set every timer of the events in `nodes`, which `token` waits for.

    `dates`: `due` and `backstop` of the activity, for its boundary timers.
    """
    at = token.workflow.turn.at
    for node in nodes:
        for index, trigger in enumerate(node.triggers):
            if trigger.timer is not None and not _set_if_known(
                token, node, index, trigger.timer, dates, at
            ):
                late = {"e": node.name, "k": index, "at": at.isoformat()}
                token.internal_data.setdefault("unset_timers", []).append(late)


def _set_if_known(
    token: Token, node: Node, index: int, timer: Timer, dates: Mapping[str, Any], at: datetime
) -> bool:
    """False where it hangs on a day beyond the bank holidays that are known."""
    if speaks_of(timer, _undated(token, dates)):
        return False
    with about(node):
        try:
            planned = plan(token, timer, dates, at)
        except UnknownHolidays:
            return False
    add(token, node, {"k": index, "at": at.isoformat(), "left": planned.left}, planned)
    return True


def _undated(token: Token, dates: Mapping[str, Any]) -> set[str]:
    """What of `due` and `backstop` is drawn, and cannot be worked out yet."""
    if "undated" in token.internal_data:
        return {"due", "backstop"}
    drawn = {"backstop"} if dates and token.task_spec.element.rules.backstop else set()
    return drawn - dates.keys()


def _set_unset(token: Token, dates: Mapping[str, Any]) -> None:
    """Timers that could not be set when the token began to wait, if they can be now."""
    unset = token.internal_data.pop("unset_timers", [])
    specs, still = token.task_spec._wf_spec.task_specs, []
    for late in unset:
        node = specs[late["e"]]
        timer = node.triggers[late["k"]].timer
        at = datetime.fromisoformat(late["at"])
        if timer is not None and not _set_if_known(token, node, late["k"], timer, dates, at):
            still.append(late)
    if still:
        token.internal_data["unset_timers"] = still


def add(token: Token, node: Node, facts: dict[str, Any], planned: Planned) -> None:
    run = token.workflow
    run.counter += 1
    timer = {"n": run.counter, "e": node.name, "due": planned.due.isoformat(), **facts}
    token.internal_data.setdefault("timers", []).append(timer)
    run.turn.emit(
        TimerSet(
            **node.place(run),
            timer=f"{run.id}-{run.counter}",
            due=planned.due,
            sum=planned.sum,
        )
    )


def discard(token: Token, timer: Mapping[str, Any]) -> None:
    run = token.workflow
    token.internal_data["timers"].remove(timer)
    if not token.internal_data["timers"]:
        del token.internal_data["timers"]
    node: Node = token.task_spec._wf_spec.task_specs[timer["e"]]
    run.turn.emit(TimerDropped(**node.place(run), timer=f"{run.id}-{timer['n']}"))
    held_no_more(token, timer, "dropped")


def drop(token: Token, only: Iterable[str] | None = None) -> None:
    """Forget the token's timers (those of the elements in `only`)."""
    if unset := token.internal_data.pop("unset_timers", None):
        left = [] if only is None else [late for late in unset if late["e"] not in only]
        if left:
            token.internal_data["unset_timers"] = left
    for timer in list(token.internal_data.get("timers", ())):
        if only is None or timer["e"] in only:
            discard(token, timer)


def dues(run: Instance) -> Iterator[datetime]:
    """When each timer of the instance is due; asked with each command, so nothing else is built."""
    for token in run.tasks.values():
        for timer in token.internal_data.get("timers", ()):
            fires = fires_at(timer)
            if fires is not None:
                yield fires


def fires_at(timer: Mapping[str, Any]) -> datetime | None:
    """When it is due, or tried again where it is held; None: it waits for a person."""
    due = datetime.fromisoformat(timer["due"])
    if "tries" not in timer:
        return due
    return None if timer["next"] is None else max(due, datetime.fromisoformat(timer["next"]))


def earliest(runs: Iterable[Instance], at: datetime) -> tuple[Token, dict[str, Any]] | None:
    """What `wake` fires at `at`: of those due the first, of equal ones the one set first."""
    due = [
        (fires, set_at, index, n, token, timer)
        for index, run in enumerate(runs)
        for fires, set_at, n, token, timer in all_of(run)
        if fires <= at
    ]
    return min(due, key=lambda timer: timer[:4])[-2:] if due else None


def held_no_more(token: Token, timer: Mapping[str, Any], how: str) -> None:
    """Tells of one that was held what became of it; most never were."""
    if "tries" in timer:
        run = token.workflow
        node: Node = token.task_spec._wf_spec.task_specs[timer["e"]]
        run.turn.emit(IncidentEnded(**node.place(run), timer=id_of(token, timer), how=how))


def id_of(token: Token, timer: Mapping[str, Any]) -> str:
    """Its id for people and the store, unique within the case."""
    return f"{token.workflow.id}-{timer['n']}"


def all_of(run: Instance) -> Iterator[tuple[datetime, str, int, Token, dict[str, Any]]]:
    """(when it fires, set at, number, token, timer) of every timer that does not wait for a
    person."""
    for token in run.tasks.values():
        for timer in token.internal_data.get("timers", ()):
            fires = fires_at(timer)
            if fires is not None:
                yield fires, timer["at"], timer["n"], token, timer


def repeat(token: Token, node: Node, timer: Mapping[str, Any], dates: Mapping[str, Any]) -> None:
    """Set the next firing of a cycle: the next instant on its grid that still lies ahead.

    What was missed (an outage, a suspended case) fires once, late, and is not made up for. R3
    counts firings: three, however many instants were missed between them.
    """
    drawn, turn = node.triggers[timer["k"]].timer, token.workflow.turn
    if drawn is None or drawn.kind != "cycle" or timer["left"] == 0:
        return
    since, due = (datetime.fromisoformat(timer[name]) for name in ("at", "due"))
    value, _ = _value(token, drawn, dates, since)
    cycle = read_cycle(value, nominal=calendar_days(token))
    late = max(due, turn.at)
    due = cycle.every.after(due) if turn.meaning < 2 else cycle.following(since, late)
    left = None if timer["left"] is None else timer["left"] - 1
    facts = {"k": timer["k"], "at": timer["at"], "left": left, "again": True}
    add(token, node, facts, Planned(due, left))


def replan(token: Token, dates: Mapping[str, Any], names: Iterable[str] | None = None) -> None:
    """Work running timers out again from the instant they were set.

    With `names`, only those whose expression speaks of one of them. A cycle that has begun stays.
    """
    specs = token.task_spec._wf_spec.task_specs
    for timer in list(token.internal_data.get("timers", ())):
        node: Node = specs[timer["e"]]
        drawn = node.triggers[timer["k"]].timer
        if timer.get("again") or drawn is None or not speaks_of(drawn, names):
            continue
        with about(node):
            at = datetime.fromisoformat(timer["at"])
            planned = plan(token, drawn, dates, at)
        if planned.due != datetime.fromisoformat(timer["due"]):
            discard(token, timer)
            facts = {"k": timer["k"], "at": timer["at"], "left": planned.left}
            add(token, node, facts, planned)
    if "unset_timers" in token.internal_data:
        _set_unset(token, dates)


def set_again(token: Token, dates: Mapping[str, Any], names: Iterable[str]) -> None:
    """After a deadline was moved on: boundary timers that speak of it and have already fired.

    Only those that lie ahead again and did not interrupt; what was reminded of comes anew.
    """
    running = {(timer["e"], timer["k"]) for timer in token.internal_data.get("timers", ())}
    at = token.workflow.turn.at
    # Boundary events of a repeated activity wait at the whole, not at one instance.
    for node in () if token.inner else token.task_spec.boundaries:
        for index, trigger in enumerate(node.triggers):
            drawn = trigger.timer
            if drawn is None or drawn.kind == "cycle" or node.element.interrupting:
                continue
            if (node.name, index) in running or not speaks_of(drawn, names):
                continue
            with about(node):
                planned = plan(token, drawn, dates, at)
            if planned.due > at:
                add(token, node, {"k": index, "at": at.isoformat(), "left": 0}, planned)


def speaks_of(timer: Timer, names: Iterable[str] | None) -> bool:
    text = timer.expression.strip()
    if not text.startswith("="):
        return False
    return names is None or bool(compile_expression(text[1:]).names & set(names))
