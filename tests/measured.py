"""A made-up process with limits to measure, and the same figures worked out from histories alone.

`told` reads the entries of every case, event by event, and asks no table: what the audit room
gathers has to be equal to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.audit import entries
from app.config.measures import Measure
from app.engine import events as fact
from app.store import Store
from tests.kit import diagram, form

LONDON = ZoneInfo("Europe/London")


def _measure(id: str, task: str, **more: Any) -> Measure:
    given = {"name": id.title(), "basis": "Act 1", "limit": "due"} | more
    return Measure(id=id, tasks=(task,), **given)


SEND = _measure("sending", "send", happened="sent_at")
DAY = _measure("day", "send_by_day", happened="sent_on")
REPORT = _measure("report", "report", limit="backstop")
REVIEW = _measure("review", "review", happened="sent_at", told_by="dispatch")
FORM = _measure("form", "each_form")
#: a backstop that hangs on the due date, and a due date beside a backstop that does not
HANGING = _measure("hanging", "hang", limit="backstop")
BESIDE = _measure("beside", "stand")
FREE = _measure("free", "free")
MEASURES = (SEND, DAY, REPORT, REVIEW, FORM, HANGING, BESIDE, FREE)


def when(key: str, form_id: str, kind: str = "datetime") -> dict[str, bytes]:
    return form(form_id, key, kind="datetime", required=False, subtype=kind)


def files() -> dict[str, bytes]:
    """Processes of one step each, so that a case is one line of a table."""
    five = "=working_days_after(today(), 5)"
    return {
        **diagram(
            "start > task:send > end; boundary:gone > end:given_up",
            process="p",
            send={"groups": "clerk,lead", "form": "sent", "due": five},
            gone={"on": "send", "message": "gone"},
            given_up={"status": "given_up"},
        ),
        **diagram(
            "start > task:send_by_day > end",
            process="days",
            send_by_day={"groups": "clerk,lead", "form": "on", "due": "=hours_after(now(), 24)"},
        ),
        **diagram(
            "start > task:report > end",
            process="reports",
            report={
                "groups": "clerk,lead", "due": "=working_days_after(today(), 3)",
                "backstop": "=working_days_after(today(), 5)",
            },
        ),
        **diagram(
            "start > task:hang > end",
            process="hanging",
            hang={"groups": "clerk,lead", "due": five, "backstop": "=working_days_after(due, 2)"},
        ),
        **diagram(
            "start > task:stand > end",
            process="beside",
            stand={"groups": "clerk,lead", "due": five, "backstop": five},
        ),
        **diagram(
            "start > call:review > end",
            process="reviews",
            review={"process": "inner", "deadline": five},
        ),
        **diagram(
            "start > task:dispatch > task:file > end",
            process="inner",
            dispatch={"groups": "clerk,lead", "form": "sent"},
            file={"groups": "clerk,lead"},
        ),
        **diagram(
            "start > task:each_form > end",
            process="forms",
            each_form={
                "groups": "clerk,lead", "due": "=hours_after(now(), 24)", "over": '=["1", "2"]',
                "item": "child", "label": "=child",
            },
        ),
        **diagram("start > task:free > end", process="free_of", free={"groups": "clerk,lead"}),
        **when("sent_at", "sent"),
        **when("sent_on", "on", "date"),
    }  # fmt: skip


@dataclass(frozen=True)
class Told:
    """An occurrence as the history alone tells it."""

    measure: str
    case_id: str
    task: str
    limit: datetime | None
    attested: date | datetime | None
    recorded: datetime | None
    dropped: datetime | None


def told(store: Store, measures: Sequence[Measure] = MEASURES) -> set[Told]:
    """Every occurrence in every case, out of its sealed entries."""
    found: set[Told] = set()
    with store.reading() as unit:
        for (case,) in unit.rows(text("SELECT id FROM cases")):
            history = list(entries.of_case(unit, case))
            for measure in measures:
                found |= set(_told(case, history, measure))
    return found


class _Reading:
    """One case's entries read for one measure, event by event."""

    def __init__(self, case: str, measure: Measure) -> None:
        self.case, self.measure = case, measure
        self.found: dict[str, Told] = {}
        self.by_hand: set[str] = set()
        self.uncounted: set[str] = set()
        #: what the newest answer says that the measure's condition asks for
        self.counts = True

    def take(self, entry: entries.Entry, one: Any) -> None:
        element = getattr(one, "element", None)
        where = self.measure.where
        if where and element == where.step and isinstance(one, fact.TaskCompleted):
            value = (entry.command.get("answers") or {}).get(where.key)
            self.counts = value is None or value in where.values
        if element == self.measure.told_by and isinstance(one, fact.TaskCompleted):
            for task, running in self.found.items():
                if running.recorded is None and running.dropped is None:
                    self.put(task, attested=self.stated(entry), recorded=entry.at)
        if element in self.measure.tasks and hasattr(one, "task"):
            self.found.setdefault(
                one.task, Told(self.measure.id, self.case, one.task, None, None, None, None)
            )
            self.limit(entry, one)
            self.end(entry, one)
            if not self.counts:
                self.uncounted.add(one.task)

    def put(self, task: str, **more: Any) -> None:
        self.found[task] = replace(self.found[task], **more)

    def stated(self, entry: entries.Entry) -> Any:
        return (entry.command.get("answers") or {}).get(self.measure.happened)

    def limit(self, entry: entries.Entry, one: Any) -> None:
        due = self.measure.limit == "due"
        if isinstance(one, fact.DeadlineSet):
            self.put(one.task, limit=one.due if due else one.backstop)
        elif isinstance(one, fact.DeadlineMoved) and entry.kind == "MoveDeadline":
            self.by_hand |= {one.task} if due else set()
        elif isinstance(one, fact.DeadlineMoved) and one.task not in self.by_hand:
            self.put(one.task, limit=one.new if due else one.new_backstop)

    def end(self, entry: entries.Entry, one: Any) -> None:
        dropped = isinstance(one, fact.DeadlineEnded) and one.how == "dropped"
        if isinstance(one, fact.TaskCompleted):
            self.put(one.task, recorded=entry.at)
            if self.measure.told_by is None:
                self.put(one.task, attested=self.stated(entry))
        elif isinstance(one, fact.TaskCancelled) or dropped:
            self.put(one.task, dropped=entry.at)
        elif isinstance(one, fact.DeadlineEnded) and self.found[one.task].recorded is None:
            self.put(one.task, recorded=entry.at)


def _told(case: str, history: Sequence[entries.Entry], measure: Measure) -> Iterable[Told]:
    reading = _Reading(case, measure)
    for entry in history:
        for one in entry.events:
            reading.take(entry, one)
    return [one for task, one in reading.found.items() if task not in reading.uncounted]


def london(text_: str) -> datetime:
    """The instant of a wall clock in London."""
    return datetime.fromisoformat(text_).replace(tzinfo=LONDON).astimezone(UTC)
