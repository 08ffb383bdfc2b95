"""Owns deadlines of open activities: due, backstop, their sums, moving and re-planning them.

A deadline never stops anything: what happens when it passes is drawn (boundary timers).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.engine.errors import ExpressionFault, Incident, NotOpen
from app.engine.events import DeadlineEnded, DeadlineMoved, DeadlineSet
from app.engine.feel import Sum, codec
from app.engine.run import timers
from app.engine.run.instants import LONDON, ends, read_moment
from app.engine.run.overrides import Node, Token
from app.engine.run.turn import about
from app.engine.run.variables import evaluate


def rule_of(node: Node) -> str | None:
    """The due expression as drawn: a user task's dueDate, else the property `deadline`."""
    return node.element.due or node.element.properties.get("deadline")


def spoken(moment: date | datetime) -> str:
    """ "Thursday 2 April 2026" or "14:05 on Thursday 2 April 2026" (London)."""
    local = moment.astimezone(LONDON) if isinstance(moment, datetime) else moment
    day = f"{local:%A} {local.day} {local:%B %Y}"
    return f"{local:%H:%M} on {day}" if isinstance(local, datetime) else day


def _worked_out(
    token: Token, text: str, at: datetime, extra: Mapping[str, Any]
) -> tuple[date | datetime, str, str]:
    """(moment, sum in words, calendar version)."""
    sums: list[Sum] = []
    plain = not text.lstrip().startswith("=")
    value = text if plain else evaluate(token, text, extra, at=at, sums=sums)
    moment = read_moment(value)
    version = token.workflow.turn.calendar.version
    if sums:
        return moment, sums[-1].text, sums[-1].calendar or version
    return moment, spoken(moment), version


def _plan(token: Token, at: datetime, due: date | datetime | None = None) -> dict[str, Any]:
    """The deadline as kept with the token; `due` given: moved there by hand."""
    node = token.task_spec
    rule = rule_of(node) or ""
    with about(node.name):
        if due is None:
            due, text, version = _worked_out(token, rule, at, {})
        else:
            text, version = spoken(due), token.workflow.turn.calendar.version
        kept = {"rule": rule, "at": at.isoformat(), "due": codec.encode(due), "sum": text}
        kept["calendar"] = version
        backstop = node.element.properties.get("backstop")
        if backstop:
            last, words, _ = _worked_out(token, backstop, at, {"due": due})
            kept |= {"last": codec.encode(last), "last_sum": words}
    return kept


def known_dates(token: Token) -> dict[str, Any]:
    """`due` and `backstop` as values for expressions; worked out where no deadline is kept."""
    node = token.task_spec
    kept = token.internal_data.get("deadline")
    if kept is None:
        if node.loop is None or token.inner or rule_of(node) is None:
            return {}
        return _of_the_whole(token)
    found = {"due": codec.decode(kept["due"])}
    if "last" in kept:
        found["backstop"] = codec.decode(kept["last"])
    return found


def _of_the_whole(body: Token) -> dict[str, Any]:
    """For the timers of a whole multi-instance activity; none where it hangs on the item."""
    try:
        kept = _plan(body, datetime.fromisoformat(body.since))
    except (Incident, ExpressionFault):
        return {}
    found = {"due": codec.decode(kept["due"])}
    return found | ({"backstop": codec.decode(kept["last"])} if "last" in kept else {})


def set_deadline(token: Token) -> None:
    """Work out and tell the deadline of an activity that has just begun, where it has one."""
    node = token.task_spec
    if not rule_of(node):
        return
    kept = _plan(token, token.workflow.turn.at)
    token.internal_data["deadline"] = kept
    due = codec.decode(kept["due"])
    last = codec.decode(kept["last"]) if "last" in kept else None
    run = token.workflow
    run.turn.emit(
        DeadlineSet(
            instance=run.id,
            task=token.key,
            element=node.name,
            due=ends(due),
            sum=kept["sum"],
            rule=kept["rule"],
            whole_day=not isinstance(due, datetime),
            backstop=None if last is None else ends(last),
            backstop_sum=kept.get("last_sum"),
            backstop_whole_day=not isinstance(last, datetime),
            basis=node.element.properties.get("basis"),
            calendar=kept["calendar"],
        )
    )


def end_deadline(token: Token, how: str) -> None:
    """`how`: "met" or "dropped"."""
    if token.internal_data.pop("deadline", None) is not None:
        run, node = token.workflow, token.task_spec
        run.turn.emit(DeadlineEnded(instance=run.id, task=token.key, element=node.name, how=how))


def move(token: Token, due: date | datetime, reason: str) -> None:
    """Set another due date by hand; timers that speak of `due` follow. NotOpen without one."""
    kept = token.internal_data.get("deadline")
    if kept is None:
        raise NotOpen("This task has no deadline.", element_id=token.task_spec.name)
    new = _plan(token, datetime.fromisoformat(kept["at"]), read_moment(due))
    _change(token, {**new, "moved": True}, reason, ("due",))


def replan(token: Token, reason: str) -> None:
    """Work the deadline out again from the instant it was set; one moved by hand keeps its due."""
    kept = token.internal_data.get("deadline")
    if kept is not None:
        due = codec.decode(kept["due"]) if kept.get("moved") else None
        new = _plan(token, datetime.fromisoformat(kept["at"]), due)
        if kept.get("moved"):
            new |= {"moved": True, "sum": kept["sum"]}
        if (new["due"], new.get("last")) != (kept["due"], kept.get("last")):
            _change(token, new, reason, ())
        token.internal_data["deadline"] = new
    timers.replan(token)


def _change(token: Token, new: dict[str, Any], reason: str, names: tuple[str, ...]) -> None:
    kept = token.internal_data["deadline"]
    token.internal_data["deadline"] = new
    due = codec.decode(new["due"])
    run = token.workflow
    run.turn.emit(
        DeadlineMoved(
            instance=run.id,
            task=token.key,
            element=token.task_spec.name,
            old=ends(codec.decode(kept["due"])),
            new=ends(due),
            reason=reason,
            sum=new["sum"],
            whole_day=not isinstance(due, datetime),
            old_backstop=ends(codec.decode(kept["last"])) if "last" in kept else None,
            new_backstop=ends(codec.decode(new["last"])) if "last" in new else None,
            calendar=new["calendar"],
        )
    )
    if names:
        timers.replan(token, names)
