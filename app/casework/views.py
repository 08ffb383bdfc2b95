"""Every question pages and the API ask, in one place; each is answered by a module of its own."""

from app.casework.reading.case import (
    CasePage,
    DeadlineLine,
    DocumentLine,
    DocumentPage,
    DocumentVersion,
    HistoryEntry,
    RecordedPage,
    case_page,
    document_page,
    history_entries,
    kept_document,
    messages,
    people_for,
    recorded_page,
    refusal_of,
    told_page,
)
from app.casework.reading.cover_page import CoverLine, CoverPage, cover_page
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
from app.casework.reading.task import (
    Asked,
    Border,
    Brief,
    Explained,
    NextLine,
    Origin,
    ShownRecord,
    StartPage,
    TaskPage,
    start_page,
    task_page,
)
from app.casework.reading.versions import Version, files_of, version, versions

#: the names pages use
deployments = versions
deployment = version
deployment_files = files_of
deadlines = running_deadlines

__all__ = [
    "Asked",
    "Border",
    "Brief",
    "CasePage",
    "CaseRow",
    "CoverLine",
    "CoverPage",
    "DeadlineLine",
    "DocumentLine",
    "DocumentPage",
    "DocumentVersion",
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
    "told_page",
    "work_list",
]
