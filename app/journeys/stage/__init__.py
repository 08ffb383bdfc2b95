"""What a journey plays on: desk, clock and people, and what its cases have been through."""

from app.journeys.stage.cast import Cast, UnknownPerson, account, as_at
from app.journeys.stage.ledger import Deadline, Ledger, Mail, Task, same
from app.journeys.stage.people import people_named_in
from app.journeys.stage.played import PlayedSteps
from app.journeys.stage.questions import (
    entry_of_message,
    form_of_event,
    form_of_start,
    form_of_task,
    signed,
)
from app.journeys.stage.samples import filled
from app.journeys.stage.stage import Stage
from app.journeys.stage.viewpoint import Verdict, Viewpoint, called, deadlines_meant, tasks_meant

__all__ = [
    "Cast",
    "Deadline",
    "Ledger",
    "Mail",
    "PlayedSteps",
    "Stage",
    "Task",
    "UnknownPerson",
    "Verdict",
    "Viewpoint",
    "account",
    "as_at",
    "called",
    "deadlines_meant",
    "entry_of_message",
    "filled",
    "form_of_event",
    "form_of_start",
    "form_of_task",
    "people_named_in",
    "same",
    "signed",
    "tasks_meant",
]
