"""Every question pages and the API ask, in one place; each is answered by a module of its own."""

from app.casework.cases.entries import HistoryEntry, history_entries
from app.casework.reading.answers_page import RecordedPage, recorded_page
from app.casework.reading.case_page import CasePage, DeadlineLine, case_page
from app.casework.reading.choices import messages, people_for, refusal_of
from app.casework.reading.cover_page import CoverLine, CoverPage, cover_page
from app.casework.reading.documents import DocumentLine, DocumentPage, document_page, kept_document
from app.casework.reading.explaining import Border, Explained, NextLine
from app.casework.reading.lists import (
    CaseRow,
    Startable,
    WorkPage,
    WorkRow,
    case_list,
    inbox,
    running_deadlines,
    startable,
    work_list,
)
from app.casework.reading.look import Look, look
from app.casework.reading.shown_records import ShownRecord
from app.casework.reading.task_page import Brief, Origin, StartPage, TaskPage, start_page, task_page
from app.casework.reading.versions import Version, files_of, version, versions

#: the names pages use
deployments = versions
deployment = version
deployment_files = files_of
deadlines = running_deadlines

__all__ = [
    "Border",
    "Brief",
    "CasePage",
    "CaseRow",
    "CoverLine",
    "CoverPage",
    "DeadlineLine",
    "DocumentLine",
    "DocumentPage",
    "Explained",
    "HistoryEntry",
    "Look",
    "NextLine",
    "Origin",
    "RecordedPage",
    "ShownRecord",
    "StartPage",
    "Startable",
    "TaskPage",
    "Version",
    "WorkPage",
    "WorkRow",
    "case_list",
    "case_page",
    "cover_page",
    "deadlines",
    "deployment",
    "deployment_files",
    "deployments",
    "document_page",
    "history_entries",
    "inbox",
    "kept_document",
    "look",
    "messages",
    "people_for",
    "recorded_page",
    "refusal_of",
    "start_page",
    "startable",
    "task_page",
    "work_list",
]
