"""One case as people read it: its page, drawings, answers, documents, history and choices."""

from app.casework.reading.case.alike import (
    AlikeCases,
    CaseBeside,
    alike_cases,
    alike_count,
    two_cases,
)
from app.casework.reading.case.answers_page import RecordedPage, recorded_page
from app.casework.reading.case.at_once import ask_page
from app.casework.reading.case.beside import (
    Beside,
    Contact,
    MatterLine,
    MemberLine,
    PersonLine,
    beside_of,
    contact_parts,
    matter_lines,
    meetings_of,
    member_lines,
    person_lines,
    whom_to_reach,
)
from app.casework.reading.case.choices import people_for, refusal_of, shut_out_of
from app.casework.reading.case.close_people import conflicts_among
from app.casework.reading.case.deadlines import DeadlineLine
from app.casework.reading.case.documents import (
    DocumentLine,
    DocumentPage,
    DocumentVersion,
    document_page,
    kept_document,
)
from app.casework.reading.case.dry_run import Follows, dry_run
from app.casework.reading.case.entries import HistoryEntry, history_entries
from app.casework.reading.case.leaving import DoubtfulWord, LeavingPage, leaving_page
from app.casework.reading.case.page import CasePage, case_of, case_page
from app.casework.reading.case.recording_page import (
    EventPage,
    HappeningLine,
    LatelyRecorded,
    RecordPage,
    TakeBackPage,
    event_page,
    lately_recorded,
    recordable,
    take_back_page,
)
from app.casework.reading.case.told import Told, told_of, told_page

__all__ = [
    "AlikeCases",
    "Beside",
    "CaseBeside",
    "CasePage",
    "Contact",
    "DeadlineLine",
    "DocumentLine",
    "DocumentPage",
    "DocumentVersion",
    "DoubtfulWord",
    "EventPage",
    "Follows",
    "HappeningLine",
    "HistoryEntry",
    "LatelyRecorded",
    "LeavingPage",
    "MatterLine",
    "MemberLine",
    "PersonLine",
    "RecordPage",
    "RecordedPage",
    "TakeBackPage",
    "Told",
    "alike_cases",
    "alike_count",
    "ask_page",
    "beside_of",
    "case_of",
    "case_page",
    "conflicts_among",
    "contact_parts",
    "document_page",
    "dry_run",
    "event_page",
    "history_entries",
    "kept_document",
    "lately_recorded",
    "leaving_page",
    "matter_lines",
    "meetings_of",
    "member_lines",
    "messages",
    "people_for",
    "person_lines",
    "recordable",
    "recorded_page",
    "refusal_of",
    "shut_out_of",
    "take_back_page",
    "told_of",
    "told_page",
    "two_cases",
    "whom_to_reach",
]
