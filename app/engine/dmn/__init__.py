"""DMN 1.5: decision models read, checked and worked out."""

from app.engine.dmn.decisions import Decided, Decisions, read_decisions

__all__ = [
    "Decided",
    "Decisions",
    "read_decisions",
]
