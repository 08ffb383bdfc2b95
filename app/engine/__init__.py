"""The engine room: what BPMN, DMN and FEEL mean here. Values in, events out.

Floors, imports go one way: feel ← bpmn ← forms ← dmn ← pictures ← run. Knows no clock, database or
web. Other rooms import from here or from a floor.
"""

from app.engine.characters import NOT_HELD, fault_in, fault_of, named
from app.engine.errors import (
    ExpressionFault,
    Fault,
    Finding,
    Incident,
    NotExecutable,
    NotOpen,
    Severity,
    bounded,
    nearest,
    suggestion,
)
from app.engine.events import (
    DeadlineMoved,
    DeadlineSet,
    Event,
    IncidentRaised,
    InstanceEnded,
    InstanceStarted,
    MessageBuffered,
    MessageReceived,
    MessageUnbuffered,
    StatusSet,
    TaskCompleted,
    TaskOpened,
    to_dict,
)
from app.engine.limits import Spent, budget, looking_at, take, telling, unbounded
from app.engine.london import (
    LONDON,
    day_in_london,
    iso_clock,
    iso_minute,
    iso_second,
    start_of_day,
)
from app.engine.meaning import TODAY, of_engine, told_since
from app.engine.program import Program
from app.engine.saying import day, due, joined, moment, plain, short_moment, skipped, value

__all__ = [
    "LONDON",
    "NOT_HELD",
    "TODAY",
    "DeadlineMoved",
    "DeadlineSet",
    "Event",
    "ExpressionFault",
    "Fault",
    "Finding",
    "Incident",
    "IncidentRaised",
    "InstanceEnded",
    "InstanceStarted",
    "MessageBuffered",
    "MessageReceived",
    "MessageUnbuffered",
    "NotExecutable",
    "NotOpen",
    "Program",
    "Severity",
    "Spent",
    "StatusSet",
    "TaskCompleted",
    "TaskOpened",
    "bounded",
    "budget",
    "day",
    "day_in_london",
    "due",
    "fault_in",
    "fault_of",
    "iso_clock",
    "iso_minute",
    "iso_second",
    "joined",
    "looking_at",
    "moment",
    "named",
    "nearest",
    "of_engine",
    "plain",
    "short_moment",
    "skipped",
    "start_of_day",
    "suggestion",
    "take",
    "telling",
    "to_dict",
    "told_since",
    "unbounded",
    "value",
]
