"""What a journey may check, each in the module of its subject."""

from app.journeys.checks.cases import Checker
from app.journeys.checks.shown_texts import document_text

__all__ = [
    "Checker",
    "document_text",
]
