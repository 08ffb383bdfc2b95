"""Owns deadlines of open activities: due, backstop, their sums, moving and re-planning them.

A deadline never stops anything: what happens when it passes is drawn (boundary timers).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.engine import feel, saying
from app.engine.errors import ExpressionFault, Incident, NotOpen, UnknownHolidays
from app.engine.events import DeadlineEnded, DeadlineMoved, DeadlineSet, DeadlineUnknown
from app.engine.feel import Sum
from app.engine.london import here, iso_clock
from app.engine.run import timers
from app.engine.run.instants import ends, gave, read_moment
from app.engine.run.tokens import Instance, Node, Token, about, evaluate, refuse


def rule_of(node: Node) -> str | None:
    """The due expression as drawn: a user task's dueDate, else the property `deadline`."""
    return node.element.due or node.element.rules.deadline


def spoken(moment: date | datetime) -> str:
    """ "Thursday 2 April 2026" or "14:05 on Thursday 2 April 2026" (London)."""
    day = saying.day(moment)
    return f"{iso_clock(here(moment))} on {day}" if isinstance(moment, datetime) else day


def _worked_out(
    token: Token, text: str, at: datetime, extra: Mapping[str, Any]
) -> tuple[date | datetime, str, str]:
    """(moment, sum in words, mark of the calendar)."""
    refuse(token, text, extra)
    sums: list[Sum] = []
    plain = not text.lstrip().startswith("=")
    value = text if plain else evaluate(token, text, extra, at=at, sums=sums)
    moment = read_moment(value)
    told = gave(moment, sums, token.workflow.turn.meaning)
    if told is not None:
        return moment, told.text, told.calendar
    return moment, spoken(moment), token.workflow.turn.calendar.mark


@dataclass(frozen=True, slots=True)
class Plan:
    """A deadline as worked out: moments and their sums."""

    due: date | datetime
    sum: str
    #: mark of the calendar
    calendar: str
    last: date | datetime | None = None
    last_sum: str | None = None

    def kept(self, at: str, *, moved: bool) -> dict[str, Any]:
        """What the token keeps of it; the sums are in the events."""
        kept = {"at": at, "due": feel.codec.encode(self.due)}
        if self.last is not None:
            kept["last"] = feel.codec.encode(self.last)
        return {**kept, "moved": True} if moved else kept

    def dates(self) -> dict[str, Any]:
        return {"due": self.due} | ({} if self.last is None else {"backstop": self.last})


def _plan(token: Token, at: datetime, due: date | datetime | None = None) -> Plan:
    """The deadline counted from `at`; `due` given: moved there by hand."""
    node = token.task_spec
    with about(node):
        if due is None:
            due, text, version = _worked_out(token, rule_of(node) or "", at, {})
        else:
            text, version = spoken(due), token.workflow.turn.calendar.mark
        backstop = node.element.rules.backstop
        if not backstop:
            return Plan(due, text, version)
        try:
            if _none(token, backstop, at, due):
                return Plan(due, text, version)
            last, words, _ = _worked_out(token, backstop, at, {"due": due})
        except UnknownHolidays:  # told once they are known, when it is planned again
            return Plan(due, text, version)
    return Plan(due, text, version, last, words)


def _none(token: Token, backstop: str, at: datetime, due: date | datetime) -> bool:
    """Whether the expression says that there is no backstop here; once that was a fault."""
    if token.workflow.turn.meaning < 3 or not backstop.lstrip().startswith("="):
        return False
    refuse(token, backstop)
    return evaluate(token, backstop, {"due": due}, at=at, sums=[]) is None


def known_dates(token: Token) -> dict[str, Any]:
    """`due` and `backstop` as values for expressions; worked out where no deadline is kept."""
    node = token.task_spec
    kept = token.internal_data.get("deadline")
    if kept is not None:
        names = {"due": "due", "last": "backstop"}
        return {names[k]: feel.codec.decode(kept[k]) for k in names if k in kept}
    if node.repeat is None or token.inner or rule_of(node) is None:
        return {}
    try:  # for the timers of a whole multi-instance activity; none where it hangs on the item
        return _plan(token, datetime.fromisoformat(token.since)).dates()
    except (Incident, ExpressionFault):
        return {}


