"""One task, or one start form, as the person who does it reads it, and what comes after it."""

from app.casework.reading.task.asked import Asked, Brief, Origin
from app.casework.reading.task.briefed_documents import BriefedDocument
from app.casework.reading.task.ended import draft_of_ended, form_of_ended, sent_of
from app.casework.reading.task.explaining import Border, Explained, NextLine
from app.casework.reading.task.files import kept_file
from app.casework.reading.task.page import TaskPage, task_page
from app.casework.reading.task.shown_records import ShownRecord
from app.casework.reading.task.start_form import StartPage, start_page

__all__ = [
    "Asked",
    "Border",
    "Brief",
    "BriefedDocument",
    "Explained",
    "NextLine",
    "Origin",
    "ShownRecord",
    "StartPage",
    "TaskPage",
    "draft_of_ended",
    "form_of_ended",
    "kept_file",
    "sent_of",
    "start_page",
    "task_page",
]
