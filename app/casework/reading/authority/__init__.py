"""What people read of authority: who covers for whom, who is too close, and how long
content is kept."""

from app.casework.reading.authority.conflicts import ConflictLine, ConflictPage, conflict_page
from app.casework.reading.authority.covers import CoverLine, CoverPage, cover_page
from app.casework.reading.authority.retention import (
    ErasedCase,
    HoldLine,
    RetentionCase,
    RetentionPage,
    erased_case,
    retention_case,
    retention_page,
)

__all__ = [
    "ConflictLine",
    "ConflictPage",
    "CoverLine",
    "CoverPage",
    "ErasedCase",
    "HoldLine",
    "RetentionCase",
    "RetentionPage",
    "conflict_page",
    "cover_page",
    "erased_case",
    "retention_case",
    "retention_page",
]
