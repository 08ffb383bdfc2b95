"""What waits in a case and how it ended: tasks, deadlines, messages; by what a case is known."""

from app.store.work import (
    answers,
    deadlines,
    document_texts,
    incidents,
    known_by,
    letters,
    messages,
    tasks,
)
from app.store.work.answers import DoneRow, FileRow, read_draft
from app.store.work.deadlines import DeadlineRow
from app.store.work.document_texts import ReaderRow, TextRow
from app.store.work.incidents import IncidentRow
from app.store.work.known_by import Marks
from app.store.work.letters import LetterRow
from app.store.work.messages import Effect, InboxRow, OutboxRow
from app.store.work.tasks import TaskRow

__all__ = [
    "DeadlineRow",
    "DoneRow",
    "Effect",
    "FileRow",
    "InboxRow",
    "IncidentRow",
    "LetterRow",
    "Marks",
    "OutboxRow",
    "ReaderRow",
    "TaskRow",
    "TextRow",
    "answers",
    "deadlines",
    "document_texts",
    "incidents",
    "known_by",
    "letters",
    "messages",
    "read_draft",
    "tasks",
]
