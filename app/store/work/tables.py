"""The tables of what waits in a case and how it ended that are not in `schema`."""

from app.store.work.file_table import answer_file
from app.store.work.incident_table import incident
from app.store.work.letter_tables import letter
from app.store.work.meeting_table import meeting
from app.store.work.published_tables import published, published_text, published_theme
from app.store.work.text_tables import case_label, document_reader, document_text

__all__ = [
    "answer_file",
    "case_label",
    "document_reader",
    "document_text",
    "incident",
    "letter",
    "meeting",
    "published",
    "published_text",
    "published_theme",
]