def set_deadline(token: Token) -> None:
    """Work out and tell the deadline of an activity that has just begun, where it has one.

    Where it lies beyond the bank holidays that are known, that is told, and nothing waits for it.
    """
    node, run = token.task_spec, token.workflow
    rule = rule_of(node)
    if not rule:
        return
    at = run.turn.at
    try:
        plan = _plan(token, at)
    except UnknownHolidays as unknown:
        token.internal_data["undated"] = {"at": at.isoformat(), "year": unknown.year}
        place = node.place(run)
        run.turn.emit(DeadlineUnknown(**place, task=token.key, year=str(unknown.year), rule=rule))
        return
    _set(token, plan, rule, at)


def _set(token: Token, plan: Plan, rule: str, at: datetime) -> None:
    node, run = token.task_spec, token.workflow
    token.internal_data["deadline"] = plan.kept(at.isoformat(), moved=False)
    run.turn.emit(
        DeadlineSet(
            **node.place(run),
            task=token.key,
            due=ends(plan.due),
            sum=plan.sum,
            rule=rule,
            whole_day=not isinstance(plan.due, datetime),
            backstop=None if plan.last is None else ends(plan.last),
            backstop_sum=plan.last_sum,
            backstop_whole_day=not isinstance(plan.last, datetime),
            basis=node.element.rules.basis,
            calendar=plan.calendar,
        )
    )


def end_deadline(token: Token, how: str) -> None:
    """`how`: "met" or "dropped"."""
    token.internal_data.pop("undated", None)
    if token.internal_data.pop("deadline", None) is not None:
        run, node = token.workflow, token.task_spec
        happened = _happened(token) if how == "met" else None
        place = node.place(run)
        run.turn.emit(DeadlineEnded(**place, task=token.key, how=how, happened=happened))


def _happened(token: Token) -> datetime | None:
    """When it was really done, as its answers say: of a day alone its end, never the future."""
    text, at = token.task_spec.element.rules.happened, token.workflow.turn.at
    value = evaluate(token, text, token.outcome, strict=False) if text else None
    if not isinstance(value, date):
        return None
    return min(ends(read_moment(value)), at)


def move(token: Token, due: date | datetime, reason: str) -> None:
    """Set another due date by hand; timers that speak of `due` follow. NotOpen without one."""
    kept = token.internal_data.get("deadline")
    if kept is None:
        raise NotOpen("This task has no deadline.", element_id=token.task_spec.name)
    plan = _plan(token, datetime.fromisoformat(kept["at"]), read_moment(due))
    _change(token, plan, reason, moved=True)
    timers.replan(token, known_dates(token), ("due",))
    timers.set_again(token, known_dates(token), ("due",))


def replan(token: Token, reason: str) -> None:
    """Work the deadline out again from the instant it was set; one moved by hand keeps its due."""
    kept = token.internal_data.get("deadline")
    if "undated" in token.internal_data:
        _date(token)
    elif kept is not None:
        moved = "moved" in kept
        due = feel.codec.decode(kept["due"]) if moved else None
        plan = _plan(token, datetime.fromisoformat(kept["at"]), due)
        if plan.kept(kept["at"], moved=moved) != kept:
            _change(token, plan, reason, moved=moved)
    timers.replan(token, known_dates(token))


def _date(token: Token) -> None:
    """Work out what could not be worked out when the activity began, if it can be now."""
    waiting = token.internal_data["undated"]
    at = datetime.fromisoformat(waiting["at"])
    with suppress(UnknownHolidays):
        plan = _plan(token, at)
        del token.internal_data["undated"]
        _set(token, plan, rule_of(token.task_spec) or "", at)


def replan_all(run: Instance, reason: str) -> None:
    """Work out again everything that runs in the instance, oldest first."""
    for n in sorted(run.tasks):
        replan(run.tasks[n], reason)


def _change(token: Token, plan: Plan, reason: str, *, moved: bool) -> None:
    kept = token.internal_data["deadline"]
    token.internal_data["deadline"] = plan.kept(kept["at"], moved=moved)
    run = token.workflow
    run.turn.emit(
        DeadlineMoved(
            **token.task_spec.place(run),
            task=token.key,
            old=ends(feel.codec.decode(kept["due"])),
            new=ends(plan.due),
            reason=reason,
            sum=plan.sum,
            whole_day=not isinstance(plan.due, datetime),
            old_backstop=ends(feel.codec.decode(kept["last"])) if "last" in kept else None,
            new_backstop=None if plan.last is None else ends(plan.last),
            backstop_sum=plan.last_sum,
            calendar=plan.calendar,
        )
    )
