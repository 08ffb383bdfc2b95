"""Every question pages and the API ask, in one place; each is answered by a module of its own."""

from app.casework.case_view import CasePage, DeadlineLine, case_page
from app.casework.choices import messages, people_for
from app.casework.cover_view import CoverLine, CoverPage, cover_page
from app.casework.documents import DocumentLine, DocumentPage, document_page, kept_document
from app.casework.entries import HistoryEntry, history_entries
from app.casework.explaining import Border, Explained, NextLine
from app.casework.lists import (
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
from app.casework.looking import Look, look
from app.casework.recorded import RecordedPage, recorded_page
from app.casework.task_view import StartPage, TaskPage, start_page, task_page
from app.casework.versions import Version, files_of, version, versions

#: the names pages use
deployments = versions
deployment = version
deployment_files = files_of
deadlines = running_deadlines

__all__ = [
    "Border",
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
    "RecordedPage",
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
    "start_page",
    "startable",
    "task_page",
    "work_list",
]
