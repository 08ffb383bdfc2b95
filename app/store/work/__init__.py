"""What waits in a case and how it ended: tasks and answers, deadlines, messages, incidents."""

from app.store.work import answers, deadlines, incidents, messages, tasks
from app.store.work.answers import DoneRow, read_draft
from app.store.work.deadlines import DeadlineRow
from app.store.work.incidents import IncidentRow
from app.store.work.messages import Effect, InboxRow, OutboxRow
from app.store.work.tasks import TaskRow

__all__ = [
    "DeadlineRow",
    "DoneRow",
    "Effect",
    "InboxRow",
    "IncidentRow",
    "OutboxRow",
    "TaskRow",
    "answers",
    "deadlines",
    "incidents",
    "messages",
    "read_draft",
    "tasks",
]
